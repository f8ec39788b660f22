"""The parts of the control API that the page needs: the journal in short, search, previews, the ledger."""

import json
from typing import Any

import pytest


def test_requests_in_short(asker) -> None:
    """The journal in short names outcome, code, first clause and what was expected, without bodies."""
    asker.send("Merhaba", "905321234567", "12345", fields="<gelecek>x</gelecek>")
    [entry] = asker.json("GET", "/requests")["entries"]
    assert ("partly", -13, "S-05", 1, 1, 1) == tuple(
        entry[name] for name in ("outcome", "code", "clause", "accepted", "refused", "unread")
    )
    assert "request" not in entry


def test_a_message_knows_its_request(asker) -> None:
    """Each message names the journal entry it came with, each entry its first message and how many."""
    asker.send("bir")
    asker.send("iki", "905321234567", "905321234568")
    messages = asker.json("GET", "/messages")["messages"]
    details = [asker.json("GET", f"/messages/{each['id']}") for each in messages]
    entry = asker.json("GET", "/journal/2")
    assert [2, 2, 1] == [each["request"] for each in details]
    assert (messages[1]["id"], 2) == (entry["first_id"], entry["accepted"])


def test_a_lost_answer_still_leads_to_its_request(asker) -> None:
    """A message whose answer became noise is found by its id, not by the answer's bytes."""
    asker.json("POST", "/faults", {"effect": {"kind": "garbage"}})
    asker.send()
    [message] = asker.json("GET", "/messages")["messages"]
    assert 1 == asker.json("GET", f"/messages/{message['id']}")["request"]


def test_the_xml_as_the_server_saw_it(asker) -> None:
    """An entry shows the document in which its lines and columns count: unwrapped and decoded."""
    asker.raw("POST", "/api/sendsms/xml/", b"XML=%3CSMS%3E%0A+%3Ca%3E%3C%2FSMS%3E")
    entry = asker.json("GET", "/journal/1")
    assert "<SMS>\n <a></SMS>" == entry["xml"]
    assert 2 == entry["explanation"][0]["line"]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("deniz", 1),
        ("DENİZ", 1),
        ("denız", 1),
        ("1234567", 2),
        ("kobikom merhaba", 1),
        ("deniz merhaba", 0),
        ("%5B*", 0),
    ],
)
def test_messages_are_found_by_words(asker, words: str, count: int) -> None:
    """Words are looked for in number, title and text; case and the dots of i do not matter, globs mean nothing."""
    from urllib.parse import quote

    asker.send("Merhaba")
    asker.send("DENİZ kıyısı")
    query = words if "%" in words else quote(words)
    assert count == len(asker.json("GET", f"/messages?q={query}")["messages"])


def test_a_preview_shows_what_a_rule_would_have_matched(asker) -> None:
    """A preview names the requests so far that a rule matches and the numbers it means, and arms nothing."""
    asker.send("bir", "905321234567", "905421234567")
    asker.send("iki", "905051234567")
    asker.raw("POST", "/api/sendsms/xml/", b"<SMS")
    seen = asker.json("POST", "/faults/preview", {"effect": {"kind": "garbage"}, "match": {"to": "90532*"}})
    assert 2 == seen["looked_at"]
    assert [(1, ["905321234567"])] == [(each["entry"], each["to"]) for each in seen["matching"]]
    assert [] == asker.json("GET", "/faults")["faults"]


def test_a_preview_leaves_out_what_a_rule_cannot_touch(asker) -> None:
    """A rule for single recipients would not have fired at a query: the preview says so before it is armed."""
    asker.raw("POST", "/api/sendsms/xml/", b"<bakiye><dogrulama><kullanici>test</kullanici></dogrulama></bakiye>")
    asker.send("bir")
    rule = {"effect": {"kind": "status", "code": -2, "scope": "recipient"}}
    assert [2] == [each["entry"] for each in asker.json("POST", "/faults/preview", rule)["matching"]]


def test_a_preview_of_the_impossible_is_refused(asker) -> None:
    """A rule that could never match is refused as arming it would be, the field named."""
    body = {"effect": {"kind": "http", "status": 199}}
    status, _, content = asker.raw("POST", "/_emulator/spaces/default/faults/preview", body)
    assert (422, "effect.status") == (status, json.loads(content)["field"])


def money(ledger: Any) -> tuple[str, str, str]:
    """Credit, spent and returned of the first account."""
    account = ledger["accounts"][0]
    return account["credit"], account["spent"], account["returned"]


def test_the_ledger_adds_up(asker) -> None:
    """Charges less what came back is what the account lost, exactly; a refund has its line once it is due (C-03)."""
    asker.send("bir", "905321234567", "905321234568")
    asker.send("iki", "905990000005")  # ends NOT_ALLOWED
    before = asker.json("GET", "/ledger")
    asker.json("POST", "/clock", {"advance": 5})
    after = asker.json("GET", "/ledger")
    assert ["charge", "charge", "opened"] == [line["kind"] for line in before["lines"]]
    assert [("refund", "1.000"), ("charge", "1.000"), ("charge", "2.000"), ("opened", "1000.000")] == [
        (line["kind"], line["amount"]) for line in after["lines"]
    ]
    assert ("998.000", "3.000", "1.000") == money(after)


def test_a_forced_outcome_moves_the_ledger(asker) -> None:
    """A message forced to NOT_ALLOWED gives its charge back in the ledger too."""
    asker.send("bir", "905321234567", "905321234568")
    message = asker.json("GET", "/messages")["messages"][0]["id"]
    asker.json("POST", f"/messages/{message}/outcome", {"status": "NOT_ALLOWED"})
    assert ("999.000", "2.000", "1.000") == money(asker.json("GET", "/ledger"))
