"""A short soak runs with every test run; the books notice what they are there for."""

import asyncio
import logging
from decimal import Decimal
from typing import Any

import pytest

from .books import NEVER_ALLOWED, Books, Send
from .soak import soak


def test_a_short_soak_finds_no_contradiction(caplog: pytest.LogCaptureFixture) -> None:
    """Under faults, clock moves, aborted connections and four restarts: credit is what was accepted, each report came
    once, ids are unique, and the server logged no error.
    """
    with caplog.at_level(logging.ERROR):
        asyncio.run(soak(seed=13, rounds=4, requests=15))
    assert [] == [record.getMessage() for record in caplog.records]


def message(number: int, **other: Any) -> dict[str, Any]:
    fields = {"id": str(number), "text": f"text {number}", "to": f"9053200000{number:02}", "report": "given"}
    return fields | other


def books(*numbers: int) -> Books:
    kept = Books(Decimal(10), Decimal(1))
    for number in numbers:
        kept.sends[f"text {number}"] = Send(f"text {number}", (f"9053200000{number:02}",), False, (str(number),))
        kept.reports[str(number)] += 1
    return kept


def test_honest_books_have_no_problem() -> None:
    """Two messages, one of them for the number whose charge comes back."""
    kept = books(1, 2)
    kept.sends["text 2"].recipients = (NEVER_ALLOWED,)
    assert [] == kept.problems([message(1), message(2, to=NEVER_ALLOWED)], Decimal(9))


@pytest.mark.parametrize(
    ("stored", "credit", "reports", "problem"),
    [
        ([message(1), message(2)], 9, {}, "the credit is 9, 10 were granted and 2 spent"),
        ([message(1), message(2)], 8, {"1": 1}, "the report of 1 came 2 times"),
        ([message(1), message(2)], 8, {"7": 1}, "there is a report of 7, which is not a message"),
        ([message(1), message(2)], 8, {"2": -1}, "no pull was lost, but 1 reports never came, such as that of 2"),
        ([message(1), message(2, report="ready")], 8, {}, "the report of 2 is still there"),
        ([message(1)], 9, {"2": -1}, "'text 2' was accepted as ('2',), stored are []"),
        ([message(1), message(2), message(2)], 7, {}, "id 2 was given 2 times"),
        ([message(1), message(2, to="905320000009")], 8, {}, "'text 2' went to ['905320000009']"),
        ([message(1), message(2), message(3)], 7, {"3": 1}, "'text 3' was never sent"),
    ],
)
def test_the_books_notice(stored: list[dict[str, Any]], credit: int, reports: dict[str, int], problem: str) -> None:
    """Each kind of loss, doubling and wrong sum."""
    kept = books(1, 2)
    kept.reports.update(reports)
    kept.reports = +kept.reports
    assert [True] == list({any(problem in each for each in kept.problems(stored, Decimal(credit)))})


def test_the_books_notice_a_refused_send_that_is_stored() -> None:
    """A refusal is a promise that nothing was kept."""
    kept = books(1)
    kept.sends["text 1"].refused, kept.sends["text 1"].ids = True, None
    assert ["'text 1' was refused and is stored"] == kept.problems([message(1)], Decimal(9))
