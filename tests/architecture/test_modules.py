"""Rules for modules that a syntax tree can check: docstrings, state, values, adapters."""

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
CLIENT = PACKAGES[2]
PURE = (PACKAGES[0] / "domain", PACKAGES[0] / "protocol")
# Only bootstrap, and store_files for the commands about a file, import these. Other modules get an
# instance as an argument and know its port.
ADAPTERS = ("storage", "clock", "ids", "pusher")
# What else can be done to a space is an operation; see decision 11.
STORE_USERS = ("gateway", "operations", "space")
# `store` is also a setting: the file that the spaces are kept in.
SETTINGS = ("settings", "_settings")

# Calls that return something that a later statement can change. `threading.local` is missing on
# purpose: the XML parser of each thread is kept in one, because making it costs more than a request.
MUTABLE_CALLS = frozenset(
    """
    list dict set bytearray defaultdict deque OrderedDict Counter ChainMap count cycle Lock RLock
    Event Queue ContextVar Random WeakKeyDictionary WeakValueDictionary
    """.split()
)
MUTABLE_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
CHANGING_METHODS = frozenset("add append clear discard extend insert pop popitem remove setdefault sort update".split())
# Read-only types: the type checker finds changes to them.
READ_ONLY = frozenset(("Mapping", "Sequence", "Set", "Collection", "Iterable"))


def modules(*folders: Path) -> Iterator[tuple[str, ast.Module]]:
    """The path and the syntax tree of each module below these folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            yield path.relative_to(ROOT).as_posix(), ast.parse(source, str(path))


def name_of(node: ast.expr | None) -> str:
    """The last part of a dotted name, its call or its subscript: ``b`` for ``a.b[c]``."""
    match node:
        case ast.Subscript(value=inner) | ast.Call(func=inner):
            return name_of(inner)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def changed_names(tree: ast.Module) -> set[str]:
    """The names whose value a statement of this module changes: ``a[b] = c``, ``a.append(b)``."""
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
    """The module-level names whose value may change while the program runs.

    A table in capitals that has contents and that the module never changes is a constant.
    """
    names = [f"global {', '.join(node.names)}" for node in ast.walk(tree) if isinstance(node, ast.Global)]
    changed = changed_names(tree)
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                read_only = False
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=value):
                # `Final` forbids assigning the name again, not changing its value.
                if name_of(kind) == "Final" and isinstance(kind, ast.Subscript):
                    kind = kind.slice
                read_only = name_of(kind) in READ_ONLY
            case _:
                continue
        if isinstance(value, MUTABLE_LITERALS):
            contents = getattr(value, "elts", getattr(value, "keys", True))  # a comprehension has contents
            constant = (name.isupper() or name == "__all__") and contents and name not in changed
            if not constant and not read_only:
                names.append(name)
        elif isinstance(value, ast.Call) and name_of(value) in MUTABLE_CALLS and not read_only:
            names.append(name)
    return names


def test_every_module_has_a_docstring() -> None:
    """Each module of the three packages has a docstring."""
    undocumented = [path for path, tree in modules(*PACKAGES) if not ast.get_docstring(tree)]
    assert [] == undocumented


def test_no_module_keeps_state() -> None:
    """No value of a module-level name changes while the program runs."""
    violations = {path: names for path, tree in modules(*PACKAGES) if (names := mutable_state(tree))}
    assert {} == violations


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
def test_state_is_distinguished_from_constants(source: str, names: list[str]) -> None:
    """The check finds each kind of state and accepts each kind of constant."""
    assert names == mutable_state(ast.parse(source))


def loose_dataclasses(tree: ast.Module) -> list[str]:
    """The dataclasses that are not both frozen and slotted."""
    names = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        for decorator in node.decorator_list:
            if name_of(decorator) != "dataclass":
                continue
            keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
            enabled = {keyword.arg for keyword in keywords if ast.unparse(keyword.value) == "True"}
            if not {"frozen", "slots"} <= enabled:
                names.append(node.name)
    return names


def test_values_are_frozen_and_slotted() -> None:
    """Every dataclass of the domain, the protocol and the client has ``frozen=True, slots=True``."""
    violations = {path: names for path, tree in modules(*PURE, CLIENT) if (names := loose_dataclasses(tree))}
    assert {} == violations


@pytest.mark.parametrize(
    ("decorator", "names"),
    [
        ("@dataclass", ["Value"]),
        ("@dataclass()", ["Value"]),
        ("@dataclass(frozen=True)", ["Value"]),
        ("@dataclass(frozen=True, slots=False)", ["Value"]),
        ("@dataclass(frozen=True, slots=True)", []),
        ("@dataclasses.dataclass(slots=True, frozen=True)", []),
        ("@final", []),
    ],
)
def test_loose_dataclasses_are_recognized(decorator: str, names: list[str]) -> None:
    """The check finds a dataclass that is not frozen or not slotted."""
    assert names == loose_dataclasses(ast.parse(f"{decorator}\nclass Value:\n    pass"))


def test_only_the_composition_roots_name_adapters() -> None:
    """Outside an adapter's own package, only bootstrap and store_files import it."""
    emulator = PACKAGES[0]
    violations = []
    for path, tree in modules(emulator):
        location = (ROOT / path).relative_to(emulator).parts
        if location[0].removesuffix(".py") in (*ADAPTERS, "bootstrap", "store_files"):
            continue
        violations += [
            f"{path}: {imported}"
            for imported in imports(tree, depth=len(location) - 1)
            if imported.split(".")[1:2] and imported.split(".")[1] in ADAPTERS
        ]
    assert [] == violations


def store_uses(tree: ast.Module) -> list[int]:
    """The lines that read an attribute called `store`, but for the setting of this name."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "store" and name_of(node.value) not in SETTINGS
    ]


def test_only_gateway_operations_and_space_use_the_store() -> None:
    """No other part of the emulator reaches the store of a space."""
    emulator = PACKAGES[0]
    violations = [
        f"{path}:{line}"
        for path, tree in modules(emulator)
        if (ROOT / path).relative_to(emulator).parts[0] not in STORE_USERS
        for line in store_uses(tree)
    ]
    assert [] == violations


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("space.store", [1]),
        ("x = 1\nawait self._space.store.accounts()", [2]),
        ("settings.store", []),
        ("store = 1", []),
    ],
)
def test_a_use_of_the_store_is_recognized(source: str, lines: list[int]) -> None:
    """The check finds the attribute, alone or in a call, and accepts other names."""
    assert lines == store_uses(ast.parse(source))


def imports(tree: ast.Module, *, depth: int) -> Iterator[str]:
    """The full names of the emulator's modules that a module imports which is this many packages deep."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imported = [alias.name for alias in names]
            case ast.ImportFrom(module=module, names=names, level=level):
                package = "kobikom_emulator" if level == depth + 1 else "elsewhere"
                base = ".".join(part for part in (package if level else "", module or "") if part)
                imported = [f"{base}.{alias.name}" for alias in names]
            case _:
                continue
        yield from (name for name in imported if name.startswith("kobikom_emulator."))
