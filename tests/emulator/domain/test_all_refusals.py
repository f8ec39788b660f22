"""Everything that would refuse a send is found, not only what decided (S-01 … S-12)."""

from typing import Any

import pytest

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.all_refusals import RefusedRecipient, all_refusals
from kobikom_emulator.domain.draft_checks import RefusedSend
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Reason
from kobikom_emulator.domain.rules import Rules
from kobikom_emulator.domain.segments import LongText

MOBILE = "905321234567"
ACCOUNT = Account("u", "p")
LONG = "x" * 161

REFUSALS = {
    "nothing": ([Draft((MOBILE,), text="x")], []),
    "no drafts": ([], []),
    "a title": ([Draft((MOBILE,), title="X")], [(Reason.TITLE_UNKNOWN, 0)]),
    "a text": ([Draft((MOBILE,), text=LONG)], [(Reason.TEXT_TOO_LONG, 0)]),
    "title and text of the second draft": (
        [Draft((MOBILE,)), Draft((MOBILE,), title="X", text=LONG)],
        [(Reason.TITLE_UNKNOWN, 1), (Reason.TEXT_TOO_LONG, 1)],
    ),
    "recipients, in order": (
        [Draft(("1", MOBILE, "x"))],
        [(Reason.INCOMPLETE_NUMBER, 0, 0), (Reason.NOT_A_MOBILE, 0, 2)],
    ),
    "one recipient for two reasons": (
        [Draft((MOBILE, "x"), ("a", "a"))],
        [(Reason.DUPLICATE_ID, 0, 1)],
    ),
    "an id of an earlier draft": (
        [Draft((MOBILE,), ("a",)), Draft((MOBILE, MOBILE), ("b", "a"))],
        [(Reason.DUPLICATE_ID, 1, 1)],
    ),
    "recipients behind an empty number": ([Draft(("", MOBILE, "x"))], [(Reason.NOT_A_MOBILE, 0, 1)]),
    "a draft after one without recipients": (
        [Draft(()), Draft(("x",))],
        [(Reason.NOT_A_MOBILE, 1, 0)],
    ),
    "title and recipient of one draft": (
        [Draft(("x",), title="X")],
        [(Reason.TITLE_UNKNOWN, 0), (Reason.NOT_A_MOBILE, 0, 0)],
    ),
}


def found(drafts: list[Draft], **rules: Any) -> list[tuple[Any, ...]]:
    """The reason of each refusal with the index of its draft, and that of its recipient if it is one's."""
    refusals = all_refusals(drafts, ACCOUNT, Rules(long_text=LongText.REFUSE, **rules))
    return [
        (each.refusal.reason, each.draft, each.recipient)
        if isinstance(each, RefusedRecipient)
        else (each.refusal.reason, each.draft)
        for each in refusals
    ]


@pytest.mark.parametrize(("drafts", "expected"), REFUSALS.values(), ids=REFUSALS)
def test_all_refusals(drafts: list[Draft], expected: list[tuple[Any, ...]]) -> None:
    """Of each draft its title and text, then its recipients, with the indices of both."""
    assert expected == found(drafts)


def test_a_title_is_refused_with_its_explanation() -> None:
    """A refusal is the one that would decide if it stood alone, but for the index of its draft."""
    [refusal] = all_refusals([Draft((MOBILE,)), Draft((MOBILE,), title="X")], ACCOUNT, Rules())
    assert isinstance(refusal, RefusedSend)
    assert ("title", 1, "'X'") == (refusal.field, refusal.draft, refusal.refusal.found)


@pytest.mark.parametrize("ids", [False, True])
def test_a_thousand_recipients_are_checked(ids: bool) -> None:
    """Of all drafts together; titles and texts of later drafts are checked all the same."""

    def draft(count: int) -> Draft:
        return Draft(("x",) * count, tuple(f"{count}-{nth}" for nth in range(count)) if ids else None, title="X")

    expected = [(0, nth) for nth in range(600)] + [(1, nth) for nth in range(400)]
    refusals = found([draft(600), draft(401), draft(1)])
    assert expected == [(draft, recipient) for _, draft, *index in refusals for recipient in index]
    assert [0, 1, 2] == [draft for reason, draft, *_ in refusals if reason is Reason.TITLE_UNKNOWN]
