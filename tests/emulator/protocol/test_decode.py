"""From a tree to typed requests (T-01, T-07)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kobikom_emulator.protocol import decode as decode_module
from kobikom_emulator.protocol.decode import (
    FEW,
    Alicilar,
    BalanceQuery,
    Credentials,
    Request,
    SendRequest,
    TitlesQuery,
    decode,
)
from kobikom_emulator.protocol.envelope import Malformed, open_envelope
from kobikom_emulator.protocol.names import FIELDS, PARENTS
from kobikom_emulator.protocol.pull_query import decode_pull
from kobikom_emulator.protocol.slips import MOST_SLIPS, Slip, Unread

LOGIN = "<dogrulama><kullanici>u</kullanici><parola>p</parola></dogrulama>"


def read(xml: str) -> Request:
    return decode(open_envelope(xml.encode()).root)


def send(inner: str) -> SendRequest:
    request = read(f"<SMS>{LOGIN}{inner}</SMS>")
    assert isinstance(request, SendRequest)
    return request


def test_the_root_tells_the_three_documents_apart() -> None:
    """SMS, basliklar and bakiye, in any case (T-01, T-07)."""
    assert [SendRequest, TitlesQuery, BalanceQuery, SendRequest, TitlesQuery] == [
        type(read(f"<{root}>{LOGIN}</{root}>")) for root in ("SMS", "basliklar", "bakiye", "sMs", "BASLIKLAR")
    ]


@pytest.mark.parametrize("root", ["SMSS", "result", "x"])
def test_any_other_root_is_malformed(root: str) -> None:
    """What is none of the three is -22 (T-01)."""
    with pytest.raises(Malformed) as caught:
        read(f"<!-- a -->\n<{root}/>")
    assert ("T-01", f"<{root}>", 2) == (caught.value.clause, caught.value.found, caught.value.line)


def test_a_root_that_was_never_parsed_is_in_the_first_line() -> None:
    """An element made in Python has no line of its own (T-01)."""
    with pytest.raises(Malformed) as caught:
        decode(etree.Element("x"))
    assert (1, 1) == (caught.value.line, caught.value.column)


@pytest.mark.parametrize("root", ["SMS", "basliklar", "bakiye"])
def test_credentials_are_stripped_and_absent_is_empty(root: str) -> None:
    """White space around user and password does not count (A-01, A-02, T-07)."""
    login = "<DOGRULAMA>\n<Parola> p\t</Parola><KULLANICI>\n u </KULLANICI></DOGRULAMA>"
    assert Credentials("u", "p") == read(f"<{root}>{login}</{root}>").credentials
    assert Credentials("", "") == read(f"<{root}/>").credentials
    assert Credentials("", "") == read(f"<{root}><dogrulama><kullanici/></dogrulama></{root}>").credentials


def test_every_field_is_read_in_any_case_and_order() -> None:
    """All documented fields, stripped, but the text exactly as written (T-07, S-21)."""
    names = [
        "baslik", "flash", "type", "wapurl", "binary", "dataCoding", "esmClass", "srcton", "srcnpi", "destton",
        "destnpi", "ileriTarih", "ValidityPeriod", "appid", "pushurl", "nopush", "languageCode",
    ]  # fmt: skip
    fields = "".join(f"<{name}> {name}1\n</{name}>" for name in reversed(names))
    mesaj = send(f"<tip> bulk </tip><mesajiniz><METIN> a\nb </METIN>{fields}</mesajiniz>").messages[0]
    assert {name.lower(): f"{name}1" for name in names} == {n.lower(): getattr(mesaj, n.lower()) for n in names}
    assert " a\nb " == mesaj.metin
    assert "bulk" == send("<tip> bulk </tip>").tip


def test_absent_fields_equal_empty_ones() -> None:
    """Nothing tells `<flash></flash>` from no flash (T-07)."""
    assert send("<mesajiniz/>").messages == send("<mesajiniz><flash></flash><metin/></mesajiniz>").messages


def test_recipients_are_stripped_and_empty_ones_kept() -> None:
    """The gateway decides about empty numbers, the codec keeps them (S-01, S-05)."""
    plain = send("<mesajiniz><alicilar><gsm> 1\n</gsm><gsm></gsm><gsm/></alicilar></mesajiniz>")
    assert Alicilar(("1", "", ""), None) == plain.messages[0].alicilar
    odd = send("<mesajiniz><Alicilar><GSM> 1\n</GSM><x>y</x><gsm/></Alicilar></mesajiniz>")
    assert Alicilar(("1", ""), None) == odd.messages[0].alicilar
    assert (Unread("/SMS/mesajiniz/Alicilar/x", "y"),) == odd.unread


def test_client_ids_run_beside_the_numbers() -> None:
    """With and without may be mixed; the attribute's name in any case; no length limit (S-03)."""
    inner = f"<gsm messageId='a'>1</gsm><gsm>2</gsm><gsm MESSAGEID='{'x' * 500}'/>"
    assert Alicilar(("1", "2", ""), ("a", "", "x" * 500)) == (
        send(f"<mesajiniz><alicilar>{inner}</alicilar></mesajiniz>").messages[0].alicilar
    )
    empty = send("<mesajiniz><alicilar><gsm messageId=''>1</gsm></alicilar></mesajiniz>")
    assert Alicilar(("1",), None) == empty.messages[0].alicilar


def test_unknown_names_are_reported_with_their_paths() -> None:
    """Tags, attributes and what lies inside a text field are ignored and reported (T-07)."""
    request = read(
        "<SMS v='1'><foo>1</foo><foo>2</foo><dogrulama><kullanici>u</kullanici><token>t</token></dogrulama>"
        "<mesajiniz><metin>a<b>c</b>d</metin><renk>mavi</renk></mesajiniz>"
        f"<mesajiniz><alicilar><gsm id='7'>1</gsm><gsm x='{'y' * 99}'>2</gsm></alicilar></mesajiniz></SMS>"
    )
    assert isinstance(request, SendRequest)
    assert "ad" == request.messages[0].metin
    assert [
        ("/SMS/@v", "1"),
        ("/SMS/foo", "1"),
        ("/SMS/dogrulama/token", "t"),
        ("/SMS/mesajiniz/metin/b", "c"),
        ("/SMS/mesajiniz/renk", "mavi"),
        ("/SMS/mesajiniz[2]/alicilar/gsm/@id", "7"),
        ("/SMS/mesajiniz[2]/alicilar/gsm[2]/@x", "y" * 57 + "…"),
    ] == [(each.path, each.found) for each in request.unread]
    assert [1, 2, 1, 1, 1, 1, 1] == [each.times for each in request.unread]
    query = read(f"<bakiye><x>1</x>{LOGIN}</bakiye>")
    assert (Unread("/bakiye/x", "1"),) == query.unread


@pytest.mark.parametrize("flood", ["<a/>" * 5000, "<a><b/></a>" * 5000])
@pytest.mark.parametrize("inside", ["{}", "<mesajiniz>{}</mesajiniz>", "<mesajiniz><metin>{}</metin></mesajiniz>"])
def test_equal_names_are_one_report(flood: str, inside: str) -> None:
    """Five thousand times the same unknown element is one report that counts them (T-07, T-11)."""
    [report] = send(inside.format(flood)).unread
    assert (Slip.UNKNOWN, "a", 5000) == (report.slip, report.path[-1], report.times)


def test_unknown_names_are_not_reported_without_end() -> None:
    """A body of nothing but different unknown names leaves a bounded report that counts the rest (T-11)."""
    unread = send("".join(f"<a{nth}/>" for nth in range(5000))).unread
    assert MOST_SLIPS + 1 == len(unread)
    assert Unread("", "", Slip.REST, times=5000 - MOST_SLIPS) == unread[-1]


SINGLE = [*FIELDS, "tip", "dogrulama", "kullanici", "parola"]
"""Elements of which one is meant."""
PLACES = {"<mesajiniz>": "mesajiniz", "<alicilar>": "mesajiniz><alicilar", "<dogrulama>": "dogrulama"}


def placed(name: str, inner: str) -> str:
    """A document with a few elements where the element `name` belongs."""
    path = PLACES.get(PARENTS[name.lower()], "")
    if not path:
        return inner
    return f"<{path}>{inner}" + "".join(f"</{each}>" for each in reversed(path.split("><")))


@pytest.mark.parametrize("name", SINGLE)
def test_of_a_repeated_element_the_first_counts_and_the_rest_are_reported(name: str) -> None:
    """Every element of which one is meant, several times (T-07)."""
    request = read(f"<SMS>{placed(name, f'<{name}>1</{name}>' + f'<{name.upper()}>2</{name.upper()}>' * 2)}</SMS>")
    assert isinstance(request, SendRequest)
    repeated = [each for each in request.unread if each.slip is Slip.REPEATED]
    assert [(name.upper(), "2", 2)] == [
        (each.path.rpartition("/")[2][: len(name)], each.found, each.times) for each in repeated
    ]
    values = {
        "tip": request.tip,
        "kullanici": request.credentials.kullanici,
        "parola": request.credentials.parola,
        **({each.lower(): getattr(request.messages[0], each.lower()) for each in FIELDS} if request.messages else {}),
    }
    assert name == "dogrulama" or values[name.lower()] == "1"


@pytest.mark.parametrize("name", sorted(PARENTS))
@pytest.mark.parametrize("place", ["SMS", "dogrulama", "mesajiniz", "alicilar", "gsm", "metin", "foreign"])
def test_a_known_element_in_the_wrong_place_is_reported_with_its_own(name: str, place: str) -> None:
    """Every element everywhere but where it belongs: ignored, and the report says where it belongs (T-07)."""
    if PARENTS[name] in (f"<{place}>", "the root element" if place == "SMS" else ""):
        return
    marker = "@@"
    xml = (
        "<SMS>{SMS}<dogrulama>{dogrulama}<kullanici>u</kullanici></dogrulama><foreign>{foreign}</foreign>"
        "<mesajiniz>{mesajiniz}<metin>a{metin}</metin><alicilar>{alicilar}<gsm>1{gsm}</gsm></alicilar></mesajiniz></SMS>"
    )
    places = ["SMS", "dogrulama", "mesajiniz", "alicilar", "gsm", "metin", "foreign"]
    request = read(xml.format(**{each: f"<{name}>{marker}</{name}>" if each == place else "" for each in places}))
    assert isinstance(request, SendRequest)
    assert ("u", "a", ("1",)) == (
        request.credentials.kullanici, request.messages[0].metin, request.messages[0].alicilar.gsm
    )  # fmt: skip
    misplaced = [each for each in request.unread if each.slip is Slip.MISPLACED]
    assert [(marker, PARENTS[name])] == [(each.found, each.wanted) for each in misplaced]


@pytest.mark.parametrize(
    "element", ["SMS", "dogrulama", "kullanici", "mesajiniz", "metin", "alicilar", "gsm", "foreign"]
)
@pytest.mark.parametrize(
    ("attribute", "slip"),
    [("id", Slip.UNKNOWN), ("number", Slip.UNKNOWN), ("messageId", Slip.MISPLACED), ("MESSAGEİD", Slip.SPELLING)],
)
def test_attributes_are_reported_on_every_element(element: str, attribute: str, slip: Slip) -> None:
    """The API has one attribute, `messageId` of `<gsm>`; all others are ignored and reported (T-07)."""
    if slip is Slip.SPELLING and element != "gsm":
        slip = Slip.UNKNOWN
    xml = (
        "<SMS><dogrulama><kullanici>u</kullanici></dogrulama><mesajiniz><metin>a</metin><alicilar><gsm>1</gsm>"
        "</alicilar></mesajiniz><foreign/></SMS>"
    ).replace(f"<{element}", f"<{element} {attribute}='7'", 1)
    unread = [each for each in read(xml).unread if "@" in each.path]
    if element == "foreign" or (element, attribute) == ("gsm", "messageId"):  # the whole element is reported
        assert [] == unread
    else:
        assert [(slip, "7")] == [(each.slip, each.found) for each in unread]
        assert unread[0].path.endswith(f"/{element}/@{attribute}")


@pytest.mark.parametrize("container", ["SMS", "dogrulama", "mesajiniz", "alicilar"])
@pytest.mark.parametrize("end", ["open", "close"])
def test_text_between_elements_is_reported(container: str, end: str) -> None:
    """Numbers without `<gsm>`, for example; white space and U+00A0 are none (T-06, T-07)."""
    mark, text = (f"<{container}>", "{}") if end == "open" else (f"</{container}>", "{}")
    xml = (
        "<SMS><dogrulama><kullanici>u</kullanici></dogrulama><mesajiniz><metin>a</metin><alicilar><gsm>1</gsm>"
        "</alicilar></mesajiniz></SMS>"
    )
    with_text = xml.replace(mark, mark + text if end == "open" else text + mark)
    assert () == read(with_text.format(" \n\u00a0\t")).unread
    [report] = read(with_text.format(" 905,906 ")).unread
    assert (Slip.STRAY_TEXT, "905,906") == (report.slip, report.found)
    assert report.path.endswith(container)


def test_text_between_many_plain_recipients_is_reported_too() -> None:
    """The pass for long lists sees it as well (T-07)."""
    gsm = "<gsm>1</gsm>" * 20
    [report] = send(f"<mesajiniz><alicilar>{gsm}905\n{gsm}</alicilar></mesajiniz>").unread
    assert (Slip.STRAY_TEXT, "905") == (report.slip, report.found)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("METİN", "metin"), ("kullanıcı", "kullanici"), ("KULLANİCİ", "kullanici"), ("başlik", "baslik"),
     ("doğrulama", "dogrulama"), ("mesajınız", "mesajiniz"), ("ileritarıh", "ileriTarih")],
)  # fmt: skip
def test_names_with_turkish_letters_are_other_names(written: str, meant: str) -> None:
    """Only ASCII letters are matched in any case; the report says which name was meant (T-07)."""
    [report] = send(f"<{written}>x</{written}>").unread
    assert (Slip.SPELLING, meant, "x") == (report.slip, report.wanted, report.found)


def test_letters_that_only_lower_to_ascii_are_not_ascii() -> None:
    """The Kelvin sign is no K (T-07)."""
    assert "" == read("<SMS><dogrulama><\u212aullanici>u</\u212aullanici></dogrulama></SMS>").credentials.kullanici


@pytest.mark.parametrize("name", ["kullanici", "parola", *[field for field in FIELDS if field != "metin"], "gsm"])
def test_no_break_spaces_around_a_value_do_not_count(name: str) -> None:
    """The vendor's web page is full of U+00A0 (T-06, S-01)."""
    request = read("<SMS>" + placed(name, f"<{name}>\u00a0 x\u00a0</{name}>") + "</SMS>")
    assert isinstance(request, SendRequest)
    values = {"kullanici": request.credentials.kullanici, "parola": request.credentials.parola}
    if request.messages:
        message = request.messages[0]
        values |= {field.lower(): getattr(message, field.lower()) for field in FIELDS}
        values["gsm"] = "".join(message.alicilar.gsm)
    assert "x" == values[name.lower()]


def test_a_flood_of_attributes_is_read_in_linear_time() -> None:
    """The id among 20,000 other attributes is found, the others bounded (T-11)."""
    attributes = " ".join(f"a{nth}='1'" for nth in range(20_000))
    request = send(f"<mesajiniz><alicilar><gsm {attributes} messageId='m'>1</gsm></alicilar></mesajiniz>")
    assert ("m",) == request.messages[0].alicilar.message_ids
    assert MOST_SLIPS + 1 == len(request.unread)


def test_namespaces_and_comments_do_not_matter() -> None:
    """A default namespace, a prefix, comments and processing instructions change nothing (T-07)."""
    request = read(
        f"<s:SMS xmlns:s='urn:x' xmlns='urn:y'>{LOGIN}<!-- c --><mesajiniz><metin>a<!-- x -->b<?pi?>c</metin>"
        "<alicilar><gsm>90<!-- y -->5</gsm></alicilar></mesajiniz></s:SMS>"
    )
    assert isinstance(request, SendRequest)
    assert ("abc", ("905",), ()) == (request.messages[0].metin, request.messages[0].alicilar.gsm, request.unread)


def test_several_blocks_and_lists_keep_their_order() -> None:
    """Every `<mesajiniz>`, and every `<alicilar>` in it (S-20)."""
    request = send(
        "<mesajiniz><alicilar><gsm>1</gsm></alicilar><alicilar><gsm>2</gsm></alicilar></mesajiniz>"
        "<mesajiniz><alicilar><gsm>3</gsm></alicilar></mesajiniz>"
    )
    assert [("1", "2"), ("3",)] == [mesaj.alicilar.gsm for mesaj in request.messages]
    assert ["/SMS/mesajiniz", "/SMS/mesajiniz[2]"] == [mesaj.path for mesaj in request.messages]


@pytest.mark.parametrize("length", [59, 60, 61])
def test_an_unknown_value_is_quoted_up_to_sixty_characters(length: int) -> None:
    """A longer one is cut to 57 and an ellipsis (T-07)."""
    quoted = "y" * length if length <= 60 else "y" * 57 + "…"
    assert (Unread("/SMS/x", quoted),) == send(f"<x>{'y' * length}</x>").unread
    assert (Unread("?x", quoted),) == decode_pull(f"kullanici=u&x={'y' * length}").unread


@pytest.mark.parametrize("count", [99, 100, 101, 102])
def test_the_report_of_unknown_names_ends_after_a_hundred(count: int) -> None:
    """A hundred are named one by one; of more it says that there were more (T-07, T-11)."""
    assert 100 == MOST_SLIPS
    unread = send("".join(f"<a{nth}/>" for nth in range(count))).unread
    named = min(count, MOST_SLIPS)
    assert [f"/SMS/a{nth}" for nth in range(named)] == [each.path for each in unread[:named]]
    assert [count - MOST_SLIPS] * (count > MOST_SLIPS) == [each.times for each in unread[named:]]


@pytest.mark.parametrize("count", [1, FEW - 1, FEW, FEW + 1, FEW + 2])
@pytest.mark.parametrize(
    "last", ["<gsm>9</gsm>", "<gsm messageId='m'>9</gsm>", "<gsm>9<b/></gsm>", "<GSM>9</GSM>", "<x/>"]
)
def test_many_recipients_are_read_like_few(count: int, last: str) -> None:
    """Long lists are read quickly and short ones slowly, with the same result, whatever stands at their end (S-01)."""
    numbers = [f" {nth} " for nth in range(count)]
    request = send(
        "<mesajiniz><alicilar>" + "".join(f"<gsm>{n}</gsm>" for n in numbers) + last + "</alicilar></mesajiniz>"
    )
    expected = [number.strip() for number in numbers] + ([] if last == "<x/>" else ["9"])
    ids = (*[""] * count, "m") if "messageId" in last else None
    assert Alicilar(tuple(expected), ids) == request.messages[0].alicilar
    unread = {
        "<x/>": ["/SMS/mesajiniz/alicilar/x"],
        "<gsm>9<b/></gsm>": [f"/SMS/mesajiniz/alicilar/gsm[{count + 1}]/b"],
    }
    assert unread.get(last, []) == [each.path for each in request.unread]


_ANY_WHITE = ("", " ", "\n  ", "\t\r\n", "\xa0", " \xa0 ")


@st.composite
def _long_list(draw: st.DrawFn) -> tuple[int, str]:
    """The count and the markup of the recipients of a list: few kinds of white space in each, stray text in some."""
    white = st.sampled_from(draw(st.sampled_from([("",), ("", "\xa0"), ("", " "), _ANY_WHITE])))
    written = st.sampled_from(draw(st.sampled_from([("9", "90532"), ("9", "9 0", "9  0", "9\xa00", "")])))
    between = st.sampled_from(draw(st.sampled_from([("",), ("\n",), ("\r\n  ",), (*_ANY_WHITE, "x", " 9 ")])))
    count = draw(st.integers(FEW + 1, FEW + 4))
    gsm = st.tuples(st.just("<gsm>"), white, written, white, st.just("</gsm>"), between).map("".join)
    return count, draw(between) + "".join(draw(st.lists(gsm, min_size=count, max_size=count)))


@given(_long_list())
@settings(max_examples=200)
def test_white_and_stray_text_is_read_alike_in_long_lists(recipients: tuple[int, str]) -> None:
    """White space around and between the numbers of a long list, U+00A0 included, and text that does not belong there
    are read as one by one (S-01, T-06).
    """
    count, markup = recipients
    message = f"<mesajiniz><alicilar>{markup}</alicilar></mesajiniz>"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decode_module, "FEW", count)
        one_by_one = send(message)
    assert one_by_one == send(message)
