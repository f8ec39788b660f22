"""A test of your own code against the emulator, in one process: pytest examples/python/test_notifications.py"""

from urllib.request import urlopen

import pytest

from kobikom_client import Client, Refused
from kobikom_emulator import Emulator


@pytest.fixture
def kobikom():
    """A new emulator on a free port, with a clock that only the test moves."""
    with Emulator(seed=1, clock={"start": "2026-01-31T09:00:00+03:00"}) as emulator:
        yield emulator


def notify(client: Client, number: str, order: int) -> bool:
    """The code under test. Replace it by your own code that gets the URL as a setting."""
    return client.send(f"Siparişiniz {order} yolda.", number).results[0].accepted


def test_an_order_is_announced(kobikom):
    """The message is accepted, and its report is available after the clock has moved."""
    client = Client(kobikom.url, "test", "test")
    assert notify(client, "905329975725", 17)
    assert client.reports() == ()
    kobikom.clock.advance(1)
    assert [report.status for report in client.reports()] == ["DELIVERED"]


def test_a_wrong_password_is_noticed(kobikom):
    """The refusal is raised, and the journal explains it."""
    with pytest.raises(Refused) as refused:
        notify(Client(kobikom.url, "test", "guess"), "905329975725", 17)
    assert refused.value.code == -5
    assert kobikom.journal[-1].explanation[0]["clause"] == "A-03"


def test_an_empty_pull_has_the_bytes_of_the_page(kobikom):
    """A pull without reports is answered with NO_DATA."""
    with urlopen(f"{kobikom.url}/api/sendsms/xml/pull?kullanici=test&parola=test") as answer:
        assert answer.read() == b"NO_DATA"
