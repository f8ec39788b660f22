"""Contracts of S-06 to S-09: numbers, coverage and titles."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts import reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Recipient
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need
from kobikom_contracts.strategies import foreign_msisdns, invalid_msisdns


@contract("S-06", credit=60)
def bad_numbers(session: ServerSession) -> None:
    """What is no mobile number gets -13, its neighbours are sent."""

    def check(bad: str) -> None:
        answer = session.submit(session.to([Recipient(session.gsm(0)), Recipient(bad), Recipient(session.gsm(1))]))
        session.expect(("0", "-13", "0"), answer.statuses, f"statuses around {bad!r}")
        session.expect(bad, answer.results[1].destination, "destination of the bad one")
        session.expect("", answer.results[1].message_id, "messageid of a failed result")

    session.for_all(invalid_msisdns(), check)


@contract("S-06", credit=3)
def bad_number_keeps_client_id(session: ServerSession) -> None:
    """A failed result has an empty messageid, or echoes the client's own."""
    mine = session.new_id()
    answer = session.submit(session.to([Recipient("90212", mine), Recipient(session.gsm())]))
    session.expect(("-13", "0"), answer.statuses, "statuses")
    session.require(
        answer.results[0].message_id in ("", mine),
        f"{mine!r} or empty",
        repr(answer.results[0].message_id),
    )


@contract("S-07", needs=(Need.NUMBERS,), credit=20)
def out_of_coverage(session: ServerSession) -> None:
    """A valid foreign mobile number gets -3, its neighbours are sent."""

    def check(foreign: str) -> None:
        answer = session.submit(session.to([Recipient(foreign), Recipient(session.gsm())]))
        session.expect(("-3", "0"), answer.statuses, f"statuses around {foreign}")

    session.for_all(foreign_msisdns(), check, examples=10)


@contract("S-08", credit=30)
def number_forms(session: ServerSession) -> None:
    """+90…, 0090…, 05… and 5… mean the same number as 90…, or (strict) are -13."""

    def check(place: int) -> None:
        number = session.gsm(place)
        if not number.startswith("90"):
            number = number.lstrip("+0")
        marked = ("+" + number, "00" + number, "0" + number[2:])
        answer = session.submit(session.to([Recipient(n) for n in (number, *marked, number[2:])]))
        bare = answer.statuses[-1:]
        codes = (answer.statuses[:-1], "0" if bare == ("0",) else "not sent")
        session.decide(
            "number-form",
            codes,
            {
                "lenient": (("0", "0", "0", "0"), "0"),
                "strict": (("0", "-13", "-13", "-13"), "not sent"),
            },
        )

    session.for_all(st.integers(0, 30), check, examples=4)


@contract("S-09", credit=8)
def titles_of_the_account(session: ServerSession) -> None:
    """Every title of the account is accepted, an absent or empty one stands for the first."""
    alphanumeric, numeric = reader.titles(session.ask_titles().text)
    owned = [*alphanumeric, *numeric][:4]
    for title in owned:
        session.example()
        session.accepted(session.message(baslik=title), f"title {title!r} of the account accepted")
    session.example()
    session.accepted(session.message(baslik=""), "an empty title accepted")
    session.accepted(session.message(), "an absent title accepted")


@contract("S-09", credit=6)
def titles_of_others(session: ServerSession) -> None:
    """Too long is -34; one that isn't the account's is -34, or accepted."""
    for title in ("ABCDEFGHIJKL", "123456789012345", "Kobikom SMS Ltd"):
        session.example()
        session.refused(session.message(baslik=title), -34, f"for the title {title!r}")
    owned = {t for group in reader.titles(session.ask_titles().text) for t in group}
    for title in ("Yabanci", "55501234567890"):
        if title in owned:
            continue
        session.example()
        answer = session.submit(session.message(baslik=title))
        if set(answer.statuses) not in ({"-34"}, {"0"}):
            raise Violation(f"-34 or 0 for the unknown title {title!r}", answer)
        session.decide("unknown-title", answer.statuses[0], {"refuse": "-34", "accept": "0"})
