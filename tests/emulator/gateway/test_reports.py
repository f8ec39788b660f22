"""Delivery reports through the gateway (R), plans on the manual clock, applications (S-15, S-16, S-18)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Outcome, Profile, Status, Weighted
from kobikom_emulator.exchange import WireRequest

TURKCELL = "905321234567"
HOUR = 3600


def test_the_documented_document(kobikom: Any) -> None:
    """One line a report, oldest first, no declaration; then the seven bytes (R-02, R-03)."""
    kobikom.send(TURKCELL, ids=["b<"], ileriTarih="5s")
    kobikom.send(TURKCELL, TURKCELL, ids=["c", "d"])
    kobikom.later(10)
    assert (
        b"<DeliveryReport>\n"
        b'<message id="c" sentdate="2026/1/31 9:0:0" donedate="2026/1/31 9:0:1" status="DELIVERED" gsmerror="0"/>\n'
        b'<message id="d" sentdate="2026/1/31 9:0:0" donedate="2026/1/31 9:0:1" status="DELIVERED" gsmerror="0"/>\n'
        b'<message id="b&lt;" sentdate="2026/1/31 9:0:0" donedate="2026/1/31 9:0:6" status="DELIVERED" gsmerror="0"/>\n'
        b"</DeliveryReport>"
    ) == kobikom.pull()
    assert [b"NO_DATA", b"NO_DATA"] == [kobikom.pull(), kobikom.pull()]


def test_as_printed_and_padded(world: Callable[..., Any]) -> None:
    """`report-close=as-printed` lacks the end, `dates=padded` has zeros (R-02, R-08)."""
    kobikom = world(readings={"report-close": "as-printed", "dates": "padded"})
    kobikom.send(TURKCELL, ids=["a"])
    kobikom.later(1)
    assert (
        b'<DeliveryReport>\n<message id="a" sentdate="2026/01/31 09:00:00" donedate="2026/01/31 09:00:01"'
        b' status="DELIVERED" gsmerror="0"/>'
    ) == kobikom.pull()
    assert b"NO_DATA" == kobikom.pull()


@pytest.mark.parametrize(
    ("login", "number"),
    [
        ({"user": ""}, "10"),
        ({"user": "", "password": ""}, "10"),
        ({"password": " "}, "11"),
        ({"password": "x"}, "5"),
        ({"user": "x"}, "5"),
    ],
)
@pytest.mark.parametrize(("reading", "sign"), [("positive", ""), ("negative", "-")])
def test_refused_pulls(world: Callable[..., Any], login: dict[str, str], number: str, reading: str, sign: str) -> None:
    """A refused pull is the bare number, with or without a sign, and consumes nothing (R-07)."""
    kobikom = world(readings={"pull-refusal": reading})
    kobikom.send(TURKCELL)
    kobikom.later(1)
    assert (sign + number).encode() == kobikom.pull(**login)
    assert 1 == len(kobikom.reports())


def test_a_report_exists_from_its_moment(kobikom: Any) -> None:
    """A report exists from `done_at` on, not a millisecond earlier (R-06)."""
    kobikom.send(TURKCELL)
    kobikom.later(0.999)
    assert [] == kobikom.reports()
    kobikom.later(0.001)
    assert 1 == len(kobikom.reports())


def test_named_reports(kobikom: Any) -> None:
    """Only the named reports are given and consumed; unknown ids are ignored (R-04)."""
    generated = kobikom.send(TURKCELL, TURKCELL, TURKCELL, ids=["a", "b"])[2][1]
    kobikom.later(1)
    assert ["b"] == [r["id"] for r in kobikom.reports(messageid="b,unknown")]
    assert [] == kobikom.reports(MessageId="b")
    assert [generated] == [r["id"] for r in kobikom.reports(MESSAGEID=f" {generated} ,")]
    assert ["a"] == [r["id"] for r in kobikom.reports()]


@pytest.mark.parametrize("names", ["", " ", ",", " , ,", "\u00a0", "\t"])
def test_an_empty_list_of_ids_names_nothing(kobikom: Any, names: str) -> None:
    """NO_DATA, nothing is consumed, and the explanation says so (R-04)."""
    kobikom.send(TURKCELL, TURKCELL, ids=["a"])
    kobikom.later(1)
    assert b"NO_DATA" == kobikom.pull(messageid=names)
    assert [("noted", "R-04", "?messageid")] == kobikom.why()
    assert ("pull", "empty") == tuple(kobikom.journal()[-1][key] for key in ("operation", "outcome"))
    assert 2 == len(kobikom.reports())


async def test_a_refused_pull_says_which_parameter_was_meant(kobikom: Any) -> None:
    """`Kullanıcı`, the page's caption, is no name of a parameter: 10, and why (R-01, R-07)."""
    target = "/api/sendsms/xml/pull?Kullan%C4%B1c%C4%B1=test&Parola=test"
    assert b"10" == (await kobikom.gateway.pull(WireRequest("GET", target))).body
    refused, unread = kobikom.journal()[-1]["explanation"]
    assert ("refused", "R-07", "?Kullanıcı", "a user name: kullanici, in ASCII letters") == tuple(
        refused[key] for key in ("kind", "clause", "path", "expected")
    )
    assert ("unread", "T-07", "?Kullanıcı") == tuple(unread[key] for key in ("kind", "clause", "path"))


def test_accounts_are_apart(world: Callable[..., Any]) -> None:
    """An account does not get another account's reports, by name neither (R-05)."""
    kobikom = world(accounts=[Account("test", "test"), Account("other", "test")])
    kobikom.send(TURKCELL, ids=["a"])
    kobikom.later(1)
    assert [[], []] == [kobikom.reports(user="other"), kobikom.reports(user="other", messageid="a")]
    assert ["a"] == [r["id"] for r in kobikom.reports()]


def test_applications_are_apart(kobikom: Any) -> None:
    """A pull gets what it names; without a name, what has none; both filters together (S-18)."""
    for own, app in (("a", ""), ("b", "web"), ("c", " web "), ("d", "shop")):
        kobikom.send(TURKCELL, ids=[own], appid=app)
    kobikom.later(1)
    assert [] == kobikom.reports(messageid="b")
    assert [["a"], ["b", "c"], []] == [
        [r["id"] for r in kobikom.reports(**query)] for query in ({}, {"appid": "web"}, {"appid": "web"})
    ]
    assert [[], ["d"]] == [[r["id"] for r in kobikom.reports(appid="shop", messageid=each)] for each in ("a", "d")]


@pytest.mark.parametrize(
    ("fields", "quiet", "report"),
    [
        ({}, 0.9, ("DELIVERED", "0", "9:0:1")),
        ({"ileriTarih": "1s"}, 0.9, ("DELIVERED", "0", "9:0:1")),
        ({"ileriTarih": "2m1s"}, 121.9, ("DELIVERED", "0", "9:2:2")),
        ({"ValidityPeriod": "00:00"}, 0, ("NOT_DELIVERED", "4101", "9:0:0")),
    ],
)
def test_schedules(kobikom: Any, fields: dict[str, str], quiet: float, report: tuple[str, str, str]) -> None:
    """Final only after its time; `sentdate` is the submission (S-15, R-11, R-12)."""
    kobikom.send(TURKCELL, **fields)
    if quiet:
        kobikom.later(quiet)
        assert [] == kobikom.reports()
        kobikom.later(0.1)
    [found] = kobikom.reports()
    assert report == (found["status"], found["gsmerror"], found["donedate"].split()[1])
    assert "2026/1/31 9:0:0" == found["sentdate"]


@pytest.mark.parametrize(
    ("validity", "hours", "done"),
    [
        ("01:30", 1.5, "2026/1/31 10:30:0"),
        ("48:00", 48, "2026/2/2 9:0:0"),
        ("99:59", 48, "2026/2/2 9:0:0"),
        ("", 48, "2026/2/2 9:0:0"),
    ],
)
@pytest.mark.parametrize("delay", [0, 600])
def test_validity_runs_out(kobikom: Any, validity: str, hours: float, done: str, delay: int) -> None:
    """From sending; over 48 hours is clamped and said so; then NOT_DELIVERED with 4101 (S-16, R-11)."""
    assert [0] == kobikom.codes("905990000030", ValidityPeriod=validity, ileriTarih=f"{delay}s")
    assert [("changed", "S-16", "/SMS/mesajiniz/ValidityPeriod")] * (validity == "99:59") == kobikom.why()
    kobikom.later(hours * HOUR - 1)
    assert [] == kobikom.reports()
    kobikom.later(1 + delay)
    [report] = kobikom.reports()
    assert ("NOT_DELIVERED", "4101") == (report["status"], report["gsmerror"])
    if not delay:
        assert done == report["donedate"]


MAGIC = [
    ("905990000001", 1, "NOT_SENT", 0), ("905990000002", 1, "SENT", 0), ("905990000003", 1, "NOT_DELIVERED", 27),
    ("905990000004", 1, "DELIVERED", 0), ("905990000005", 1, "NOT_ALLOWED", 500),
    ("905990000006", 1, "INVALID_DESTINATION_ADDRESS", 1), ("905990000007", 1, "INVALID_SOURCE_ADDRESS", 500),
    ("905990000008", 1, "ROUTE_NOT_AVAILABLE", 500), ("905990000009", 1, "NOT_ENOUGH_CREDITS", 500),
    ("905990000010", 1, "REJECTED", 32), ("905990000011", 1, "INVALID_MESSAGE_FORMAT", 34),
    ("905990000021", 10, "DELIVERED", 0), ("905990000022", 60, "DELIVERED", 0), ("905990000023", HOUR, "DELIVERED", 0),
    ("905990000024", 24 * HOUR, "DELIVERED", 0), ("905990000030", 48 * HOUR, "NOT_DELIVERED", 4101),
    ("905990000041", 1, "NOT_DELIVERED", 1), ("905990000042", 1, "NOT_DELIVERED", 27),
    ("905990000043", 1, "NOT_DELIVERED", 31), ("905990000044", 1, "NOT_DELIVERED", 32),
    ("905990000045", 1, "NOT_DELIVERED", 34), ("905990000046", 1, "NOT_DELIVERED", 256),
    ("905990000047", 1, "NOT_DELIVERED", 500), ("905990000048", 1, "NOT_DELIVERED", 2048),
]  # fmt: skip


@pytest.mark.parametrize(("number", "seconds", "status", "error"), MAGIC)
def test_magic_numbers(world: Callable[..., Any], number: str, seconds: int, status: str, error: int) -> None:
    """Each ends as documented, when documented; switched off they are unassigned numbers (R-09, R-10)."""
    kobikom = world()
    assert [0] == kobikom.codes(number)
    kobikom.later(seconds - 0.001)
    assert [] == kobikom.reports()
    kobikom.later(0.001)
    [report] = kobikom.reports()
    assert (status, str(error)) == (report["status"], report["gsmerror"])
    assert [-13] == world(magic_numbers=False).codes(number)


def test_not_allowed_gives_the_charge_back(kobikom: Any) -> None:
    """The charge is given back at `donedate`, whether the report is pulled or not (C-03)."""
    kobikom.send("905990000005", TURKCELL, metin="x" * 161, type="longSMS")
    assert Decimal(996) == kobikom.balance()
    kobikom.later(0.999)
    assert Decimal(996) == kobikom.balance()
    kobikom.later(0.001)
    assert Decimal(998) == kobikom.balance()


def test_profiles_draw_the_same_from_the_same_seed(world: Callable[..., Any]) -> None:
    """Outcomes follow the account's profile and depend on the seed alone (R-09)."""
    profile = Profile((Weighted(Outcome(Status.DELIVERED)), Weighted(Outcome(Status.REJECTED, 2000))), jitter=5000)

    def run(seed: int) -> bytes:
        kobikom = world(accounts=[Account("test", "test", profile=profile)], seed=seed)
        kobikom.send(*[TURKCELL] * 40)
        kobikom.later(60)
        answer: bytes = kobikom.pull()
        return answer

    assert run(3) == run(3)
    assert run(3) != run(4)
    assert {"DELIVERED", "REJECTED"} == {r["status"] for r in world().read_reports(run(3))}


def test_more_reports_than_a_slice(kobikom: Any) -> None:
    """Thousands of reports are given in one well-formed document, in order (R-02, R-03)."""
    ids = [each[1] for _ in range(3) for each in kobikom.send(*[TURKCELL] * 900, metin="")]
    kobikom.later(1)
    assert ids[:1000] == [r["id"] for r in kobikom.reports()]
    assert b"NO_DATA" == kobikom.pull()
