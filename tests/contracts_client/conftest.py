"""Where the example adapters are and how each is run."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADAPTERS = ROOT / "examples" / "adapters"
PROGRAMS = {
    "python": (sys.executable, "reference_adapter.py"),
    "php": ("php", "php_adapter.php"),
    "node": ("node", "node_adapter.mjs"),
    "java": ("java", "JavaAdapter.java"),
}


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The command line of an example adapter; skips where its interpreter is missing."""
    paths = [str(ROOT / "client_reference"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))

    def command(language: str) -> str:
        program, file = PROGRAMS[language]
        if shutil.which(program) is None:
            pytest.skip(f"no {program} on this machine")
        return shlex.join([program, str(ADAPTERS / file)])

    return command
