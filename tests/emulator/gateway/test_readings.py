"""Values of the readings about logins, numbers, titles, ids, tables, amounts and reports, in the answers' bytes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kobikom_emulator.domain.account import Account
from kobikom_emulator.protocol.readings import CATALOGUE

TURKCELL = "905321234567"
World = Callable[..., Any]


@pytest.mark.parametrize(
    ("user", "password", "missing", "wrong"),
    [
        ("", "", -10, -10),
        ("", "test", -10, -10),
        ("test", "", -11, -11),
        ("nobody", "test", -5, -10),
        ("nobody", "", -11, -11),
        ("test", "other", -5, -11),
        ("test", "test", 0, 0),
    ],
)
@pytest.mark.parametrize("root", ["SMS", "basliklar", "bakiye"])
def test_login_codes(world: World, user: str, password: str, missing: int, wrong: int, root: str) -> None:
    """Both values, for sends and queries; a pull's codes stay as the page prints them (A-01 … A-03, R-07)."""
    for value, code in (("missing", missing), ("wrong", wrong)):
        kobikom = world(readings={"login-codes": value})
        body = kobikom.body(kobikom.block(TURKCELL), user=user, password=password).decode().replace("SMS>", f"{root}>")
        answer = kobikom.post(body.encode())
        if code:
            assert [(code, "", "")] == kobikom.results(answer)
            clause = {-10: "A-01", -11: "A-02", -5: "A-03"}[code]
            assert ("refused", clause) == kobikom.why()[0][:2]
        else:
            assert b"<status>-" not in answer
        pulled = kobikom.pull(user=user, password=password)
        assert {-10: b"10", -11: b"11", -5: b"5", 0: pulled}[missing] == pulled


@pytest.mark.parametrize(
    ("number", "incomplete"),
    [
        ("90532123456", True), ("0532123456", True), ("+90532", True), ("90", True), ("1", True), ("33612345", True),
        ("9053212345678", False), ("905991234567", False), ("abc", False), ("902121234567", False), ("90312", True),
    ],
)  # fmt: skip
def test_short_number(world: World, number: str, incomplete: bool) -> None:
    """Only a number with digits missing is -6 under `incomplete` (S-05, S-06)."""
    assert [-13, 0] == world().codes(number, TURKCELL)
    kobikom = world(readings={"short-number": "incomplete"})
    assert [-6 if incomplete else -13, 0] == kobikom.codes(number, TURKCELL)
    assert ("refused", "S-05" if incomplete else "S-06") == kobikom.why()[0][:2]


@pytest.mark.parametrize("value", ["-34", "-1", "-23", "-99"])
@pytest.mark.parametrize("title", ["Unknown", "LongerThan11", "123456789012345"])
def test_title_code(world: World, value: str, title: str) -> None:
    """For an unknown title and for one that is too long, with both shapes of a refusal (S-09, A-05)."""
    kobikom = world(readings={"title-code": value})
    assert [(int(value), "", "")] == kobikom.send(TURKCELL, TURKCELL, baslik=title)
    assert [("refused", "S-09", "/SMS/mesajiniz/baslik")] == kobikom.why()
    kobikom = world(readings={"title-code": value, "refusal-shape": "per-recipient"})
    assert [(int(value), "", TURKCELL)] * 2 == kobikom.send(TURKCELL, TURKCELL, baslik=title)


@pytest.mark.parametrize("digits", [10, 15, 18])
def test_message_id(world: World, digits: int) -> None:
    """Ids of so many digits, never the same twice, that a pull can name (S-02, R-04)."""
    kobikom = world(readings={"message-id": f"{digits}-digits"})
    ids = [name for _, name, _ in kobikom.send(*[TURKCELL] * 20) + kobikom.send(*[TURKCELL] * 20)]
    assert ({digits}, 40) == ({len(name) for name in ids}, len(set(ids)))
    kobikom.later(1)
    assert [ids[7]] == [report["id"] for report in kobikom.reports(messageid=ids[7])]
    assert 39 == len(kobikom.reports())


@pytest.mark.parametrize(("value", "parts"), [("fewest", 1), ("single", 2), ("locking", 1)])
def test_turkish_table(world: World, value: str, parts: int) -> None:
    """155 letters `ş` are one part where the locking table has them, two and more where each counts 2 (S-10, C-01)."""
    kobikom = world(readings={"turkish-table": value})
    kobikom.send(TURKCELL, metin="ş" * 100, languageCode="ES", type="longSMS")
    assert Decimal(1000 - parts) == kobikom.balance()


@pytest.mark.parametrize(("layout", "blanks"), [("lines", "\n    {}\n"), ("compact", "{}")])
@pytest.mark.parametrize(
    ("value", "shown"), [("three-places", "18532.039"), ("shortest", "18532.039"), ("grouped", "18.532")]
)
def test_amount(world: World, layout: str, blanks: str, value: str, shown: str) -> None:
    """In the balance's bytes, in both layouts; six places are kept (B-01, T-10)."""
    accounts = [Account("test", "test", credit=Decimal("18532.039600"))]
    kobikom = world(accounts=accounts, readings={"amount": value, "answer-layout": layout})
    query = b"<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    amount, currency = f"<miktar>{shown}</miktar>", "<kur>TRY</kur>"
    expected = {
        "lines": f"{head}\n<bakiye>\n    {amount}\n    {currency}\n</bakiye>",
        "compact": f"{head}<bakiye>{amount}{currency}</bakiye>",
    }
    assert expected[layout].encode() == kobikom.post(query)


def test_prices_of_four_and_six_decimals(world: World) -> None:
    """Turkish tariffs have four; what is charged is exact, what is shown has three (C-01, C-04, B-01)."""
    accounts = [Account("test", "test", credit=Decimal("0.1"), price=Decimal("0.0396"))]
    kobikom = world(accounts=accounts)
    assert [0, 0, -2] == kobikom.codes(TURKCELL, TURKCELL, TURKCELL)
    assert b"<miktar>0.020</miktar>" in kobikom.post(
        b"<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>"
    )
    assert [-2] == kobikom.codes(TURKCELL)
    exact = world(accounts=[Account("test", "test", credit=Decimal("0.000003"), price=Decimal("0.000001"))])
    assert [0, 0, 0, -2] == exact.codes(*[TURKCELL] * 4)


@pytest.mark.parametrize("sent", ["sentdate", "senddate"])
@pytest.mark.parametrize(
    ("dates", "moment"),
    [("unpadded", "2026/1/31 9:0:0"), ("as-written", "2026/1/31 09:00:00"), ("padded", "2026/01/31 09:00:00")],
)
@pytest.mark.parametrize(("close", "end"), [("closed", b"\n</DeliveryReport>"), ("as-printed", b"")])
@pytest.mark.parametrize(("layout", "last"), [("lines", b""), ("compact", b"\n")])
def test_reports(
    world: World, sent: str, dates: str, moment: str, close: str, end: bytes, layout: str, last: bytes
) -> None:
    """Every combination of the readings about reports, to the byte, pulled and pushed (R-02, R-08, T-10)."""
    readings = {"sent-attribute": sent, "dates": dates, "report-close": close, "answer-layout": layout}
    kobikom = world(readings=readings)
    kobikom.send(TURKCELL, ids=["a"])
    kobikom.later(1)
    done = moment[:-1] + "1"
    assert (
        f'<DeliveryReport>\n<message id="a" {sent}="{moment}" donedate="{done}" status="DELIVERED" gsmerror="0"/>'
    ).encode() + end + last == kobikom.pull()


@pytest.mark.parametrize("layout", ["lines", "compact"])
def test_no_data_and_bare_numbers_have_no_layout(world: World, layout: str) -> None:
    """Seven bytes, or the number, whatever the layout (R-03, R-07)."""
    kobikom = world(readings={"answer-layout": layout})
    assert [b"NO_DATA", b"5"] == [kobikom.pull(), kobikom.pull(password="x")]


def test_there_are_23_readings() -> None:
    """The page's open questions, each with a setting."""
    assert 23 == len(CATALOGUE)
