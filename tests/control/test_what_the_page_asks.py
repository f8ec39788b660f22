"""What the inbox asks of the control API: searches of the journal, clauses, credit, sentences and errors in Turkish."""

import csv
import io
import json
import sys
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kobikom_emulator.protocol.readings import CATALOGUE

sys.path.insert(0, str(Path(__file__).parent))  # the module beside this one

from reading_examples import FILE, as_file

TURKISH = {"Accept-Language": "tr"}


def entries(api: Any, space: dict[str, Any], query: str) -> list[int]:
    return [each["id"] for each in api.at(space["name"], "GET", f"/requests?{query}").body["entries"]]


def test_the_journal_is_searched(api: Any, space: dict[str, Any]) -> None:
    """By what request and answer hold, in any case, by number in any form, and by what was refused or altered."""
    api.send(space, "905329975725", text="Şifreniz İZMİR")  # 1
    api.send(space, "902125550000")  # 2, refused
    drop = {"effect": {"kind": "drop", "moment": "after"}, "when": {"times": 1}}
    api.at(space["name"], "POST", "/faults", drop)
    with pytest.raises(HTTPException):
        api.send(space, "905421234567")  # 3, its answer lost
    page = api.at(space["name"], "GET", "/requests").body
    assert (3, 3, 3) == (page["matching"], page["kept"], page["total"])
    found = {
        query: entries(api, space, query)
        for query in (
            f"q={quote('izmir')}",
            f"q={quote('0532 997 57 25')}",
            "q=%3Cstatus%3E-13",
            "q=Merhaba%20902125550000",
            "q=nirgends",
            "refused=true",
            "faulted=true",
            "faulted=false",
            "code=-13",
            "clause=S-06",
            "q=merhaba&limit=1",
        )
    }
    expected = [[1], [1], [2], [2], [], [2], [3], [2, 1], [2], [2], [3]]
    assert dict(zip(found, expected, strict=True)) == found


def test_an_entry_in_short_says_what_went_over_the_wire(api: Any, space: dict[str, Any]) -> None:
    """What a fault rule did, and whether the client got all, some or none of the answer."""
    for effect in ({"kind": "truncate", "bytes": 9}, {"kind": "garbage"}, {"kind": "delay", "seconds": 0.001}):
        api.at(space["name"], "POST", "/faults", {"effect": effect, "when": {"times": 1}})
    api.at(space["name"], "DELETE", "/faults/2")
    with pytest.raises(HTTPException):
        api.send(space)
    [entry] = api.at(space["name"], "GET", "/requests").body["entries"]
    assert ("cut", True, ["#1 truncate", "#3 delay"]) == (entry["sent"], entry["altered"], entry["faults"])
    assert "fault rule #1 truncate: the first 9 bytes were sent, then the connection was closed" == entry["effects"][0]


def test_a_clause(api: Any) -> None:
    """Its statements with their marks, the page's own lines and its readings, in the language that is asked for."""
    clause = api.ask("GET", "/_emulator/clauses/s-10", headers=TURKISH).body
    assert ("S-10", "S-10.1", "D") == (clause["clause"], clause["statements"][0]["id"], clause["statements"][0]["mark"])
    assert "metin Mesaj alanı boyut 160 karakter olmalı" in clause["page"]
    assert ["turkish-table"] == [reading["name"] for reading in clause["readings"]]
    assert clause["readings"][0]["question"].startswith("Türkçe")
    assert 404 == api.ask("GET", "/_emulator/clauses/X-99").status


def test_faults_say_whether_they_are_active(api: Any, space: dict[str, Any]) -> None:
    """A rule is active until it has fired as often as it may, or its time is over; the sentence says what is left."""
    now = "2026-01-31T09:00:10+03:00"
    rules: list[dict[str, Any]] = [{"when": {"times": 1}}, {"when": {"until": now}}, {}]
    for rule in rules:
        effect = {"kind": "status", "code": -26}
        api.at(space["name"], "POST", "/faults", {"effect": effect, "match": {"operation": "send"}, **rule})
    api.send(space)
    api.at(space["name"], "POST", "/clock", {"advance": 10})
    faults = api.at(space["name"], "GET", "/faults").body["faults"]
    assert [False, False, True] == [fault["active"] for fault in faults]
    assert ("One send: it fails with -26", "Every send: it fails with -26") == (
        faults[0]["sentence"],
        faults[2]["sentence"],
    )


def first_event(api: Any, name: str) -> dict[str, Any]:
    """The data of the first event of a space."""
    with closing(HTTPConnection(api.emulator.running.host, api.emulator.running.port, timeout=60)) as connection:
        connection.request("GET", f"/_emulator/spaces/{name}/events")
        stream = connection.getresponse()
        while not (line := stream.readline()).startswith(b"data: "):
            assert line
    return dict(json.loads(line.removeprefix(b"data: ")))


def test_events_say_what_the_header_shows(api: Any, space: dict[str, Any]) -> None:
    """How many rules are active, and whether the clock is the machine's."""
    api.at(space["name"], "POST", "/faults", {"effect": {"kind": "garbage"}})
    event = first_event(api, space["name"])
    assert (1, 1, False) == (event["faults"], event["active_faults"], event["machine_time"])
    other = api.open(clock={"freeze": False})
    event = first_event(api, other["name"])
    assert (0, 0, True) == (event["faults"], event["active_faults"], event["machine_time"])


def test_the_credit_as_a_file_and_over_time(api: Any, space: dict[str, Any]) -> None:
    """All lines as CSV, newest first, and the credit after each, oldest first; an unknown user is refused."""
    user = space["accounts"][0]["user"]
    api.send(space)
    api.at(space["name"], "PATCH", f"/accounts/{user}", {"credit": "12.5"})
    said = api.at(space["name"], "GET", f"/ledger?format=csv&user={user}")
    rows = list(csv.DictReader(io.StringIO(said.body)))
    assert [("set", "12.500"), ("charge", "1.000"), ("opened", "1000.000")] == [
        (row["kind"], row["amount"]) for row in rows
    ]
    history = api.at(space["name"], "GET", f"/ledger/history?user={user}").body["points"]
    assert [("opened", "1000.000"), ("charge", "999.000"), ("set", "12.500")] == [
        (point["kind"], point["credit"]) for point in history
    ]
    for path in ("/ledger/history?user=nobody", "/ledger?format=csv&user=nobody"):
        assert 404 == api.at(space["name"], "GET", path).status


def test_the_examples_of_the_readings_are_true(api: Any) -> None:
    """Made again, they are the same; each shows a difference, and each reading has one."""
    assert FILE.read_text(encoding="utf-8") == as_file(), "run: python tests/control/reading_examples.py"
    for ambiguity in CATALOGUE:
        example = api.ask("GET", f"/_emulator/readings/{ambiguity.name}/example").body
        assert list(ambiguity.values) == list(example["answers"])
        assert len(set(example["answers"].values())) > 1, ambiguity.name
    assert 404 == api.ask("GET", "/_emulator/readings/no-such/example").status


ACCOUNT = "/accounts/{user}"
WRONG: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("PATCH", ACCOUNT, {"credit": "-1"},
     "credit: 0 ile 10^15 arasında, en çok 6 ondalıklı bir tutar olmalı; -1 olamaz"),
    ("PATCH", ACCOUNT, {"credit": "much"}, "credit: sayı olmalı"),
    ("PATCH", ACCOUNT, {"titles": ["çok uzun bir başlık"]}, "1 ile 11 arası yazılabilir karakter"),
    ("PATCH", ACCOUNT, {"prices": {"vodafon": "1"}}, "vodafone mi demek istediniz?"),
    ("PATCH", ACCOUNT, {"prices": {"vodafone": "-1"}}, "vodafone: 0 ile 10^15"),
    ("PATCH", ACCOUNT, {"coverage": ["XX"]}, "bir şebeke"),
    ("PATCH", ACCOUNT, {"push_url": "ftp://x"}, "bir http ya da https URL'si değil"),
    ("PATCH", ACCOUNT, {"delivery": {"outcomes": []}}, "en az 1 uzunlukta olmalı (liste)"),
    ("PATCH", ACCOUNT, {"delivery": {"outcomes": [{"status": "X"}]}},
     "delivery.outcomes[0].status: 'X' olamaz; seçenekler"),
    ("PATCH", ACCOUNT, {"delivery": {"outcomes": [{"status": "SENT", "after": "x"}]}}, "sayı olmalı; metin olamaz"),
    ("PATCH", ACCOUNT, {"delivery": {"outcomes": [{"status": "SENT", "weight": 0}]}}, "en az 1 olmalı (tam sayı)"),
    ("PATCH", "/accounts/nobody", {"credit": "1"}, "alanında 'nobody' hesabı yok"),
    ("PUT", "/accounts/new", {"password": ""}, "en az 1 uzunlukta olmalı (metin)"),
    ("POST", "/faults", {"effect": {"kind": "status", "code": 0}}, "0 başarıdır, arıza değil"),
    ("POST", "/faults", {"effect": {"kind": "delay", "seconds": "x"}}, "sayı olmalı; metin olamaz"),
    ("POST", "/faults", {"effect": {"kind": "reports", "change": "repeated"}, "match": {"operation": "send"}},
     "yanıtını hiç"),
    ("POST", "/faults", {"effect": {"kind": "garbage"}, "when": {"until": "2020-01-01T00:00:00Z"}}, "geçmişte kaldı"),
    ("POST", "/faults", {"effect": {"kind": "garbage"}, "when": {"times": 0}}, "en az 1 olmalı (tam sayı)"),
    ("POST", "/faults", {"effect": {"kind": "garbage"}, "when": {"probability": 2}}, "en çok 1.0 olmalı (sayı)"),
    ("POST", "/clock", {"advance": "x"}, "sayı olmalı; metin olamaz"),
    ("POST", "/clock", {"rate": 0}, "değerinden büyük olmalı (sayı)"),
    ("POST", "/clock", {"set": "2026-01-31"}, "gibi bir an olmalı"),
    ("POST", "/webhooks", {"url": ""}, "en az 1 uzunlukta olmalı (metin)"),
    ("POST", "/webhooks", {"url": "ftp://x"}, "bir http ya da https URL'si değil"),
    ("POST", "/webhooks", {"url": "http://127.0.0.1:9/", "events": []}, "en az 1 uzunlukta olmalı (liste)"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "turkish"), WRONG)
def test_an_error_is_said_in_turkish(
    api: Any, space: dict[str, Any], method: str, path: str, body: dict[str, Any], turkish: str
) -> None:
    """Whatever the page's forms can send wrongly, the answer says in the language that was asked for."""
    path = f"/_emulator/spaces/{space['name']}{path}".format(user=space["accounts"][0]["user"])
    english = api.ask(method, path, body).body["detail"]
    said = api.ask(method, path, body, headers=TURKISH).body["detail"]
    assert turkish in said
    assert english != said
