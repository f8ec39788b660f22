"""Sending through the gateway, clause by clause (A, S): what is answered, kept and explained."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kobikom_emulator.domain.account import Account
from kobikom_emulator.journal.rendering import summary

TURKCELL, VODAFONE, GERMAN = "905321234567", "905421234567", "4915112345678"
ASCII = "<SMS><dogrulama><kullanici>{}</kullanici><parola>{}</parola></dogrulama></SMS>"


def whole(code: int) -> list[tuple[int, str, str]]:
    """The one result of a refused request (A-05)."""
    return [(code, "", "")]


# A: authentication


@pytest.mark.parametrize("root", ["SMS", "basliklar", "bakiye"])
@pytest.mark.parametrize(
    ("login", "code", "clause"),
    [
        ("", -10, "A-01"),
        ("<dogrulama/>", -10, "A-01"),
        ("<dogrulama><parola>test</parola></dogrulama>", -10, "A-01"),
        ("<dogrulama><kullanici> </kullanici><parola></parola></dogrulama>", -10, "A-01"),
        ("<dogrulama><kullanici>test</kullanici></dogrulama>", -11, "A-02"),
        ("<dogrulama><kullanici>nobody</kullanici><parola>\n</parola></dogrulama>", -11, "A-02"),
        ("<dogrulama><kullanici>nobody</kullanici><parola>test</parola></dogrulama>", -5, "A-03"),
        ("<dogrulama><kullanici>test</kullanici><parola>Test</parola></dogrulama>", -5, "A-03"),
    ],
)
def test_refused_logins(kobikom: Any, root: str, login: str, code: int, clause: str) -> None:
    """The same document whatever was asked; the order -10, -11, -5 (A-01 … A-06)."""
    assert whole(code) == kobikom.results(kobikom.post(f"<{root}>{login}</{root}>".encode()))
    assert clause == kobikom.why()[0][1]


def test_a_bad_login_is_judged_before_anything_in_the_message(kobikom: Any) -> None:
    """A bad login is refused before anything else but unreadable XML (A-04)."""
    block = kobikom.block("1", flash="7", ileriTarih="x")
    assert whole(-5) == kobikom.results(kobikom.post(kobikom.body(block, password="no")))
    assert whole(-22) == kobikom.results(kobikom.post(kobikom.body(block, password="no") + b"<"))


@pytest.mark.parametrize(
    ("password", "numbers", "expected"),
    [
        ("no", (TURKCELL, "", "1"), [(-5, "a", TURKCELL), (-5, "", "1")]),
        ("no", (), [(-5, "", "")]),
        ("", (TURKCELL,), [(-11, "a", TURKCELL)]),
    ],
)
def test_refusals_one_for_each_recipient(
    world: Callable[..., Any], password: str, numbers: tuple[str, ...], expected: list[tuple[int, str, str]]
) -> None:
    """`refusal-shape=per-recipient`: numbers and client ids echoed, single where there is none (A-05)."""
    kobikom = world(readings={"refusal-shape": "per-recipient"})
    body = kobikom.body(kobikom.block(*numbers, ids=["a"]), password=password)
    assert expected == kobikom.results(kobikom.post(body))
    assert whole(-22) == kobikom.results(kobikom.post(b"<SMS>"))


# S-01 … S-08: results, ids, numbers


def test_results_in_document_order_with_numbers_as_submitted(kobikom: Any) -> None:
    """One result a number, echoed as it came but for white space around it (S-01, S-22)."""
    submitted = [" +905321234567\n", "05321234567", "905321234567", "905321234567", "abc"]
    answered = kobikom.send(*submitted)
    assert ["+905321234567", "05321234567", "905321234567", "905321234567", "abc"] == [each[2] for each in answered]
    assert [0, 0, 0, 0, -13] == [each[0] for each in answered]
    assert ("905321234567",) * 4 == kobikom.sent().msisdns


def test_generated_ids_have_15_digits_and_never_repeat(kobikom: Any) -> None:
    """Generated ids have 15 digits and are unique over requests, blocks and recipients (S-02)."""
    ids = [each[1] for _ in range(5) for each in kobikom.send(TURKCELL, VODAFONE)]
    assert {15} == {len(each) for each in ids if each.isdigit()}
    assert 10 == len(set(ids))


def test_client_ids_are_echoed_and_reported(kobikom: Any) -> None:
    """Mixed with generated ones, kept by refused recipients, escaped, of any length (S-03, S-06)."""
    long = "x" * 300
    answered = kobikom.send(TURKCELL, TURKCELL, "1", "2", TURKCELL, ids=['a<&"', "", "b", "", long])
    assert [(0, 'a<&"'), (-13, "b"), (-13, ""), (0, long)] == [
        each[:2] for nth, each in enumerate(answered) if nth != 1
    ]
    assert 15 == len(answered[1][1])
    kobikom.later(1)
    assert {'a<&"', answered[1][1], long} == {report["id"] for report in kobikom.reports()}


@pytest.mark.parametrize(
    ("reading", "first", "second"),
    [
        ("later-ones", [0, -33, 0], [0]),
        ("whole-request", [-33, -33, -33], [0]),
        ("account-history", [0, -33, 0], [-33]),
    ],
)
def test_duplicate_ids(world: Callable[..., Any], reading: str, first: list[int], second: list[int]) -> None:
    """A repeated id is refused as each of the three readings says, in one request and in the next (S-04)."""
    kobikom = world(readings={"duplicate-id": reading})
    assert first == kobikom.codes(TURKCELL, TURKCELL, TURKCELL, ids=["a", "a", ""])
    assert second == kobikom.codes(TURKCELL, ids=["a"])
    assert ["S-04"] if -33 in second else [] == [clause for _, clause, _ in kobikom.why()]


def test_ids_of_refused_messages_are_not_history(world: Callable[..., Any]) -> None:
    """The id of a refused message does not count as used (S-04)."""
    kobikom = world(readings={"duplicate-id": "account-history"})
    assert [-13] == kobikom.codes("1", ids=["a"])
    assert [0] == kobikom.codes(TURKCELL, ids=["a"])


@pytest.mark.parametrize(("reading", "codes"), [("skip", [0, 0]), ("refuse", [-6, 0, -6, 0])])
def test_empty_numbers_beside_real_ones(world: Callable[..., Any], reading: str, codes: list[int]) -> None:
    """Empty numbers beside real ones are skipped or get -6 each (S-05)."""
    kobikom = world(readings={"empty-gsm": reading})
    assert codes == kobikom.codes("", TURKCELL, " ", VODAFONE)
    assert whole(-6) == kobikom.send("", "")
    assert whole(-6) == kobikom.results(kobikom.post(kobikom.body()))


@pytest.mark.parametrize(
    ("number", "lenient", "strict"),
    [
        (TURKCELL, 0, 0),
        ("+905321234567", 0, -13),
        ("00905321234567", 0, -13),
        ("05321234567", 0, -13),
        ("5321234567", 0, None),
        (GERMAN, -3, -3),
        ("+4915112345678", -3, -13),
        ("902121234567", -13, -13),
        ("905991234567", -13, -13),
        ("905 321234567", -13, -13),
        ("abc", -13, -13),
        ("905990000004", 0, 0),
        ("+905990000004", 0, -13),
        ("+9005000000004", -13, -13),
    ],
)
def test_number_forms(world: Callable[..., Any], number: str, lenient: int, strict: int | None) -> None:
    """Both readings; a bare national number is never accepted under strict (S-06, S-07, S-08)."""
    assert [lenient] == world().codes(number)
    [code] = world(readings={"number-form": "strict"}).codes(number)
    assert code == strict if strict is not None else code in (-13, -3)


def test_coverage_opens_countries_and_networks(world: Callable[..., Any]) -> None:
    """Coverage of a country or of a network accepts its numbers (S-07)."""
    kobikom = world(accounts=[Account("test", "test", coverage=frozenset({"DE", "turkcell"}))])
    assert [0, -3, 0] == kobikom.codes(TURKCELL, VODAFONE, GERMAN)
    assert [("refused", "S-07", "/SMS/mesajiniz/alicilar/gsm[2]")] == kobikom.why()


# S-09 … S-19: fields


@pytest.mark.parametrize(
    ("title", "refuse", "accept"),
    [
        ("Kobikom", 0, 0), (" TEST ", 0, 0), ("", 0, 0), ("kobikom", -34, 0), ("YOK", -34, 0), ("A" * 11, -34, 0),
        ("A" * 12, -34, -34), ("8" * 14, -34, 0), ("8" * 15, -34, -34),
    ],
)  # fmt: skip
def test_titles(world: Callable[..., Any], title: str, refuse: int, accept: int) -> None:
    """Unknown titles are refused or accepted by the reading; too long ones are always refused (S-09)."""
    assert [refuse] == world().codes(TURKCELL, baslik=title)
    kobikom = world(readings={"unknown-title": "accept"})
    assert [accept] == kobikom.codes(TURKCELL, baslik=title)
    if accept == 0:
        kobikom.later(1)
        known = title.strip() in ("Kobikom", "TEST", "")
        assert ("DELIVERED" if known else "INVALID_SOURCE_ADDRESS") == kobikom.reports()[0]["status"]
        assert Decimal(999) == kobikom.balance()


@pytest.mark.parametrize(
    ("reading", "type_", "code", "parts"),
    [
        ("cut", "", 0, 1),
        ("split", "", 0, 2),
        ("refuse", "", -23, 0),
        ("cut", "LONGsms", 0, 2),
        ("refuse", "longSMS", 0, 2),
    ],
)
def test_long_texts(world: Callable[..., Any], reading: str, type_: str, code: int, parts: int) -> None:
    """All three readings; longSMS, in any case, overrides them (S-10, S-11, C-01)."""
    kobikom = world(readings={"long-text": reading})
    fields = {"metin": "x" * 161, "type": type_}
    assert [code] == [each[0] for each in kobikom.send(TURKCELL, **fields)]
    assert Decimal(1000 - parts) == kobikom.balance()
    if code == 0:
        assert "x" * (161 if parts == 2 else 160) == "".join(kobikom.sent().segmentation.parts)


@pytest.mark.parametrize(
    ("text", "fields", "alphabet", "parts"),
    [
        ("x" * 160, {}, "gsm", 1),
        ("x" * 307, {}, "gsm", 3),
        ("€" * 80, {}, "gsm", 1),
        ("ş" * 70, {}, "ucs2", 1),
        ("ş" * 71, {}, "ucs2", 2),
        ("ş" + "x" * 153, {"languageCode": "es"}, "gsm+turkish-single", 1),
        ("ş" + "x" * 153, {"languageCode": "TR"}, "gsm+turkish-single", 1),
        ("ş" * 155, {"languageCode": "ES"}, "gsm+turkish-locking", 1),
        ("x" * 71, {"datacoding": "8"}, "ucs2", 2),
        ("x" * 71, {"datacoding": "24"}, "ucs2", 2),
        ("ş", {"languageCode": "DE"}, "ucs2", 1),
    ],
)
def test_alphabets_and_parts(kobikom: Any, text: str, fields: dict[str, str], alphabet: str, parts: int) -> None:
    """What the text needs, what was asked for, and the charge that follows (S-10, S-12, C-01)."""
    assert [0] == kobikom.codes(TURKCELL, metin=text, type="longSMS", **fields)
    assert (alphabet, parts) == (kobikom.sent().segmentation.alphabet, len(kobikom.sent().segmentation.parts))
    assert Decimal(1000 - parts) == kobikom.balance()


def test_unencodable_characters(world: Callable[..., Any]) -> None:
    """A character outside the alphabet makes the text UCS-2 or becomes ? (S-12)."""
    kobikom = world(readings={"unencodable": "question-mark"})
    kobikom.send(TURKCELL, metin="a日😀ş")
    assert ("gsm", ("a???",)) == (kobikom.sent().segmentation.alphabet, kobikom.sent().segmentation.parts)
    assert [("changed", "S-12", "/SMS/mesajiniz/metin")] == kobikom.why()


@pytest.mark.parametrize(
    ("fields", "code", "clause", "element"),
    [
        ({"flash": "7"}, -23, "S-17", "flash"),
        ({"flash": "yes"}, -23, "S-17", "flash"),
        ({"nopush": "2"}, -23, "S-17", "nopush"),
        ({"datacoding": "256"}, -23, "S-17", "datacoding"),
        ({"datacoding": "x"}, -23, "S-17", "datacoding"),
        ({"binary": "abc", "metin": ""}, -23, "S-17", "binary"),
        ({"binary": "zz", "metin": ""}, -23, "S-17", "binary"),
        ({"binary": "00"}, -23, "S-17", "binary"),
        ({"ValidityPeriod": "abc"}, -23, "S-17", "ValidityPeriod"),
        ({"ValidityPeriod": "1:75"}, -23, "S-17", "ValidityPeriod"),
        ({"ileriTarih": "yarin"}, -27, "S-15", "ileriTarih"),
        ({"ileriTarih": "1S"}, -27, "S-15", "ileriTarih"),
        ({"ileriTarih": "9999999d"}, -27, "S-15", "ileriTarih"),
    ],
)
def test_broken_fields_refuse_the_request(
    kobikom: Any, fields: dict[str, str], code: int, clause: str, element: str
) -> None:
    """The whole request, also the other blocks; the explanation names the place (S-15, S-17, S-20)."""
    blocks = [kobikom.block(VODAFONE), kobikom.block(TURKCELL, **fields)]
    assert whole(code) == kobikom.results(kobikom.post(kobikom.body(*blocks)))
    assert [("refused", clause, f"/SMS/mesajiniz[2]/{element}")] == kobikom.why()
    assert Decimal(1000) == kobikom.balance()


def test_flash_by_field_or_coding(kobikom: Any) -> None:
    """Flash, by field or by coding, is recorded and costs the same (S-13)."""
    found = []
    for fields in (
        {"flash": "1"},
        {"flash": "0"},
        {"datacoding": "240"},
        {"datacoding": "24"},
        {"flash": "0", "datacoding": "8"},
    ):
        kobikom.send(TURKCELL, **fields)
        found.append(kobikom.sent().flash)
    assert [True, False, True, True, False] == found
    assert Decimal(995) == kobikom.balance()


def test_binary_messages(kobikom: Any) -> None:
    """140 octets in one part, 134 in each of several, hexadecimal in either case (S-14)."""
    for octets, type_, parts in (
        (140, "", 1),
        (141, "", 1),
        (141, "longSMS", 2),
        (268, "longSMS", 2),
        (269, "longSMS", 3),
    ):
        assert [0] == kobikom.codes(TURKCELL, metin="\n ", binary="aB" * octets, type=type_)
        assert ("binary", parts, "") == (
            kobikom.sent().segmentation.alphabet, len(kobikom.sent().segmentation.parts), kobikom.sent().text
        )  # fmt: skip


def test_technical_fields_are_recorded(kobikom: Any) -> None:
    """Technical fields are recorded with any value (S-14)."""
    fields = {name: f"{name}!" for name in ("wapurl", "esmclass", "srcton", "srcnpi", "destton", "destnpi", "type")}
    assert [0] == kobikom.codes(TURKCELL, **fields)
    assert fields == kobikom.sent().recorded
    assert [("noted", "S-10", "/SMS/mesajiniz/type")] == kobikom.why()


def test_an_empty_text_is_a_message(kobikom: Any) -> None:
    """An empty text is one part, is charged as one, and gets a remark (S-10)."""
    assert [0] == kobikom.codes(TURKCELL, metin="")
    assert Decimal(999) == kobikom.balance()


def test_several_blocks_are_all_sent(kobikom: Any) -> None:
    """All blocks are sent with their own fields, and their results follow in order (S-20)."""
    blocks = [kobikom.block(TURKCELL, "1", metin="bir"), kobikom.block(), kobikom.block(VODAFONE, metin="iki")]
    answered = kobikom.results(kobikom.post(kobikom.body(*blocks)))
    assert [(0, TURKCELL), (-13, "1"), (0, VODAFONE)] == [(code, number) for code, _, number in answered]
    assert ["bir", "iki"] == [batch.text for batch in kobikom.batches()]


def test_the_text_arrives_as_written(kobikom: Any) -> None:
    """White space, line ends and every letter of a text are kept (S-21)."""
    text = " bir\niki\tüç  ğüşıİöç 😀 &amp; "
    kobikom.send(TURKCELL, metin=text)
    assert text == kobikom.sent().text
    kobikom.post(kobikom.body(kobikom.block(TURKCELL).replace("Merhaba", "a&#13;&#10;b<![CDATA[<c>]]>")))
    assert "a\r\nb<c>" == kobikom.sent().text


# T-11, T-07


def test_too_many_recipients(world: Callable[..., Any]) -> None:
    """More recipients than the limit are refused with the API's document (T-11)."""
    kobikom = world(limits=_limits(max_recipients=3))
    assert [0, 0, 0] == kobikom.codes(*[TURKCELL] * 3)
    assert whole(-23) == kobikom.send(*[TURKCELL] * 4)
    assert [("refused", "T-11", "/SMS/mesajiniz/alicilar")] == kobikom.why()


def _limits(**caps: int) -> Any:
    from kobikom_emulator.space.space import Limits

    return Limits(**caps)


def test_the_pages_first_example(kobikom: Any) -> None:
    """Every documented field present, most of them empty, three empty numbers (T-02, S-05, S-15)."""
    empty = (
        "wapurl binary datacoding esmclass srcton srcnpi destton destnpi ValidityPeriod appid pushurl nopush".split()
    )
    fields = {"baslik": "Kobikom", "metin": "Merhaba", "flash": "1", "ileriTarih": "4d3h2m1s", "languageCode": "ES"}
    block = kobikom.block("905329975725", "", "", "", **fields, **dict.fromkeys(empty, ""))
    body = b"XML=\n" + kobikom.body(block).replace(b"<mesajiniz>", b"<tip>bulk</tip>\n<mesajiniz>")
    answer = kobikom.post(body, "application/xml Accept: */*")
    assert [(0, "905329975725")] == [(code, number) for code, _, number in kobikom.results(answer)]
    assert 176 == len(answer)
    kobikom.later(4 * 86_400 + 3 * 3600 + 121)
    assert b"NO_DATA" == kobikom.pull()
    kobikom.later(1)
    assert 1 == len(kobikom.reports())


@pytest.mark.parametrize(
    ("root", "answer"),
    [
        (
            "basliklar",
            b"<basliklar>\n    <normal>\n        <baslik>Kobikom</baslik>\n        <baslik>TEST</baslik>\n"
            b"        <baslik>DEMO</baslik>\n    </normal>\n    <sayisal></sayisal>\n</basliklar>",
        ),
        ("bakiye", b"<bakiye>\n    <miktar>1000.000</miktar>\n    <kur>TRY</kur>\n</bakiye>"),
    ],
)
def test_queries(kobikom: Any, root: str, answer: bytes) -> None:
    """Titles and balance are answered as the page prints them (H-01, B-01)."""
    query = ASCII.format("test", "test").replace("SMS", root).encode()
    assert b'<?xml version="1.0" encoding="UTF-8"?>\n' + answer == kobikom.post(query)


def test_numeric_titles_stand_apart(world: Callable[..., Any]) -> None:
    """Titles of digits only are in the group `sayisal` (H-01)."""
    accounts = [Account("test", "test", titles=("8501234567", "A&B"))]
    kobikom = world(accounts=accounts, readings={"answer-layout": "compact"})
    body = kobikom.post(ASCII.format("test", "test").replace("SMS", "basliklar").encode())
    assert body.endswith(
        b"<normal><baslik>A&amp;B</baslik></normal><sayisal><baslik>8501234567</baslik></sayisal></basliklar>"
    )


@pytest.mark.parametrize(
    ("reading", "expected"), [("as-documented", "text/csv;charset= UTF-8"), ("xml", "application/xml; charset=UTF-8")]
)
async def test_every_answer_carries_the_content_type(world: Callable[..., Any], reading: str, expected: str) -> None:
    """Sends, refusals, queries and pulls have the same Content-Type (T-08, T-09)."""
    from kobikom_emulator.exchange import WireRequest

    kobikom = world(readings={"content-type": reading})
    bodies = [kobikom.body(kobikom.block(TURKCELL)), kobikom.body(), b"", ASCII.replace("SMS", "bakiye").encode()]
    answers = [await kobikom.posted(body) for body in bodies]
    answers.append(await kobikom.gateway.pull(WireRequest("GET", "/api/sendsms/xml/pull")))
    assert {(200, expected)} == {(answer.status, answer.content_type) for answer in answers}


def test_many_refused_recipients_are_explained_in_bounded_time(kobikom: Any) -> None:
    """Equal ones together, with the place of the first, skipped empty elements counted; a hundred others (T-11)."""
    answered = kobikom.send("", *["1"] * 20_000, *map(str, range(1000, 11_000)))
    assert 30_000 == len(answered)
    [first, *others, rest] = next(iter(kobikom.space.journal)).entry.notes
    assert ("/SMS/mesajiniz/alicilar/gsm[2]", 20_000) == (first.path, first.times)
    assert (["/SMS/mesajiniz/alicilar/gsm[20002]"], 99) == ([others[0].path], len(others))
    assert ("", 10_000 - 99) == (rest.path, rest.times)
    assert 30_000 == summary(next(iter(kobikom.space.journal)))["refused"]


def test_a_million_recipients_are_refused_in_the_dialect(kobikom: Any) -> None:
    """A million recipients are refused in bounded time and memory (T-11)."""
    block = kobikom.block("").replace("<gsm></gsm>", "<gsm>5</gsm>" * 1_000_000)
    assert whole(-23) == kobikom.results(kobikom.post(kobikom.body(block)))
