"""What a client must report about the answers to title and balance queries."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite import unreadable_pages as pages
from kobikom_contracts.client_suite.adapter_protocol import (
    Balance,
    Call,
    Capability,
    Credit,
    Failed,
    Kind,
    Outcome,
    TitleList,
    Titles,
)
from kobikom_contracts.client_suite.answers import Carriage
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.http_values import Ending, Received, Reply
from kobikom_contracts.client_suite.rendering import as_json
from kobikom_contracts.client_suite.scripts import always
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.core.verdicts import NotCheckable, Violation

_FAILED = (Kind.MALFORMED, Kind.TRANSPORT)
_NAMES = ("TEST", "DEMO", "Kobikom", "ŞİRKET", "A&B", "<ABC>", "Güneş", "ÇĞÖ ıİ")


_WHAT = "a query without a readable answer"
_AMOUNT_CHANGED = "a balance is not exact"


def expect_credit(session: ClientSession, outcome: Outcome, amount: str, currency: str) -> None:
    """The balance is the one that the server sent, digit by digit."""
    if not isinstance(outcome, Credit):
        kind = outcome.error.kind.value if isinstance(outcome, Failed) else "another outcome"
        cause = f"a balance is reported as {kind}"
        session.blame(Violation(f"{amount} {currency}", as_json(outcome), cause=cause))
        return
    try:
        exact = Decimal(outcome.amount) == Decimal(amount)
    except InvalidOperation:
        exact = False
    if not exact or outcome.currency != currency:
        found = f"{outcome.amount} {outcome.currency}"
        session.blame(Violation(f"{amount} {currency}", found, cause=_AMOUNT_CHANGED if not exact else ""))


def expect_titles(session: ClientSession, outcome: Outcome, expected: TitleList) -> None:
    """The titles are those that the server sent, by group."""
    if outcome != expected:
        cause = "titles are changed or in another group" if isinstance(outcome, TitleList) else ""
        same_number = isinstance(outcome, TitleList) and _count(outcome) == _count(expected)
        session.blame(Violation(f"titles: {as_json(expected)}", as_json(outcome), cause=cause if same_number else ""))


def _count(titles: TitleList) -> int:
    return len(titles.alphanumeric) + len(titles.numeric)


@contract("K-34", needs=(Capability.TITLES,))
def titles_by_group(session: ClientSession) -> None:
    """Titles with Turkish letters and markup, with and without empty groups, on one line or several, are listed."""
    names = st.lists(st.sampled_from(_NAMES), max_size=4, unique=True)
    numeric = st.lists(st.sampled_from(("2222", "905321234567", "08501234567")), max_size=2)

    def check(drawn: tuple[list[str], list[str], bool]) -> None:
        normal, digits, indent = drawn
        body = answers.title_answer(normal, digits, indent=indent)
        outcome = session.call(strategies.titles(), always(body))
        expect_titles(session, outcome, TitleList(tuple(normal), tuple(digits)))

    session.example()
    check((list(_NAMES), ["2222"], True))
    session.for_all(st.tuples(names, numeric, st.booleans()), check)


@contract("K-17", needs=(Capability.TITLES,))
def many_titles(session: ClientSession) -> None:
    """Five thousand titles in one answer are listed."""
    session.example()
    normal = tuple(f"BASLIK{n}" for n in range(5000))
    body = answers.title_answer(normal, ())
    outcome = session.call(strategies.titles(), always(body))
    expect_titles(session, outcome, TitleList(normal, ()))


@contract("K-35", needs=(Capability.BALANCE,))
def balances_exact(session: ClientSession) -> None:
    """Amounts of any size with three places, in any currency, are exact."""
    amounts = st.integers(0, 10**18).map(lambda n: f"{n // 1000}.{n % 1000:03d}")

    def check(drawn: tuple[str, str, bool]) -> None:
        amount, currency, indent = drawn
        body = answers.balance_answer(amount, currency, indent=indent)
        outcome = session.call(strategies.balance(), always(body))
        expect_credit(session, outcome, amount, currency)

    for amount in ("18.532", "0.000", "0.001", "1000.000", "9007199254740993.001"):
        session.example()
        check((amount, "TRY", True))
    currencies = st.sampled_from(("TRY", "EUR", "USD"))
    session.for_all(st.tuples(amounts, currencies, st.booleans()), check)


@contract("K-16")
def any_framing_of_queries(session: ClientSession) -> None:
    """Titles and balance by length, in chunks, up to the close, under any content type, are read."""

    def check(drawn: tuple[Titles | Balance, Carriage]) -> None:
        call, carriage = drawn
        if isinstance(call, Balance):
            body = answers.balance_answer("18.532")
            expect_credit(session, session.call(call, always(body, carriage)), "18.532", "TRY")
        else:
            body = answers.title_answer(["TEST"], [])
            expect_titles(session, session.call(call, always(body, carriage)), TitleList(("TEST",), ()))

    session.for_all(st.tuples(st.sampled_from(_queries(session)), strategies.carriages()), check, examples=15)


@contract("K-36")
def refused_queries(session: ClientSession) -> None:
    """A query refused with any code is reported as refused, with that code."""
    for call in _queries(session):
        for code in (-5, -10, -11, -22, -23, -26, -99):
            session.example()
            body = answers.refusal(code)
            outcome = session.call(call, always(body))
            session.failed(outcome, Kind.REFUSED, code=code, what="a refused query")


@contract("K-37")
def unreadable_queries(session: ClientSession) -> None:
    """HTML, other documents, random bytes and HTTP errors fail with `malformed` or `transport`."""

    def check(drawn: tuple[Call, pages.UnreadablePage]) -> None:
        call, page = drawn
        carriage = Carriage(content_type=page.content_type)
        outcome = session.call(call, always(page.body, carriage, status=page.status))
        session.failed(outcome, *_FAILED, what=_WHAT)

    statuses = ("200 OK", "500 Internal Server Error", "404 Not Found")
    session.for_all(st.tuples(st.sampled_from(_queries(session)), pages.unreadable_pages(statuses=statuses)), check)


@contract("K-37")
def half_queries(session: ClientSession) -> None:
    """An answer that is lost, cut, or without an amount is a failure, not zero and not an empty list."""
    bodies = (
        answers.balance_answer("18.532")[:-20],
        answers.balance_answer("18.532")[:-60],
        answers.balance_answer(""),
        answers.balance_answer("çok"),
    )
    for call in _queries(session):
        session.example()
        session.failed(session.call(call, lambda *_: Reply(b"", Ending.CLOSE)), *_FAILED, what=_WHAT)
    if Capability.BALANCE in session.capabilities:
        for body in bodies:
            session.example()
            outcome = session.call(strategies.balance(), always(body))
            session.failed(outcome, *_FAILED, what=_WHAT)
    if Capability.TITLES in session.capabilities:
        whole = answers.title_answer(["TEST", "DEMO"], ["2222"])
        for at in (60, 90, len(whole) - 15):
            session.example()

            def short(request: Received, _: object, *, at: int = at) -> Reply:
                return answers.cut(request, whole, at, answers.Framing.LENGTH, Ending.CLOSE)

            session.failed(session.call(strategies.titles(), short), *_FAILED, what=_WHAT)


def _queries(session: ClientSession) -> list[Titles | Balance]:
    queries = [call for call in strategies.calls(session.capabilities) if isinstance(call, Titles | Balance)]
    if not queries:
        raise NotCheckable("the adapter claims neither titles nor balance")
    return queries
