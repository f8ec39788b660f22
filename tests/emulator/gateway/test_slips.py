"""Everyday slips of clients are named in the explanation: what, where, by which statement, and how to mend it."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import pytest

from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.journal.rendering import rendered
from kobikom_emulator.space.blueprint import Limits

MOBILE = "905352220087"


def findings(kobikom: Any) -> list[dict[str, Any]]:
    explanation: list[dict[str, Any]] = kobikom.journal()[-1]["explanation"]
    return explanation


def document(metin: str, encoding: str = "utf-8") -> bytes:
    """A send whose text stands on the second line, from column 8 on."""
    login = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"
    message = f"<mesajiniz>\n<metin>{metin}</metin><alicilar><gsm>{MOBILE}</gsm></alicilar></mesajiniz>"
    return f"<SMS>{login}{message}</SMS>".encode(encoding)


@pytest.mark.parametrize(
    ("body", "statement", "place", "found", "hint"),
    [
        pytest.param(document("ak şam", "windows-1254"), "T-05.3", (2, 11), "'ş'", "windows-1254", id="windows-1254"),
        pytest.param(
            b'<?xml version="1.0" encoding="utf-16"?>' + document("ak"), "T-05.5", (1, 1), "utf-16", ".NET", id="utf-16"
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="klingon"?>' + document("ak"), "T-05.5", (None, None), "klingon", "UTF-8",
            id="unknown encoding",
        ),
        pytest.param(b'{"SMS": {"metin": "a"}}', "T-02.7", (None, None), "JSON", "XML", id="json"),
        pytest.param(b"metin=a&gsm=90", "T-02.7", (None, None), "metin, gsm", "XML", id="form"),
        pytest.param(
            b'--x\r\nContent-Disposition: form-data; name="metin"\r\n\r\na\r\n--x--\r\n',
            "T-02.7", (None, None), "metin", "XML", id="multipart",
        ),
        pytest.param(b" \r\n", "T-02.7", (None, None), "an empty body", "body", id="empty"),
        pytest.param(gzip.compress(document("a")), "T-02.7", (None, None), "gzip", "uncompressed", id="gzip"),
        pytest.param(document("a\x00b"), "A-04.1", (2, 9), "U+0000", "control", id="U+0000"),
        pytest.param(document("ş\x0bb"), "A-04.1", (2, 9), "U+000B", "control", id="raw control character"),
        pytest.param(document("a&#x1F;b"), "A-04.1", (2, 9), "U+001F", "control", id="control character by number"),
        pytest.param(document("a&#55296;b"), "A-04.1", (2, 9), "U+D800", "control", id="surrogate"),
        pytest.param(document("Kırk & Oğlu"), "A-04.1", (2, 13), "' Oğlu</", "&amp;", id="bare ampersand"),
        pytest.param(document("a&b"), "A-04.1", (2, 9), "'b</", "&amp;", id="ampersand before a letter"),
        pytest.param(document("a < b"), "A-04.1", (2, 10), "' b</", "&lt;", id="bare less-than"),
        pytest.param(document("a&nbsp;b"), "A-04.1", (2, 9), "&nbsp;", "&#160;", id="entity of HTML"),
        pytest.param(document("ş" * 9)[:-9], "A-04.1", (2, 77), "", "Content-Length", id="counted in characters"),
        pytest.param(document("a")[:-9], "A-04.1", (2, 69), "", "close every element", id="cut"),
        pytest.param(document("a") + b"<SMS/>", "A-04.1", (2, 79), "Extra content", "one document", id="two documents"),
        pytest.param(b"<!DOCTYPE SMS>" + document("a"), "T-11.1", (1, 1), "a DOCTYPE", "leave", id="doctype"),
        pytest.param(b"<x>" * 99 + b"</x>" * 99, "T-11.2", (1, 1), "deeper nesting", "close", id="depth"),
        pytest.param(b"\n\n<soap/>", "T-01.3", (1, 1), "<soap>", "<SMS>", id="root"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read(
    kobikom: Any, body: bytes, statement: str, place: tuple[int | None, int | None], found: str, hint: str
) -> None:
    """-22 with one finding: its statement, line and column, what was found and a hint; nothing of it in the answer."""
    assert [(-22, "", "")] == kobikom.results(kobikom.post(body))
    [finding] = findings(kobikom)
    assert (statement, "refused", -22) == (finding["statement"], finding["kind"], finding["code"])
    assert place[0] == finding["line"]
    assert (place[1] or 0) == pytest.approx(finding["column"] or 0, abs=1)
    assert found in finding["found"]
    assert hint in finding["hint"]


@pytest.mark.parametrize("limit", [262_144, 20_000_000])
def test_a_text_over_the_limit(world: Callable[..., Any], limit: int) -> None:
    """A text over the setting, or over the parser's ten million bytes, is no syntax error but a cap (T-11)."""
    kobikom = world(limits=Limits(max_text=limit))
    kobikom.post(document("a" * 10_000_001))
    [finding] = findings(kobikom)
    most = min(limit, 10_000_000)
    assert ("T-11.2", f"a text of at most {most:,} bytes") == (finding["statement"], finding["expected"])
    assert "shorten" in finding["hint"]


def test_what_stands_in_cdata_is_no_slip(kobikom: Any) -> None:
    """An ampersand in a CDATA section is text: the one outside it is named."""
    kobikom.post(document("<![CDATA[a & b]]> c & d"))
    [finding] = findings(kobikom)
    assert "' d</metin><" in finding["found"]


def test_undeclared_bytes_with_another_slip_are_two_findings(kobikom: Any) -> None:
    """What the bytes hide is found too, as windows-1254 reads it (T-05, A-04)."""
    kobikom.post(document("ış & x", "windows-1254"))
    assert [("refused", "T-05.3"), ("also", "A-04.1")] == [(n["kind"], n["statement"]) for n in findings(kobikom)]


def test_a_compressed_body_is_known_by_its_header_too(kobikom: Any) -> None:
    """Content-Encoding names what the bytes alone do not tell."""
    headers = ((b"Content-Encoding", b"deflate"),)
    asyncio.run(kobikom.gateway.post(WireRequest("POST", "/api/sendsms/xml/", b"\x78\x9c\x03\x00", "", headers)))
    assert "deflate" in findings(kobikom)[0]["found"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {"flash": "7", "ileriTarih": "yarın", "baslik": "Acme"},
            [("refused", -23, "flash"), ("also", -27, "ileriTarih"), ("also", -34, "baslik")],
            id="two fields and the title",
        ),
        pytest.param(
            {"baslik": "Acme", "numbers": ("1", MOBILE)},
            [("refused", -34, "baslik"), ("also", -13, "alicilar/gsm")],
            id="title and recipient",
        ),
        pytest.param(
            {"baslik": "Acme", "numbers": ("", MOBILE, "1")},
            [("refused", -34, "baslik"), ("also", -13, "alicilar/gsm[3]")],
            id="recipient behind an empty one",
        ),
        pytest.param(
            {"binary": "XY", "nopush": "2"},
            [("refused", -23, "nopush"), ("also", -23, "binary")],
            id="in the order of judgement",
        ),
    ],
)
def test_all_faults_of_a_refused_send_are_named(
    kobikom: Any, fields: dict[str, Any], expected: list[tuple[str, int, str]]
) -> None:
    """The first decides the answer, as if it were alone; the explanation has the others as `also`."""
    numbers = fields.pop("numbers", (MOBILE,))
    kobikom.send(*numbers, **fields)
    assert [(kind, code, f"/SMS/mesajiniz/{path}") for kind, code, path in expected] == [
        (finding["kind"], finding["code"], finding["path"]) for finding in findings(kobikom)
    ]
    assert expected[0][1] == kobikom.journal()[-1]["code"]
    assert all(finding["hint"] for finding in findings(kobikom))


def test_all_faults_beside_a_missing_login_are_named(kobikom: Any) -> None:
    """Without user and password: both, and the field that breaks its form (A-01, A-02, S-17)."""
    kobikom.post(b"<SMS><mesajiniz><flash>7</flash></mesajiniz></SMS>")
    assert [
        ("refused", -10, "A-01.4", "/SMS/dogrulama/kullanici"),
        ("also", -11, "A-02.5", "/SMS/dogrulama/parola"),
        ("also", -23, "S-17.1", "/SMS/mesajiniz/flash"),
    ] == [(n["kind"], n["code"], n["statement"], n["path"]) for n in findings(kobikom)]


def test_a_wrong_password_is_at_the_password(kobikom: Any) -> None:
    """Path, statement and hint are those of the password, though the answer is the same -5 (A-03)."""
    kobikom.post(document("a").replace(b"<parola>test", b"<parola>Test"))
    [finding] = findings(kobikom)
    assert (-5, "A-03.2", "/SMS/dogrulama/parola") == (finding["code"], finding["statement"], finding["path"])
    assert "password" in finding["hint"]


def test_a_refused_pull_cites_the_codes_of_pulls(kobikom: Any) -> None:
    """R-07, at the parameter; the page prints 5, 10 and 11 (D)."""
    kobikom.pull(password="x")
    [finding] = findings(kobikom)
    assert ("R-07.1", "D", "?parola") == (finding["statement"], finding["mark"], finding["path"])


@pytest.mark.parametrize("written", [f"{MOBILE},905352220054", f"{MOBILE}; 905352220054", f"{MOBILE}\n905352220054"])
def test_a_list_of_numbers_in_one_gsm(kobikom: Any, written: str) -> None:
    """-13, and the hint says that each number has a gsm of its own (S-06)."""
    assert [(-13, "", written)] == kobikom.send(written)
    assert "a <gsm> of its own" in findings(kobikom)[0]["hint"]


def test_blanks_inside_a_number_are_no_list(kobikom: Any) -> None:
    """`0535 222 00 87` is one number, written wrongly."""
    kobikom.send("0535 222 00 87")
    assert "digits only" in findings(kobikom)[0]["hint"]


def test_a_text_of_combining_marks(kobikom: Any) -> None:
    """A decomposed text takes more characters than it shows: how many, and the form that mends it (S-21)."""
    kobikom.send(MOBILE, metin="s\u0327" * 80, type="longSMS")
    finding = next(each for each in findings(kobikom) if each["statement"] == "S-21.1")
    assert ("noted", "80 combining marks: 160 characters, 80 when composed") == (finding["kind"], finding["found"])
    assert "NFC" in finding["hint"]


@pytest.mark.parametrize("metin", ["şşş", "q\u0307 has no composed form", "plain", "\u212b", "q\u0307\u0323"])
def test_a_composed_text_is_not_remarked(kobikom: Any, metin: str) -> None:
    """Nor is one that composing does not shorten."""
    kobikom.send(MOBILE, metin=metin)
    assert [] == [each for each in findings(kobikom) if each["statement"] == "S-21.1"]


def test_a_cut_binary_is_measured_in_octets(kobikom: Any) -> None:
    """It names the field `binary` and the octets that were lost, not hexadecimal digits (S-14)."""
    kobikom.send(MOBILE, metin="", binary="AB" * 142)
    [finding] = findings(kobikom)
    assert ("changed", "S-14.3", "/SMS/mesajiniz/binary", "2 octets lost: ABAB") == (
        finding["kind"], finding["statement"], finding["path"], finding["found"]
    )  # fmt: skip


@pytest.mark.parametrize(
    "slip",
    [
        lambda kobikom: kobikom.post(document("Kırk & Oğlu")),
        lambda kobikom: kobikom.post(document("ş", "windows-1254")),
        lambda kobikom: kobikom.send("1", baslik="Acme", flash="7"),
        lambda kobikom: kobikom.send(MOBILE, metin="a" * 200),
    ],
)
def test_an_explanation_in_turkish(kobikom: Any, slip: Callable[[Any], Any]) -> None:
    """Every sentence, expectation and hint has another text in Turkish; places, codes and marks are the same."""
    slip(kobikom)
    [*_, newest] = kobikom.space.journal
    english = rendered(newest)["explanation"]
    turkish = rendered(newest, language="tr")["explanation"]
    assert len(english) == len(turkish) > 0
    for one, other in zip(english, turkish, strict=True):
        for key in ("sentence", "expected", "hint"):
            assert not one[key] or one[key] != other[key], key
        for key in ("kind", "code", "clause", "statement", "mark", "path", "line", "column"):
            assert one[key] == other[key]
