"""What is typed into a search field means the messages that people expect of it."""

import unicodedata
from datetime import datetime
from decimal import Decimal

import pytest

from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.folding import folded
from kobikom_emulator.domain.matching import MessageMatch
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.search import InvalidSearch, search_query
from kobikom_emulator.domain.segments import LongText, Unencodable, segment_text
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.domain.values import milliseconds

AT = milliseconds(datetime.fromisoformat("2026-01-31T09:00:00+03:00"))
TEXT = "Kodunuz 482913, şifre değil. Deniz İYİ kıyısı"


def message(text: str = TEXT, status: Status = Status.REJECTED) -> MessageState:
    """A message of 31 January 2026, final after a second; its recipient was written with a 0."""
    segmentation = segment_text(
        text, ucs2=False, turkish=False, concatenate=False, long_text=LongText.CUT, unencodable=Unencodable.UCS2
    )
    plan = Plan(AT, AT, AT + 1000, status, 0)
    batch = Batch(
        user="shop",
        first_id=700_000_000,
        title="Magaza Bir",
        text=text,
        segmentation=segmentation,
        flash=False,
        destinations=("05321234567",),
        msisdns=("905321234567",),
        client_ids=("order-17",),
        costs=Decimal(1),
        groups=(RecipientGroup(plan, (0,)),),
    )
    return MessageState(5, batch, 0, plan, given=False)


def finds(typed: str, text: str = TEXT, status: Status = Status.REJECTED) -> bool:
    """Whether a search includes the message; what is known of its batch may not exclude it then."""
    query, one = search_query(typed), message(text, status)
    included = query.includes(one, AT + 5000)
    assert not included or query.may_include(one.batch)
    return included


FOUND = (
    "", "kodunuz deniz", "KODUNUZ", "482913", '"kodunuz 482913"', "-yok", "magaza", "order-17", "700000000",
    "+90 532 123 45 67", "0532 123 45 67", "+90 532 123 45 67 kodunuz", "532 123", "to:0532", "to:+905321234567",
    "to:4567", "kime:90532*67", "title:magaza", 'title:"magaza bir"', "başlık:MAGAZA", "text:şifre", "user:shop",
    "status:rejected", "status:REJ", "status:failed", "durum:başarısız", "durum:reddedildi", "-status:delivered",
    "code:4829", "kod:482913", "is:code", "is:unicode", "-is:flash", "before:2026-02-01", "after:31.01.2026",
    "after:2026-01-31T08:59", "before:01.02.2026 after:2026-01-01", "status:", "to:", "iyi", "İYİ", "ıyı", "-",
    "text:değil*deniz", "kıyısı -delivered",
)  # fmt: skip
NOT_FOUND = (
    "yok", '"482913 kodunuz"', "-kodunuz", "-deniz", "to:0533", "title:banka", "text:banka", "user:bank",
    "status:delivered", "status:pending", "-status:failed", "code:9", "is:flash", "is:long", "is:cut",
    "before:2026-01-31", "after:2026-02-01", "before:2026-01-31T09:00", "-title:magaza", "foo:bar", "[*",
)  # fmt: skip


@pytest.mark.parametrize("typed", FOUND)
def test_it_is_found(typed: str) -> None:
    """By words, phrases, exclusions, and conditions in English and Turkish."""
    assert finds(typed)


@pytest.mark.parametrize("typed", NOT_FOUND)
def test_it_is_not_found(typed: str) -> None:
    """All of what is typed has to hold."""
    assert not finds(typed)


@pytest.mark.parametrize("typed", FOUND)
def test_an_index_may_look_for_the_required_words(typed: str) -> None:
    """Each word that a store looks for first is within a word of the message."""
    from kobikom_emulator.domain.matching import words_searched

    words = words_searched(message().batch, range(1))
    assert all(any(required in word for word in words) for required in search_query(typed).required_words())


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_are_the_same_in_every_form(form: str) -> None:
    """Composed or decomposed, with the dot of İ as a character of its own, in text and search."""
    text = unicodedata.normalize(form, "ŞİFRE İçin ığdır")  # type: ignore[arg-type]
    for other in ("NFC", "NFD"):
        assert finds(unicodedata.normalize(other, "şifre"), text)  # type: ignore[arg-type]
        assert finds(unicodedata.normalize(other, "İÇİN"), text)  # type: ignore[arg-type]
    assert finds("IĞDIR", text)
    assert "sifre" != folded("şifre")
    assert "i" == folded("İ") == folded("i̇") == folded("ı")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("status:nonsense", "status:nonsense: there are failed, pending, scheduled"),
        ("before:tomorrow", "before:tomorrow: a date is written 2026-01-31"),
        ("after:2026-02-30", "after:2026-02-30: a date is written"),
        ("after:2026-01-31T99", "a date is written"),
        ("is:good", "is:good: there are is:flash"),
        ("-before:2026-01-31", "-before: leave the - away"),
    ],
)
def test_what_cannot_be_is_said(typed: str, says: str) -> None:
    """A condition with an unknown value names those that there are."""
    with pytest.raises(InvalidSearch, match=says.replace(".", r"\.")):
        search_query(typed)


def test_other_conditions_hold_too() -> None:
    """A search goes with the conditions of the query string and with `since`."""
    query = search_query("kodunuz", MessageMatch(user="bank"))
    assert not query.includes(message(), AT)
    assert not search_query("kodunuz", since=AT + 1).includes(message(), AT)
