"""The three installed commands start and print their help."""

import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@pytest.mark.parametrize("command", ["kobikom-emulator", "kobikom-contracts", "kobikom-client"])
def test_the_command_prints_its_help(command: str) -> None:
    """``--help`` prints the usage on standard output only and exits with 0."""
    script = BIN / command
    if not script.exists():
        pytest.skip(f"{command} is not installed beside this Python: see script/test")
    result = subprocess.run([script, "--help"], capture_output=True, text=True, check=False, timeout=60)
    assert (0, "") == (result.returncode, result.stderr)
    assert "Usage: " in result.stdout


def test_python_m_is_the_same_command() -> None:
    """``python -m kobikom_emulator`` has the same help as ``kobikom-emulator``."""
    command = [sys.executable, "-m", "kobikom_emulator", "--help"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (0, "") == (result.returncode, result.stderr)
    assert "serve" in result.stdout
