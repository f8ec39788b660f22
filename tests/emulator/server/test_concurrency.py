"""Under concurrent requests credit and reports stay exact, and no id is given twice (C-04, R-03)."""

import asyncio
import re
import threading
from decimal import Decimal

import aiohttp
from raw_http import BALANCE, NUMBER, PULL, Line, asking, credit, eventually, order, together

from kobikom_emulator import Emulator

REPORT = re.compile(r'<message id="([^"]+)"')
START = "2026-01-31T09:00:00+03:00"


def test_threads_spend_one_account_to_the_last_unit(emulator: Emulator, port: int) -> None:
    """Sixteen clients ask for more than the credit pays: that much is accepted, each id once, the rest is -2."""
    results: list[list[tuple[int, str, str]]] = []

    def client() -> None:
        with Line(port) as line:
            for _ in range(25):
                line.say(asking(order(NUMBER, NUMBER, NUMBER)))
                results.append(line.hear().results)

    with together(*[client] * 16):
        pass
    flat = [result for answer in results for result in answer]
    accepted = [message_id for status, message_id, _ in flat if status == 0]
    assert (1200, 1000, 1000) == (len(flat), len(accepted), len(set(accepted)))
    assert {0, -2} == {status for status, *_ in flat}
    assert "0.000" == credit(port)


def test_fractional_prices_are_exact() -> None:
    """A price that has no exact binary float is charged exactly by many concurrent clients (C-04)."""
    account = {"user": "test", "password": "test", "credit": "100", "price": "0.007"}
    with Emulator(accounts=[account]) as emulator:
        port = emulator.running.port

        def client() -> None:
            with Line(port) as line:
                line.say(asking(order(NUMBER, NUMBER, NUMBER)) * 40)
                assert [0] * 120 == [status for _ in range(40) for status, *_ in line.hear().results]

        with together(*[client] * 8):
            pass
        assert Decimal(100) - Decimal("0.007") * 960 == Decimal(credit(port))


def test_the_last_unit_can_be_spent() -> None:
    """A credit of 0.3 pays three messages at 0.1; binary floats would refuse the third (C-04)."""
    account = {"user": "test", "password": "test", "credit": "0.3", "price": "0.1"}
    with Emulator(accounts=[account]) as emulator, Line(emulator.running.port) as line:
        line.say(asking(order()) * 4)
        assert [0, 0, 0, -2] == [line.hear().results[0][0] for _ in range(4)]
        assert "0.000" == credit(emulator.running.port)


def test_pulling_while_sending_gives_each_report_once() -> None:
    """With four senders, four pullers and a moving clock, every accepted message is reported exactly once."""
    with Emulator(seed=1, clock={"start": START}) as emulator:
        port = emulator.running.port
        sent: list[str] = []
        reported: list[str] = []
        all_sent = threading.Event()

        def sender() -> None:
            with Line(port) as line:
                for _ in range(40):
                    line.say(asking(order(NUMBER, f'<gsm messageId="own{len(sent)}-{id(line)}">{NUMBER}</gsm>')))
                    sent.extend(message_id for _, message_id, _ in line.hear().results)

        def puller() -> None:
            with Line(port) as line:
                while not all_sent.is_set():
                    line.say(asking(None, target=PULL))
                    reported.extend(REPORT.findall(line.hear().body.decode()))

        def clock() -> None:
            while not all_sent.is_set():
                emulator.clock.advance(0.3)

        with together(*[puller] * 4, clock):
            with together(*[sender] * 4):
                pass
            emulator.clock.advance(2)
            eventually(lambda: len(reported) >= len(sent) or not missing(port, reported))
            all_sent.set()
        assert 320 == len(set(sent))
        assert sorted(sent) == sorted(reported)


def missing(port: int, reported: list[str]) -> bool:
    """Pull once more and return whether there was a report."""
    with Line(port) as line:
        line.say(asking(None, target=PULL))
        found = REPORT.findall(line.hear().body.decode())
        reported.extend(found)
        return not found


def test_one_report_wanted_by_many() -> None:
    """Of thirty-two concurrent pulls that name one message, one gets its report, the others NO_DATA (R-03, R-04)."""
    with Emulator(seed=1, clock={"start": START}) as emulator:
        port = emulator.running.port
        for nth in range(5):
            with Line(port) as line:
                line.say(asking(order(f'<gsm messageId="m{nth}">{NUMBER}</gsm>')))
                line.hear()
            emulator.clock.advance(2)
            lines = [Line(port) for _ in range(32)]
            try:
                for line in lines:
                    line.say(asking(None, target=f"{PULL}&messageid=m{nth}"))
                bodies = [line.hear().body for line in lines]
            finally:
                for line in lines:
                    line.socket.close()
            assert 31 == bodies.count(b"NO_DATA")
            assert 1 == sum(b'id="m%d"' % nth in body for body in bodies)


async def test_hundreds_of_asynchronous_requests() -> None:
    """An asyncio client in the server's own loop sends 400 requests: all are answered, charged and get own ids."""
    async with Emulator() as emulator:
        url = f"{emulator.url}/api/sendsms/xml/"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:

            async def send() -> str:
                async with session.post(url, data=order()) as response:
                    return await response.text()

            answers = await asyncio.gather(*[send() for _ in range(400)])
            async with session.post(url, data=BALANCE) as response:
                assert "<miktar>600.000</miktar>" in await response.text()
        ids = {re.search(r"<status>0</status>\n<messageid>(\d{15})<", answer)[1] for answer in answers}  # type: ignore[index]
        assert 400 == len(ids)
