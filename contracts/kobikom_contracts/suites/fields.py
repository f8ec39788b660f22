"""Law: contracts of S-13 to S-18: the fields of a message beside title, text and recipients."""

from __future__ import annotations

from kobikom_contracts.contract import contract
from kobikom_contracts.lab import Lab
from kobikom_contracts.strategies import offsets
from kobikom_contracts.target import Need


@contract("S-13", credit=8)
def flash_values(lab: Lab) -> None:
    """Flash 0, 1 and empty, and datacoding 240 and 24, are accepted."""
    for fields in (
        {"flash": "0"},
        {"flash": "1"},
        {"flash": ""},
        {"datacoding": "240"},
        {"datacoding": "24"},
    ):
        lab.example()
        lab.accepted(lab.with_fields(fields), f"a message with {fields} accepted")


@contract("S-13", needs=(Need.EXCLUSIVE,), credit=8)
def flash_costs_the_same(lab: Lab) -> None:
    """A flash message costs what another costs."""
    for fields in ({"flash": "1"}, {"datacoding": "240"}):
        lab.example()
        lab.expect(lab.unit, lab.charge(lab.with_fields(fields)), f"charge with {fields}")


@contract("S-14", needs=(Need.EXCLUSIVE,), credit=20)
def binary_parts(lab: Lab) -> None:
    """Binary holds 140 octets in one part, 134 in each of several."""
    for octets, expected in ((1, 1), (140, 1), (141, 2), (268, 2), (269, 3)):
        lab.example()
        send = lab.message(metin="", binary="0A" * octets, type="longSMS")
        lab.expect(expected * lab.unit, lab.charge(send), f"charge for {octets} octets")


@contract("S-14", credit=6)
def transport_fields_are_recorded(lab: Lab) -> None:
    """Binary in either case, esmclass, ton and npi fields, wapurl and tip refuse no message."""
    lab.accepted(lab.message(metin="", binary="dEaDbEeF"), "hexadecimal in either case accepted")
    odd = {
        "esmclass": "64",
        "srcton": "5",
        "srcnpi": "x",
        "destton": "1",
        "destnpi": "1",
        "wapurl": "http://example.invalid/",
        "tip": "bulk",
    }
    lab.accepted(lab.with_fields(odd), "recorded fields accepted")


@contract("S-15", credit=50)
def schedules_accepted(lab: Lab) -> None:
    """Offsets of days, hours, minutes, seconds in that order, any left out, are accepted."""

    def check(offset: str) -> None:
        lab.accepted(lab.message(ileriTarih=offset), f"ileriTarih {offset!r} accepted")

    for offset in ("4d3h2m1s", "1d", "2m1s", "0d0h10m", "", "1s"):
        lab.example()
        check(offset)
    lab.forall(offsets(), check)


@contract("S-15", credit=12)
def schedules_refused(lab: Lab) -> None:
    """Any other offset is -27 for the request."""
    for offset in ("soon", "1", "1s1m", "-1s", "1d 2h", "4D", "1.5h", "2026-01-31", "1s1s"):
        lab.example()
        lab.refused(lab.message(2, ileriTarih=offset), -27, f"for ileriTarih {offset!r}")


@contract("S-16", credit=12)
def validity_forms(lab: Lab) -> None:
    """HH:mm is accepted, over 48:00 too."""
    for value in ("00:01", "12:30", "48:00", "48:01", "99:59", "120:00", ""):
        lab.example()
        lab.accepted(lab.message(ValidityPeriod=value), f"ValidityPeriod {value!r} accepted")


@contract("S-17", credit=14)
def broken_forms(lab: Lab) -> None:
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
        lab.example()
        lab.refused(lab.with_fields(fields), -23, f"for {fields}")


@contract("S-18", needs=(Need.DELIVERY,), credit=4)
def appid_partitions_reports(lab: Lab) -> None:
    """A report of a message with an appid goes to a pull that names it, and to no other."""
    appid = "uygulama" + lab.new_id()
    with_appid = lab.accepted(lab.message(1, ids=True, appid=appid)).results[0].message_id
    without = lab.accepted(lab.message(1, ids=True)).results[0].message_id
    both = (with_appid, without)
    lab.expect([without], [one.id for one in lab.collect(both[1:])], "reports without appid")
    lab.expect((), lab.pull(both).ids, "reports of a pull without the appid")
    lab.expect((), lab.pull(both, appid=appid + "x").ids, "reports for another appid")
    lab.expect([with_appid], [o.id for o in lab.collect(both[:1], appid=appid)], "reports for the appid")
