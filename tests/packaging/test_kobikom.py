"""The command `kobikom`: all commands under one name, what is missing, and what a shell completes."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

import click
import pytest

from kobikom_emulator import kobikom
from kobikom_emulator.extras import how_to_call, how_to_install

OWN = ["config", "demo", "explain", "readings", "ready", "serve"]
OTHERS = ["client", "days", "fuzz", "judge", "learn", "proxy", "record"]
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "script" / "kobikom"


def run(*words: str, missing: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """A run of the command in its own process, where some libraries are missing."""
    without = f"import sys; sys.modules.update(dict.fromkeys({missing!r})); "
    code = without + "from kobikom_emulator.kobikom import main; main(sys.argv[1:])"
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, timeout=60)


def completed(*words: str) -> list[str]:
    """What bash offers for the last word: words, or `file` where it offers names of files itself."""
    variables = {"_KOBIKOM_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(["kobikom", *words])}
    code = "from kobikom_emulator.kobikom import commands; commands(prog_name='kobikom')"
    environment = {**os.environ, **variables, "COMP_CWORD": str(len(words))}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    offers = [line.split(",") for line in result.stdout.splitlines()]
    return [word if kind == "plain" else kind for kind, word in offers]


def test_every_command_is_in_the_help() -> None:
    """Those of the emulator, and those that the judge and the client register."""
    result = run("--help")
    rows = result.stdout.partition("Commands:")[2].splitlines()
    names = [row.split()[0] for row in rows if row.startswith("  ") and not row.startswith("   ")]
    assert (0, []) == (result.returncode, [name for name in (*OWN, *OTHERS) if name not in names])


@pytest.mark.parametrize("name", OTHERS)
def test_a_command_of_another_package_runs_under_this_name(name: str) -> None:
    """Its help is its own, with exit status 0; a wrong option is refused with 2 and one line that begins with the name
    that was called.
    """
    shown = run(name, "-h")
    assert (0, True) == (shown.returncode, "Usage: " in shown.stdout)
    wrong = run(name, "--no-such-option")
    called = "kobikom-client" if name == "client" else f"kobikom {name}"
    assert (2, [f"{called}: No such option '--no-such-option'."]) == (
        wrong.returncode,
        [line.partition(" Did you mean")[0] for line in wrong.stderr.splitlines()],
    )


def test_an_own_command_keeps_its_exit_status() -> None:
    """2 with one line that begins with the name that was called."""
    result = run("serve", "--set", "colour")
    assert (2, "kobikom: --set takes NAME=VALUE, not 'colour'\n") == (result.returncode, result.stderr)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rea"], ["readings", "ready"]),
        (["jud"], ["judge"]),
        (["sto"], ["store"]),
        (["store", ""], ["export", "import", "info", "vacuum"]),
        (["judge", "ser"], ["server"]),
        (["serve", "--reading", "result-shape="], ["result-shape=well-formed", "result-shape=as-printed"]),
        (["explain", "--la"], ["--lang"]),
        (["serve", "--log-level", ""], ["debug", "info", "warning", "error"]),
        (["serve", "--log-format", "j"], ["json"]),
        (["serve", "--set", "limits.max-m"], ["limits.max-messages="]),
    ],
    ids=" ".join,
)
def test_a_shell_completes_commands_options_and_readings(words: Sequence[str], expected: list[str]) -> None:
    """Values of `--reading` are offered with their names, of `--set` the names."""
    assert expected == completed(*words)


FILES = [
    ["serve", "--config"], ["serve", "--state"], ["serve", "--store"], ["serve", "--tls-key"], ["explain"],
    ["store", "info"], ["store", "export"], ["store", "export", "f", "--out"], ["store", "import", "f"],
    ["store", "vacuum"],
]  # fmt: skip


@pytest.mark.parametrize("words", FILES, ids=" ".join)
def test_a_shell_completes_files(words: Sequence[str]) -> None:
    """The shell itself knows them: it is asked to."""
    assert ["file"] == completed(*words, "x")


def test_a_missing_library_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2 and one line; no package is recommended that is not published."""
    missing = EntryPoint("judge", "no_such_library_here:main", "kobikom.commands")
    monkeypatch.setattr(kobikom, "_entry_points", lambda: {"judge": missing})
    with pytest.raises(SystemExit) as ended:
        kobikom.main(["judge", "server"])
    assert 2 == ended.value.code
    assert f"kobikom: judge needs no_such_library_here: {how_to_install('contracts')}\n" == capsys.readouterr().err


TO_NOWHERE = {
    "learn": "--url http://127.0.0.1:9 --user u --password p --budget 1 --recipient 905352220087".split(),
    "proxy": "--upstream http://127.0.0.1:9 --port 0".split(),
    "judge": "server --url http://127.0.0.1:9 --user u --password p".split(),
}  # fmt: skip


@pytest.mark.parametrize("name", TO_NOWHERE)
def test_a_command_without_its_extra_names_the_libraries(name: str) -> None:
    """Exit status 2 and one line, also for a command that imports them late."""
    extra = ["faker", "hypothesis", "pytest"]
    ended = run(name, *TO_NOWHERE[name], missing=extra)
    expected = f"kobikom {name}: this needs hypothesis: {sys.executable} -m pip install {' '.join(extra)}\n"
    assert (2, expected) == (ended.returncode, ended.stderr)


def test_no_message_recommends_a_package_that_is_not_published() -> None:
    """Nothing in the three packages says to install them from an index."""
    sources = [path for name in ("emulator", "contracts", "client_reference") for path in (ROOT / name).rglob("*.py")]
    wrong = re.compile(r"install[^\n]*['\" ]kobikom[-_](emulator|contracts|client)")
    assert [] == [path.relative_to(ROOT).as_posix() for path in sources if wrong.search(path.read_text("utf-8"))]


def test_the_script_installs_what_a_command_needs() -> None:
    """It names each command that needs an extra, with this extra."""
    branches = re.findall(r"^ *([a-z |]+)\) extra=(\w+)", SCRIPT.read_text("utf-8"), re.MULTILINE)
    installed = {name: extra for names, extra in branches for name in names.split(" | ")}
    assert {**kobikom.EXTRAS, "demo": "demo", "mcp": "mcp"} == installed


def test_a_message_names_a_command_that_can_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name where it is in the path, by the script in a checkout, by its path elsewhere."""
    monkeypatch.setattr("shutil.which", {"kobikom": "/usr/bin/kobikom"}.get)
    assert "kobikom" == how_to_call()
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert "script/kobikom" == how_to_call()
    monkeypatch.setattr("kobikom_emulator.extras.__file__", "/nowhere/site-packages/kobikom_emulator/extras.py")
    assert str(Path(sys.executable).with_name("kobikom")) == how_to_call()


def test_without_a_checkout_the_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a wheel there is no folder to install from."""
    monkeypatch.setattr("kobikom_emulator.extras.__file__", "/nowhere/site-packages/kobikom_emulator/extras.py")
    assert f"{sys.executable} -m pip install 'faker>=33'" == how_to_install("demo")


def test_the_group_is_a_click_group() -> None:
    """So that click's completion scripts work with it."""
    assert isinstance(kobikom.commands, click.Group)
