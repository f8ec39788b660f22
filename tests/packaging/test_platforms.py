"""Nothing in the packages works on POSIX only: Windows has no signals of a loop, no process groups, no `fcntl`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("emulator/kobikom_emulator", "contracts/kobikom_contracts", "client_reference/kobikom_client")
MODULES = frozenset("fcntl grp posix pty pwd resource syslog termios tty uvloop".split())
NAMES = frozenset(
    """
    AF_UNIX SIGALRM SIGHUP SIGKILL SIGUSR1 SIGUSR2 SO_REUSEPORT add_signal_handler chown fork forkpty getegid geteuid
    getgid getpgid getuid killpg mkfifo open_unix_connection preexec_fn setsid start_unix_server
    """.split()
)


def posix_only(source: str) -> list[tuple[int, str]]:
    """Lines and names that exist on POSIX only and are not guarded by `hasattr`, `sys.platform` or `try`."""
    return sorted(_walk(ast.parse(source), guarded=False))


def _walk(node: ast.AST, *, guarded: bool) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.If) and any(
        word in ast.unparse(node.test) for word in ("hasattr", "sys.platform", "os.name")
    ):
        guarded = True
    guarded = guarded or isinstance(node, ast.Try)
    names: list[str] = []
    match node:
        case ast.Import():
            names = [alias.name.partition(".")[0] for alias in node.names]
        case ast.ImportFrom():
            names = [(node.module or "").partition(".")[0], *(alias.name for alias in node.names)]
        case ast.Attribute():
            names = [node.attr]
        case ast.keyword():
            names = [node.arg or ""]
    for name in names:
        if not guarded and name in MODULES | NAMES:
            yield getattr(node, "lineno", 0), name
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, guarded=guarded)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_no_code_for_posix_alone(package: str) -> None:
    """What Windows lacks is used where it was asked for only."""
    sources = {file: file.read_text("utf-8") for file in (ROOT / package).rglob("*.py")}
    assert {} == {file.name: lines for file, text in sources.items() if (lines := posix_only(text))}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import fcntl", ["fcntl"]),
        ("from resource import getrusage", ["resource"]),
        ("import os\nos.killpg(1, 2)", ["killpg"]),
        ("import os\nif hasattr(os, 'killpg'):\n    os.killpg(1, 2)", []),
        ("try:\n    loop.add_signal_handler(1, f)\nexcept NotImplementedError:\n    pass", []),
        ("Popen(x, preexec_fn=f)", ["preexec_fn"]),
    ],
)
def test_such_code_is_noticed(source: str, found: list[str]) -> None:
    """Unless it is guarded."""
    assert found == [name for _, name in posix_only(source)]
