"""Rules for tests: each has a sentence that says what is proved, and none sleeps."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"

TEST_NODES = (ast.FunctionDef, ast.AsyncFunctionDef)


def trees() -> Iterator[tuple[str, ast.Module]]:
    """The path and the syntax tree of each Python file below tests/."""
    for path in sorted(TESTS.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_every_test_says_what_it_proves() -> None:
    """Each test has a docstring that ends like a sentence."""
    undocumented = [
        f"{path}: {node.name}"
        for path, tree in trees()
        if Path(path).name.startswith("test_")
        for node in ast.walk(tree)
        if isinstance(node, TEST_NODES) and node.name.startswith("test_")
        if not (ast.get_docstring(node) or "").endswith((".", "?", "!", "`", ")"))
    ]
    assert [] == undocumented


def test_no_test_sleeps() -> None:
    """No test calls ``time.sleep``: tests wait for events, not for time to pass."""
    sleeping = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.ImportFrom) and sleeps(node)
    ]
    assert [] == sleeping


def sleeps(node: ast.Attribute | ast.ImportFrom) -> bool:
    """Whether this is ``time.sleep`` or imports it by name."""
    if isinstance(node, ast.Attribute):
        return ast.unparse(node) == "time.sleep"
    return node.module == "time" and any(alias.name == "sleep" for alias in node.names)
