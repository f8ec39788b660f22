"""The handle on a space, in process and over HTTP: messages, waits, clock, faults, accounts, ledger, state."""

import gc
import socket
import threading
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.client import RemoteDisconnected
from pathlib import Path

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.driver import ControlRefused, Kobikom, KobikomServer, NotAsExpected

Send = Callable[..., str]
Pull = Callable[..., str]


def test_messages_come_oldest_first_and_whole(space: Kobikom, send: Send) -> None:
    """Each message has its number, title, text, price, times and status as values."""
    send(space, to="05329975725 905321112233", text="bir")
    send(space, text="iki")
    first, second, third = space.messages
    assert ["bir", "bir", "iki"] == [first.text, second.text, third.text]
    assert ("905329975725", "05329975725", "Kobikom", Decimal(1), 1) == (
        first.to,
        first.submitted_as,
        first.title,
        first.cost,
        first.parts,
    )
    assert datetime(2026, 1, 31, 6, tzinfo=UTC) == first.submitted_at
    assert ("sent", "waiting", None) == (third.status, third.report, third.gsm_error)
    assert "GSM" in str(space.detail(third)["alphabet"]).upper()


def test_many_messages_are_found_page_by_page(space: Kobikom, send: Send) -> None:
    """More messages than a page holds come complete and in order."""
    space.account(credit=5000)
    send(space, to=" ".join(f"9053299{n:05}" for n in range(2345)))
    assert [f"9053299{n:05}" for n in range(2345)] == [message.to for message in space.messages]
    assert ["905329900017", "905329901017", "905329902017"] == [each.to for each in space.find(to="*017")]


def test_a_message_is_waited_for(space: Kobikom, send: Send) -> None:
    """One that is there comes at once; one that another thread sends later wakes the waiting test."""
    send(space, text="Kodunuz 1234")
    assert "905329975725" == space.wait_for(text="*1234*", title="Kob*", status="sent").to
    sender = threading.Thread(target=send, args=[space], kwargs={"text": "Kodunuz 9999"})
    sender.start()
    found = space.wait_for_all(2, text="Kodunuz *")
    sender.join()
    assert ["Kodunuz 1234", "Kodunuz 9999"] == [message.text for message in found]


@pytest.mark.parametrize(
    ("pattern", "code"), [((), "1234"), ((r"Kodunuz (\d)",), "1"), ((r"\d\d",), "12"), ((r"(x)?Kod",), "")]
)
def test_a_code_is_read_out_of_a_message(space: Kobikom, send: Send, pattern: tuple[str, ...], code: str) -> None:
    """It is the first group of the pattern, or all of it; without one the text is named."""
    send(space, text="Kodunuz 1234, 56789 degil")
    assert code == space.wait_for_code(*pattern, to="90532*")
    with pytest.raises(NotAsExpected, match=r"no code PIN in 'Kodunuz 1234, 56789 degil'"):
        space.wait_for_code("PIN", timeout=0)


def test_a_wait_that_fails_names_the_nearest_messages(space: Kobikom, send: Send) -> None:
    """A wait in vain names the nearest messages and what differs; before any message, what was asked instead."""
    with pytest.raises(NotAsExpected, match="got no request at all"):
        space.wait_for(timeout=0)
    send(space, title="Nobody")
    with pytest.raises(NotAsExpected, match=r"(?s)no message.*refused -34.*S-09: .*'Nobody'"):
        space.wait_for(timeout=0)
    send(space, text="Kodunuz 1234")
    with pytest.raises(NotAsExpected, match=r"(?s)to '90532\*' and text '\*99\*'.*text is 'Kodunuz 1234', not"):
        space.wait_for(to="90532*", text="*99*", timeout=0.02)
    with pytest.raises(NotAsExpected, match="2 times any message: 1 of the 2 messages"):
        space.wait_for_all(2, timeout=0)


def test_what_was_sent_is_asserted(space: Kobikom, send: Send) -> None:
    """assert_sent wants at least one or exactly so many, and shows what is there instead."""
    with pytest.raises(NotAsExpected, match="got no request"):
        space.assert_sent()
    send(space, text="bir")
    send(space, text="iki")
    assert "iki" == space.assert_sent().text
    assert "bir" == space.assert_sent(text="b*", count=1).text
    with pytest.raises(NotAsExpected, match=r"(?s)1 times, there are 2:.*'bir'.*'iki'"):
        space.assert_sent(count=1)
    with pytest.raises(NotAsExpected, match=r"(?s)text 'bir' 2 times, there are 1\nnearest.*'iki'"):
        space.assert_sent(count=2, text="bir")
    with pytest.raises(ValueError, match="assert_none"):
        space.assert_sent(count=0)
    with pytest.raises(TypeError, match="unknown condition sender; the conditions are to, title, text, status, user"):
        space.assert_sent(sender="Kobikom")


def test_that_nothing_was_sent_is_asserted(space: Kobikom, send: Send) -> None:
    """assert_none passes while nothing matches, and lists what does."""
    space.assert_none()
    send(space, text="bir")
    space.assert_none(text="iki")
    with pytest.raises(NotAsExpected, match=r"(?s)expected no message with text 'b\*', there are 1:\n.*'bir' \(sent\)"):
        space.assert_none(text="b*")


def test_draining_waits_for_what_is_in_flight(space: Kobikom, send: Send) -> None:
    """A push that is due but hangs keeps the space from being drained; without one it is at once."""
    space.drain(timeout=0)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        send(space, more=f"<pushurl>http://127.0.0.1:{listening.getsockname()[1]}/</pushurl>")
        space.drain(timeout=0)
        space.clock.advance(1)
        with pytest.raises(NotAsExpected, match="still under way"):
            space.drain(timeout=0.05)


def test_the_clock_moves_everything(space: Kobikom, send: Send, pull: Send) -> None:
    """Advance, set, freeze and run reach plans and reports."""
    send(space)
    assert "NO_DATA" == pull(space)
    assert datetime(2026, 1, 31, 6, 1, tzinfo=UTC) == space.clock.advance(timedelta(minutes=1))
    assert [("DELIVERED", 0, "ready")] == [(each.status, each.gsm_error, each.state) for each in space.reports]
    assert 'donedate="2026/1/31 9:0:1"' in pull(space)
    assert ["given"] == [each.state for each in space.reports]
    assert datetime(2030, 1, 1, tzinfo=UTC) == space.clock.set("2030-01-01T03:00:00+03:00")
    assert datetime(2030, 1, 1, tzinfo=UTC) == space.clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    assert space.clock.frozen
    assert space.clock.run(rate=60) <= space.clock.now()
    assert not space.clock.frozen
    assert space.clock.freeze() == space.clock.now()
    with pytest.raises(ControlRefused, match="advance") as refused:
        space.clock.advance(-1)
    assert (422, "advance") == (refused.value.status, refused.value.field)


def test_faults_are_armed_counted_and_disarmed(space: Kobikom, send: Send) -> None:
    """A rule fires `times` times, for matching recipients only, and counts matches and firings."""
    fault = space.faults.fail_next(-2)
    assert "<status>-2</status>" in send(space)
    assert "<status>0</status>" in send(space)
    assert (1, 1) == (fault.matched, fault.fired)
    space.faults.fail_next(-3, to="90533*", times=2)
    assert ["-3", "0"] == [
        part.partition("<")[0] for part in send(space, to="905339975725 905329975725").split("<status>")[1:]
    ]
    with space.faults.http_error_next(503), pytest.raises(OSError, match="503"):
        send(space)
    assert [fault.id, 2] == [each.id for each in space.faults.armed()]
    space.faults.clear()
    assert [] == space.faults.armed()
    with pytest.raises(LookupError, match="not armed any more"):
        _ = fault.fired
    with pytest.raises(ControlRefused, match="never matches") as refused:
        space.faults.arm({"kind": "status", "code": -2}, match={"operation": "pull", "to": "9053*"})
    assert "match.to" == refused.value.field


@pytest.mark.parametrize(("lose", "charged"), [("lose_next_answer", 1), ("drop_next", 0)])
def test_an_answer_is_lost(space: Kobikom, send: Send, lose: str, charged: int) -> None:
    """The connection closes without an answer: after the message was accepted and charged, or before."""
    getattr(space.faults, lose)()
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        send(space)
    assert charged == len(space.messages)
    assert 1000 - charged == space.account().credit


def test_the_classic_lost_answer_has_a_short_name(space: Kobikom, send: Send) -> None:
    """lose_next_answer on the handle itself: accepted and charged once, and only that once."""
    space.lose_next_answer()
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        send(space)
    send(space)
    assert 2 == len(space.messages)


def test_how_a_message_ends_is_decided(space: Kobikom, send: Send, pull: Send) -> None:
    """deliver forces the outcome of one message or of all that match; a report that is out stands."""
    send(space, to="905329975725 905339975725")
    (told,) = space.deliver(to="90532*", status="REJECTED", gsm_error=500)
    assert ("REJECTED", 500) == (told.status, told.gsm_error)
    assert 'status="REJECTED" gsmerror="500"' in pull(space)
    assert ["sent"] == [each.status for each in space.deliver(to="90533*", after=60)]
    space.clock.advance(60)
    assert ["REJECTED", "DELIVERED"] == [report.status for report in space.reports]
    with pytest.raises(ControlRefused, match="given already"):
        space.deliver(told)
    with pytest.raises(NotAsExpected, match="nearest misses"):
        space.deliver(to="90555*")


def test_accounts_and_readings_are_changed(space: Kobikom, send: Send) -> None:
    """Credit, titles and price of the space's account, another account, and the readings."""
    assert Decimal("0.5") == space.account(credit=Decimal("0.5")).credit
    assert "<status>-2</status>" in send(space)
    assert ("SHOP",) == space.account(credit="10", titles=["SHOP"], price=2).titles
    send(space, title="SHOP")
    assert 8 == space.account().credit
    assert "pw" == space.account("second", password="pw").password
    with pytest.raises(ControlRefused):
        space.account("third")
    with pytest.raises(ControlRefused) as refused:
        space.account(credit="-1")
    assert "credit" == refused.value.field
    space.set_readings(long_text="refuse")
    assert "refuse" == space.readings["long-text"]
    assert "<status>-23</status>" in send(space, title="SHOP", text="a" * 161)


def test_the_journal_says_why(space: Kobikom, send: Send) -> None:
    """Entries as values, oldest first, and as text for people."""
    send(space)
    send(space, title="Nobody")
    first, second = space.journal
    assert [("send", "accepted", 0), ("send", "refused", -34)] == [
        (each.operation, each.outcome, each.code) for each in (first, second)
    ]
    assert "S-09" == second.explanation[0]["clause"]
    assert second.curl.startswith("curl ")
    assert "refused -34" in space.journal_text()


def test_a_state_goes_out_and_in(space: Kobikom, send: Send) -> None:
    """What is restored is what was taken, messages and clock alike."""
    send(space)
    state = space.state()
    send(space)
    space.clock.advance(60)
    space.restore(state)
    assert state == space.state()
    assert 1 == len(space.messages)


def test_a_scenario_begins_from_a_fresh_space(space: Kobikom, send: Send, tmp_path: Path) -> None:
    """A mapping, a text, a file and a drawn value all play, after a reset unless it is declined."""

    class Drawn:
        def document(self) -> dict[str, object]:
            return {"credit": "1.5"}

    for scenario in ({"credit": "1.5"}, '{"credit": "1.5"}', Drawn()):
        send(space)
        space.play(scenario)
        assert ([], Decimal("1.5")) == (space.messages, space.account().credit)
    file = tmp_path / "day.json"
    file.write_text('{"faults": [{"effect": {"kind": "status", "code": -1}}]}')
    send(space)
    space.play(file, reset=False)
    assert 1 == len(space.messages)
    assert "<status>-1</status>" in send(space)
    with pytest.raises(ControlRefused, match=r"weather: is not known; known: .*readings") as refused:
        space.play({"weather": "bad"})
    assert "weather" == refused.value.field


def test_an_exception_that_leaves_a_space_carries_its_journal(server: KobikomServer, send: Send) -> None:
    """In any runner, what a with block raises has the journal as a note, and the space is closed."""
    with pytest.raises(NotAsExpected) as raised, server.open() as space:
        space.assert_sent(text=send(space))
    assert "accepted 0" in raised.value.__notes__[0]
    assert space.closed
    assert space.name not in server.spaces


def test_the_default_space_is_at_hand(server: KobikomServer) -> None:
    """Its credentials are the settings' and closing the handle leaves it open."""
    default = server.space()
    assert ("test", "test", server.url) == (default.user, default.password, default.base_url)
    default.close()
    assert "default" in server.spaces
    with pytest.raises(ControlRefused, match="no space"):
        server.space("nowhere")


def test_a_connection_that_the_server_closed_is_not_used_again() -> None:
    """A server that was stopped and started again at its port is asked on a new connection."""
    with Emulator() as emulator:
        port = emulator.running.port
        server = KobikomServer.at(emulator.url)
        assert ["default"] == server.spaces
    with Emulator(port=port):
        assert ["default"] == server.spaces
    with pytest.raises(ConnectionError, match="no answer from the emulator at"):
        _ = server.spaces


def test_a_handle_that_is_forgotten_leaves_no_socket_behind(emulator: Emulator) -> None:
    """Without a close, the last reference closes the connections: no ResourceWarning is given."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        space = KobikomServer.at(emulator.url).open()
        space.clock.advance(1)
        space.close()
        del space
        gc.collect()
    assert [] == seen
    with pytest.raises(ResourceWarning, match="unclosed"):  # that such a warning can be seen here
        _warned()


def _warned() -> None:
    """Lose an open socket on purpose."""
    lost = socket.create_server(("127.0.0.1", 0))
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        del lost
        gc.collect()
    raise seen[0].message


@pytest.mark.parametrize(
    "address", ["ftp://x", "http://", "http://127.0.0.1:1/api/sendsms/xml/", "http://a/_emulator/"]
)
def test_an_invalid_address_is_refused(address: str) -> None:
    """Only scheme, host, port and the path of a proxy stand before /api/."""
    with pytest.raises(ValueError, match="is not the address of an emulator"):
        KobikomServer.at(address)


async def test_a_coroutine_waits_without_blocking_its_loop(server: KobikomServer, send: Send) -> None:
    """While a coroutine waits for a message, its own loop goes on and sends it."""
    import asyncio

    with server.open() as space:
        waiting = asyncio.ensure_future(space.aio.wait_for(text="Kod*"))
        await asyncio.sleep(0)
        assert not waiting.done()
        await asyncio.to_thread(send, space)
        assert "Kodunuz 1234" == (await waiting).text
        await space.aio.assert_none(text="none")
        assert 1 == len(await space.aio.wait_for_all(1))
        assert "1234" == await space.aio.wait_for_code()


@pytest.mark.parametrize("method", ["find", "wait_for", "assert_sent", "assert_none", "deliver", "delete"])
def test_an_unknown_condition_is_refused(space: Kobikom, send: Send, method: str) -> None:
    """An unknown condition is a TypeError that names the known ones, wherever conditions are taken; nothing is lost."""
    send(space)
    with pytest.raises(TypeError, match="unknown condition sender; the conditions are to, title, text, status, user"):
        getattr(space, method)(sender="Kobikom")
    assert 1 == len(space.messages)


@pytest.mark.parametrize("method", ["find", "wait_for", "assert_sent", "assert_none", "delete"])
@pytest.mark.parametrize("status", ["delivered", "TESLIM", ""])
def test_an_unknown_status_is_refused(space: Kobikom, send: Send, method: str, status: str) -> None:
    """A status that no message can have is no empty success: the refusal names the statuses there are."""
    send(space)
    choices = rf"status: cannot be '{status}': choose one of DELIVERED, .*scheduled, sent"
    with pytest.raises(ControlRefused, match=choices) as refused:
        getattr(space, method)(status=status)
    assert "status" == refused.value.field.rpartition(".")[2]
    assert 1 == len(space.messages)


def test_an_unknown_outcome_is_refused(space: Kobikom, send: Send) -> None:
    """deliver names the statuses that a message can end with."""
    send(space)
    with pytest.raises(ControlRefused, match=r"status.*NOT_DELIVERED.*REJECTED"):
        space.deliver(status="delivered")


def test_brackets_are_literal(space: Kobikom, send: Send) -> None:
    """Only `*` and `?` are wild: a text in brackets is found as it was sent, and by nothing else."""
    send(space, text="[TEST] kod 1234")
    assert "[TEST] kod 1234" == space.wait_for(text="[TEST] kod*", timeout=0).text
    assert [] == space.find(text="T kod*")
    with pytest.raises(NotAsExpected, match="expected no message with text"):
        space.assert_none(text="[TEST] kod ????")
    space.assert_none(text="[TES] kod*")
    space.faults.fail_next(-2, text="[TEST] kod*")
    assert "<status>0</status>" in send(space, text="T kod 1234")
    assert "<status>-2</status>" in send(space, text="[TEST] kod 5678")


@pytest.mark.parametrize(
    "number", ["905329975725", "+905329975725", "+90 532 997 57 25", "05329975725", "00905329975725", "+90 532*"]
)
def test_a_number_is_found_however_it_is_written(space: Kobikom, send: Send, number: str) -> None:
    """The number as the page prints it, with + or 00, or with the trunk 0, finds the message."""
    send(space)
    assert "905329975725" == space.assert_sent(to=number, count=1).to
    with pytest.raises(NotAsExpected):
        space.assert_none(to=number)


def test_messages_are_deleted(space: Kobikom, send: Send, pull: Pull) -> None:
    """One message, or all that match, are forgotten with their reports; what they cost stays charged."""
    send(space, to="905329975725 905339975725 905349975725")
    first, second, third = space.messages
    assert 1 == space.delete(first)
    assert 1 == space.delete(to="90533*")
    assert [third] == space.messages
    assert 0 == space.delete(text="nothing like this")
    with pytest.raises(ControlRefused, match="no message") as refused:
        space.delete(second.id)
    assert 404 == refused.value.status
    with pytest.raises(TypeError, match="not both"):
        space.delete(third, to="*")
    assert 1 == space.delete()
    space.clock.advance(5)
    assert "NO_DATA" == pull(space)
    assert 997 == space.account().credit


def test_the_ledger_tells_what_moved_the_credit(space: Kobikom, send: Send) -> None:
    """The opening credit, a charge, its refund and a credit set by hand come oldest first, page by page if need be."""
    send(space, to="905990000005 905329975725")  # the first ends NOT_ALLOWED
    space.clock.advance(5)
    space.account(credit="2000")
    assert [
        ("opened", Decimal(1000), None, 0),
        ("charge", Decimal(2), space.messages[0].id, 2),
        ("refund", Decimal(1), space.messages[0].id, 1),
        ("set", Decimal(2000), None, 0),
    ] == [(line.kind, line.amount, line.first_id, line.messages) for line in space.ledger]
    assert {space.user} == {line.user for line in space.ledger}
    for _ in range(1100):
        send(space)
    assert 1104 == len(space.ledger)
    assert 1000 == len(space.journal)  # the newest, by limits.journal-entries
    assert space.journal[0].id < space.journal[-1].id
