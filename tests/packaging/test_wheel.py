"""The wheel contains the three packages completely and nothing else."""

import re
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
    """The wheel that is built from the current sources."""
    pytest.importorskip("hatchling", reason="the build backend is not installed: see script/test")
    folder = tmp_path_factory.mktemp("wheel")
    program = f"from hatchling.build import build_wheel as build; build({str(folder)!r})"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=120)
    (built,) = folder.iterdir()
    return zipfile.ZipFile(built)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    """The metadata of the wheel."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(wheel.read(name))


def test_the_wheel_contains_the_files_of_the_packages_only(wheel: zipfile.ZipFile) -> None:
    """Modules, schemas, pages and type markers are included; tests, scripts and caches are not."""
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
    """Each package has the marker that tells type checkers to read its annotations."""
    assert f"{package}/py.typed" in wheel.namelist()


def test_the_console_scripts_are_declared(wheel: zipfile.ZipFile) -> None:
    """The three commands are entry points of the three packages, and `kobikom` is all of them."""
    (name,) = (name for name in wheel.namelist() if name.endswith("/entry_points.txt"))
    declared = ConfigParser()
    declared.read_string(wheel.read(name).decode())
    assert {
        "kobikom": "kobikom_emulator.kobikom:main",
        "kobikom-emulator": "kobikom_emulator.cli:main",
        "kobikom-contracts": "kobikom_contracts.cli:main",
        "kobikom-client": "kobikom_client.cli:main",
    } == dict(declared["console_scripts"])


def test_the_metadata_is_that_of_pyproject(metadata: Message) -> None:
    """Name, version, licence and the oldest Python are those of pyproject.toml."""
    fields = ("Name", "Version", "License-Expression", "Requires-Python")
    expected = ["kobikom-emulator", PROJECT["version"], "MIT", PROJECT["requires-python"]]
    assert expected == [metadata[field] for field in fields]


def test_the_licence_is_included(wheel: zipfile.ZipFile) -> None:
    """The wheel contains the text of the licence."""
    (name,) = (name for name in wheel.namelist() if name.endswith("/licenses/LICENSE"))
    assert (ROOT / "LICENSE").read_bytes() == wheel.read(name)


def test_the_base_requires_no_test_tool(metadata: Message) -> None:
    """Without extras, only the dependencies of pyproject.toml are required, and no test tool."""
    required = metadata.get_all("Requires-Dist") or []
    base = sorted(line for line in required if "extra ==" not in line)
    assert sorted(PROJECT["dependencies"]) == base


def test_the_readme_is_in_the_metadata_and_claims_no_repository(metadata: Message) -> None:
    """A wheel that no repository built has the README as it is, and no URL."""
    assert ROOT.joinpath("README.md").read_text("utf-8").strip() == metadata.get_payload(decode=True).decode().strip()
    assert ("text/markdown", None) == (metadata["Description-Content-Type"], metadata.get_all("Project-URL"))


def test_a_release_has_urls_and_links_that_lead_to_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the repository's URL every relative link of the README is absolute, links around pictures too."""
    monkeypatch.setenv("KOBIKOM_REPOSITORY", "https://example.org/a/b/")
    program = f"from hatchling.build import prepare_metadata_for_build_wheel as build; build({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=120)
    (file,) = tmp_path.glob("*.dist-info/METADATA")
    built = message_from_bytes(file.read_bytes())
    assert "Repository, https://example.org/a/b" in (built.get_all("Project-URL") or [])
    text = str(built.get_payload())
    relative = [
        link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith(("https://", "http://", "#"))
    ]
    assert [] == relative
    assert "(https://example.org/a/b/blob/main/docs/protocol.md)" in text
    assert "(https://example.org/a/b/raw/main/docs/pictures/messages.png)" in text
