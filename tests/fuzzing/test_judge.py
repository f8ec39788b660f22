"""What the emulator saw speaks against a program: compared with an ordinary day, and only what is certain fails it."""

from typing import Any

import pytest

from kobikom_contracts.fuzz.judge import findings
from kobikom_contracts.fuzz.space import Seen


def message(to: str = "905322542525", text: str = "Merhaba", report: str = "given") -> dict[str, Any]:
    return {"to": to, "text": text, "report": report}


def entry(operation: str, outcome: str, code: int | None = 0, body: str = "<SMS/>") -> dict[str, Any]:
    return {"operation": operation, "outcome": outcome, "code": code, "request": {"target": "/", "body": body}}


def kinds(seen: Seen, ordinary: Seen) -> list[tuple[str, bool]]:
    return [(finding.kind, finding.certain) for finding in findings(seen, ordinary)]


@pytest.mark.parametrize(
    ("usual", "now", "expected"),
    [
        ([message()], [message()], []),
        ([message()], [message(), message()], [("accepted twice", True)]),
        ([message(), message()], [message(), message()], []),
        ([message(text="one")], [message(text="two"), message(text="two")], [("accepted twice", True)]),
        ([message(), message()], [message(text="two"), message(text="two")], []),
        ([message()], [message(), message(to="905352220087")], []),
        ([], [], []),
    ],
    ids=["same", "twice", "twice as always", "drawn text twice", "drawn text twice as always", "other number", "none"],
)
def test_a_message_that_is_accepted_twice(
    usual: list[dict[str, Any]], now: list[dict[str, Any]], expected: list[tuple[str, bool]]
) -> None:
    """More often than on an ordinary day is certain to be wrong; texts that differ in each run are compared too."""
    assert expected == kinds(Seen(messages=tuple(now)), Seen(messages=tuple(usual)))


@pytest.mark.parametrize(
    ("entries", "reports", "expected"),
    [
        ([entry("pull", "fault", None)], ["ready"], [("never asked again", False)]),
        ([entry("pull", "refused", -1)], ["ready"], [("never asked again", False)]),
        ([entry("pull", "fault", None), entry("pull", "given", None)], ["ready"], []),
        ([entry("pull", "fault", None)], ["given"], []),
        ([entry("send", "accepted")], ["ready"], []),
    ],
    ids=["fault", "refused", "repeated", "nothing left", "never pulled"],
)
def test_a_failed_pull_that_is_not_repeated(
    entries: list[dict[str, Any]], reports: list[str], expected: list[tuple[str, bool]]
) -> None:
    """A remark, where reports are left that are pulled on an ordinary day."""
    ordinary = Seen((entry("pull", "given", None),), (message(),))
    assert expected == kinds(Seen(tuple(entries), tuple(message(report=report) for report in reports)), ordinary)


@pytest.mark.parametrize(
    ("code", "times", "expected"),
    [(-5, 4, [("refused again", False)]), (-5, 3, []), (-99, 9, []), (-1, 9, [])],
)
def test_a_refusal_that_is_repeated(code: int, times: int, expected: list[tuple[str, bool]]) -> None:
    """A remark from the third repetition on; errors that may pass are none."""
    seen = Seen(tuple(entry("send", "refused", code) for _ in range(times)))
    assert expected == kinds(seen, Seen())
