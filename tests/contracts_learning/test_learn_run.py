"""What a run of `learn` sends, what it may cost, and what it leaves open."""

import re
import sys
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from asking import AT_ONCE, MORNING, RECIPIENT, TERMS, USER, learn_run
from hypothesis import given, settings
from hypothesis import strategies as st

from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.learning.inference.part_counts import parts_of
from kobikom_contracts.learning.probing import texts
from kobikom_contracts.learning.probing.answers import Stopped
from kobikom_contracts.learning.probing.open_readings import ALIKE_TODAY, NOT_EXCLUSIVE, reasons
from kobikom_contracts.learning.probing.plan import whole_plan
from kobikom_contracts.learning.probing.run import LearnRun, Recorded
from kobikom_contracts.learning.probing.situation import Situation
from kobikom_emulator import Emulator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from page_literal_server import PageLiteralServer

READINGS = st.fixed_dictionaries({name: st.sampled_from(one.values) for name, one in READING_BY_NAME.items()})
FEW = settings(max_examples=min(100, settings.default.max_examples // 5))
CHARGED = {"turkish-table", "unencodable", "long-text"}
GSM = re.compile(rb"<gsm[^>]*>([^<]*)</gsm>")


def emulator_at(time: str = MORNING, **more: object) -> Emulator:
    return Emulator(accounts=[TERMS], clock={"start": time}, delivery=AT_ONCE, **more)  # type: ignore[arg-type]


def wrong(run: LearnRun, readings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {
        name: run.learned.of(name).left for name, value in readings.items() if value not in run.learned.of(name).left
    }


@FEW
@given(READINGS, st.integers(0, 24), st.booleans())
def test_a_budget_is_never_exceeded(readings: dict[str, str], budget: int, exclusive: bool) -> None:
    """Whatever the budget, no more is charged, nothing wrong is learned, and each open reading has a reason."""
    with emulator_at(readings=readings) as emulator:
        run = learn_run(emulator.url, budget=budget, exclusive=exclusive, wait=emulator.clock.advance)
        run.run()
        spent = (Decimal(TERMS["credit"]) - emulator.kobikom.account(USER).credit) / Decimal(TERMS["price"])
    assert spent <= run.spending.parts <= budget
    assert {} == wrong(run, readings)
    assert set(readings) - set(run.learned.decided) == set(reasons(run))


def test_nothing_is_charged_without_a_budget() -> None:
    """A budget of 0 decides what requests that are never accepted show."""
    with emulator_at() as emulator:
        run = learn_run(emulator.url, budget=0)
        run.run()
        assert Decimal(TERMS["credit"]) == emulator.kobikom.account(USER).credit
    free = {"undeclared-bytes", "content-type", "answer-layout", "login-codes", "refusal-shape", "short-number"}
    assert free | {"pull-refusal", "result-shape", "amount"} == set(run.learned.decided)


def test_a_request_past_the_budget_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the plan forgot the budget, no request is sent that could exceed it."""
    monkeypatch.setattr(Situation, "affords", lambda *_: True)
    with emulator_at() as emulator:
        run = learn_run(emulator.url, budget=3)
        with pytest.raises(Stopped, match="could exceed the budget of 3 parts"):
            run.run()
        spent = (Decimal(TERMS["credit"]) - emulator.kobikom.account(USER).credit) / Decimal(TERMS["price"])
    assert spent == run.spending.parts <= 3


def test_only_recipients_are_sent_to() -> None:
    """Every number of every request is a recipient in some form, its beginning that no phone has, or empty."""
    with emulator_at() as emulator:
        run = learn_run(emulator.url)
        run.run()
    bodies = [one.recorded.request_body for one in run.traffic.exchanges]
    numbers = {number.decode() for body in bodies for number in GSM.findall(body)}
    assert {RECIPIENT, f"+{RECIPIENT}", RECIPIENT[:7], RECIPIENT[:6], ""} == numbers


def test_the_plan_is_what_is_done() -> None:
    """The probes of the plan, in its order, are those of a run against a service with the default readings.

    The credit, which the plan does not know, adds one.
    """
    with emulator_at() as emulator:
        run = learn_run(emulator.url)
        plan = [probe.name for probe in whole_plan(run.situation)]
        run.run()
    assert plan == [name for name in run.tried if name in plan]
    assert ["two messages, of which the credit pays one"] == [name for name in run.tried if name not in plan]


def test_without_the_account_for_itself() -> None:
    """Where others may use the account, nothing is concluded from charges, and the reason is given."""
    with emulator_at() as emulator:
        run = learn_run(emulator.url, exclusive=False)
        run.run()
    assert CHARGED | {"short-credit"} == set(reasons(run))
    assert {NOT_EXCLUSIVE} == set(reasons(run).values())


def test_what_is_known_is_not_asked_again() -> None:
    """With the recording of a run that decided everything, only the queries are repeated."""
    with emulator_at() as emulator:
        first = learn_run(emulator.url)
        first.run()
        evidence = tuple(proof for one in first.learned.values for proof in one.evidence)
        second = learn_run(emulator.url, before=Recorded(evidence, tuple(first.learned.labels)))
        second.run()
    assert first.learned.decided == second.learned.decided
    assert (0, 2) == (second.spending.messages, second.requests)


def test_reports_that_do_not_come() -> None:
    """The wait for reports ends after its limit; what only they show is open, and so is what charges show."""
    waits: list[float] = []
    with Emulator(accounts=[TERMS], delivery={"outcomes": [{"status": "DELIVERED", "after": 7200}]}) as emulator:
        run = learn_run(emulator.url, wait=waits.append, patience=30.0)
        run.run()
    because = reasons(run)
    assert 30.0 == sum(waits)
    assert CHARGED | {"report-close", "sent-attribute", "dates"} == set(because)
    assert "no report came within 30 s (--wait)" == because["dates"]


@pytest.mark.parametrize("value", READING_BY_NAME["dates"].values)
@pytest.mark.parametrize(
    ("time", "alike"),
    [
        ("2026-11-26T13:45:33+03:00", {"as-written", "padded"}),
        ("2026-03-05T13:45:33+03:00", set()),
        ("2026-11-26T13:45:05+03:00", {"as-written", "padded"}),
    ],
)
def test_dates_are_decided_at_a_time_that_shows_them(value: str, time: str, alike: set[str]) -> None:
    """A message is sent when seconds below ten come; what the day itself hides stays open, with the reason."""
    waits: list[float] = []
    with emulator_at(time, readings={"dates": value}) as emulator:

        def wait(seconds: float) -> None:
            waits.append(seconds)
            emulator.clock.advance(seconds)

        run = learn_run(emulator.url, wait=wait)
        run.run()
    left = run.learned.of("dates").left
    assert alike if value in alike else {value} == set(left)
    assert (ALIKE_TODAY if value in alike else None) == reasons(run).get("dates")
    assert sum(waits) <= timedelta(minutes=1).total_seconds()


@pytest.mark.parametrize("grouped", [False, True])
def test_the_page_literal_server_is_learned_right(grouped: bool) -> None:
    """What the page prints, also that a document of own ids has no end and one of generated ids has one."""
    literal = PageLiteralServer(credit=1003, grouped=grouped)
    with literal.listening() as url:
        run = learn_run(url, user="test", password="test", wait=literal.let_pass)
        run.run()
    expected = {
        "undeclared-bytes": "refuse",
        "content-type": "as-documented",
        "answer-layout": "lines",
        "login-codes": "wrong",
        "refusal-shape": "single",
        "message-id": "10-digits",
        "duplicate-id": "later-ones",
        "empty-gsm": "skip",
        "short-number": "unknown",
        "number-form": "lenient",
        "unknown-title": "accept",
        "long-validity": "clamp",
        "sent-attribute": "senddate",
        "pull-refusal": "positive",
        "dates": "as-written",
        "result-shape": "well-formed",
    }
    amount = {"amount": "grouped" if grouped else "shortest"}
    assert expected | amount == run.learned.decided
    assert () == run.learned.of("report-close").left
    because = reasons(run)
    assert {"title-code", "short-credit", *CHARGED} == set(because)
    assert "no title was refused" == because["title-code"]


@pytest.mark.parametrize(
    ("fields", "one_part_if"),
    [
        (texts.MANY_TURKISH_LETTERS, {"turkish-table": {"fewest", "locking"}}),
        (texts.NOT_IN_LOCKING_TABLE, {"turkish-table": {"fewest", "single"}}),
        (texts.UNENCODABLE, {"unencodable": {"question-mark"}}),
        (texts.LONG_TEXT, {"long-text": {"cut"}}),
        (texts.ONE_PART, {}),
    ],
)
def test_a_text_shows_one_reading_and_no_other(fields: texts.Fields, one_part_if: dict[str, set[str]]) -> None:
    """A text has one part under some values of one reading and two under the others, whatever the other readings."""
    counts = parts_of(fields)
    assert counts is not None
    for choice, parts in counts.items():
        values = dict(zip(("turkish-table", "unencodable", "long-text"), choice, strict=True))
        one = all(values[name] in fitting for name, fitting in one_part_if.items())
        assert (1 if one else 2) == parts


@pytest.mark.parametrize("count", [3, 26, 200])
def test_a_text_of_a_number_of_parts(count: int) -> None:
    """The long messages have the same number of parts under every reading."""
    counts = parts_of(texts.ucs2_parts(count))
    assert counts is not None
    assert {count} == set(counts.values())
    assert {2} == set((parts_of(texts.TWO_PARTS) or {}).values())


def test_a_service_that_fails_midway() -> None:
    """A fault in the middle of a run ends it; what was learned before is kept."""
    fault = {"effect": {"kind": "http", "status": 503}, "match": {"operation": "send"}, "when": {"skip": 3}}
    with emulator_at(faults=[fault]) as emulator:
        run = learn_run(emulator.url)
        with pytest.raises(Stopped, match="answers HTTP 503"):
            run.run()
    assert {"content-type", "login-codes", "short-number"} <= set(run.learned.decided)


@pytest.mark.parametrize(
    ("credit", "amount", "open_"),
    [
        ("18", "three-places", {"amount"}),
        ("400", "grouped", {"amount", "short-credit", *CHARGED}),
        ("9999", "grouped", {"amount", "short-credit", *CHARGED}),
        ("1500.5", "shortest", {"short-credit"}),
    ],
)
def test_balances_that_can_be_read_in_two_ways(credit: str, amount: str, open_: set[str]) -> None:
    """The form of amounts is open where no balance shows it; charges count where they are the same in every form."""
    terms = {**TERMS, "credit": credit, "price": "1"}
    hidden = {"amount": amount, "turkish-table": "locking", "long-text": "split", "short-credit": "whole-request"}
    with Emulator(accounts=[terms], clock={"start": MORNING}, delivery=AT_ONCE, readings=hidden) as emulator:
        run = learn_run(emulator.url, budget=24)
        run.run()
    because = reasons(run)
    assert open_ == set(because)
    assert {} == wrong(run, hidden)
    assert ("amount" not in open_) or "is written alike by" in because["amount"]
