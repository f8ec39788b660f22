"""Contracts of S-06 to S-09: numbers, coverage and titles."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts import reader
from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.documents import Recipient
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need
from kobikom_contracts.strategies import foreign_msisdns, invalid_msisdns


@contract("S-06.1", credit=4)
def unknown_numbers(session: ServerSession) -> None:
    """A recipient that is not a number gets no message, and its code is -13."""
    for bad in ("abc", "905329975x25"):
        session.example()
        answer = session.submit(session.to([Recipient(bad)]))
        session.expect({"-13"}, set(answer.statuses), f"statuses of {bad!r}")


@contract("S-06.2", "S-06.3", credit=60)
def bad_numbers(session: ServerSession) -> None:
    """A recipient that is not a mobile number gets -13, and the others of the request are sent."""

    def check(bad: str) -> None:
        answer = session.submit(session.to([Recipient(session.gsm(0)), Recipient(bad), Recipient(session.gsm(1))]))
        session.expect(3, len(answer.results), "results", statement="S-01.1")
        code = answer.statuses[1] if _is_short(bad) and answer.statuses[1] == "-6" else "-13"
        session.expect(("0", code, "0"), answer.statuses, f"statuses around {bad!r}", statement="S-06.2")
        session.expect(bad, answer.results[1].destination, "destination of the bad one", statement="S-01.3")
        session.expect("", answer.results[1].message_id, "messageid of a failed result", statement="S-06.3")

    session.for_all(invalid_msisdns(), check)


def _is_short(number: str) -> bool:
    """Whether digits may be missing: the reading short-number then decides between -13 and -6."""
    return number.isdecimal() and len(number) < 12


@contract("S-06.3", credit=3)
def bad_number_keeps_client_id(session: ServerSession) -> None:
    """A failed result has an empty messageid, or echoes the client's own."""
    mine = session.new_id()
    answer = session.submit(session.to([Recipient("numara", mine), Recipient(session.gsm())]))
    session.expect(("-13", "0"), answer.statuses, "statuses", statement="S-06.2")
    session.require(
        answer.results[0].message_id in ("", mine),
        f"{mine!r} or empty",
        repr(answer.results[0].message_id),
    )


@contract("S-07.2", "S-07.1", "S-07.3", needs=(Need.NUMBERS,), credit=20)
def out_of_coverage(session: ServerSession) -> None:
    """A valid foreign mobile number gets -3, its neighbours are sent."""

    def check(foreign: str) -> None:
        answer = session.submit(session.to([Recipient(foreign), Recipient(session.gsm())]))
        covered = answer.statuses == ("0", "0")
        session.require(not covered, f"{foreign} out of the coverage", answer, statement="S-07.3")
        # The page's words of -13 ("an operator outside Kobikom") may be meant for it as well.
        session.require({"-3", "-13"} & set(answer.statuses) != set(), f"-3 for {foreign}", answer, statement="S-07.1")
        session.expect(("-3", "0"), answer.statuses, f"statuses around {foreign}")

    session.for_all(foreign_msisdns(), check, examples=10)


@contract("S-08.1", credit=30)
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


@contract("S-09.1", "S-09.3", credit=8)
def titles_of_the_account(session: ServerSession) -> None:
    """Every title of the account is accepted, an absent or empty one stands for the first."""
    alphanumeric, numeric = reader.titles(session.ask_titles().text)
    for title in (*alphanumeric, *numeric):
        longest = 14 if title.isdecimal() else 11
        session.require(len(title) <= longest, f"a title of at most {longest} characters", title)
    owned = [*alphanumeric, *numeric][:4]
    for title in session.some(owned):
        session.example()
        session.accepted(session.message(baslik=title), f"title {title!r} of the account accepted")
    session.example()
    session.accepted(session.message(baslik=""), "an empty title accepted", statement="S-09.3")
    session.accepted(session.message(), "an absent title accepted", statement="S-09.3")


@contract("S-09.2", credit=6)
def titles_of_others(session: ServerSession) -> None:
    """Too long a title is refused; one that isn't the account's is refused with the same code, or accepted."""
    codes = {code: {code} for code in READING_BY_NAME["title-code"].values}
    for title in ("ABCDEFGHIJKL", "123456789012345", "Kobikom SMS Ltd"):
        session.example()
        answer = session.submit(session.message(baslik=title))
        session.require("0" not in answer.statuses, f"the title {title!r} refused", answer)
        session.decide("title-code", set(answer.statuses), codes)
    owned = {t for group in reader.titles(session.ask_titles().text) for t in group}
    for title in ("Yabanci", "55501234567890"):
        if title in owned:
            continue
        session.example()
        answer = session.submit(session.message(baslik=title))
        accepted = answer.accepted
        if not accepted:
            session.decide("title-code", set(answer.statuses), codes)
        session.decide("unknown-title", accepted, {"refuse": False, "accept": True})
