"""Law: the wheel holds the three packages, whole, and nothing else; no package index is needed."""

import subprocess
import sys
import tomllib
import zipfile
from configparser import ConfigParser
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    "kobikom_emulator": ROOT / "emulator",
    "kobikom_contracts": ROOT / "contracts",
    "kobikom_client": ROOT / "client_reference",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of the sources as they are now."""
    pytest.importorskip("hatchling", reason="the build backend is not installed: see script/test")
    folder = tmp_path_factory.mktemp("wheel")
    program = f"from hatchling.build import build_wheel as build; build({str(folder)!r})"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=120)
    (built,) = folder.iterdir()
    return zipfile.ZipFile(built)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    """What the wheel says about itself."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(wheel.read(name))


def test_every_file_of_the_packages_is_there_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    """Modules, schemas, pages and type markers are in; tests, scripts and caches are not."""
    expected = {
        path.relative_to(source).as_posix()
        for package, source in SOURCES.items()
        for path in (source / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    actual = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert expected == actual


@pytest.mark.parametrize("package", SOURCES)
def test_each_package_is_typed(wheel: zipfile.ZipFile, package: str) -> None:
    """Type checkers of those who install it are told to read our annotations."""
    assert f"{package}/py.typed" in wheel.namelist()


def test_the_console_scripts_are_declared(wheel: zipfile.ZipFile) -> None:
    """The three commands are entry points of the three packages."""
    (name,) = (name for name in wheel.namelist() if name.endswith("/entry_points.txt"))
    declared = ConfigParser()
    declared.read_string(wheel.read(name).decode())
    assert {
        "kobikom-emulator": "kobikom_emulator.cli:main",
        "kobikom-contracts": "kobikom_contracts.cli:main",
        "kobikom-client": "kobikom_client.cli:main",
    } == dict(declared["console_scripts"])


def test_the_metadata_says_what_it_is(metadata: Message) -> None:
    """Name, version, licence and the oldest Python are those of pyproject.toml."""
    fields = ("Name", "Version", "License-Expression", "Requires-Python")
    expected = ["kobikom-emulator", PROJECT["version"], "MIT", PROJECT["requires-python"]]
    assert expected == [metadata[field] for field in fields]


def test_the_licence_travels_along(wheel: zipfile.ZipFile) -> None:
    """The wheel carries the licence's text."""
    (name,) = (name for name in wheel.namelist() if name.endswith("/licenses/LICENSE"))
    assert (ROOT / "LICENSE").read_bytes() == wheel.read(name)


def test_the_base_asks_for_no_test_tool(metadata: Message) -> None:
    """Who installs the emulator alone gets neither pytest nor Hypothesis."""
    asked = metadata.get_all("Requires-Dist") or []
    base = sorted(line for line in asked if "extra ==" not in line)
    assert sorted(PROJECT["dependencies"]) == base
