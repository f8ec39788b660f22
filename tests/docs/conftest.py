"""Fixtures for the snippets of the pages: a shell, the installed commands and a new server."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kobikom_emulator import Emulator

sys.path.insert(0, str(Path(__file__).parent))

from page_reader import ROOT, Reader

OURS = {
    "kobikom-client": "kobikom_client.cli",
    "kobikom-contracts": "kobikom_contracts.cli",
    "kobikom": "kobikom_emulator.kobikom",
    "kobikom-emulator": "kobikom_emulator.cli",
}
"""The installed commands and their modules."""


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the commands that an installation puts on the PATH."""
    folder = tmp_path_factory.mktemp("bin")
    programs = {"python": "", "python3": "", "pytest": "-m pytest "}
    for name, module in OURS.items():
        programs[name] = f"-c \"import sys; from {module} import main; sys.argv[0] = '{name}'; sys.exit(main())\" "
    for name, code in programs.items():
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {code}"$@"\n')
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def environment(commands: Path) -> dict[str, str]:
    """Environment variables with the commands and sources, and without settings and proxies."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("KOBIKOM_", "PYTEST"))}
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        kept.pop(name, None)
        kept.pop(name.upper(), None)
    sources = [str(ROOT / name) for name in ("emulator", "contracts", "client_reference")]
    return kept | {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(sources),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
    }


@pytest.fixture
def reader(tmp_path: Path, environment: dict[str, str]) -> Iterator[Reader]:
    """A reader in a folder with the examples, and a new server with default settings."""
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    with Emulator() as emulator:
        page_reader = Reader(tmp_path, emulator.url.removeprefix("http://"), environment)
        try:
            yield page_reader
        finally:
            page_reader.stop_servers()
