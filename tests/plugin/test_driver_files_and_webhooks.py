"""The handle's exports and webhooks, in process and over HTTP."""

import csv
import io
import json
from collections.abc import Callable

import pytest

from kobikom_emulator.driver import ControlRefused, Kobikom

Send = Callable[..., str]

URL = "http://127.0.0.1:9/hook"
EVERY_EVENT = ("message.accepted", "message.refused", "message.delivered", "message.failed")


def test_messages_are_exported(space: Kobikom, send: Send) -> None:
    """As JSON Lines and as CSV, all of them or those that match."""
    send(space, text="bir")
    send(space, text="iki")
    lines = [json.loads(line) for line in space.export_messages().splitlines()]
    assert ["iki", "bir"] == [message["text"] for message in lines]
    (row,) = csv.DictReader(io.StringIO(space.export_messages("csv", text="b*").decode()))
    assert ("905329975725", "bir") == (row["to"], row["text"])
    with pytest.raises(TypeError, match="unknown condition from"):
        space.export_messages(**{"from": "x"})


def test_the_journal_is_exported(space: Kobikom, send: Send) -> None:
    """As JSON Lines and as an HTTP archive, without the password."""
    send(space)
    (line,) = space.export_journal().splitlines()
    assert "send" == json.loads(line)["operation"]
    archive = space.export_journal("har")
    (entry,) = json.loads(archive)["log"]["entries"]
    assert ("POST", False) == (entry["request"]["method"], space.password in entry["request"]["postData"]["text"])


def test_the_ledger_is_exported(space: Kobikom, send: Send) -> None:
    """As CSV, of all accounts or of one; a user without an account is refused."""
    send(space)
    space.account("bank", credit="5")
    lines = list(csv.DictReader(io.StringIO(space.export_ledger().decode())))
    assert [("opened", "bank"), ("charge", space.user), ("opened", space.user)] == [
        (line["kind"], line["user"]) for line in lines
    ]
    (line,) = csv.DictReader(io.StringIO(space.export_ledger("bank").decode()))
    assert "5.000" == line["amount"]
    with pytest.raises(ControlRefused, match="nobody & co"):
        space.export_ledger("nobody & co")


def test_webhooks_are_added_listed_and_removed(space: Kobikom) -> None:
    """With their counters; the secret comes with the answer to the addition alone."""
    first, second = space.webhooks.add(URL), space.webhooks.add(URL, events=["message.failed"])
    assert (1, URL, EVERY_EVENT, ("message.failed",)) == (first.id, first.url, first.events, second.events)
    assert first.secret.startswith("whsec_")
    assert first.secret not in repr(first)
    assert [("", 0, 0, 0, 0, "")] * 2 == [
        (each.secret, each.waiting, each.sent, each.failed, each.dropped, each.error) for each in space.webhooks.list()
    ]
    space.webhooks.remove(first)
    space.webhooks.remove(second.id)
    assert [] == space.webhooks.list()


def test_a_webhook_that_failed_says_why(space: Kobikom, send: Send) -> None:
    """The counters are those of the server."""
    space.webhooks.add(URL, secret="whsec_" + "A" * 43 + "=")
    send(space)
    while not (webhook := space.webhooks.list()[0]).error:
        pass
    assert (1, 0, 0, 0) == (webhook.waiting, webhook.sent, webhook.failed, webhook.dropped)


def test_a_webhook_that_cannot_be_is_refused(space: Kobikom) -> None:
    """An address without a scheme, an event that does not exist, a webhook that is gone."""
    with pytest.raises(ControlRefused) as refused:
        space.webhooks.add("mailto:x")
    assert (422, "url") == (refused.value.status, refused.value.field)
    with pytest.raises(ControlRefused, match="choose one of"):
        space.webhooks.add(URL, events=["message.lost"])
    with pytest.raises(ControlRefused, match="no webhook 7"):
        space.webhooks.remove(7)
