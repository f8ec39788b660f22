"""Contracts of S-13 to S-18: the fields of a message other than title, text and recipients."""

from __future__ import annotations

from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need
from kobikom_contracts.strategies import offsets


@contract("S-13", credit=8)
def flash_values(session: ServerSession) -> None:
    """Flash 0, 1 and empty, and datacoding 240 and 24, are accepted."""
    for fields in (
        {"flash": "0"},
        {"flash": "1"},
        {"flash": ""},
        {"datacoding": "240"},
        {"datacoding": "24"},
    ):
        session.example()
        session.accepted(session.with_fields(fields), f"a message with {fields} accepted")


@contract("S-13", needs=(Need.EXCLUSIVE,), credit=8)
def flash_costs_the_same(session: ServerSession) -> None:
    """A flash message costs what another costs."""
    for fields in ({"flash": "1"}, {"datacoding": "240"}):
        session.example()
        session.expect(session.unit, session.charge(session.with_fields(fields)), f"charge with {fields}")


@contract("S-14", needs=(Need.EXCLUSIVE,), credit=20)
def binary_parts(session: ServerSession) -> None:
    """Binary holds 140 octets in one part, 134 in each of several."""
    for octets, expected in ((1, 1), (140, 1), (141, 2), (268, 2), (269, 3)):
        session.example()
        send = session.message(metin="", binary="0A" * octets, type="longSMS")
        session.expect(expected * session.unit, session.charge(send), f"charge for {octets} octets")


@contract("S-14", credit=6)
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
    session.accepted(session.with_fields(odd), "recorded fields accepted")


@contract("S-15", credit=50)
def schedules_accepted(session: ServerSession) -> None:
    """Offsets of days, hours, minutes, seconds in that order, any left out, are accepted."""

    def check(offset: str) -> None:
        session.accepted(session.message(ileriTarih=offset), f"ileriTarih {offset!r} accepted")

    for offset in ("4d3h2m1s", "1d", "2m1s", "0d0h10m", "", "1s"):
        session.example()
        check(offset)
    session.for_all(offsets(), check)


@contract("S-15", credit=12)
def schedules_refused(session: ServerSession) -> None:
    """Any other offset is -27 for the request."""
    for offset in ("soon", "1", "1s1m", "-1s", "1d 2h", "4D", "1.5h", "2026-01-31", "1s1s"):
        session.example()
        session.refused(session.message(2, ileriTarih=offset), -27, f"for ileriTarih {offset!r}")


@contract("S-16", credit=12)
def validity_forms(session: ServerSession) -> None:
    """HH:mm is accepted, over 48:00 too."""
    for value in ("00:01", "12:30", "48:00", "48:01", "99:59", "120:00", ""):
        session.example()
        session.accepted(session.message(ValidityPeriod=value), f"ValidityPeriod {value!r} accepted")


@contract("S-17", credit=14)
def broken_forms(session: ServerSession) -> None:
    """A value that breaks its field's form is -23 for the request."""
    for fields in (
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
    ):
        session.example()
        session.refused(session.with_fields(fields), -23, f"for {fields}")


@contract("S-18", needs=(Need.DELIVERY,), credit=4)
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
