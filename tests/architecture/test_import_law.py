"""Runs the import law of pyproject.toml, and shows that it finds each kind of forbidden import."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("emulator", "contracts", "client_reference")
EMULATOR = "emulator/kobikom_emulator"
CONTRACTS = "contracts/kobikom_contracts"
CLIENT = "client_reference/kobikom_client"
LAYERS = "The emulator's layers"
THROUGH_OPERATIONS = "Spaces are used through"
WITNESSES = "The three witnesses"
SUITES = "The two suites share the judging core"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import law over the sources in this folder, even if others are installed."""
    program = f"import sys; sys.path[:0] = {[str(folder / source) for source in SOURCES]!r}\n"
    program += "from importlinter.cli import lint_imports_command as lint\nlint(['--no-cache'])"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The modules of the three packages, all empty."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module in (ROOT / EMULATOR).rglob("*.py"):
        write(tmp_path / module.relative_to(ROOT))
    for name in ("core", "server_suite", "client_suite"):
        write(tmp_path / CONTRACTS / f"{name}.py")
    for package in (CONTRACTS, CLIENT):
        write(tmp_path / package / "__init__.py")
    return tmp_path


def layer_names() -> set[str]:
    """The modules in the layers of the emulator, as pyproject.toml names them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = [contract["layers"] for contract in settings["contracts"] if contract["id"] == "layers"]
    return {name.strip(" ()") for layer in layers for name in layer.split("|")}


def write(path: Path, source: str = "") -> None:
    """Create one module."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")


def test_the_import_law_is_kept() -> None:
    """The three packages contain no forbidden import."""
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        (f"{EMULATOR}/protocol/__init__.py", "import kobikom_client", WITNESSES),
        (f"{CONTRACTS}/__init__.py", "import kobikom_emulator.ports", WITNESSES),
        (f"{CLIENT}/__init__.py", "import kobikom_contracts", WITNESSES),
        (f"{CONTRACTS}/client_suite.py", "import kobikom_contracts.server_suite", SUITES),
        (f"{CONTRACTS}/core.py", "import kobikom_contracts.client_suite", SUITES),
        (f"{EMULATOR}/domain/__init__.py", "import kobikom_emulator.protocol", LAYERS),
        (f"{EMULATOR}/ports.py", "import kobikom_emulator.cli", LAYERS),
        (f"{EMULATOR}/control/__init__.py", "import kobikom_emulator.bootstrap", LAYERS),
        (f"{EMULATOR}/gateway/__init__.py", "import kobikom_emulator.storage", LAYERS),
        (f"{EMULATOR}/control/__init__.py", "import kobikom_emulator.space.space", THROUGH_OPERATIONS),
        (f"{EMULATOR}/server/__init__.py", "import kobikom_emulator.storage", THROUGH_OPERATIONS),
        (f"{EMULATOR}/demo.py", "import kobikom_emulator.domain.changes", THROUGH_OPERATIONS),
        (f"{EMULATOR}/domain/__init__.py", "import asyncio", "Domain and protocol are pure"),
        (f"{EMULATOR}/domain/__init__.py", "import lxml.etree", "The domain knows neither"),
    ],
)
def test_a_forbidden_import_is_found(skeleton: Path, module: str, statement: str, contract: str) -> None:
    """One forbidden import breaks exactly the contract that forbids it."""
    write(skeleton / module, f"{statement}\n")
    result = lint(skeleton)
    broken = [line for line in result.stdout.splitlines() if line.endswith("BROKEN")]
    assert result.returncode == 1, result.stdout + result.stderr
    assert [contract] == [line[: len(contract)] for line in broken]


def test_a_package_without_forbidden_imports_passes(skeleton: Path) -> None:
    """The skeleton alone breaks no contract, so a broken one is due to the added import."""
    result = lint(skeleton)
    assert result.returncode == 0, result.stdout + result.stderr
