"""Metrics count what happened, in the format of Prometheus, and hold no recipient, text or password."""

from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kobikom_emulator import Emulator

SERVER = "/_emulator/metrics"


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels, in the order of their names."""
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def own(asker: Any) -> Iterator[Any]:
    """A server of its own."""
    with Emulator({"clock": {"start": "2026-01-31T09:00:00+03:00"}}) as emulator:
        yield asker(emulator)


@pytest.fixture
def space(own: Any) -> dict[str, Any]:
    return dict(own.open(name="metered", accounts=[{"user": "metered", "password": "gizli-parola", "credit": "5"}]))


def of_space(own: Any) -> dict[tuple[str, ...], float]:
    return samples(own.ask("GET", "/_emulator/spaces/metered/metrics").body)


def of_server(own: Any) -> dict[tuple[str, ...], float]:
    return samples(own.ask("GET", SERVER).body)


def test_requests_are_counted_by_operation_and_code(own: Any, space: dict[str, Any]) -> None:
    """A send, two refused ones and a pull; a request of another space is not among them."""
    own.send(space)
    own.send(space, title="Nobody")
    own.send(space, title="Nobody")
    own.pull(space)
    own.send(own.open(name="other"))
    requests = {key[1:]: value for key, value in of_space(own).items() if key[0] == "kobikom_requests_total"}
    assert {("0", "send", "accepted"): 1, ("-34", "send", "refused"): 2, ("", "pull", "empty"): 1} == requests


def test_messages_and_credit_follow_the_clock(own: Any, space: dict[str, Any]) -> None:
    """Messages by their status now, what the account can spend, lines of the ledger."""
    own.send(space, "905329975725 905329975726")
    before = of_space(own)
    own.at("metered", "POST", "/clock", {"advance": 60})
    after = of_space(own)
    names = [("kobikom_messages", "sent"), ("kobikom_messages", "DELIVERED"), ("kobikom_credit", "TRY", "metered")]
    assert [2, 0, 3] == [before[name] for name in names]
    assert [0, 2, 3] == [after[name] for name in names]
    assert 2 == before["kobikom_ledger_lines",]


def test_every_message_is_counted(own: Any, space: dict[str, Any]) -> None:
    """Over more than one slice of the store."""
    own.at("metered", "PATCH", "/accounts/metered", {"credit": "9999"})
    own.send(space, " ".join(["905329975725"] * 2100))
    assert 2100 == of_space(own)["kobikom_messages", "sent"]


def test_waiting_pushes_are_counted(own: Any, space: dict[str, Any]) -> None:
    """All of them, and those that are due: none of these before its message is final."""
    own.send(space, "905329975725 905329975726", more="<pushurl>http://127.0.0.1:9/</pushurl>")
    numbers = of_space(own)
    assert (2, 0) == (numbers["kobikom_pushes_waiting",], numbers["kobikom_pushes_due",])


@pytest.mark.parametrize("end", ["reset", "close"])
def test_a_counter_never_goes_back(end: str, own: Any, space: dict[str, Any]) -> None:
    """The requests of a space that was reset or closed stay in those of the server; its messages do not."""
    own.send(space)
    before = of_server(own)
    if end == "reset":
        own.at("metered", "POST", "/reset")
    else:
        own.at("metered", "DELETE", "")
    after = of_server(own)
    sent = ("kobikom_requests_total", "0", "send", "accepted")
    assert (1, 1) == (before[sent], after[sent])
    message = ("kobikom_messages", "sent")
    assert (1, 0) == (before[message], after[message])


def test_the_server_adds_its_spaces_up(own: Any, space: dict[str, Any]) -> None:
    """Messages and journal of all spaces; credit of the default space alone, so that spaces add no series."""
    own.send(space)
    own.send(own.open(name="other"))
    numbers = of_server(own)
    assert (3, 2, 2) == tuple(
        numbers[name] for name in (("kobikom_spaces",), ("kobikom_messages", "sent"), ("kobikom_journal_entries",))
    )
    assert [("kobikom_credit", "TRY", "test")] == [key for key in numbers if key[0] == "kobikom_credit"]


def test_the_server_says_how_late_its_loop_is(own: Any) -> None:
    """And what its process needs."""
    names = {key[0] for key in of_server(own)}
    assert {"kobikom_event_loop_lag_seconds_count", "kobikom_event_loop_lag_seconds_sum"} <= names
    assert "kobikom_info" in names


def test_no_content_is_a_label(own: Any, space: dict[str, Any]) -> None:
    """Neither number nor text, title, id, password or address; the user of an account is one."""
    own.send(space, "905329975725#kendi-id", text="Gizli metin", more="<pushurl>http://127.0.0.1:9/ozel</pushurl>")
    own.ask("POST", "/api/sendsms/xml/", b"<x>Gizli metin")
    both = own.ask("GET", SERVER).body + own.ask("GET", "/_emulator/spaces/metered/metrics").body
    secrets = ("905329975725", "Gizli", "kendi-id", "gizli-parola", "ozel", "Kobikom", "127.0.0.1")
    assert [] == [word for word in secrets if word in both]
    assert 'user="metered"' in both


def test_metrics_need_the_token(asker: Any) -> None:
    """Like the rest of the control API."""
    with Emulator({"control.token": "s3cret"}) as emulator:
        asking = asker(emulator)
        statuses = [
            asking.ask("GET", SERVER, headers=headers).status for headers in ({}, {"Authorization": "Bearer s3cret"})
        ]
    assert [401, 200] == statuses


def test_looking_at_the_loop_ends_with_the_server() -> None:
    """Its timer is cancelled, so that nothing of the server is left in the loop of a program."""
    with Emulator() as emulator:
        emulator.ask_control("GET", SERVER)
        api = emulator.running.control._api
        assert api is not None
        timer = api._metrics._timer
        assert timer is not None
        assert not timer.cancelled()
    assert api._metrics._timer is not None
    assert api._metrics._timer.cancelled()
