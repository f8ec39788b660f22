"""The line format for adapters without a JSON library: a url-encoded form a line."""

import sys
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_contracts.client_suite import form_lines
from kobikom_contracts.client_suite.adapter_protocol import (
    Able,
    Balance,
    Call,
    Capabilities,
    Capability,
    Credit,
    Error,
    Failed,
    Kind,
    Options,
    Outcome,
    Pulled,
    PushedReports,
    Raw,
    Report,
    Reports,
    Request,
    Result,
    Send,
    Sent,
    TitleList,
    Titles,
    To,
    Unintelligible,
)
from kobikom_contracts.client_suite.judge import judge_client
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.verdicts import Outcome as Verdict

SEND = Send("http://h", "u", "p", None, "ş &\n", (To("90532", "a b"), To("90533")), Options(timeout=1.5, flash=True))
PULL = Reports("http://h", "u", "p")
ADAPTER = Path(__file__).parent / "programs" / "form_adapter.py"


def test_a_call_is_a_form_in_order() -> None:
    """A send is one ASCII line, each recipient a number and its message id, null an empty value."""
    line = form_lines.write(SEND)
    assert (True, 1) == (line.isascii(), line.count(b"\n"))
    assert [
        *[("op", "send"), ("url", "http://h"), ("user", "u"), ("password", "p"), ("title", ""), ("text", "ş &\n")],
        *[("gsm", "90532"), ("message_id", "a b"), ("gsm", "90533"), ("message_id", "")],
        *[("timeout", "1.5"), ("flash", "true")],
    ] == parse_qsl(line.decode().strip(), keep_blank_values=True)


@pytest.mark.parametrize(
    ("call", "fields"),
    [(PULL, [("all", "true")]), (Reports("h", "u", "p", ("a", "b")), [("id", "a"), ("id", "b")])],
)
def test_a_pull_of_all_differs_from_one_by_ids(call: Call, fields: list[tuple[str, str]]) -> None:
    """A pull of everything has the field `all`, one by ids a field for each."""
    pairs = parse_qsl(form_lines.write(call).decode().strip(), keep_blank_values=True)
    assert fields == pairs[4:]
    assert [] == parse_qsl(form_lines.write(Reports("h", "u", "p", ())).decode().strip())[4:]


@pytest.mark.parametrize(
    ("call", "line", "outcome"),
    [
        (Capabilities(), "answer=capabilities&able=send&able=raw", Able((Capability.SEND, Capability.RAW))),
        (
            SEND,
            "answer=results&status=0&destination=90532&message_id=7&status=&destination=90533",
            Sent((Result(0, "90532", "7"), Result(None, "90533"))),
        ),
        (PULL, "answer=reports", Pulled(())),
        (
            PushedReports(),
            "answer=reports&id=a+b&status=SENT&gsmerror=0&sent_at=x&done_at=y",
            Pulled((Report("a b", "SENT", 0, "x", "y"),)),
        ),
        (Titles("h", "u", "p"), "answer=titles&alphanumeric=A%26B&numeric=2222", TitleList(("A&B",), ("2222",))),
        (Balance("h", "u", "p"), "answer=balance&amount=18.532&currency=TRY", Credit("18.532", "TRY")),
        (SEND, "answer=error&kind=refused&code=-5", Failed(Error(Kind.REFUSED, -5))),
        (
            SEND,
            "answer=error&kind=unknown_fate&code=&status=0&destination=90532",
            Failed(Error(Kind.UNKNOWN_FATE), results=(Result(0, "90532"),)),
        ),
        (
            PULL,
            "answer=error&kind=malformed&id=a&status=SENT",
            Failed(Error(Kind.MALFORMED), reports=(Report("a", "SENT"),)),
        ),
        (SEND, "answer=raw&raw=%3Cresults%3E&http_status=200", Raw("<results>", 200)),
    ],
)
def test_answers_are_the_values_of_the_protocol(call: Request, line: str, outcome: Outcome | Raw | Able) -> None:
    """Each kind of answer is read into the value that its JSON would have."""
    assert outcome == form_lines.read_line(call, line.encode())


@pytest.mark.parametrize(
    "line", ["", "nonsense", "status=0", "answer=oops", "answer=results&destination=1", "answer=results&status=x", "ş"]
)
def test_wrong_lines_are_unintelligible(line: str) -> None:
    """A line that is no form, names no answer, or has fields in a wrong place is refused."""
    with pytest.raises(Unintelligible):
        form_lines.read_line(SEND, line.encode())


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_survives_a_line(text: str) -> None:
    """Whatever a text contains, it is one line, and is read as it was written."""
    line = form_lines.write(Balance(text, "u", "p")).decode()
    assert (text, 1) == (dict(parse_qsl(line.strip(), keep_blank_values=True))["url"], line.count("\n"))


def test_an_adapter_of_forms_is_judged() -> None:
    """A client whose adapter speaks forms keeps every clause that it claims to be able to keep."""
    command = [sys.executable, "-S", "-E", "-B", str(ADAPTER)]
    run = judge_client(
        command, profile=PROFILES["tiny"], seed=3, patience=3.0, short_timeout=0.2, lines=form_lines.FORM_LINES
    )
    assert {} == {one.clause.id: one.found for one in run.verdicts if one.outcome is not Verdict.HELD}
