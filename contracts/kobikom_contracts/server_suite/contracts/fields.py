"""Contracts of S-13 to S-18: the fields of a message other than title, text and recipients."""

from __future__ import annotations

from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need
from kobikom_contracts.strategies import offsets


@contract("S-13.1", "S-13.2", credit=8)
def flash_values(session: ServerSession) -> None:
    """Flash 0, 1 and empty, and datacoding 240 and 24, are accepted."""
    cases: tuple[dict[str, str], ...] = (
        {"flash": "0"},
        {"flash": "1"},
        {"flash": ""},
        {"datacoding": "240"},
        {"datacoding": "24"},
    )
    for fields in session.some(cases, by=lambda case: "flash" in case):
        session.example()
        statement = "S-13.1" if "flash" in fields else "S-13.2"
        session.accepted(session.with_fields(fields), f"a message with {fields} accepted", statement=statement)


@contract("S-13.3", needs=(Need.EXCLUSIVE,), credit=8)
def flash_costs_the_same(session: ServerSession) -> None:
    """A flash message costs what another costs."""
    for fields in ({"flash": "1"}, {"datacoding": "240"}):
        session.example()
        session.expect(session.unit, session.charge(session.with_fields(fields)), f"charge with {fields}")


@contract("S-14.3", needs=(Need.EXCLUSIVE,), credit=20)
def binary_parts(session: ServerSession) -> None:
    """Binary holds 140 octets in one part, 134 in each of several."""
    for octets, expected in session.some(((140, 1), (1, 1), (269, 3), (141, 2), (268, 2))):
        session.example()
        send = session.message(metin="", binary="0A" * octets, type="longSMS")
        session.expect(expected * session.unit, session.charge(send), f"charge for {octets} octets")


@contract("S-14.1", "S-14.5", credit=6)
def transport_fields_are_recorded(session: ServerSession) -> None:
    """Binary in either case, esmclass, ton and npi fields, wapurl and tip refuse no message."""
    session.accepted(session.message(metin="", binary="dEaDbEeF"), "hexadecimal in either case accepted")
    odd = {
        "esmclass": "64",
        "srcton": "5",
        "srcnpi": "x",
        "destton": "1",
        "destnpi": "1",
        "wapurl": "http://example.invalid/",
        "tip": "bulk",
    }
    session.accepted(session.with_fields(odd), "recorded fields accepted", statement="S-14.5")


@contract("S-15.1", "S-15.2", "S-15.3", credit=50)
def schedules_accepted(session: ServerSession) -> None:
    """Offsets of days, hours, minutes, seconds in that order, any left out, are accepted."""

    def check(offset: str) -> None:
        statement = {"4d3h2m1s": "S-15.1", "": "S-15.3", "1s": "S-15.3"}.get(offset, "S-15.2")
        session.accepted(session.message(ileriTarih=offset), f"ileriTarih {offset!r} accepted", statement=statement)

    known = ("4d3h2m1s", "1d", "2m1s", "0d0h10m", "", "1s")
    for offset in session.some(known, by=lambda offset: offset in ("", "1s")):
        session.example()
        check(offset)
    session.for_all(offsets(), check)


@contract("S-15.4", "S-15.2", credit=12)
def schedules_refused(session: ServerSession) -> None:
    """A schedule that is not an offset is refused with -27 for the whole request."""
    offsets = ("soon", "1", "1s1m", "-1s", "1d 2h", "4D", "1.5h", "2026-01-31", "1s1s")
    for offset in session.some(offsets, by=lambda offset: offset == "soon"):
        session.example()
        # Which other forms of a time are refused the page does not say.
        statement = None if offset == "soon" else "S-15.2"
        session.refused(session.message(2, ileriTarih=offset), -27, f"for ileriTarih {offset!r}", statement=statement)


@contract("S-16.1", "S-16.3", credit=12)
def validity_forms(session: ServerSession) -> None:
    """HH:mm up to 48:00 is accepted, and so is an empty one."""
    for value in session.some(("00:01", "12:30", "48:00", ""), by=bool):
        session.example()
        statement = None if value else "S-16.3"
        send = session.message(ValidityPeriod=value)
        session.accepted(session.submit(send), f"ValidityPeriod {value!r} accepted", statement=statement)


@contract("S-16.2", credit=6)
def validity_over_48_hours(session: ServerSession) -> None:
    """More than 48:00 is accepted (and counts as 48:00), or refused with -23."""
    for value in session.some(("48:01", "99:59", "120:00")):
        session.example()
        answer = session.submit(session.message(ValidityPeriod=value))
        session.decide("long-validity", set(answer.statuses), {"clamp": {"0"}, "refuse": {"-23"}})


@contract("S-17.1", "S-14.2", credit=14)
def broken_forms(session: ServerSession) -> None:
    """A value that breaks its field's form is -23 for the request."""
    cases: tuple[dict[str, str], ...] = (
        {"flash": "7"},
        {"flash": "yes"},
        {"nopush": "2"},
        {"datacoding": "x"},
        {"datacoding": "256"},
        {"datacoding": "-1"},
        {"metin": "", "binary": "ABC"},
        {"metin": "", "binary": "XY"},
        {"metin": "a", "binary": "0A"},
        {"ValidityPeriod": "abc"},
        {"ValidityPeriod": "12:60"},
        {"ValidityPeriod": "12"},
    )
    for fields in session.some(cases, by=lambda case: tuple(sorted(case))):
        session.example()
        statement = "S-14.2" if fields.keys() >= {"metin", "binary"} and fields["metin"] else None
        session.refused(session.with_fields(fields), -23, f"for {fields}", statement=statement)


@contract("S-19.1", credit=6)
def push_fields_accepted(session: ServerSession) -> None:
    """Pushurl and nopush may be empty, and nopush may be 0."""
    for fields in session.some(({"pushurl": "", "nopush": "0"}, {"pushurl": "", "nopush": ""})):
        session.example()
        session.accepted(session.with_fields(fields), f"a message with {fields} accepted")


@contract("S-18.1", "R-01.2", needs=(Need.DELIVERY,), credit=4)
def appid_partitions_reports(session: ServerSession) -> None:
    """A report of a message with an appid goes to a pull that names it, and to no other."""
    appid = "uygulama" + session.new_id()
    with_appid = session.accepted(session.message(1, ids=True, appid=appid)).results[0].message_id
    without = session.accepted(session.message(1, ids=True)).results[0].message_id
    both = (with_appid, without)
    session.expect([without], [one.id for one in session.collect(both[1:])], "reports without appid")
    session.expect((), session.pull(both).ids, "reports of a pull without the appid")
    session.expect((), session.pull(both, appid=appid + "x").ids, "reports for another appid")
    session.expect([with_appid], [o.id for o in session.collect(both[:1], appid=appid)], "reports for the appid")
