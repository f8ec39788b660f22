"""The paper server, asked over raw sockets; the examples of the vendor's page come first.

Only bytes go in and come out; the clock is a value that the test moves, so nothing waits.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote_plus

import pytest
import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parent.parent))

from paper_server import CLAIMS, DOES_NOT_CLAIM, LIMITS, READINGS, Account, PaperServer

from kobikom_contracts.clauses import READING_BY_NAME

pytestmark = pytest.mark.asyncio

SEND = "/api/sendsms/xml/"
PULL = "/api/sendsms/xml/pull?kullanici=test&parola=test"
LOGIN = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"
CSV = "text/csv;charset= UTF-8"

# The page's first structure, flash and a schedule of 4d3h2m1s included, as it is printed.
PAGE_SEND = """XML=
<SMS>
<dogrulama>
<kullanici>test</kullanici>
<parola>test</parola>
</dogrulama>
<tip>bulk</tip>
<mesajiniz>
<baslik>Kobikom</baslik>
<metin>Merhaba</metin>
<flash>1</flash>
<type></type>
<wapurl></wapurl>
<binary></binary>
<datacoding></datacoding>
<esmclass></esmclass>
<srcton></srcton>
<srcnpi></srcnpi>
<destton></destton>
<destnpi></destnpi>
<ileriTarih>4d3h2m1s</ileriTarih>
<ValidityPeriod></ValidityPeriod>
<appid></appid>
<pushurl></pushurl>
<nopush></nopush>
 <languageCode>ES</languageCode>
<alicilar>
<gsm>905329975725</gsm>
<gsm></gsm>
<gsm></gsm>
<gsm></gsm>
</alicilar>
</mesajiniz>
</SMS>
"""
PAGE_IDS = """XML=
<SMS>
<dogrulama>
<kullanici>test</kullanici>
<parola>test</parola>
</dogrulama>
<mesajiniz>
<baslik>Kobikom</baslik>
<metin>Merhaba</metin>
<ileriTarih>1s</ileriTarih>
<alicilar>
<gsm
messageId="clientmsgID1">905329975725</gsm>
<gsm
messageId="clientmsgID2">905329975726</gsm>
<gsm
messageId="clientmsgID3">905329975737</gsm>
<gsm
messageId="clientmsgID4">905329975744</gsm>
</alicilar>
</mesajiniz>
</SMS>"""


class MovedClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2012, 5, 22, 12, 28, 38, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer as it came off the socket."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Bench:
    """A listening paper server, its clock, and a raw socket to ask it on."""

    server: PaperServer
    clock: MovedClock

    async def raw(self, data: bytes, *, eof: bool = True) -> bytes:
        """Everything the server says to these bytes, until it closes."""
        host, _, port = self.server.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(data)
        if eof:
            writer.write_eof()
        async with asyncio.timeout(5):
            said = await reader.read()
        writer.close()
        await writer.wait_closed()
        return said

    async def post(self, body: bytes | str, headers: str = "") -> Answer:
        """POST without any header but Content-Length and what is given."""
        octets = body.encode() if isinstance(body, str) else body
        head = f"POST {SEND} HTTP/1.1\r\n{headers}Content-Length: {len(octets)}\r\n\r\n"
        return single(await self.raw(head.encode() + octets))

    async def get(self, target: str) -> Answer:
        """A bare GET."""
        return single(await self.raw(f"GET {target} HTTP/1.1\r\nHost: kobikom.com\r\n\r\n".encode()))

    async def balance(self) -> str:
        """The amount a balance query prints."""
        answer = await self.post(f"<bakiye>{LOGIN}</bakiye>")
        found = re.search(rb"<miktar>(.*)</miktar>", answer.body)
        assert found is not None
        return found[1].decode()


def answers(said: bytes) -> list[Answer]:
    """The pipelined answers in these bytes; fails on one without Content-Length."""
    found = []
    while said:
        head, _, said = said.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        status = int(first.split()[1])
        length = 0 if status == 100 else int(headers["Content-Length"])
        found.append(Answer(status, headers, said[:length]))
        said = said[length:]
    return found


def single(said: bytes) -> Answer:
    """The only answer in these bytes."""
    (answer,) = answers(said)
    return answer


def sms(*gsm: str, fields: str = "<metin>Merhaba</metin>", login: str = LOGIN) -> str:
    """A send with these recipients; a string with `<` is taken as a whole element."""
    numbers = "".join(g if "<" in g else f"<gsm>{g}</gsm>" for g in gsm)
    block = f"<mesajiniz><baslik>Kobikom</baslik>{fields}<alicilar>{numbers}</alicilar></mesajiniz>"
    return f"<SMS>{login}{block}</SMS>"


def statuses(answer: Answer) -> list[int]:
    """The codes of a send answer, in order."""
    return [int(code) for code in re.findall(rb"<status>(-?\d+)</status>", answer.body)]


def refusal(code: int) -> bytes:
    """The document that refuses a whole request (A-05)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<results>\n<result>\n'
        f"<status>{code}</status><messageid></messageid><destination></destination></result>\n"
        "</results>\n"
    ).encode()


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    """A fresh paper server with its default account."""
    clock = MovedClock()
    async with PaperServer(clock=clock) as server:
        yield Bench(server, clock)


async def test_page_send_example(bench: Bench) -> None:
    """The page's first example is accepted for its one number and reported after its schedule."""
    answer = await bench.post(PAGE_SEND, "Content-Type: application/xml Accept: */*\r\n")
    assert (200, CSV) == (answer.status, answer.headers["Content-Type"])
    assert [0] == statuses(answer)
    assert 177 == len(answer.body)  # T-10: a 12-digit number and an 18-digit id
    assert 5 == answer.body.count(b"\n")
    assert b"<destination>905329975725</destination>" in answer.body
    bench.clock.advance(4 * 86400 + 3 * 3600 + 2 * 60 + 1)
    assert b"NO_DATA" == (await bench.get(PULL)).body
    bench.clock.advance(1)
    assert b'status="DELIVERED" gsmerror="0"' in (await bench.get(PULL)).body


async def test_page_client_ids(bench: Bench) -> None:
    """The page's second example echoes the client's ids, and each report is given exactly once."""
    answer = await bench.post(PAGE_IDS)
    assert [0, 0, 0, 0] == statuses(answer)
    ids = re.findall(rb"<messageid>(.*?)</messageid>", answer.body)
    assert [b"clientmsgID%d" % n for n in (1, 2, 3, 4)] == ids
    assert b"NO_DATA" == (await bench.get(PULL)).body
    bench.clock.advance(1)
    dates = b'sentdate="2012/5/22 15:28:38" donedate="2012/5/22 15:28:39"'
    line = b'<message id="%s" ' + dates + b' status="DELIVERED" gsmerror="0"/>\n'
    named = await bench.get(PULL + "&MessageId=clientmsgID3,nobody")
    assert b"<DeliveryReport>\n" + line % b"clientmsgID3" + b"</DeliveryReport>\n" == named.body
    rest = b"".join(line % b"clientmsgID%d" % n for n in (1, 2, 4))
    assert b"<DeliveryReport>\n" + rest + b"</DeliveryReport>\n" == (await bench.get(PULL)).body
    assert b"NO_DATA" == (await bench.get(PULL)).body


@pytest.mark.parametrize(
    "wrap",
    [
        lambda xml: xml.encode(),
        lambda xml: b"\n" + xml.encode() + b"\n",
        lambda xml: b"XML=\n" + xml.encode(),
        lambda xml: b"xml=" + quote_plus(xml).encode(),
        lambda xml: b"a=b&XML=" + quote_plus(xml).encode() + b"&c=d",
        lambda xml: b'--B\r\nContent-Disposition: form-data; name="XML"\r\n\r\n' + xml.encode() + b"\r\n--B--\r\n",
        lambda xml: b"\xef\xbb\xbf" + xml.encode(),
        lambda xml: xml.encode("utf-16"),
        lambda xml: b'<?xml version="1.0" encoding="ISO-8859-9"?>' + xml.encode("iso-8859-9"),
    ],
    ids=["bare", "newline", "literal", "encoded", "form", "multipart", "bom", "utf-16", "latin-5"],
)
async def test_body_forms(bench: Bench, wrap: object) -> None:
    """Every body form gives the same text: plus, percent and Turkish letters unharmed (T-02)."""
    assert callable(wrap)
    text = "1+1=%32 &amp; ğüş"
    answer = await bench.post(wrap(sms("905352220087", fields=f"<metin>{text}</metin>")))
    assert [0] == statuses(answer)
    assert text.replace("&amp;", "&") == bench.server.world.messages[0].order.recorded["metin"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", -22),
        ("<SMS><a></SMS>", -22),
        ("<other/>", -22),
        ('<!DOCTYPE SMS [<!ENTITY a "b">]><SMS/>', -22),
        ("<a>" * 5000 + "</a>" * 5000, -22),
        (sms("905352220087", fields="<metin>a & b</metin>"), -22),
        (sms("905352220087", fields="<metin>\udcfe</metin>"), -22),
        (sms("905352220087", login=""), -10),
        (sms("905352220087", login=LOGIN.replace("parola>test", "parola> ")), -11),
        (sms("905352220087", login=LOGIN.replace("parola>test", "parola>x")), -5),
        (sms(""), -6),
        (sms("905352220087", fields="<ileriTarih>1h1d</ileriTarih>"), -27),
        (sms("905352220087", fields="<ileriTarih>99999999999d</ileriTarih>"), -27),
        (sms("905352220087").replace("Kobikom", "Somebody"), -23),
        (sms("905352220087", fields="<flash>7</flash>"), -23),
        (sms("905352220087", fields="<metin>a</metin><binary>00</binary>"), -23),
        (sms("905352220087", fields="<ValidityPeriod>1:60</ValidityPeriod>"), -23),
        (f"<bakiye>{LOGIN.replace('>test', '>x')}</bakiye>", -5),
    ],
)
async def test_refused_requests(bench: Bench, body: str, code: int) -> None:
    """A refused request is HTTP 200 with exactly one empty result and is free (A-05, C-03)."""
    answer = await bench.post(body.encode("utf-8", "surrogateescape"))
    assert (200, refusal(code)) == (answer.status, answer.body)
    assert "1000.000" == await bench.balance()


async def test_recipients_judged_one_by_one(bench: Bench) -> None:
    """Each number is judged for itself, echoed as submitted (S-01, S-04, S-06 to S-08, S-22)."""
    wanted = {
        "905352220087": 0,
        "+905352220087": 0,
        "00905352220087": 0,
        "05352220087": 0,
        " 5352220087\n": 0,
        '<gsm messageId="a">905352220054</gsm>': 0,
        '<GSM MESSAGEID="a">905322542525</GSM>': -33,
        "902123334455": -13,
        "90 535 222 00 87": -13,
        "905990000099": -13,
        "4915123456789": -3,
        "905352220087 ": 0,
    }
    answer = await bench.post(sms(*wanted))
    assert list(wanted.values()) == statuses(answer)
    echoed = re.findall(rb"<destination>(.*?)</destination>", answer.body)
    submitted = [re.sub(r"<[^>]*>", "", number).strip() for number in wanted]
    assert submitted == [number.decode() for number in echoed]
    assert "993.000" == await bench.balance()


@pytest.mark.parametrize(
    ("fields", "cost"),
    [
        ("<metin></metin>", 1),
        (f"<type>longSMS</type><metin>{'a' * 160}</metin>", 1),
        (f"<type>LONGSMS</type><metin>{'a' * 161}</metin>", 2),
        (f"<type>longSMS</type><metin>{'a' * 307}</metin>", 3),
        (f"<type>longSMS</type><metin>{'€' * 80}</metin>", 1),
        (f"<type>longSMS</type><metin>{'a' * 152}{'€' * 80}</metin>", 3),
        (f"<metin>{'a' * 500}</metin>", 1),
        (f"<type>longSMS</type><metin>{'ş' * 70}</metin>", 1),
        (f"<type>longSMS</type><metin>{'ş' * 71}</metin>", 2),
        (f"<type>longSMS</type><languageCode>TR</languageCode><metin>{'ş' * 77}</metin>", 1),
        (f"<type>longSMS</type><languageCode>es</languageCode><metin>{'ş' * 78}</metin>", 2),
        (f"<type>longSMS</type><languageCode>TR</languageCode><metin>èş{'a' * 152}</metin>", 1),
        (f"<type>longSMS</type><languageCode>TR</languageCode><metin>èş{'a' * 153}</metin>", 2),
        (f"<type>longSMS</type><languageCode>TR</languageCode><metin>{'ş' * 149}</metin>", 3),
        (f"<type>longSMS</type><datacoding>8</datacoding><metin>{'a' * 71}</metin>", 2),
        (f"<type>longSMS</type><metin>{'😀' * 35}</metin>", 1),
        (f"<type>longSMS</type><metin>{'😀' * 67}</metin>", 3),
        (f"<type>longSMS</type><binary>{'00' * 141}</binary>", 2),
        (f"<binary>{'00' * 141}</binary>", 1),
    ],
)
async def test_parts_are_charged(bench: Bench, fields: str, cost: int) -> None:
    """A message costs its parts times the price, by alphabet and length (S-10 to S-14, C-01)."""
    assert [0] == statuses(await bench.post(sms("905352220087", fields=fields)))
    assert f"{1000 - cost}.000" == await bench.balance()


async def test_short_credit_and_two_accounts() -> None:
    """What can be paid goes, in document order; accounts don't see each other (C-02, R-05)."""
    clock = MovedClock()
    poor = Account(user="poor", password="p", credit=Decimal("0.300"), price=Decimal("0.1"))
    async with PaperServer([poor, Account()], clock) as server:
        bench = Bench(server, clock)
        login = "<dogrulama><kullanici>poor</kullanici><parola>p</parola></dogrulama>"
        answer = await bench.post(sms(*["905352220087"] * 4, login=login))
        assert [0, 0, 0, -2] == statuses(answer)
        left = await bench.post(f"<bakiye>{login}</bakiye>")
        assert b"<miktar>0.000</miktar>" in left.body
        clock.advance(1)
        assert b"NO_DATA" == (await bench.get(PULL)).body
        pulled = await bench.get("/api/sendsms/xml/pull/?Kullanici=poor&PAROLA=p")
        assert 3 == pulled.body.count(b"DELIVERED")


async def test_titles_and_balance(bench: Bench) -> None:
    """Titles and balance answer in the page's shape, without white space between elements."""
    declaration = b'<?xml version="1.0" encoding="UTF-8"?>'
    titles = await bench.post(f"<basliklar>\n    {LOGIN}\n</basliklar>")
    normal = b"".join(b"<baslik>%s</baslik>" % t for t in (b"Kobikom", b"TEST", b"DEMO"))
    groups = b"<normal>" + normal + b"</normal><sayisal></sayisal>"
    assert declaration + b"<basliklar>" + groups + b"</basliklar>" == titles.body
    balance = await bench.post(declaration + f"<bakiye>{LOGIN}</bakiye>".encode())
    amount = b"<miktar>1000.000</miktar><kur>TRY</kur>"
    assert declaration + b"<bakiye>" + amount + b"</bakiye>" == balance.body
    assert CSV == titles.headers["Content-Type"] == balance.headers["Content-Type"]


async def test_pull_refusals(bench: Bench) -> None:
    """A refused pull is the bare positive number (R-07)."""
    base = "/api/sendsms/xml/pull"
    bodies = [
        (await bench.get(base + query)).body
        for query in ("", "?parola=x", "?kullanici=test", "?kullanici=test&parola=test1")
    ]
    assert [b"10", b"10", b"11", b"5"] == bodies


async def test_magic_numbers(bench: Bench) -> None:
    """Magic numbers end as told, validity runs out, NOT_ALLOWED is paid back (R-09 to R-11)."""
    numbers = [*range(1, 12), *range(21, 25), 30, *range(41, 49)]
    fields = "<metin>x</metin><ValidityPeriod>02:00</ValidityPeriod>"
    answer = await bench.post(sms(*(f"90599{n:07d}" for n in numbers), fields=fields))
    assert [0] * len(numbers) == statuses(answer)
    assert "976.000" == await bench.balance()
    ends = []
    for seconds in (1, 9, 50, 3540, 3600):
        bench.clock.advance(seconds)
        body = (await bench.get(PULL)).body
        ends.append(re.findall(rb'status="(\w+)" gsmerror="(\d+)"', body))
    assert "977.000" == await bench.balance()
    delivered, expired = (b"DELIVERED", b"0"), (b"NOT_DELIVERED", b"4101")
    assert [[delivered], [delivered], [delivered], [expired, expired]] == ends[1:]
    assert [
        "NOT_SENT",
        "SENT",
        "NOT_DELIVERED",
        "DELIVERED",
        "NOT_ALLOWED",
        "INVALID_DESTINATION_ADDRESS",
        "INVALID_SOURCE_ADDRESS",
        "ROUTE_NOT_AVAILABLE",
        "NOT_ENOUGH_CREDITS",
        "REJECTED",
        "INVALID_MESSAGE_FORMAT",
    ] == [status.decode() for status, _ in ends[0][:11]]
    errors = [int(error) for _, error in ends[0][11:]]
    assert [1, 27, 31, 32, 34, 256, 500, 2048] == errors


async def test_appid_keeps_reports_apart(bench: Bench) -> None:
    """A report with an appid is given only to a pull that names it (S-18)."""
    await bench.post(sms("905352220087", fields="<metin>x</metin><appid>shop</appid>"))
    bench.clock.advance(1)
    assert b"NO_DATA" == (await bench.get(PULL)).body
    assert b"NO_DATA" == (await bench.get(PULL + "&appid=other")).body
    assert 1 == (await bench.get(PULL + "&appid=shop")).body.count(b"<message ")


async def test_pipelined_chunked_and_expecting(bench: Bench) -> None:
    """Pipelined requests on a half-closed socket are answered in order, whatever their framing."""
    body = f"<bakiye>{LOGIN}</bakiye>".encode()
    plain = b"POST %s HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s"
    expecting = plain % (SEND.encode(), b"Expect: 100-continue\r\n", len(body), body)
    absolute = plain % (b"http://www.kobikom.com/api/sendsms/xml", b"", len(body), body)
    chunks = b"%x;x=y\r\n%s\r\n%x\r\n%s\r\n0\r\nA: b\r\n\r\n" % (
        5,
        body[:5],
        len(body) - 5,
        body[5:],
    )
    chunked = b"POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" % SEND.encode() + chunks
    pull = f"GET {PULL} HTTP/1.0\r\n\r\n".encode()
    said = answers(await bench.raw(expecting + absolute + b"\r\n" + chunked + pull))
    assert [100, 200, 200, 200, 200] == [answer.status for answer in said]
    assert said[1].body == said[2].body == said[3].body
    assert b"NO_DATA" == said[4].body
    kept = [answer.headers["Connection"] for answer in said[1:]]
    assert ["keep-alive", "keep-alive", "keep-alive", "close"] == kept


async def test_plain_http_errors() -> None:
    """Wrong method, wrong path and a body over the cap are the only plain HTTP errors (T-08)."""
    clock = MovedClock()
    async with PaperServer(clock=clock, max_body=1000) as server:
        bench = Bench(server, clock)
        wrong = await bench.get(SEND)
        assert (405, "POST") == (wrong.status, wrong.headers["Allow"])
        posted = single(await bench.raw(f"POST {PULL} HTTP/1.1\r\n\r\n".encode()))
        assert (405, "GET") == (posted.status, posted.headers["Allow"])
        assert 404 == (await bench.get("/api/sendsms/")).status
        assert 413 == (await bench.post(b"x" * 1_000_000)).status
        head = await bench.raw(f"HEAD {SEND} HTTP/1.1\r\n\r\n".encode())
        assert head.startswith(b"HTTP/1.1 405 ")
        assert head.endswith(b"\r\n\r\n")
        assert 400 == single(await bench.raw(b"nonsense\r\n\r\n")).status


async def test_parallel_sends_and_pulls(bench: Bench) -> None:
    """Under parallel requests credit adds up and no report is given twice (C-04, R-03)."""
    sent = await asyncio.gather(*(bench.post(sms("905352220087")) for _ in range(20)))
    ids = [i for answer in sent for i in re.findall(rb"<messageid>(\d{18})</messageid>", answer.body)]
    assert 20 == len(set(ids))
    assert "980.000" == await bench.balance()
    bench.clock.advance(1)
    pulls = await asyncio.gather(*(bench.get(PULL) for _ in range(5)))
    given = [i for answer in pulls for i in re.findall(rb'<message id="(\d+)"', answer.body)]
    assert sorted(ids) == sorted(given)


async def test_as_a_program() -> None:
    """As a program it prints where it listens, takes accounts, and ends 0 on SIGTERM."""
    command = [sys.executable, "-m", "paper_server", "--port", "0", "--account", "a:b:c:2.5"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        line = (await process.stdout.readline()).decode()
        found = re.fullmatch(r"paper server listening on http://127\.0\.0\.1:(\d+)\n", line)
        assert found is not None
        reader, writer = await asyncio.open_connection("127.0.0.1", int(found[1]))
        login = LOGIN.replace("nici>test", "nici>a").replace("rola>test", "rola>b:c")
        body = f"<bakiye>{login}</bakiye>".encode()
        writer.write(b"POST %s HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % (SEND.encode(), len(body)))
        writer.write(body)
        assert b"<miktar>2.500</miktar>" in await reader.read()
        writer.close()
        await writer.wait_closed()
    finally:
        process.send_signal(signal.SIGTERM)
        code = await process.wait()
    assert 0 == code


async def test_readings_differ_from_the_defaults() -> None:
    """It follows other readings than the project's defaults in at least five places."""
    assert len(READINGS) >= 5
    assert [] == [name for name, value in READINGS.items() if value not in READING_BY_NAME[name].values[1:]]


async def test_claims_are_disjoint() -> None:
    """What is claimed and what is not don't overlap, and every limit is of a claimed clause."""
    assert set() == CLAIMS & DOES_NOT_CLAIM.keys()
    assert set() == LIMITS.keys() - CLAIMS
