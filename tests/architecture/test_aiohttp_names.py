"""The emulator uses public names of aiohttp only, of the versions that pyproject.toml allows."""

import ast
import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = ROOT / "emulator/kobikom_emulator"


def is_private(name: str) -> bool:
    return any(part.startswith("_") and not part.endswith("__") for part in name.split("."))


def base_names(path: str) -> set[str]:
    """The names that the class with this dotted path has, in its slots and methods too."""
    module, _, name = path.rpartition(".")
    classes = getattr(importlib.import_module(module), name).__mro__
    return {name for each in classes for name in (*vars(each), *getattr(each, "__slots__", ()), *each.__dict__)}


def imports(tree: ast.Module) -> dict[str, str]:
    """The names of a module that stand for something of aiohttp, with its dotted path."""
    paths: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            paths |= {name.asname or name.name: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            paths |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return {name: path for name, path in paths.items() if path.partition(".")[0] == "aiohttp"}


def root_of(node: ast.expr) -> str:
    """The name that a chain of attributes and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def inherited_uses(node: ast.ClassDef, paths: dict[str, str]) -> Iterator[str]:
    """Private attributes that a class uses and a base class of aiohttp has."""
    for base in node.bases:
        name, _, rest = ast.unparse(base).partition(".")
        if name in paths:
            inherited = base_names(f"{paths[name]}.{rest}" if rest else paths[name])
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and is_private(inner.attr) and inner.attr in inherited:
                    yield f"{node.name}.{inner.attr}"


def private_uses(source: str) -> Iterator[str]:
    """What a module uses of aiohttp that begins with an underscore: imports, attributes, and attributes that a class of
    its own inherits.
    """
    tree = ast.parse(source)
    paths = imports(tree)
    yield from filter(is_private, paths.values())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and root_of(node) in paths:
            yield ast.unparse(node)
        elif isinstance(node, ast.ClassDef):
            yield from inherited_uses(node, paths)


def test_no_private_name_of_aiohttp() -> None:
    """No import, no attribute, and no attribute of a base class."""
    uses = {
        path.relative_to(ROOT).as_posix(): names
        for path in sorted(EMULATOR.rglob("*.py"))
        if (names := list(private_uses(path.read_text(encoding="utf-8"))))
    }
    assert {} == uses


@pytest.mark.parametrize(
    ("source", "use"),
    [
        ("import aiohttp._websocket as w", "aiohttp._websocket"),
        ("from aiohttp.helpers import _SENTINEL", "aiohttp.helpers._SENTINEL"),
        ("from aiohttp import web\nweb.Server(h)._kwargs", "web.Server(h)._kwargs"),
        ("from aiohttp import web\nclass A(web.RequestHandler):\n  def a(self): self._messages", "A._messages"),
        ("from aiohttp import StreamReader as R\nclass A(R):\n  def a(self): self._waiter", "A._waiter"),
    ],
)
def test_a_private_name_is_noticed(source: str, use: str) -> None:
    """Imported, read, or inherited."""
    assert [use] == list(private_uses(source))


def test_the_next_major_version_of_aiohttp_is_not_allowed() -> None:
    """What `server/fields.py` relies on is tested for the versions between the lowest and the next major one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert ["aiohttp<4,>=3.14"] == [each for each in project["dependencies"] if each.startswith("aiohttp")]
    lowest = (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8")
    assert "aiohttp==3.14.0\n" in lowest
