"""One request is bounded in what it costs, and lets others in meanwhile (T-11)."""

import asyncio
import encodings
import sys
import threading
import tracemalloc
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from lxml import etree

from kobikom_emulator.domain.account import Account
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.journal.journal import size_of
from kobikom_emulator.protocol.envelope import open_envelope
from kobikom_emulator.protocol.known_names import has_known_names_only
from kobikom_emulator.protocol.malformed import Malformed
from kobikom_emulator.space import large_work
from kobikom_emulator.space.blueprint import Limits

T = TypeVar("T")
SMS = "/api/sendsms/xml/"
NUMBER = "905321234567"
BALANCE = b"<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>"

TIGHT = Limits(max_depth=10, max_elements=400, max_text=6000, max_messages=5, max_recipients=20, max_ids=3)


def drive(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing."""
    try:
        while True:
            work.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


def message(*numbers: str, text: str = "a", attributes: str = "") -> str:
    recipients = "".join(f"<gsm{attributes}>{number}</gsm>" for number in numbers)
    return f"<mesajiniz><metin>{text}</metin><alicilar>{recipients}</alicilar></mesajiniz>"


def credit_of(kobikom: Any) -> Decimal:
    return drive(kobikom.space.store.credit("test", kobikom.clock.now()))


OVER: dict[str, tuple[str, int, str]] = {
    "deep": ("<a>" * 20 + "</a>" * 20, -22, "limits.max-depth"),
    "deeper than the parser goes": ("<a>" * 350, -22, "limits.max-depth"),
    "elements": ("<a/>" * 1000, -22, "limits.max-elements"),
    "elements with comments between": ("<a/><!-- - -->" * 1000, -22, "limits.max-elements"),
    "attributes": ("<a b='1' c='2' d='3'/>" * 100, -22, "limits.max-elements"),
    "attributes of one element": (
        f"<a {' '.join(f'a{nth}=' + repr('') for nth in range(410))}/>",
        -22,
        "limits.max-elements",
    ),
    "CDATA sections": (message(NUMBER, text="<![CDATA[a]]>" * 500), -22, "limits.max-elements"),
    "comments": ("<!---->" * 500 + message(NUMBER), -22, "limits.max-elements"),
    "a text": (message(NUMBER, text="a" * 7000), -22, "limits.max-text"),
    "a text of references": (message(NUMBER, text="&#65;" * 1500), -22, "limits.max-text"),
    "an id": (message(NUMBER, attributes=f' messageId="{"a" * 7000}"'), -22, "limits.max-text"),
    "messages": (message(NUMBER) * 6, -23, "limits.max-messages"),
    "a message and empty ones": (message(NUMBER) + "<mesajiniz/>" * 100, -23, "limits.max-messages"),
    "empty messages": ("<mesajiniz/>" * 150, -23, "limits.max-messages"),
    "recipients": (message(*[NUMBER] * 21), -23, "limits.max-recipients"),
    "recipients of several messages": (message(*[NUMBER] * 11) * 2, -23, "limits.max-recipients"),
}
"""Content of a send over one limit, its status, and the setting that the journal names."""


@pytest.mark.parametrize("shape", ["single", "per-recipient"])
@pytest.mark.parametrize("case", OVER)
def test_each_limit_answers_once_and_names_its_setting(world: Callable[..., Any], case: str, shape: str) -> None:
    """A request over a limit gets one result, however many recipients it has and whatever `refusal-shape` says, and
    the journal says which setting it was; nothing is charged (T-11).
    """
    content, code, setting = OVER[case]
    kobikom = world(limits=TIGHT, readings={"refusal-shape": shape})
    assert [(code, "", "")] == kobikom.results(kobikom.post(kobikom.body(content)))
    [finding, *_] = kobikom.journal()[-1]["explanation"]
    assert ("T-11.2", code, True) == (finding["statement"], finding["code"], setting in finding["hint"])
    assert Decimal(1000) == credit_of(kobikom)


@pytest.mark.parametrize(
    "content",
    [
        "<a>" * 8 + "</a>" * 8,
        "<a/>" * 150,
        message(NUMBER, text="<![CDATA[" + "<" * 2000 + "=" * 900 + "]]>"),
        "<!--" + "<a/>" * 2000 + "-->" + message(NUMBER),
        message(NUMBER) * 5,
        message(*[NUMBER] * 20),
        message(NUMBER, text="a" * 2900),
    ],
)
def test_what_is_within_the_limits_is_read(world: Callable[..., Any], content: str) -> None:
    """What only looks like elements or attributes (in CDATA sections, comments and texts) does not count (T-11)."""
    kobikom = world(limits=TIGHT)
    kobikom.post(kobikom.body(content))
    assert "T-11" not in [finding["clause"] for finding in kobikom.journal()[-1]["explanation"]]


def test_a_long_name_of_a_namespace_is_refused(kobikom: Any) -> None:
    """The name of a namespace is part of the name of each element in it: ten thousand times a thousand (T-11)."""
    body = f"<a:SMS xmlns:a='{'u' * 1001}'>{'<a:b/>' * 10}</a:SMS>".encode()
    assert [(-22, "", "")] == kobikom.results(kobikom.post(body))
    assert "T-11.2" == kobikom.journal()[-1]["explanation"][0]["statement"]
    assert open_envelope(body.replace(b"u" * 1001, b"u" * 1000)).root.nsmap


def test_a_pull_with_too_many_ids_gives_nothing(world: Callable[..., Any]) -> None:
    """It is answered with the number of -23, and the reports stay (T-11, R-07)."""
    kobikom = world(limits=TIGHT)
    kobikom.send(*[NUMBER] * 4)
    kobikom.later(10)
    assert b"23" == kobikom.pull(messageid="1,2,3,4")
    [finding] = kobikom.journal()[-1]["explanation"]
    assert ("T-11.2", True) == (finding["statement"], "limits.max-ids" in finding["hint"])
    assert b"NO_DATA" == kobikom.pull(messageid="1,2,3")
    assert 4 == len(kobikom.reports())


FLOODS: dict[str, Callable[[int], str]] = {
    "a message, then empty ones": lambda count: message(NUMBER) + "<mesajiniz/>" * count,
    "messages": lambda count: message(NUMBER) * (count // 4),
    "messages with remarks": lambda count: (message(NUMBER, text="") + message()) * (count // 8),
    "messages refused for a field": lambda count: message(NUMBER).replace("<metin>", "<flash>7</flash><metin>") * count,
    "elements": lambda count: "<a/>" * count,
    "different elements": lambda count: "".join(f"<a{nth}/>" for nth in range(count)),
    "elements within an unknown one": lambda count: f"<a>{'<b><gsm/></b>' * count}</a>",
    "attributes": lambda count: f"<a {' '.join(f'a{nth}=' + repr('') for nth in range(count))}/>",
    "different misplaced elements": lambda count: "".join(f"<a{nth % 90}/><b/>" for nth in range(count)),
    "stray texts": lambda count: "<a/>x" * count,
    "equal refusals": lambda count: message(*["1"] * count),
    "different refusals": lambda count: message(*[f"1{nth}" for nth in range(count)]),
    "foreign numbers": lambda count: message(*[f"49151{nth:08}" for nth in range(count)]),
    "equal ids": lambda count: message(*[NUMBER] * count, attributes=' messageId="1"'),
    "recipients without credit": lambda count: message(*[NUMBER] * (1000 + count)),
}
"""Contents of a send that cost much in one way, as a function of how many there are."""


@pytest.mark.parametrize("flood", FLOODS)
@pytest.mark.parametrize("password", ["test", "wrong"])
def test_the_work_grows_with_the_body_alone(world: Callable[..., Any], flood: str, password: str) -> None:
    """Twice as many of whatever a body is full of cost twice as many calls, not four times as many (T-11). What is
    done is counted, no time is measured.
    """
    make = FLOODS[flood]
    first, second = (_calls(world().post, world().body(make(count), password=password)) for count in (1500, 3000))
    assert second < 2.5 * first + 2000


def _calls(work: Callable[[bytes], object], body: bytes) -> int:
    """How many functions of Python and C are called, and how many elements they iterate over is in them."""
    calls = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    work(body[:0])
    sys.setprofile(count)
    try:
        work(body)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("flood", FLOODS)
def test_a_refused_request_leaves_little_behind(world: Callable[..., Any], flood: str) -> None:
    """What the journal keeps of a request is its bytes and a bounded number of notes, never an object for each element
    or recipient (T-11).
    """
    kobikom = world()
    kobikom.send(NUMBER, "4915112345678")  # what is loaded once
    body = kobikom.body(FLOODS[flood](5000))
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        kobikom.post(body)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    entry = next(reversed(kobikom.space.journal)).entry
    stored = 1500 * len(kobikom.messages()) if entry.ids else 0
    assert kept - before < size_of(entry) + 600_000 + stored


def test_equal_refusals_are_one_note_with_the_first_places(kobikom: Any) -> None:
    """A note for each different refusal says how many there are and where the first five stand (T-11)."""
    kobikom.send(*["1", "2"] * 500)
    notes = [note for note in kobikom.journal()[-1]["explanation"] if note["kind"] == "refused"]
    assert [500, 500] == [note["times"] for note in notes]
    gsm = "/SMS/mesajiniz/alicilar/gsm"
    assert (gsm, [f"{gsm}[{nth}]" for nth in (3, 5, 7, 9)]) == (notes[0]["path"], notes[0]["places"])


def test_an_answer_is_bounded_by_the_body(world: Callable[..., Any]) -> None:
    """One result a recipient has at most ten times the bytes of the shortest recipient; over the limit there is one."""
    kobikom = world(limits=Limits(max_recipients=2000), readings={"refusal-shape": "per-recipient"})
    within, over = (kobikom.body(message(*["1"] * count), password="wrong") for count in (2000, 2001))
    assert 2000 == len(kobikom.results(kobikom.post(within)))
    assert len(kobikom.post(within)) < 10 * len(within)
    assert [(-5, "", "")] == kobikom.results(kobikom.post(over))


def test_distinct_charsets_stay_out_of_pythons_codec_cache(kobikom: Any) -> None:
    """Names are looked up in a closed list: Python would remember each that was ever asked for (T-05, T-11)."""
    kobikom.post(BALANCE, "text/xml; charset=iso-8859-9")
    before = len(encodings._cache)  # type: ignore[attr-defined]  # where Python remembers names
    for nth in range(300):
        kobikom.post(BALANCE, f"text/xml; charset=x-{nth}")
        kobikom.post(f'<?xml version="1.0" encoding="y-{nth}"?><SMS/>'.encode(), "")
    assert before == len(encodings._cache)  # type: ignore[attr-defined]


async def _answered_meanwhile(kobikom: Any, body: bytes) -> tuple[int, bytes]:
    """How many balance queries are answered while a request is, and its answer."""
    request = asyncio.ensure_future(kobikom.gateway.post(WireRequest("POST", SMS, body)))
    answered = 0
    await asyncio.sleep(0)
    while not request.done():
        balance = await kobikom.gateway.post(WireRequest("POST", SMS, BALANCE))
        assert b"<miktar>" in balance.body
        answered += not request.done()
        await asyncio.sleep(0)
    return answered, (await request).body


@pytest.mark.parametrize(
    "content",
    [
        message(*[NUMBER] * 5000),
        message(*[f"4915{nth:09}" for nth in range(3000)]),
        message(NUMBER) * 1000,
        "<a/>" * 20_000,
        "<a>" * 20_000,
        message(NUMBER, text="a" * 100_000),
        message(*[NUMBER] * 3000, attributes=' messageId="1"') + "&",
    ],
    ids=["recipients", "foreign", "messages", "elements", "depth", "text", "ampersand"],
)
def test_balance_queries_are_answered_while_a_large_request_is(kobikom: Any, content: str) -> None:
    """A large request is read, decided and answered beside the event loop, and queries wait for no lock (T-11)."""
    answered, _ = asyncio.run(_answered_meanwhile(kobikom, kobikom.body(content)))
    assert answered >= 1


def test_a_large_send_is_one_change(world: Callable[..., Any]) -> None:
    """Small sends beside large ones: each message is charged once, no id is given twice, and the credit never falls
    below zero (C-04).
    """
    kobikom = world(accounts=(Account("test", "test", credit=Decimal(15_000)),))

    async def send(content: str) -> list[Any]:
        answer = await kobikom.gateway.post(WireRequest("POST", SMS, kobikom.body(content)))
        results: list[Any] = kobikom.results(answer.body)
        return results

    async def together() -> list[list[Any]]:
        large = [send(message(*[NUMBER] * 4000)) for _ in range(5)]
        return await asyncio.gather(*large, *(send(message(NUMBER)) for _ in range(20)))

    results = [result for answered in asyncio.run(together()) for result in answered]
    ids = [message_id for code, message_id, _ in results if code == 0]
    assert (15_000, 15_000, Decimal(0)) == (len(ids), len(set(ids)), credit_of(kobikom))


@pytest.mark.parametrize("after", range(0, 40, 4))
def test_a_cancelled_send_is_all_or_nothing(world: Callable[..., Any], after: int) -> None:
    """Wherever a large send is cancelled, what was charged is what was accepted, and later ids are others (C-04)."""
    kobikom = world(accounts=(Account("test", "test", credit=Decimal(9000), push_url="http://127.0.0.1:9/"),))

    async def cancelled() -> None:
        body = kobikom.body(message(*[NUMBER] * 6000))
        request = asyncio.ensure_future(kobikom.gateway.post(WireRequest("POST", SMS, body)))
        turns = 0
        while not request.done() and turns < after:
            await asyncio.sleep(0)
            turns += kobikom.space.lock.locked()
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)

    asyncio.run(cancelled())
    given = {str(state.batch.first_id + state.index) for state in kobikom.messages()}
    accepted = len(given)
    assert accepted in (0, 6000)
    assert Decimal(9000 - accepted) == credit_of(kobikom)
    [(code, message_id, _)] = kobikom.send(NUMBER)
    assert 0 == code
    assert message_id not in given


def test_the_parser_forgets_names(world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """lxml keeps each name as long as the thread lives that read it: after so many bytes small requests with unknown
    names are read in a thread, which is replaced after so many bytes, too (T-11).
    """
    monkeypatch.setattr(large_work, "REMEMBERED", 20_000)
    kobikom, threads = world(), []

    def read_in(root: etree._Element) -> None:
        threads.append(threading.get_ident() == main)

    main = threading.get_ident()
    from kobikom_emulator.gateway import gateway

    decode = gateway.decode
    monkeypatch.setattr(gateway, "decode", lambda root, **more: (read_in(root), decode(root, **more))[1])

    async def ask() -> None:
        for nth in range(40):
            body = kobikom.body(f"<a{nth}>{'b' * 1000}</a{nth}>")
            await kobikom.gateway.post(WireRequest("POST", SMS, body))
        await kobikom.gateway.post(WireRequest("POST", SMS, BALANCE))

    asyncio.run(ask())
    assert ([True] * 15, [False] * 15, True) == (threads[:15], threads[-16:-1], threads[-1])


@pytest.mark.parametrize(
    ("body", "known"),
    [
        (b"<SMS><gsm messageId='1'>5</gsm></SMS>", True),
        (b"XML=<?xml version='1.0' encoding='utf-8'?>\n<sms><METIN>a &amp; b &#351;</METIN></sms>", True),
        (b"<SMS><a/></SMS>", False),
        (b"<SMS a='1'/>", False),
        (b"<SMS>&a;</SMS>", False),
        (b"<SMS></a></SMS>", False),
        (b"<SMS><?a?></SMS>", False),
        (b"<a:SMS xmlns:a='b'/>", False),
        (b"XML=%3CSMS%3E%3Ca%2F%3E%3C%2FSMS%3E", False),
    ],
)
def test_known_names(body: bytes, known: bool) -> None:
    """A body passes only where the parser meets no name that is not the API's."""
    assert known is has_known_names_only(body)


@pytest.mark.parametrize("white", ["\xa0 ", " \xa0", "\n\t", "\xa0"])
def test_any_amount_of_white_space_is_skipped(white: str) -> None:
    """Runs of both kinds of white space, before and after the document, are as long as a body may be (T-06)."""
    around = (white * 100_000).encode()
    assert b"<SMS/>" == open_envelope(around + b"<SMS/>" + around).xml


def test_a_form_is_decoded_across_its_pieces() -> None:
    """A percent-encoded octet is decoded wherever a piece of a long form ends (T-02)."""
    for shift in range(4):
        xml = b"<SMS><metin>" + b"a" * shift + "ş".encode() * 30_000 + b"</metin></SMS>"
        body = b"XML=" + b"".join(b"%%%02X" % octet for octet in xml)
        assert xml == open_envelope(body).xml


@pytest.mark.parametrize("filler", ["<!--", "<![CDATA[", "<?", "&a;", "&", "<a ", "<a b='", "]]>"])
def test_floods_of_openings_are_refused_in_linear_work(kobikom: Any, filler: str) -> None:
    """Whatever is opened many times and never closed is -22 with an explanation, in a few passes over the body."""
    kobikom.post(kobikom.body(filler * 60_000))
    assert -22 == kobikom.journal()[-1]["code"]


def test_malformed_names_the_limit() -> None:
    """The error of the envelope has the name of the setting and its value."""
    with pytest.raises(Malformed) as error:
        open_envelope(b"<a>" * 65 + b"</a>" * 65)
    assert ("max-depth", 64) == (error.value.limit, error.value.most)
