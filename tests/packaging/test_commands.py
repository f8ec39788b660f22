"""Law: the three commands that an installation puts on the path start and explain themselves."""

import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@pytest.mark.parametrize("command", ["kobikom-emulator", "kobikom-contracts", "kobikom-client"])
def test_the_command_explains_itself(command: str) -> None:
    """``--help`` prints how to use the command, on standard output only, and succeeds."""
    script = BIN / command
    if not script.exists():
        pytest.skip(f"{command} is not installed beside this Python: see script/test")
    result = subprocess.run([script, "--help"], capture_output=True, text=True, check=False, timeout=60)
    assert (0, "") == (result.returncode, result.stderr)
    assert "Usage: " in result.stdout


def test_python_m_is_the_same_command() -> None:
    """``python -m kobikom_emulator`` answers as ``kobikom-emulator`` does."""
    command = [sys.executable, "-m", "kobikom_emulator", "--help"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (0, "") == (result.returncode, result.stderr)
    assert "serve" in result.stdout
