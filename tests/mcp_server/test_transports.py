"""The command `kobikom mcp`: over standard input and output, over HTTP, and how it fails."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from kobikom_emulator import Emulator

COMMAND = [sys.executable, "-m", "kobikom_emulator", "mcp"]
PATIENCE = 60


def content(result: Any) -> Any:
    assert not result.is_error, result.content
    return result.structured_content


async def test_over_standard_input_and_output(emulator: Emulator, program: Any) -> None:
    """The package's client starts the command, lists its tools and reads a code out of a message."""
    program.send("Kodunuz 1234")
    parameters = StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], "--url", emulator.url])
    async with Client(stdio_client(parameters)) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        result = content(await client.call_tool("read_code", {"timeout": 5}))
    assert {"read_code", "explain_refusal", "arm_fault"} <= names
    assert "1234" == result["code"]


async def test_the_token_comes_from_the_environment() -> None:
    """A token on a command line could be read by others; without it the tools say what is missing."""
    with Emulator({"control.token": "s3cret"}) as emulator:
        for environment, fails in (({"KOBIKOM_CONTROL__TOKEN": "s3cret"}, False), ({}, True)):
            parameters = StdioServerParameters(
                command=COMMAND[0], args=[*COMMAND[1:], "--url", emulator.url], env=environment
            )
            async with Client(stdio_client(parameters)) as client:
                result = await client.call_tool("list_spaces", {})
            assert fails == result.is_error
            assert fails == ("token" in str(result.content))


@contextmanager
def over_http(emulator: Emulator) -> Iterator[str]:
    """The command with `--http` on a free port: its URL, which it prints."""
    process = subprocess.Popen(
        [*COMMAND, "--url", emulator.url, "--http", "0"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "listening on http://127.0.0.1:" in line
        yield line.split()[-1]
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


async def test_over_http(emulator: Emulator, program: Any) -> None:
    """The package's client at the printed URL: a fault armed by a tool hits the program."""
    with over_http(emulator) as url:
        async with Client(url) as client:
            arguments = {"effect": {"kind": "status", "code": -26}, "when": {"times": 1}}
            armed = content(await client.call_tool("arm_fault", arguments))
            assert b"<status>-26</status>" in program.send()
            faults = content(await client.call_tool("list_faults", {}))["faults"]
    assert [armed["id"]] == [fault["id"] for fault in faults]


def test_pages_of_other_sites_cannot_use_it(emulator: Emulator) -> None:
    """A foreign Host (DNS rebinding) or Origin is refused."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    types = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    with over_http(emulator) as url:
        at = urlsplit(url)
        for headers in ({"Host": "attacker.example"}, {"Origin": "http://attacker.example"}):
            connection = HTTPConnection(at.hostname or "", at.port, timeout=PATIENCE)
            connection.request("POST", at.path, body, {**types, **headers})
            answer = connection.getresponse()
            answer.read()
            connection.close()
            assert answer.status in {403, 421}, headers


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--url", "ftp://127.0.0.1"], "is not the address of an emulator"),
        (["--http", "99999"], "99999"),
        (["--nope"], "No such option"),
    ],
)
def test_a_wrong_option_is_one_line(arguments: list[str], expected: str) -> None:
    """On standard error, with exit code 2."""
    process = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert (2, "") == (process.returncode, process.stdout)
    assert expected in process.stderr
    assert "Traceback" not in process.stderr


def test_without_the_extra_the_command_says_how_to_get_it() -> None:
    """One line, exit code 2."""
    program = "import sys; sys.modules['mcp'] = None; from kobikom_emulator.cli import main; main(['mcp'])"
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (2, "", 1) == (process.returncode, process.stdout, len(process.stderr.splitlines()))
    assert "mcp needs the package mcp" in process.stderr
    assert "pip install" in process.stderr


def test_other_commands_do_not_load_the_package() -> None:
    """`serve` starts as fast as before."""
    program = (
        "import sys, kobikom_emulator.cli, kobikom_emulator.bootstrap, kobikom_emulator.control.api\n"
        "print([name for name in ('mcp', 'pydantic', 'starlette', 'prometheus_client') if name in sys.modules])"
    )
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert "[]\n" == process.stdout
