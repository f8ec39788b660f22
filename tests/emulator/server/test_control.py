"""The parts of the control API that every user meets: health, the journal's explanations, reset."""

import json
from typing import Any

import pytest
from raw_http import CSV, NUMBER, PULL, Heard, Line, ask, asking, credit, order

from kobikom_emulator import Emulator

LOCAL = "127.0.0.1"
HEALTH = asking(None, host=LOCAL, target="/_emulator/health")
JOURNAL = asking(None, host=LOCAL, target="/_emulator/journal")
RESET = asking(b"", "X-Kobikom: 1", host=LOCAL, target="/_emulator/reset")


def entries(port: int, query: str = "") -> list[dict[str, Any]]:
    """The journal's entries, newest first."""
    heard = ask(port, asking(None, host=f"{LOCAL}:{port}", target=f"/_emulator/journal{query}"))
    assert (200, "application/json") == (heard.status, heard.header("Content-Type"))
    return json.loads(heard.body)["entries"]


def test_health(port: int) -> None:
    """Health answers JSON with a status and a version."""
    heard = ask(port, HEALTH)
    assert (200, "application/json") == (heard.status, heard.header("Content-Type"))
    assert "ok" == json.loads(heard.body)["status"]


def test_a_refusal_is_explained(port: int) -> None:
    """A refused request's journal entry has clause, path, line and column, what was expected and what was found."""
    body = order(more="\n  <flash>7</flash>\n")
    refused = ask(port, asking(body, "Content-Type: application/xml Accept: */*"))
    (entry,) = entries(port)
    assert ("send", "test", "refused", -23) == tuple(entry[name] for name in ("operation", "user", "outcome", "code"))
    (note,) = entry["explanation"]
    assert ("refused", "S-17", -23, "/SMS/mesajiniz/flash", 2, 3) == tuple(
        note[name] for name in ("kind", "clause", "code", "path", "line", "column")
    )
    assert "7" in note["found"]
    assert ("POST", "/api/sendsms/xml/", body.decode()) == tuple(
        entry["request"][name] for name in ("method", "target", "body")
    )
    assert ["Content-Type", "application/xml Accept: */*"] in entry["request"]["headers"]
    assert (200, CSV, refused.body.decode()) == tuple(
        entry["answer"][name] for name in ("status", "content_type", "body")
    )


def test_unreadable_xml_is_placed(port: int) -> None:
    """A body that is not XML is explained with the place of the first error (A-04)."""
    ask(port, asking(b"<SMS>\n<metin>a & b</metin></SMS>"))
    (entry,) = entries(port)
    (note,) = entry["explanation"]
    assert ("unreadable", "A-04", 2) == (entry["operation"], note["clause"], note["line"])


def test_an_unknown_number_is_placed_at_its_element(port: int) -> None:
    """The note of a refused recipient names the place of its gsm element (S-06)."""
    ask(port, asking(order(NUMBER, "123", NUMBER)))
    (entry,) = entries(port)
    (note,) = [note for note in entry["explanation"] if note["kind"] == "refused"]
    assert ("partly", "/SMS/mesajiniz/alicilar/gsm[2]") == (entry["outcome"], note["path"])


def test_the_journal_is_newest_first_and_limited(port: int) -> None:
    """Each request has one entry; entries come newest first, no more than asked for."""
    for request in (asking(order()), asking(None, target=PULL), asking(b"x")):
        ask(port, request)
    assert ["unreadable", "pull", "send"] == [entry["operation"] for entry in entries(port)]
    assert ["unreadable"] == [entry["operation"] for entry in entries(port, "?limit=1")]


def test_looking_leaves_no_trace(port: int) -> None:
    """Requests for health and journal get no journal entry."""
    for request in (HEALTH, JOURNAL, HEALTH):
        ask(port, request)
    assert [] == entries(port)


def test_reset_restores_the_beginning(emulator: Emulator, port: int) -> None:
    """A reset restores the credit, removes reports and journal, and the same request gets the same bytes again."""
    first = ask(port, asking(order()))
    emulator.clock.advance(60)
    assert 200 == ask(port, RESET).status
    assert ([], "1000.000", b"NO_DATA") == (entries(port), credit(port), ask(port, asking(None, target=PULL)).body)
    emulator.reset()
    assert first == ask(port, asking(order()))


def test_same_seed_same_bytes() -> None:
    """Two servers with the same seed answer the same requests with the same bytes, dates included."""
    conversation = [asking(order()), asking(order(NUMBER, "123", "905990000003")), asking(b"<x/>")]
    told: list[list[Heard]] = []
    for _ in range(2):
        with Emulator(seed=7, clock={"start": "2026-01-31T09:00:00+03:00"}) as emulator:
            heard = [ask(emulator.running.port, each) for each in conversation]
            emulator.clock.advance(5)
            told.append([*heard, ask(emulator.running.port, asking(None, target=PULL))])
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (asking(None, host=LOCAL, target="/_emulator/reset"), 405),
        (asking(b"", "X-Kobikom: 1", host=LOCAL, target="/_emulator/health"), 405),
        (asking(None, host=LOCAL, target="/_emulator/nothing"), 404),
        (asking(None, host=LOCAL, target="/_emulator/journal?limit=many"), 400),
        (asking(None, host=LOCAL, target="/_emulator/journal?limit=-1"), 400),
        (asking(None, host=LOCAL, target="/_emulator/journal?x=1"), 400),
    ],
    ids=["get reset", "post health", "nothing", "limit=many", "limit=-1", "unknown parameter"],
)
def test_misuse_is_a_problem_document(port: int, request_: bytes, status: int) -> None:
    """A wrong path, method or parameter is answered by a problem document, and the connection stays open."""
    with Line(port) as line:
        line.say(request_)
        heard = line.hear()
        assert (status, "application/problem+json") == (heard.status, heard.header("Content-Type"))
        assert status == json.loads(heard.body)["status"]
        line.say(HEALTH)
        assert 200 == line.hear().status


def test_the_curl_line_repeats_the_request(port: int) -> None:
    """A journal entry has a curl command with the same body and Content-Type."""
    body = order(text="it's 'ğ'")
    ask(port, asking(body, "Content-Type: text/xml"))
    (entry,) = entries(port)
    assert entry["curl"].startswith("curl ")
    assert "'Content-Type: text/xml'" in entry["curl"]
    assert f"http://127.0.0.1:{port}/api/sendsms/xml/" in entry["curl"]


@pytest.mark.parametrize(
    ("header", "expected", "question"),
    [
        ("Accept-Language: tr-TR,tr;q=0.9,en;q=0.8", "0 ya da 1", "Tutar nasıl yazılır?"),
        ("Accept-Language: en", "0 or 1", "How is an amount written?"),
        ("X-None: 1", "0 or 1", "How is an amount written?"),
    ],
)
def test_texts_are_in_the_language_that_is_asked_for(port: int, header: str, expected: str, question: str) -> None:
    """Accept-Language chooses the language of journal, short list, single entry and readings; English without it."""
    ask(port, asking(order(more="\n  <flash>7</flash>\n")))

    def read(path: str) -> Any:
        return json.loads(ask(port, asking(None, header, host=LOCAL, target=f"/_emulator/{path}")).body)

    [entry] = read("journal")["entries"]
    assert expected == entry["explanation"][0]["expected"]
    assert expected == read("spaces/default/requests")["entries"][0]["expected"]
    assert expected == read(f"spaces/default/journal/{entry['id']}")["explanation"][0]["expected"]
    readings = {each["name"]: each for each in read("spaces/default/readings")["readings"]}
    assert (question, "D") == (readings["amount"]["question"], readings["amount"]["marks"])
