"""Law: the scripts are plain sh, say what they miss and pass on what they are told.

Nothing is installed for this: the tools they call are played by one-line scripts.
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
    """Each file in script/ can be run, and a shell finds no fault in its grammar."""
    path = ROOT / "script" / name
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert os.access(path, os.X_OK)
    if first == "#!/bin/sh":
        shell = shutil.which("dash") or "sh"
        checked = subprocess.run(
            [shell, "-n", path], capture_output=True, text=True, check=False, timeout=30
        )
        assert (0, "") == (checked.returncode, checked.stderr)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The scripts alone, beside the two files that they read."""
    shutil.copytree(ROOT / "script", tmp_path / "script")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


TOOLS = ("bash", "cat", "cksum", "dirname", "env", "id", "rm", "sh", "tail", "timeout")


def play(folder: Path, **tools: str) -> Path:
    """Fill a folder with tools, each a shell script of one line."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, line in tools.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def run(*command: object, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command where PATH holds what the scripts need of a system, and this folder."""
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        if not (path / tool).exists():
            (path / tool).symlink_to(found)
    return subprocess.run(
        [str(word) for word in command],
        env={"PATH": str(path), **environment},
        input="what nobody must read",
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
def test_without_a_python_one_line_says_so(
    checkout: Path, tmp_path: Path, pythons: dict[str, str], line: str
) -> None:
    """A machine without a Python to build on is told so in one line, and nothing is made."""
    result = run(checkout / "script/server", path=play(tmp_path / "bin", **pythons))
    expected = f"script/server: {line}"
    assert 1 == result.returncode
    assert [expected] == [said[: len(expected)] for said in result.stderr.splitlines()]
    assert not (checkout / ".venv").exists()


def test_a_failing_pip_is_quoted_with_its_status(checkout: Path, tmp_path: Path) -> None:
    """Without a package index script/server ends with pip's status, its last lines on stderr."""
    python = f'exec "{sys.executable}" "$@"'
    offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    path = play(tmp_path / "bin", python3=python)
    result = run(checkout / "script/server", path=path, **offline)
    said = result.stderr.splitlines()
    assert (1, "") == (result.returncode, result.stdout)
    assert "script/server: making .venv" in said[0]
    assert "script/server: installing the pinned versions (base) into .venv" in said
    assert "script/server: pip failed with exit status 1, its last lines:" in said
    assert any(line.startswith("ERROR: ") and "hatchling" in line for line in said)


def test_the_server_gets_its_options_from_where_it_was_called(
    checkout: Path, tmp_path: Path
) -> None:
    """script/server becomes ``kobikom-emulator serve`` with its options, in the caller's folder."""
    play(checkout / "script", bootstrap="exit 0")
    command = {"kobikom-emulator": 'echo "$PWD: $*"; exit 7'}
    play(checkout / ".venv/bin", **command)
    result = run(checkout / "script/server", "--port", "0", "a b", path=play(tmp_path / "bin"))
    assert 7 == result.returncode
    assert f"{Path.cwd()}: serve --port 0 a b\n" == result.stdout


@pytest.mark.parametrize(
    ("ruff", "mypy", "pytest_status", "status"),
    [(0, 0, 0, 0), (1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 5, 5), (1, 1, 2, 2)],
)
def test_the_tests_end_with_pytest_and_with_every_fault(
    checkout: Path, tmp_path: Path, ruff: int, mypy: int, pytest_status: int, status: int
) -> None:
    """script/test runs all three, ends with pytest's line and fails when any of them did."""
    play(checkout / "script", bootstrap="exit 0")
    play(
        checkout / ".venv/bin",
        ruff=f"echo ruff speaks; exit {ruff}",
        mypy=f"echo mypy speaks; exit {mypy}",
        python=f'echo "closing line of: $*"; exit {pytest_status}',
    )
    result = run(checkout / "script/test", "-k", "x", path=play(tmp_path / "bin"))
    said = result.stdout.splitlines()
    assert status == result.returncode
    assert {"ruff speaks", "mypy speaks"} <= set(said)
    assert "closing line of: -m pytest -n auto -k x" == said[-1]


@pytest.mark.parametrize("status", [0, 1, 5])
def test_continuous_integration_asks_nothing_and_passes_the_status_on(
    checkout: Path, tmp_path: Path, status: int
) -> None:
    """.ci/run says what the machine lacks, gives the tests no input, and ends as they do."""
    shutil.copytree(ROOT / ".ci", checkout / ".ci")
    play(checkout / "script", test=f'echo "CI=$CI, input: $(cat), options: $*"; exit {status}')
    path = play(tmp_path / "bin", chromium="exit 0", npm="exit 0", python3="exit 0", node="exit 0", curl="exit 0")
    result = run(checkout / ".ci/run", "-k", "x", path=path)
    said = result.stdout.splitlines()
    assert status == result.returncode
    assert ".ci/run: without php-cli: the examples that need them are skipped" == said[0]
    assert "CI=true, input: , options: -k x" == said[1]


@pytest.mark.parametrize(("lowest", "main", "status"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (2, 5, 5), (2, 0, 2)])
def test_continuous_integration_fails_with_either_run(
    checkout: Path, tmp_path: Path, lowest: int, main: int, status: int
) -> None:
    """Without options .ci/run tries the oldest versions first; the main run's closing line comes last."""
    shutil.copytree(ROOT / ".ci", checkout / ".ci")
    line = f'if [ "${{1-}}" = --lowest ]; then echo "= lowest ="; exit {lowest}; fi; echo "= main $* ="; exit {main}'
    play(checkout / "script", test=line)
    path = play(tmp_path / "bin", chromium="", npm="", python3="", node="", curl="", php="")
    result = run(checkout / ".ci/run", path=path)
    assert status == result.returncode
    assert ["= lowest =", "= main  ="] == [said for said in result.stdout.splitlines() if said.startswith("=")]


def test_the_oldest_versions_have_an_environment_of_their_own(checkout: Path, tmp_path: Path) -> None:
    """script/test --lowest runs the quick folders, or what its options choose, in .venv-lowest, and nothing else."""
    play(checkout / "script", bootstrap='echo "bootstrap $*"')
    play(checkout / ".venv-lowest/bin", python='echo "runs: $*"; exit 3')
    path = play(tmp_path / "bin")
    result = run(checkout / "script/test", "--lowest", path=path)
    assert 3 == result.returncode
    assert "bootstrap lowest" == result.stdout.splitlines()[0]
    folders = "tests/emulator tests/control tests/client_reference tests/agreement"
    assert f"runs: -m pytest -n auto {folders}" == result.stdout.splitlines()[-1]
    chosen = run(checkout / "script/test", "--lowest", "tests/x", "-k", "y", path=path)
    assert "runs: -m pytest -n auto tests/x -k y" == chosen.stdout.splitlines()[-1]
