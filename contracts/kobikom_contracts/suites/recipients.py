"""Law: contracts of S-06 to S-09: numbers, coverage and titles."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts import reader
from kobikom_contracts.contract import contract
from kobikom_contracts.documents import Recipient
from kobikom_contracts.lab import Lab
from kobikom_contracts.strategies import foreign_msisdns, invalid_msisdns
from kobikom_contracts.target import Need
from kobikom_contracts.verdicts import Violation


@contract("S-06", credit=60)
def bad_numbers(lab: Lab) -> None:
    """What is no mobile number gets -13, its neighbours are sent."""

    def check(bad: str) -> None:
        answer = lab.submit(lab.to([Recipient(lab.gsm(0)), Recipient(bad), Recipient(lab.gsm(1))]))
        lab.expect(("0", "-13", "0"), answer.statuses, f"statuses around {bad!r}")
        lab.expect(bad, answer.results[1].destination, "destination of the bad one")
        lab.expect("", answer.results[1].message_id, "messageid of a failed result")

    lab.forall(invalid_msisdns(), check)


@contract("S-06", credit=3)
def bad_number_keeps_client_id(lab: Lab) -> None:
    """A failed result has an empty messageid, or echoes the client's own."""
    mine = lab.new_id()
    answer = lab.submit(lab.to([Recipient("90212", mine), Recipient(lab.gsm())]))
    lab.expect(("-13", "0"), answer.statuses, "statuses")
    lab.require(
        answer.results[0].message_id in ("", mine),
        f"{mine!r} or empty",
        repr(answer.results[0].message_id),
    )


@contract("S-07", needs=(Need.NUMBERS,), credit=20)
def out_of_coverage(lab: Lab) -> None:
    """A valid foreign mobile number gets -3, its neighbours are sent."""

    def check(foreign: str) -> None:
        answer = lab.submit(lab.to([Recipient(foreign), Recipient(lab.gsm())]))
        lab.expect(("-3", "0"), answer.statuses, f"statuses around {foreign}")

    lab.forall(foreign_msisdns(), check, examples=10)


@contract("S-08", credit=30)
def number_forms(lab: Lab) -> None:
    """+90…, 0090…, 05… and 5… mean the same number as 90…, or (strict) are -13."""

    def check(place: int) -> None:
        number = lab.gsm(place)
        if not number.startswith("90"):
            number = number.lstrip("+0")
        marked = ("+" + number, "00" + number, "0" + number[2:])
        answer = lab.submit(lab.to([Recipient(n) for n in (number, *marked, number[2:])]))
        bare = answer.statuses[-1:]
        codes = (answer.statuses[:-1], "0" if bare == ("0",) else "not sent")
        lab.decide(
            "number-form",
            codes,
            {
                "lenient": (("0", "0", "0", "0"), "0"),
                "strict": (("0", "-13", "-13", "-13"), "not sent"),
            },
        )

    lab.forall(st.integers(0, 30), check, examples=4)


@contract("S-09", credit=8)
def titles_of_the_account(lab: Lab) -> None:
    """Every title of the account is accepted, an absent or empty one stands for the first."""
    alphanumeric, numeric = reader.titles(lab.ask_titles().text)
    owned = [*alphanumeric, *numeric][:4]
    for title in owned:
        lab.example()
        lab.accepted(lab.message(baslik=title), f"title {title!r} of the account accepted")
    lab.example()
    lab.accepted(lab.message(baslik=""), "an empty title accepted")
    lab.accepted(lab.message(), "an absent title accepted")


@contract("S-09", credit=6)
def titles_of_others(lab: Lab) -> None:
    """Too long is -34; one that isn't the account's is -34, or accepted."""
    for title in ("ABCDEFGHIJKL", "123456789012345", "Kobikom SMS Ltd"):
        lab.example()
        lab.refused(lab.message(baslik=title), -34, f"for the title {title!r}")
    owned = {t for group in reader.titles(lab.ask_titles().text) for t in group}
    for title in ("Yabanci", "55501234567890"):
        if title in owned:
            continue
        lab.example()
        answer = lab.submit(lab.message(baslik=title))
        if set(answer.statuses) not in ({"-34"}, {"0"}):
            raise Violation(f"-34 or 0 for the unknown title {title!r}", answer)
        lab.decide("unknown-title", answer.statuses[0], {"refuse": "-34", "accept": "0"})
