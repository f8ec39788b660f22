"""What a finding about a client says: JSON of the adapter protocol, the connections, its echoes, how to mend it."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from deviant_clients.catalogue import program

from kobikom_contracts.client_suite.adapter_protocol import Credit, Error, Failed, Kind, Pulled, Result, Sent, To
from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES
from kobikom_contracts.client_suite.judge import judge_client
from kobikom_contracts.client_suite.mends import mend_of
from kobikom_contracts.client_suite.numbers import in_full, significant
from kobikom_contracts.client_suite.rendering import as_json
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.report.text import explained
from kobikom_contracts.core.verdicts import Outcome, Run, Violation

TINY = replace(PROFILES["tiny"], name="findings", examples=5)


def judge(name: str, *only: str) -> Run:
    """A short run of a deviant client."""
    return judge_client(
        program(name), profile=TINY, seed=3, only=only, strict=True, patience=3.0, short_timeout=0.2, silence=2.0
    )


def test_a_finding_is_json_and_shows_how_the_connection_ended() -> None:
    """What was found is the answer of the adapter; the example and the wire are shown with their ends and times."""
    verdict = judge("html_is_success", "K-21").of("K-21")
    assert [0] == [one["status"] for one in json.loads(verdict.found or "")["results"]]
    example = (verdict.counterexample or "").splitlines()[0].removeprefix("example: ")
    assert "send" == json.loads(example)[0]["op"]
    text = explained(verdict, "again")
    assert " ms, closed" in text
    assert f"mend      {verdict.mend}" in text


def test_a_hang_is_one_finding_with_its_connections() -> None:
    """A client that waits for an answer without end is found once, with the connection that it waits for."""
    run = judge("never_gives_up", "K-24", "K-39")
    assert "send: did not give up in 2 s" == run.of("K-39").found
    assert ["open and silent"] == [one.ended for one in run.of("K-39").exchanges]
    assert "open and silent" in (judge("no_timeout", "K-24").of("K-24").found or "")


def test_one_cause_is_one_finding_with_its_echoes() -> None:
    """Lost message ids violate K-13 alone; where they show again is said beside it."""
    run = judge("one_refusal_refuses_all", "K-13", "K-14", "K-16", "K-17")
    violated = [one.clause.id for one in run.verdicts if one.outcome is Outcome.VIOLATED]
    assert (["K-14"], True) == (violated, {"K-16", "K-17"} >= set(run.of("K-14").echoes) != set())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Pulled(()), '{"reports": []}'),
        (Sent((Result(0, "90532", None),)), '{"results": [{"status": 0, "destination": "90532"}]}'),
        (Failed(Error(Kind.REFUSED, -5)), '{"error": {"kind": "refused", "code": -5}}'),
        (Credit("18.532", "TRY"), '{"amount": "18.532", "currency": "TRY"}'),
        ((To("90532"), b"\xff"), '[{"gsm": "90532"}, "\\\\xff"]'),
    ],
)
def test_values_are_shown_as_json(value: object, text: str) -> None:
    """Values of the protocol are objects without their empty fields."""
    assert text == as_json(value)


def test_long_values_are_cut() -> None:
    """A value of a finding is no longer than its limit, and its length is said."""
    assert f'"{"a" * 599}… (2002 characters)' == as_json("a" * 2000)


@pytest.mark.parametrize("clause", CLIENT_CLAUSES)
def test_every_clause_says_how_to_mend_it(clause: str) -> None:
    """There is a line on mending a violation of each clause."""
    assert mend_of(clause, Violation("a", "b"))


@pytest.mark.parametrize(
    "number",
    ["905329975725", "+90 532 997 57 25", "00905329975725", "0532-997-57-25", "(0532) 997 57 25", "5329975725"],
)
def test_one_number_in_several_forms(number: str) -> None:
    """Forms of one number have the same significant digits."""
    assert ("5329975725", "905329975725") == (significant(number), in_full(significant(number)))


@pytest.mark.parametrize(
    ("number", "kept"), [("4915123456789", "4915123456789"), ("abc", "abc"), ("+90", "90"), ("", "")]
)
def test_other_numbers_keep_their_digits(number: str, kept: str) -> None:
    """A number of another country, one with digits missing and a word are not completed."""
    assert kept == significant(number)


def test_a_function_is_never_called_twice_at_once() -> None:
    """A function that takes no timeout is asked to wait for silence when nothing else is asked of it."""
    running: list[str] = []
    most: list[int] = []

    def client(request: dict[str, object]) -> dict[str, object]:
        if request["op"] == "capabilities":
            return {"capabilities": ["balance"]}
        running.append("call")
        most.append(len(running))
        running.pop()
        return {"error": {"kind": "transport"}}

    run = judge_client(client, profile=TINY, only=("K-23", "K-39"), silence=2.0)
    assert (1, Outcome.HELD) == (max(most), run.of("K-39").outcome)


def test_a_run_fails_on_a_clause_that_was_not_checkable() -> None:
    """The ids of `--fail-on` are those of the clauses for clients; an unknown one is refused with exit status 2."""
    wanted = ("--only", "K-24,K-01", "--fail-on")
    command = [sys.executable, "-m", "kobikom_contracts.cli", "client", "--command", f"{sys.executable} -c pass"]
    done = subprocess.run(
        [*command, *wanted, "not-checkable=S-01"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (2, True) == (done.returncode, "clause 'S-01' does not exist; the clauses are K-01" in done.stderr)
    known = subprocess.run(
        [*command, *wanted, "not-checkable=K-24"], capture_output=True, text=True, timeout=60, check=False
    )
    assert "does not exist" not in known.stderr
