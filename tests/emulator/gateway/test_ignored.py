"""What a request says and the API ignores stands in the explanation: T-03, T-07, S-03, S-05, S-16, S-19."""

from collections.abc import Callable
from typing import Any

import pytest

from kobikom_emulator.protocol.codes import Code

TURKCELL = "905321234567"
LOGIN = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"
TEXT = "<metin>a</metin>"
RECIPIENTS = f"<alicilar><gsm>{TURKCELL}</gsm></alicilar>"


def code(kobikom: Any, inner: str, login: str = LOGIN) -> int:
    [(status, _, _)] = kobikom.results(kobikom.post(f"<SMS>{login}{inner}</SMS>".encode()))
    return int(status)


def notes(kobikom: Any) -> list[tuple[str, str, str, str]]:
    """Kind, clause, path and expectation of each note of the newest entry."""
    return [
        (note["kind"], note["clause"], note["path"], note["expected"]) for note in kobikom.journal()[-1]["explanation"]
    ]


@pytest.mark.parametrize(
    ("inner", "path", "place"),
    [
        (f"<mesajiniz>{TEXT}</mesajiniz>{RECIPIENTS}", "/SMS/alicilar", "<mesajiniz>"),
        (f"<mesajiniz>{TEXT}<gsm>{TURKCELL}</gsm></mesajiniz>", "/SMS/mesajiniz/gsm", "<alicilar>"),
        (f"<x><mesajiniz>{TEXT}{RECIPIENTS}</mesajiniz></x>", "/SMS/x/mesajiniz", "<SMS>"),
        (
            f"<mesajiniz>{TEXT}<alicilar><x><gsm>{TURKCELL}</gsm></x></alicilar></mesajiniz>",
            "/SMS/mesajiniz/alicilar/x/gsm",
            "<alicilar>",
        ),
    ],
)
def test_recipients_in_the_wrong_place_are_no_recipients(kobikom: Any, inner: str, path: str, place: str) -> None:
    """-6, and the refusal itself says what to move where (S-05, T-07)."""
    assert Code.NO_NUMBER == code(kobikom, inner)
    advice = f"its place in {place}: move it inside"
    refusal, *ignored = notes(kobikom)
    assert ("refused", "S-05", path, f"at least one recipient: {advice}") == refusal
    assert ("unread", "T-07", path, advice) in ignored


@pytest.mark.parametrize(
    ("login", "status", "clause", "advice"),
    [
        ("<kullanici>test</kullanici><parola>test</parola>", -10, "A-01", "its place in <dogrulama>: move it inside"),
        (
            "<dogrulama><kullanici>test</kullanici></dogrulama><parola>test</parola>",
            -11,
            "A-02",
            "its place in <dogrulama>: move it inside",
        ),
        (f"<mesajiniz>{LOGIN}</mesajiniz>", -10, "A-01", "its place in the root element: move it inside"),
        (LOGIN.replace("kullanici", "kullanıcı"), -10, "A-01", "kullanici, in ASCII letters"),
    ],
)
def test_a_login_in_the_wrong_place_is_no_login(
    kobikom: Any, login: str, status: int, clause: str, advice: str
) -> None:
    """-10 and -11 say what to move or how to write it (A-01, A-02, T-07)."""
    assert status == code(kobikom, "", login)
    kind, cited, _, expected = notes(kobikom)[0]
    assert ("refused", clause, advice) == (kind, cited, expected.partition(": ")[2])


def test_a_misspelled_text_is_lost_and_noted(kobikom: Any) -> None:
    """`<METİN>` is not `<METIN>`: the message goes out empty, and the explanation says why (T-07)."""
    assert 0 == code(kobikom, f"<mesajiniz><METİN>a</METİN>{RECIPIENTS}</mesajiniz>")
    assert ("unread", "T-07", "/SMS/mesajiniz/METİN", "metin, in ASCII letters") in notes(kobikom)
    assert "" == kobikom.sent().text


def test_a_message_without_numbers_beside_another_is_noted(kobikom: Any) -> None:
    """Nothing is sent of it, nothing is charged (S-05)."""
    empty = f"<mesajiniz>{TEXT}<alicilar><gsm/></alicilar></mesajiniz>"
    assert 0 == code(kobikom, empty + f"<mesajiniz>{TEXT}{RECIPIENTS}</mesajiniz>{empty}")
    found = [note for note in kobikom.journal()[-1]["explanation"] if note["clause"] == "S-05"]
    assert [("noted", "/SMS/mesajiniz/alicilar", 2)] == [(n["kind"], n["path"], n["times"]) for n in found]
    assert 999 == kobikom.balance()


@pytest.mark.parametrize("own", ["a,b", ",", " a", "a ", "\u00a0a", "a\u2003"])
def test_ids_that_no_pull_can_name_are_noted(kobikom: Any, own: str) -> None:
    """They work, and the note stands at the first of them (S-03)."""
    assert [(0, "x"), (0, own), (0, own + "2 ")] == [
        (status, name) for status, name, _ in kobikom.send(*[TURKCELL] * 3, ids=["x", own, own + "2 "])
    ]
    [note] = kobikom.journal()[-1]["explanation"]
    assert ("noted", "S-03", "/SMS/mesajiniz/alicilar/gsm[2]/@messageId", 2) == tuple(
        note[key] for key in ("kind", "clause", "path", "times")
    )


def test_ids_that_a_pull_can_name_are_not_noted(kobikom: Any) -> None:
    """Blanks and other signs inside an id are fine (S-03)."""
    kobikom.send(*[TURKCELL] * 3, ids=["a b", "a;b&", "ş"])
    assert [] == kobikom.why()


def test_a_no_break_space_around_a_number_is_not_echoed(kobikom: Any) -> None:
    """White space around a number does not count, U+00A0 included (S-01)."""
    assert [(0, TURKCELL)] == [(status, number) for status, _, number in kobikom.send(f"\u00a0{TURKCELL} \u00a0")]


@pytest.mark.parametrize(
    ("fields", "noted"),
    [
        ({"pushurl": "www.example.com/dlr"}, True),
        ({"pushurl": "ftp://example.com/"}, True),
        ({"pushurl": "http://127.0.0.1:9/"}, False),
        ({"pushurl": "ftp://example.com/", "nopush": "1"}, False),
        ({"pushurl": "nopush"}, False),
        ({}, False),
    ],
)
def test_a_push_url_that_cannot_be_used_is_noted_at_once(kobikom: Any, fields: dict[str, str], noted: bool) -> None:
    """When the message is accepted, not when its report is lost (S-19)."""
    assert [0] == kobikom.codes(TURKCELL, **fields)
    assert [("noted", "S-19", "/SMS/mesajiniz/pushurl")] * noted == kobikom.why()


def test_an_ignored_charset_parameter_is_noted(kobikom: Any) -> None:
    """Sent as UTF-8, called something else (T-03)."""
    body = kobikom.body(kobikom.block(TURKCELL, metin="ğ"))
    for name, noted in (("x-unknown", True), ("iso-8859-9", True), ("utf-8", False)):
        assert [0] == [status for status, _, _ in kobikom.results(kobikom.post(body, f"text/xml; charset={name}"))]
        found = [note for note in kobikom.journal()[-1]["explanation"] if note["clause"] == "T-03"]
        assert [("unread", name)] * noted == [(note["kind"], note["found"]) for note in found]
        assert "ğ" == kobikom.sent().text


@pytest.mark.parametrize(
    ("period", "long_validity", "status", "clause"),
    [
        ("00:00", "clamp", 0, "S-16"),
        ("48:00", "clamp", 0, None),
        ("48:01", "clamp", 0, "S-16"),
        ("1000:00", "clamp", 0, "S-16"),
        ("1000:00", "refuse", -23, "S-17"),
        ("48:01", "refuse", -23, "S-17"),
        ("48:00", "refuse", 0, None),
        ("abc", "clamp", -23, "S-17"),
    ],
)
def test_validity_periods(
    world: Callable[..., Any], period: str, long_validity: str, status: int, clause: str | None
) -> None:
    """Both values of `long-validity`; 00:00 is noted (S-16, S-17)."""
    kobikom = world(readings={"long-validity": long_validity})
    assert [status] == kobikom.codes(TURKCELL, ValidityPeriod=period)
    assert [clause] * (clause is not None) == [note[1] for note in kobikom.why()]


def test_a_message_that_expires_at_once_is_not_delivered(kobikom: Any) -> None:
    """Validity 00:00 (S-16, R-11)."""
    kobikom.send(TURKCELL, ValidityPeriod="00:00")
    kobikom.later(1)
    assert [("NOT_DELIVERED", "4101")] == [(report["status"], report["gsmerror"]) for report in kobikom.reports()]


def test_equal_notes_are_one(kobikom: Any) -> None:
    """A thousand recipients with an unknown attribute are one note that counts them (T-07, T-11)."""
    inner = f"<gsm id='7'>{TURKCELL}</gsm>" * 1000
    kobikom.post(f"<SMS>{LOGIN}<mesajiniz>{TEXT}<alicilar>{inner}</alicilar></mesajiniz></SMS>".encode())
    [note] = kobikom.journal()[-1]["explanation"]
    assert ("/SMS/mesajiniz/alicilar/gsm/@id", "7", 1000) == (note["path"], note["found"], note["times"])


@pytest.mark.parametrize("flood", ["<a{}/>", "<mesajiniz><baslik{}/></mesajiniz>", "<metin>{}</metin>"])
def test_the_number_of_notes_is_bounded(kobikom: Any, flood: str) -> None:
    """Whatever a body is full of (T-11)."""
    inner = "".join(flood.format(nth) for nth in range(3000))
    kobikom.post(f"<SMS>{LOGIN}<mesajiniz>{TEXT}{RECIPIENTS}</mesajiniz>{inner}</SMS>".encode())
    explanation = kobikom.journal()[-1]["explanation"]
    assert len(explanation) < 110
    assert 3000 <= sum(note["times"] for note in explanation)
