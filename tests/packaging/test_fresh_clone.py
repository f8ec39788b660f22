"""script/server and script/test work in a fresh clone, and install nothing when run again."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The tests that the inner run of script/test executes: enough to see that pytest ran.
SMOKE = ("tests/architecture/test_modules.py", "tests/packaging/test_pins.py")


@pytest.fixture(scope="module")
def clone(package_index: None, clean_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the repository in its committed state."""
    folder = tmp_path_factory.mktemp("fresh") / "a clone"  # paths may contain spaces
    cloned = subprocess.run(
        ["git", "clone", "--quiet", str(ROOT), str(folder)],
        env=clean_environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if cloned.returncode != 0:
        pytest.skip(f"not a git checkout: {cloned.stderr.strip()}")
    return folder


@pytest.fixture(scope="module")
def environment(clean_environment: dict[str, str]) -> dict[str, str]:
    """The clean environment, with the variable that skips the fresh tests in the inner run.

    pip compiles no modules: Python compiles those that are used. (pip takes a no for this option that says no.)
    One worker is enough for the few tests of the inner run.
    """
    inner = {"SCRIPT_TEST_INNER_RUN": "1", "PYTEST_XDIST_AUTO_NUM_WORKERS": "1", "PIP_NO_COMPILE": "no"}
    return {**clean_environment, **inner}


def run(clone: Path, environment: dict[str, str], script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the clone from the folder above it."""
    return subprocess.run(
        [clone / script, *words],
        cwd=clone.parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.fresh
def test_the_server_runs_from_a_fresh_clone(
    clone: Path, environment: dict[str, str], serving: Callable[..., Any]
) -> None:
    """``script/server`` installs the emulator, serves the vendor's API and exits with 0 on SIGTERM."""
    command = [str(clone / "script/server"), "--port", "0"]
    with serving(command, env=environment, cwd=clone.parent) as server:
        answer = server.balance()
    assert b"<miktar>1000.000</miktar>" in answer
    assert 0 == server.process.returncode


@pytest.mark.fresh
def test_every_command_runs_from_a_fresh_clone(clone: Path, environment: dict[str, str]) -> None:
    """``script/kobikom judge`` installs what it needs and says what is missing in its call."""
    for words, code, printed in ((("readings", "--json"), 0, "result-shape"), (("judge", "server"), 2, "--url")):
        result = run(clone, environment, "script/kobikom", *words)
        assert (code, True) == (result.returncode, printed in result.stdout + result.stderr), result.stderr


@pytest.mark.fresh
def test_the_tests_run_from_a_fresh_clone(clone: Path, environment: dict[str, str]) -> None:
    """``script/test`` installs the tools, exits with 0, and its last line is the one of pytest."""
    result = run(clone, environment, "script/test", *SMOKE)
    assert 0 == result.returncode, result.stdout + result.stderr
    assert re.search(r"\d+ passed.* in [\d.]+s", result.stdout.splitlines()[-1])


@pytest.mark.fresh
@pytest.mark.parametrize("extra", ["base", "test"])
def test_nothing_is_installed_a_second_time(clone: Path, environment: dict[str, str], extra: str) -> None:
    """A second run of ``script/bootstrap`` prints nothing and needs no package index."""
    command = [clone / "script/bootstrap", extra]
    subprocess.run(command, env=environment, capture_output=True, check=True, timeout=600)
    result = subprocess.run(
        command,
        env={**environment, "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (0, "", "") == (result.returncode, result.stdout, result.stderr)


@pytest.mark.fresh
def test_the_base_is_a_part_of_each_extra(clone: Path, environment: dict[str, str]) -> None:
    """After ``script/bootstrap contracts`` nothing is left to install for the server."""
    venv = clone / ".venv"
    others = {mark: mark.read_bytes() for mark in (venv / "installed-base", venv / "installed-test") if mark.exists()}
    for mark in others:
        mark.unlink()  # of the other tests, for this one
    try:
        command = [clone / "script/bootstrap", "contracts"]
        subprocess.run(command, env=environment, capture_output=True, check=True, timeout=600)
        assert ["installed-contracts"] == [mark.name for mark in venv.glob("installed-*")]
        result = run(clone, {**environment, "PIP_NO_INDEX": "1"}, "script/bootstrap", "base")
    finally:
        for mark, content in others.items():
            mark.write_bytes(content)
    assert (0, "", "") == (result.returncode, result.stdout, result.stderr)
