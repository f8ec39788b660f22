"""`serve` with a store as a process: what it says at the start, and which files and places it refuses."""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from raw_http import ask, asking, order
from serve_process import Run, Start, environment


def one_line(err: str, *pieces: str) -> None:
    """Standard error is one line of the program that has these pieces."""
    assert (1, True, True) == (err.count("\n"), err.startswith("kobikom-emulator: "), err.endswith("\n"))
    for piece in pieces:
        assert piece in err


def kept(err: str) -> list[str]:
    """What the log says about the store."""
    return re.findall(r"INFO (keeps .*)\n", err)


def test_the_start_says_what_is_kept_and_what_goes_on(start: Start, tmp_path: Path) -> None:
    """A new file, then the number of its spaces and messages; without a store nothing is said."""
    file = str(tmp_path / "kobikom.sqlite")
    served = start("--port", "0", "--store", file, KOBIKOM_LOG_LEVEL="info")
    ask(served.port, asking(order()))
    assert [f"keeps everything in {file}, a new file"] == kept(served.stop().err)
    served = start("--port", "0", KOBIKOM_STORE=file, KOBIKOM_LOG_LEVEL="info")
    ask(served.port, asking(order()))
    ask(served.port, asking(b"{}", "Content-Type: application/json", target="/_emulator/spaces", host="127.0.0.1"))
    assert [f"keeps everything in {file}, and goes on: 1 space, 1 message"] == kept(served.stop().err)
    served = start("--port", "0", "--store", file, KOBIKOM_LOG_LEVEL="info")
    assert [f"keeps everything in {file}, and goes on: 2 spaces, 2 messages"] == kept(served.stop().err)
    assert [] == kept(start("--port", "0", KOBIKOM_LOG_LEVEL="info").stop().err)


def test_a_file_that_another_server_has_open(start: Start, run: Run, tmp_path: Path) -> None:
    """The second server ends with one line, whatever its name for the file; the first goes on."""
    (tmp_path / "link").symlink_to(tmp_path / "f")
    served = start("--port", "0", "--store", str(tmp_path / "f"))
    for name in ("f", "link"):
        ended = run("serve", "--port", "0", "--store", str(tmp_path / name))
        assert (2, "") == (ended.code, ended.out)
        one_line(ended.err, str(tmp_path / "f"), "is in use by another server")
    assert 0 == ask(served.port, asking(order())).results[0][0]
    assert (0, "", "") == served.stop()


def test_a_place_where_no_store_can_be(run: Run, tmp_path: Path) -> None:
    """A folder that is missing, a folder instead of a file, a file of something else."""
    (tmp_path / "text").write_text("no database\n" * 100)
    for place, why in {
        tmp_path / "no" / "f": f"there is no folder {tmp_path / 'no'}",
        tmp_path: "it is a folder",
        tmp_path / "text": "is not a store of kobikom-emulator",
    }.items():
        ended = run("serve", "--port", "0", "--store", str(place))
        assert (2, "") == (ended.code, ended.out)
        one_line(ended.err, why)


def test_a_store_with_spaces_is_not_overwritten(start: Start, run: Run, tmp_path: Path) -> None:
    """`--state` and `--scenario` begin a new store, and are refused where a server would go on with what is there."""
    file, state, scenario = (str(tmp_path / name) for name in ("f", "state.json", "scenario.json"))
    served = start("--port", "0", "--store", file, KOBIKOM_CLOCK__START="2026-01-31T09:00:00+03:00")
    ask(served.port, asking(order()))
    assert 0 == served.stop().code
    exported = run("store", "export", file)
    Path(state).write_text(exported.out)
    Path(scenario).write_text("{}")
    for option in (["--state", state], ["--scenario", scenario]):
        ended = run("serve", "--port", "0", "--store", file, *option)
        assert (2, "") == (ended.code, ended.out)
        one_line(ended.err, f"the store {file} has spaces already", "kobikom store import")
    served = start("--port", "0", "--store", str(tmp_path / "new"), "--state", state)
    assert 0 == served.stop().code
    assert exported.out == run("store", "export", file).out


AS_ANOTHER_USER = """
import os, sys
from kobikom_emulator.bootstrap import open_database
from kobikom_emulator.settings import BadSettings
import kobikom_emulator.storage.sqlite
if os.geteuid() == 0:
    os.setuid(65534)
try:
    open_database(sys.argv[1])
except BadSettings as error:
    sys.exit(str(error))
"""

WITH_A_FULL_DISK = """
import resource, sys
from kobikom_emulator.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
main(sys.argv[1:])
"""


def ended_of(program: str, *arguments: str | Path) -> tuple[int, str]:
    """Run a program with arguments; exit code and standard error."""
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment(KOBIKOM_LOG_LEVEL="warning"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return ended.returncode, ended.stderr


def test_a_place_that_cannot_be_written() -> None:
    """A read-only folder, and a read-only file, are named in one line."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "f"
        file.touch(0o400)
        folder.chmod(0o555)
        new = ended_of(AS_ANOTHER_USER, folder / "new")
        folder.chmod(0o777)
        old = ended_of(AS_ANOTHER_USER, file)
    assert [
        (1, f"the store {folder / 'new'} cannot be opened: the folder {folder} cannot be written\n"),
        (1, f"the store {file} cannot be opened: the file cannot be written\n"),
    ] == [new, old]


def test_a_full_disk(start: Start, run: Run, tmp_path: Path) -> None:
    """Import, vacuum and the start of a server end with one line, and the store is what it was."""
    file, large, small = (tmp_path / name for name in ("f", "large.json", "small"))
    served = start("--port", "0", "--store", str(file), KOBIKOM_CLOCK__START="2026-01-31T09:00:00+03:00")
    for _ in range(30):
        ask(served.port, asking(order(text="x" * 2000)))
    assert 0 == served.stop().code
    before = run("store", "export", str(file)).out
    large.write_text(before)
    for command in (
        ["store", "import", file, large],
        ["store", "vacuum", file],
        ["serve", "--port", "0", "--store", small],
    ):
        code, err = ended_of(WITH_A_FULL_DISK, *command)
        assert 2 == code
        one_line(err.replace("-c: ", "kobikom-emulator: "), str(command[-1] if command[0] == "serve" else file))
    assert before == run("store", "export", str(file)).out
