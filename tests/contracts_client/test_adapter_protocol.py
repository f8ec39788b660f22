"""The adapter protocol on the line, and adapters that do not follow it."""

import json
import sys
from typing import Any

import pytest

from kobikom_contracts.client_suite import adapter_lines, adapter_protocol, adapter_schema
from kobikom_contracts.client_suite.adapter import adapter_of
from kobikom_contracts.client_suite.adapter_errors import Gone, Hung
from kobikom_contracts.client_suite.command_adapter import CommandAdapter
from kobikom_contracts.client_suite.judge import judge_client
from kobikom_contracts.core.verdicts import CannotRun, Outcome

ASK = adapter_protocol.Capabilities()
BALANCE = adapter_protocol.Balance("http://127.0.0.1:9", "test", "test")


def script(*lines: str) -> list[str]:
    """A program that runs these lines for every line it reads, with ``call`` set."""
    body = "\n    ".join(lines)
    return [
        sys.executable,
        "-S",
        "-E",
        "-c",
        f"import json, sys\nfor line in sys.stdin:\n    call = json.loads(line)\n    {body}",
    ]


def test_shipped_schema_is_the_protocol() -> None:
    """The JSON Schema in the package says what the types say."""
    assert json.loads(json.dumps(adapter_schema.json_schema())) == json.loads(adapter_schema.shipped_schema())


def test_calls_are_lines_of_ascii() -> None:
    """A call is one line of ASCII JSON with every field of the protocol, options only if set."""
    call = adapter_protocol.Send(
        "http://h", "u", "p", None, "ş\n", (adapter_protocol.To("90532", "a"),), adapter_protocol.Options(flash=True)
    )
    expected = {
        "op": "send",
        "url": "http://h",
        "user": "u",
        "password": "p",
        "title": None,
        "text": "ş\n",
        "recipients": [{"gsm": "90532", "message_id": "a"}],
        "options": {"flash": True},
    }
    line = adapter_lines.write(call)
    assert expected == json.loads(line)
    assert (1, True) == (line.count(b"\n"), line.isascii())


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[]",
        b'{"amount": 18.5, "currency": "TRY"}',
        b'{"amount": "18.5"}',
        b'{"error": {"kind": "oops"}}',
        b'{"error": "refused"}',
    ],
)
def test_wrong_answers_are_unintelligible(line: bytes) -> None:
    """A line that is not an answer to the call is refused, with the reason."""
    with pytest.raises(adapter_protocol.Unintelligible):
        adapter_lines.read_line(BALANCE, line)


def test_answers_are_values() -> None:
    """Valid answers are read; unknown keys are ignored."""
    read = adapter_lines.read_line(BALANCE, b'{"amount": "18.532", "currency": "TRY", "more": 1}')
    failed = adapter_lines.read_line(BALANCE, b'{"error": {"kind": "refused", "code": -5}}')
    assert adapter_protocol.Credit("18.532", "TRY") == read
    assert adapter_protocol.Failed(adapter_protocol.Error(adapter_protocol.Kind.REFUSED, -5)) == failed


def test_hanging_adapter_is_ended_and_restarted() -> None:
    """One that hangs is ended; the next call meets a fresh one."""
    tell = 'print(json.dumps({"capabilities": ["send"]}), flush=True)'
    adapter = CommandAdapter(script(f'({tell}) if call["op"] == "capabilities" else sys.stdin.read()'))
    try:
        assert adapter_protocol.Able((adapter_protocol.Capability.SEND,)) == adapter.ask(ASK, 20)
        with pytest.raises(Hung):
            adapter.ask(BALANCE, 0.2)
        assert adapter_protocol.Able((adapter_protocol.Capability.SEND,)) == adapter.ask(ASK, 20)
    finally:
        adapter.close()


def test_an_ended_adapter_is_reported_with_its_output() -> None:
    """The error names the exit status of the adapter and what it wrote to standard error."""
    adapter = CommandAdapter(script('sys.stderr.write("no licence\\n")', "sys.exit(3)"))
    try:
        with pytest.raises(Gone, match=r"status 3 .*no licence"):
            adapter.ask(ASK, 20)
    finally:
        adapter.close()


@pytest.mark.parametrize(
    ("client", "why"),
    [
        ("no-such-program-at-all --x", "no program 'no-such-program-at-all'"),
        ("", "the adapter's command is empty"),
        (script("print('hello', flush=True)"), "not one JSON object"),
        (script('print(json.dumps({"capabilities": ["sned"]}), flush=True)'), "sned"),
        (script('print(json.dumps({"capabilities": []}), flush=True)'), "can do nothing"),
        (script("sys.exit(0)"), "ended with status 0"),
    ],
)
def test_what_cannot_be_judged_says_why(client: Any, why: str) -> None:
    """An adapter that can't be run or doesn't say what it can do ends the run with one line."""
    with pytest.raises(CannotRun, match=why):
        judge_client(client, only=("K-01",))


def test_functions_are_adapters_too() -> None:
    """A function, async or not, takes the same objects; its exception is part of the error."""

    async def able(request: dict[str, Any]) -> dict[str, Any]:
        return {"capabilities": ["send"], "asked": request}

    def broken(request: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("out of order")

    assert adapter_protocol.Able((adapter_protocol.Capability.SEND,)) == adapter_of(able).ask(ASK, 20)
    with pytest.raises(Gone, match="RuntimeError: out of order"):
        adapter_of(broken).ask(ASK, 20)


def test_what_is_not_claimed_is_not_checkable() -> None:
    """A client that only asks the balance is judged on that alone, and nothing passes for kept."""

    def client(request: dict[str, Any]) -> dict[str, Any]:
        if request["op"] == "capabilities":
            return {"capabilities": ["balance"]}
        return {"error": {"kind": "transport"}}

    run = judge_client(client, profile="tiny", only=("K-13", "K-35", "K-26"))
    outcomes = {v.clause.id: v.outcome for v in run.verdicts}
    assert outcomes["K-13"] is outcomes["K-26"] is Outcome.NOT_CHECKABLE
    assert outcomes["K-35"] is Outcome.VIOLATED
    assert "does not claim send" in run.of("K-13").detail
