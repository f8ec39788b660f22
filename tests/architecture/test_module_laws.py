"""Rules that every module keeps, as far as a syntax tree can tell."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    ROOT / "emulator/kobikom_emulator",
    ROOT / "contracts/kobikom_contracts",
    ROOT / "client_reference/kobikom_client",
)
PURE = (PACKAGES[0] / "domain", PACKAGES[0] / "protocol")
# Named by bootstrap alone: everyone else is handed one and knows only its port.
ADAPTERS = ("storage", "clock", "ids", "pusher")

# Calls that make something which a later statement can change. Not `threading.local`: a thread's
# own parser is a tool, made once because making it costs more than a request; it remembers nothing.
MUTABLE_CALLS = frozenset(
    """
    list dict set bytearray defaultdict deque OrderedDict Counter ChainMap count cycle Lock RLock
    Event Queue ContextVar Random WeakKeyDictionary WeakValueDictionary
    """.split()
)
MUTABLE_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
CHANGING_METHODS = frozenset("add append clear discard extend insert pop popitem remove setdefault sort update".split())
# Types that promise no change: the type checker holds the promise.
READ_ONLY = frozenset(("Mapping", "Sequence", "Set", "Collection", "Iterable"))


def modules(*folders: Path) -> Iterator[tuple[str, ast.Module]]:
    """Each module below these folders, by its path from the root."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            yield path.relative_to(ROOT).as_posix(), ast.parse(source, str(path))


def name_of(node: ast.expr | None) -> str:
    """The last word of a dotted name, of its call or of its subscript: ``a.b[c]`` is ``b``."""
    match node:
        case ast.Subscript(value=inner) | ast.Call(func=inner):
            return name_of(inner)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def changed_names(tree: ast.Module) -> set[str]:
    """The names into which some statement of this module writes: ``a[b] = c``, ``a.append(b)``."""
    changed = set()
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                changed.add(name)
            case ast.AugAssign(target=ast.Name(id=name)):
                changed.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                changed |= {name} if method in CHANGING_METHODS else set()
    return changed


def mutable_state(tree: ast.Module) -> list[str]:
    """The names a module binds, at its top, to something that changes while the program runs.

    A filled table with the name of a constant, into which its module never writes, is a constant.
    """
    found = [f"global {', '.join(node.names)}" for node in ast.walk(tree) if isinstance(node, ast.Global)]
    changed = changed_names(tree)
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                promised = False
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=value):
                # `Final` forbids another binding, not a change of what is bound.
                if name_of(kind) == "Final" and isinstance(kind, ast.Subscript):
                    kind = kind.slice
                promised = name_of(kind) in READ_ONLY
            case _:
                continue
        if isinstance(value, MUTABLE_LITERALS):
            filled = getattr(value, "elts", getattr(value, "keys", True))  # a comprehension fills
            constant = (name.isupper() or name == "__all__") and filled and name not in changed
            if not constant and not promised:
                found.append(name)
        elif isinstance(value, ast.Call) and name_of(value) in MUTABLE_CALLS and not promised:
            found.append(name)
    return found


def test_every_module_opens_with_its_law() -> None:
    """No module of the three packages is without a docstring."""
    silent = [path for path, tree in modules(*PACKAGES) if not ast.get_docstring(tree)]
    assert [] == silent


def test_no_module_keeps_state() -> None:
    """What a module binds at its top never changes while the program runs."""
    found = {path: names for path, tree in modules(*PACKAGES) if (names := mutable_state(tree))}
    assert {} == found


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("cache = {}", ["cache"]),
        ("CACHE = {}", ["CACHE"]),
        ("seen: set[str] = set()", ["seen"]),
        ("SEEN: Final[dict[str, int]] = {}", ["SEEN"]),
        ("table = {'a': 1}", ["table"]),
        ("TABLE = {'a': 1}\ndef f():\n    TABLE['b'] = 2", ["TABLE"]),
        ("TABLE = ['a']\ndef f():\n    TABLE.append('b')", ["TABLE"]),
        ("CACHE = dict()", ["CACHE"]),
        ("numbers = itertools.count()", ["numbers"]),
        ("def f():\n    global total", ["global total"]),
        ("PARTS = {'a': 1}", []),
        ("SQUARES = [n * n for n in range(9)]", []),
        ("parts: Mapping[str, int] = {'a': 1}", []),
        ("parts: Final[Mapping[str, int]] = {'a': 1}", []),
        ("PARTS = MappingProxyType({'a': 1})", []),
        ("CODES = frozenset({1, 2})", []),
        ("ROWS = (1, 2)", []),
        ("__all__ = ['f']", []),
        ("def f():\n    cache = {}", []),
    ],
)
def test_state_is_told_from_constants(source: str, names: list[str]) -> None:
    """The check above sees each kind of state and lets each kind of constant pass."""
    assert names == mutable_state(ast.parse(source))


def test_values_of_the_core_are_frozen_and_slotted() -> None:
    """Every dataclass of the domain and the protocol says ``frozen=True, slots=True``."""
    loose = []
    for path, tree in modules(*PURE):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            for mark in node.decorator_list:
                if name_of(mark) != "dataclass":
                    continue
                said = mark.keywords if isinstance(mark, ast.Call) else []
                if not {"frozen", "slots"} <= {keyword.arg for keyword in said}:
                    loose.append(f"{path}: {node.name}")
    assert [] == loose


def test_only_bootstrap_names_adapters() -> None:
    """Outside an adapter's own package nobody but the composition root imports it."""
    emulator = PACKAGES[0]
    offenders = []
    for path, tree in modules(emulator):
        place = (ROOT / path).relative_to(emulator).parts
        if place[0].removesuffix(".py") in (*ADAPTERS, "bootstrap"):
            continue
        offenders += [
            f"{path}: {imported}"
            for imported in imports(tree, depth=len(place) - 1)
            if imported.split(".")[1:2] and imported.split(".")[1] in ADAPTERS
        ]
    assert [] == offenders


USERS_OF_SPACES = ("gateway", "operations", "space")


def parts_of_spaces(tree: ast.Module) -> list[str]:
    """The parts of a space that a module uses and only some layers may: `a.store`, `a.lock`, `a.changed.notify`."""
    used: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="store" | "lock" as name):
                used.append(name)
            case ast.Attribute(value=ast.Attribute(attr="changed"), attr="notify"):
                used.append("changed.notify")
    return used


def test_only_gateway_and_operations_use_the_parts_of_a_space() -> None:
    """Everything else, benchmarks included, goes through them."""
    emulator = PACKAGES[0]
    offenders = {
        path: used
        for path, tree in modules(emulator, ROOT / "benchmarks")
        if not path.startswith(tuple(f"emulator/kobikom_emulator/{name}/" for name in USERS_OF_SPACES))
        and (used := parts_of_spaces(tree))
    }
    assert {} == offenders


@pytest.mark.parametrize(
    ("source", "used"),
    [
        ("space.store.apply([])", ["store"]),
        ("async def f():\n    async with self.space.lock: ...", ["lock"]),
        ("space.changed.notify()", ["changed.notify"]),
        ("store.apply([])\nspace.changed.count", []),
    ],
)
def test_a_part_of_a_space_is_seen(source: str, used: list[str]) -> None:
    """The check above can fail."""
    assert used == parts_of_spaces(ast.parse(source))


def imports(tree: ast.Module, *, depth: int) -> Iterator[str]:
    """The emulator's modules imported by a module that lies this many packages deep, in full."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found = [alias.name for alias in names]
            case ast.ImportFrom(module=module, names=names, level=level):
                up = "kobikom_emulator" if level == depth + 1 else "elsewhere"
                base = ".".join(part for part in (up if level else "", module or "") if part)
                found = [f"{base}.{alias.name}" for alias in names]
            case _:
                continue
        yield from (name for name in found if name.startswith("kobikom_emulator."))
