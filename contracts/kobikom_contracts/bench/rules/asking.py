"""Law: what a client makes of the answers to title and balance queries."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from hypothesis import strategies as st

from kobikom_contracts.bench import draws, pages
from kobikom_contracts.bench.desk import Desk
from kobikom_contracts.bench.pages import Carriage
from kobikom_contracts.bench.protocol import (
    Balance,
    Call,
    Capability,
    Credit,
    Kind,
    Outcome,
    TitleList,
    Titles,
)
from kobikom_contracts.bench.rule import rule
from kobikom_contracts.bench.server import Ending, Received, Reply
from kobikom_contracts.bench.telling import saying
from kobikom_contracts.verdicts import NotCheckable, Violation

_FAILED = (Kind.MALFORMED, Kind.TRANSPORT)
_NAMES = ("TEST", "DEMO", "Kobikom", "ŞİRKET", "A&B", "<ABC>", "Güneş", "ÇĞÖ ıİ")


def credit(outcome: Outcome, amount: str, currency: str) -> None:
    """The balance is what the server said, digit by digit."""
    if not isinstance(outcome, Credit):
        raise Violation(f"{amount} {currency}", repr(outcome))
    try:
        exact = Decimal(outcome.amount) == Decimal(amount)
    except InvalidOperation:
        exact = False
    if not exact or outcome.currency != currency:
        raise Violation(f"{amount} {currency}", f"{outcome.amount} {outcome.currency}")


@rule("K-34", needs=(Capability.TITLES,))
def titles_by_group(desk: Desk) -> None:
    """Titles with Turkish letters and markup, either group empty or not, on one line or several."""
    names = st.lists(st.sampled_from(_NAMES), max_size=4, unique=True)
    numeric = st.lists(st.sampled_from(("2222", "905321234567", "08501234567")), max_size=2)

    def check(drawn: tuple[list[str], list[str], bool]) -> None:
        normal, digits, indent = drawn
        body = pages.title_answer(normal, digits, indent=indent)
        outcome = desk.call(draws.titles(), saying(body))
        desk.expect(TitleList(tuple(normal), tuple(digits)), outcome, "titles")

    desk.example()
    check((list(_NAMES), ["2222"], True))
    desk.forall(st.tuples(names, numeric, st.booleans()), check)


@rule("K-17", needs=(Capability.TITLES,))
def many_titles(desk: Desk) -> None:
    """Five thousand titles in one answer are listed."""
    desk.example()
    normal = tuple(f"BASLIK{n}" for n in range(5000))
    body = pages.title_answer(normal, ())
    outcome = desk.call(draws.titles(), saying(body))
    desk.expect(TitleList(normal, ()), outcome, "titles")


@rule("K-35", needs=(Capability.BALANCE,))
def balances_exact(desk: Desk) -> None:
    """Amounts of any size with three places, in any currency."""
    amounts = st.integers(0, 10**18).map(lambda n: f"{n // 1000}.{n % 1000:03d}")

    def check(drawn: tuple[str, str, bool]) -> None:
        amount, currency, indent = drawn
        body = pages.balance_answer(amount, currency, indent=indent)
        outcome = desk.call(draws.balance(), saying(body))
        credit(outcome, amount, currency)

    for amount in ("18.532", "0.000", "0.001", "1000.000", "9007199254740993.001"):
        desk.example()
        check((amount, "TRY", True))
    currencies = st.sampled_from(("TRY", "EUR", "USD"))
    desk.forall(st.tuples(amounts, currencies, st.booleans()), check)


@rule("K-16")
def queries_however_carried(desk: Desk) -> None:
    """Titles and balance by length, in chunks, up to the close, under any content type."""

    def check(drawn: tuple[Titles | Balance, Carriage]) -> None:
        call, carriage = drawn
        if isinstance(call, Balance):
            body = pages.balance_answer("18.532")
            credit(desk.call(call, saying(body, carriage)), "18.532", "TRY")
        else:
            body = pages.title_answer(["TEST"], [])
            desk.expect(TitleList(("TEST",), ()), desk.call(call, saying(body, carriage)), "titles")

    desk.forall(st.tuples(st.sampled_from(_queries(desk)), draws.carriages()), check, examples=15)


@rule("K-36")
def refused_queries(desk: Desk) -> None:
    """A query refused with any code says so."""
    for call in _queries(desk):
        for code in (-5, -10, -11, -22, -23, -26, -99):
            desk.example()
            body = pages.refusal(code)
            outcome = desk.call(call, saying(body))
            desk.failed(outcome, Kind.REFUSED, code=code)


@rule("K-37")
def unreadable_queries(desk: Desk) -> None:
    """HTML, other documents, noise or HTTP errors are failures of transport or of form."""

    def check(drawn: tuple[Call, draws.Garbage]) -> None:
        call, page = drawn
        carriage = Carriage(content_type=page.content_type)
        outcome = desk.call(call, saying(page.body, carriage, status=page.status))
        desk.failed(outcome, *_FAILED)

    statuses = ("200 OK", "500 Internal Server Error", "404 Not Found")
    desk.forall(st.tuples(st.sampled_from(_queries(desk)), draws.garbage(statuses=statuses)), check)


@rule("K-37")
def half_queries(desk: Desk) -> None:
    """An answer that is lost, cut, or has no amount is a failure, not zero and not an empty list."""
    bodies = (
        pages.balance_answer("18.532")[:-20],
        pages.balance_answer("18.532")[:-60],
        pages.balance_answer(""),
        pages.balance_answer("çok"),
    )
    for call in _queries(desk):
        desk.example()
        desk.failed(desk.call(call, lambda *_: Reply(b"", Ending.CLOSE)), *_FAILED)
    if Capability.BALANCE in desk.able:
        for body in bodies:
            desk.example()
            outcome = desk.call(draws.balance(), saying(body))
            desk.failed(outcome, *_FAILED)
    if Capability.TITLES in desk.able:
        whole = pages.title_answer(["TEST", "DEMO"], ["2222"])
        for at in (60, 90, len(whole) - 15):
            desk.example()

            def short(request: Received, _: object, *, at: int = at) -> Reply:
                return pages.cut(request, whole, at, pages.Framing.LENGTH, Ending.CLOSE)

            desk.failed(desk.call(draws.titles(), short), *_FAILED)


def _queries(desk: Desk) -> list[Titles | Balance]:
    found = [call for call in draws.calls(desk.able) if isinstance(call, Titles | Balance)]
    if not found:
        raise NotCheckable("the adapter can neither list titles nor ask the balance")
    return found
