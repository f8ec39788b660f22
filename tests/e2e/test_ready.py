"""`ready` finds the server that was started, with whatever port and address it was given."""

from pathlib import Path

import pytest
from serve_process import Run, Start

HEALTH = "/_emulator/health does not answer"


@pytest.mark.parametrize("variables", [{}, {"KOBIKOM_PORT": "1"}, {"KOBIKOM_PORT": "tcp://10.0.0.1:80"}], ids=str)
def test_the_port_of_a_flag_is_found(start: Start, run: Run, tmp_path: Path, variables: dict[str, str]) -> None:
    """A flag wins over a variable for `serve`, and so for `ready`, which was given the same variables."""
    start("--port", "0", **variables, XDG_RUNTIME_DIR=str(tmp_path))
    assert (0, "", "") == run("ready", "--wait", "10", **variables, XDG_RUNTIME_DIR=str(tmp_path))


def test_the_port_of_a_file_is_found(start: Start, run: Run, tmp_path: Path) -> None:
    """Also that of a configuration file, at every address of the machine."""
    file = tmp_path / "kobikom.toml"
    file.write_text('port = 0\nhost = "0.0.0.0"\nproxy.base-path = "/kobikom"\n')
    start("--config", str(file), XDG_RUNTIME_DIR=str(tmp_path))
    assert (0, "", "") == run("ready", XDG_RUNTIME_DIR=str(tmp_path), KOBIKOM_PORT="1")


def test_a_server_that_ended_is_not_found(start: Start, run: Run, tmp_path: Path, unused_tcp_port: int) -> None:
    """It takes its address away; one that was killed leaves an address at which nobody answers."""
    for end in ("stop", "kill"):
        served = start("--port", "0", XDG_RUNTIME_DIR=str(tmp_path))
        if end == "stop":
            served.stop()
        else:
            served.process.kill()
            served.ended()
        ended = run("ready", XDG_RUNTIME_DIR=str(tmp_path), KOBIKOM_PORT=str(unused_tcp_port))
        assert 1 == ended.code
        port = unused_tcp_port if end == "stop" else served.port
        assert f"kobikom-emulator: http://127.0.0.1:{port}{HEALTH}" in ended.err


def test_without_a_folder_the_settings_are_asked(start: Start, run: Run, tmp_path: Path) -> None:
    """A folder that others can write is not believed: the port of the variable is the one that is asked."""
    (tmp_path / "one").mkdir()
    served = start("--port", "0", XDG_RUNTIME_DIR=str(tmp_path / "one"))
    (folder,) = (tmp_path / "one").iterdir()
    folder.chmod(0o777)
    assert 1 == run("ready", XDG_RUNTIME_DIR=str(tmp_path / "one"), KOBIKOM_PORT="1").code
    assert 0 == run("ready", XDG_RUNTIME_DIR=str(tmp_path / "one"), KOBIKOM_PORT=str(served.port)).code
