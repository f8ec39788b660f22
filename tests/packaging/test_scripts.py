"""The scripts are plain sh, report what is missing and pass on their options.

Nothing is installed: one-line scripts replace the tools that the scripts call.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(path.name for path in (ROOT / "script").iterdir())


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_is_executable_and_sh(name: str) -> None:
    """Each file in script/ is executable, and a shell finds no syntax error in it."""
    path = ROOT / "script" / name
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert os.access(path, os.X_OK)
    if first == "#!/bin/sh":
        shell = shutil.which("dash") or "sh"
        checked = subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False, timeout=30)
        assert (0, "") == (checked.returncode, checked.stderr)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the scripts and the two files that they read."""
    shutil.copytree(ROOT / "script", tmp_path / "script")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


TOOLS = ("bash", "cat", "cksum", "dirname", "env", "id", "rm", "sh", "tail", "timeout")


def write_tools(folder: Path, **tools: str) -> Path:
    """Create one-line shell scripts in a folder, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, line in tools.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def run(*command: object, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a PATH of this folder and the system tools that the scripts need."""
    for tool in TOOLS:
        program = shutil.which(tool)
        assert program is not None
        if not (path / tool).exists():
            (path / tool).symlink_to(program)
    return subprocess.run(
        [str(word) for word in command],
        env={"PATH": str(path), **environment},
        input="not to be read",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("pythons", "line"),
    [
        ({}, "needs Python 3.11 or later with venv; found none"),
        ({"python3": "exit 1"}, "needs Python 3.11 or later with venv; found none"),
        (
            {"python3": "case $2 in *ensurepip*) exit 1 ;; esac"},
            "python3 has no venv module (on Debian and Ubuntu: apt-get install python3-venv)",
        ),
    ],
    ids=["no-python", "too-old", "no-venv"],
)
def test_a_missing_python_is_reported_in_one_line(
    checkout: Path, tmp_path: Path, pythons: dict[str, str], line: str
) -> None:
    """Without a usable Python, one line says what is missing, and no .venv is made."""
    result = run(checkout / "script/server", path=write_tools(tmp_path / "bin", **pythons))
    expected = f"script/server: {line}"
    assert 1 == result.returncode
    assert [expected] == [printed[: len(expected)] for printed in result.stderr.splitlines()]
    assert not (checkout / ".venv").exists()


def test_a_failing_pip_is_quoted_with_its_status(checkout: Path, tmp_path: Path) -> None:
    """Without a package index, script/server exits with the status of pip and prints its last lines on stderr."""
    python = f'exec "{sys.executable}" "$@"'
    offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    path = write_tools(tmp_path / "bin", python3=python)
    result = run(checkout / "script/server", path=path, **offline)
    printed = result.stderr.splitlines()
    assert (1, "") == (result.returncode, result.stdout)
    assert "script/server: making .venv" in printed[0]
    assert "script/server: installing the pinned versions (base) into .venv" in printed
    assert "script/server: pip failed with exit status 1, its last lines:" in printed
    assert any(line.startswith("ERROR: ") and "hatchling" in line for line in printed)


def test_the_server_runs_with_its_options_in_the_folder_of_the_caller(checkout: Path, tmp_path: Path) -> None:
    """script/server executes ``kobikom-emulator serve`` with its options, in the caller's folder."""
    write_tools(checkout / "script", bootstrap="exit 0")
    command = {"kobikom-emulator": 'echo "$PWD: $*"; exit 7'}
    write_tools(checkout / ".venv/bin", **command)
    result = run(checkout / "script/server", "--port", "0", "a b", path=write_tools(tmp_path / "bin"))
    assert 7 == result.returncode
    assert f"{Path.cwd()}: serve --port 0 a b\n" == result.stdout


@pytest.mark.parametrize(
    ("ruff", "mypy", "pytest_status", "status"),
    [(0, 0, 0, 0), (1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 5, 5), (1, 1, 2, 2)],
)
def test_the_test_script_fails_if_any_of_its_tools_fails(
    checkout: Path, tmp_path: Path, ruff: int, mypy: int, pytest_status: int, status: int
) -> None:
    """script/test runs all three tools, prints pytest's line last and fails if any of them failed."""
    write_tools(checkout / "script", bootstrap="exit 0")
    write_tools(
        checkout / ".venv/bin",
        ruff=f"echo output of ruff; exit {ruff}",
        mypy=f"echo output of mypy; exit {mypy}",
        python=f'echo "closing line of: $*"; exit {pytest_status}',
    )
    result = run(checkout / "script/test", "-k", "x", path=write_tools(tmp_path / "bin"))
    printed = result.stdout.splitlines()
    assert status == result.returncode
    assert {"output of ruff", "output of mypy"} <= set(printed)
    assert "closing line of: -m pytest -n auto -k x" == printed[-1]


@pytest.mark.parametrize("status", [0, 1, 5])
def test_continuous_integration_gives_no_input_and_returns_the_status(
    checkout: Path, tmp_path: Path, status: int
) -> None:
    """.ci/run reports missing programs, gives the tests no input, and exits with their status."""
    shutil.copytree(ROOT / ".ci", checkout / ".ci")
    write_tools(checkout / "script", test=f'echo "CI=$CI, input: $(cat), options: $*"; exit {status}')
    names = ("chromium", "npm", "python3", "node", "curl", "phpunit", "javac", "mcs")
    path = write_tools(tmp_path / "bin", **dict.fromkeys(names, "exit 0"))
    result = run(checkout / ".ci/run", "-k", "x", path=path)
    printed = result.stdout.splitlines()
    assert status == result.returncode
    # JUnit is no program: it is looked for in its folder.
    assert ".ci/run: without php-cli: the tests that need them are skipped" == printed[0].replace(" junit5", "")
    assert "CI=true, input: , options: -k x" == printed[1]


@pytest.mark.parametrize(("lowest", "main", "status"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (2, 5, 5), (2, 0, 2)])
def test_continuous_integration_fails_with_either_run(
    checkout: Path, tmp_path: Path, lowest: int, main: int, status: int
) -> None:
    """Without options .ci/run tries the oldest versions first; the main run's closing line comes last."""
    shutil.copytree(ROOT / ".ci", checkout / ".ci")
    line = f'if [ "${{1-}}" = --lowest ]; then echo "= lowest ="; exit {lowest}; fi; echo "= main $* ="; exit {main}'
    write_tools(checkout / "script", test=line, bootstrap="echo not to be seen; exit 1")
    path = write_tools(tmp_path / "bin", chromium="", npm="", python3="", node="", curl="", php="")
    result = run(checkout / ".ci/run", path=path)
    assert status == result.returncode
    assert ["= lowest =", "= main  ="] == [said for said in result.stdout.splitlines() if said.startswith("=")]
    assert "not to be seen" not in result.stdout


def test_continuous_integration_installs_for_the_main_run_meanwhile(checkout: Path, tmp_path: Path) -> None:
    """What the main run needs is installed beside the run with the oldest versions, and is there before it begins."""
    shutil.copytree(ROOT / ".ci", checkout / ".ci")
    # Each waits for the other: neither would end if they ran one after the other.
    os.mkfifo(checkout / "meeting")
    write_tools(
        checkout / "script",
        test='if [ "${1-}" = --lowest ]; then cat meeting; else cat installed; fi',
        bootstrap='echo "at the same time" >meeting; echo "$@" >installed',
    )
    path = write_tools(tmp_path / "bin", chromium="", npm="", python3="", node="", curl="", php="")
    result = run(checkout / ".ci/run", path=path)
    assert (0, ["at the same time", "test"]) == (result.returncode, result.stdout.splitlines()[-2:])


def test_the_oldest_versions_have_an_environment_of_their_own(checkout: Path, tmp_path: Path) -> None:
    """script/test --lowest runs the quick folders, or what its options choose, in .venv-lowest, and nothing else."""
    write_tools(checkout / "script", bootstrap='echo "bootstrap $*"')
    write_tools(checkout / ".venv-lowest/bin", python='echo "runs: $*"; exit 3')
    path = write_tools(tmp_path / "bin")
    result = run(checkout / "script/test", "--lowest", path=path)
    assert 3 == result.returncode
    assert "bootstrap lowest" == result.stdout.splitlines()[0]
    folders = "tests/emulator tests/control tests/client_reference tests/agreement"
    always = "--hypothesis-profile=few -W ignore::pytest.PytestUnraisableExceptionWarning"
    assert f"runs: -m pytest -n auto {always} {folders}" == result.stdout.splitlines()[-1]
    chosen = run(checkout / "script/test", "--lowest", "tests/x", "-k", "y", path=path)
    assert f"runs: -m pytest -n auto {always} tests/x -k y" == chosen.stdout.splitlines()[-1]
