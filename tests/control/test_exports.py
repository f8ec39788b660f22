"""Messages and journal as files: every message and entry once, in the format that was asked for, without passwords."""

import base64
import csv
import io
import json
from http.client import RemoteDisconnected
from typing import Any

import jsonschema_rs
import pytest

from kobikom_emulator.journal.masking import MASK

TEXT = 'Kodunuz "1234",\n=2+3; ğ'
NUMBERS = [f"9053299757{nth:02}" for nth in range(30)]

# The fields that HAR 1.2 requires, and their types.
NAMED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "value"],
        "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
        "additionalProperties": False,
    },
}
HEAD = {
    "cookies": NAMED, "headers": NAMED, "headersSize": {"type": "integer"}, "bodySize": {"type": "integer"},
    "httpVersion": {"type": "string"}, "_raw": {"type": "string"},
}  # fmt: skip


def required(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    names = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


HAR_SCHEMA = required(
    {
        "log": required(
            {
                "version": {"const": "1.2"},
                "creator": required({"name": {"type": "string"}, "version": {"type": "string"}}),
                "entries": {
                    "type": "array",
                    "items": required(
                        {
                            "startedDateTime": {"type": "string", "format": "date-time"},
                            "time": {"type": "number", "minimum": 0},
                            "request": required(
                                HEAD
                                | {
                                    "method": {"type": "string"},
                                    "url": {"type": "string", "format": "uri"},
                                    "queryString": NAMED,
                                    "postData": required({"mimeType": {"type": "string"}, "text": {"type": "string"}}),
                                },
                                "postData",
                                "_raw",
                            ),
                            "response": required(
                                HEAD
                                | {
                                    "status": {"type": "integer"},
                                    "statusText": {"type": "string"},
                                    "redirectURL": {"type": "string"},
                                    "content": required(
                                        {
                                            "size": {"type": "integer"},
                                            "mimeType": {"type": "string"},
                                            "text": {"type": "string"},
                                            "encoding": {"const": "base64"},
                                        },
                                        "encoding",
                                    ),
                                }
                            ),
                            "cache": {"type": "object"},
                            "timings": required(
                                {name: {"type": "number", "minimum": 0} for name in ("send", "wait", "receive")}
                            ),
                            "_kobikom": {"type": "object"},
                        }
                    ),
                },
            }
        )
    }
)


def exported(api: Any, space: dict[str, Any], path: str) -> str:
    answer = api.at(space["name"], "GET", path)
    assert 200 == answer.status
    return answer.body if isinstance(answer.body, str) else json.dumps(answer.body)


def many(api: Any, space: dict[str, Any]) -> list[dict[str, Any]]:
    """Send more messages than a page has; the list of them, newest first."""
    for _ in range(7):
        api.send(space, " ".join(NUMBERS), text=TEXT.replace('"', "&quot;"))
    return list(api.at(space["name"], "GET", "/messages?limit=1000").body["messages"])


def test_json_lines_have_every_message(api: Any, space: dict[str, Any]) -> None:
    """Newest first, one a line, with the fields of the list, over several pages."""
    messages = many(api, space)
    lines = exported(api, space, "/messages?format=jsonl").splitlines()
    assert (210, messages) == (len(lines), [json.loads(line) for line in lines])


def test_csv_has_every_message(api: Any, space: dict[str, Any]) -> None:
    """A header and a line each; quotes, commas and line breaks of a text survive, null is empty."""
    messages = many(api, space)
    header, *lines = list(csv.reader(io.StringIO(exported(api, space, "/messages?format=csv"), newline="")))
    assert list(messages[0]) == header

    def cell(value: Any) -> str:
        if isinstance(value, list):
            return " ".join(value)
        return "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)

    assert [[cell(value) for value in message.values()] for message in messages] == lines


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
@pytest.mark.parametrize(("query", "count"), [("limit=3", 3), ("limit=101", 101), ("to=*00", 7), ("q=nothing", 0)])
def test_a_file_of_messages_is_filtered(format_: str, query: str, count: int, api: Any, space: dict[str, Any]) -> None:
    """Conditions and the limit mean what they mean in the list."""
    many(api, space)
    text = exported(api, space, f"/messages?format={format_}&{query}")
    lines = list(csv.reader(io.StringIO(text, newline="")))[1:] if format_ == "csv" else text.splitlines()
    assert count == len(lines)


def with_everything(api: Any, space: dict[str, Any]) -> None:
    """A send, a refused one, a pull, a dropped answer, a delayed one, garbage, a push and a wrong path."""
    faults = (
        {"effect": {"kind": "drop", "moment": "after"}, "match": {"text": "drop"}},
        {"effect": {"kind": "garbage"}, "match": {"text": "garbage"}},
        {"effect": {"kind": "http", "status": 302}, "match": {"text": "found"}},
    )
    for fault in faults:
        api.at(space["name"], "POST", "/faults", fault)
    prefix = f"/s/{space['name']}"
    api.send(space, text="Merhaba", prefix=prefix)
    api.send(space, title="Nobody", prefix=prefix)
    api.pull(space, prefix=prefix)
    with pytest.raises(RemoteDisconnected):
        api.send(space, text="drop", prefix=prefix)
    api.ask("POST", f"{prefix}/api/sendsms/xml/", api_body(space, "garbage"), {"Content-Type": "text/xml"})
    api.send(space, text="found", prefix=prefix)
    api.ask("POST", f"{prefix}/api/sendsms/xml/", b"\xff\xfe<", {"Authorization": "Basic c2VjcmV0"})
    api.ask("DELETE", f"{prefix}/api/sendsms/xml/")
    api.send(space, more="<pushurl>http://user:secret@127.0.0.1:9/dlr?a=1</pushurl>", prefix=prefix)
    api.at(space["name"], "POST", "/clock", {"advance": 2})
    api.at(space["name"], "POST", "/drain", {"timeout": 60})


def api_body(space: dict[str, Any], text: str) -> bytes:
    account = space["accounts"][0]
    login = f"<kullanici>{account['user']}</kullanici><parola>{account['password']}</parola>"
    numbers = "<alicilar><gsm>905329975725</gsm></alicilar>"
    return f"<SMS><dogrulama>{login}</dogrulama><mesajiniz><metin>{text}</metin>{numbers}</mesajiniz></SMS>".encode()


def test_the_archive_is_valid_har(api: Any, space: dict[str, Any]) -> None:
    """Every kind of entry has the fields of HAR 1.2, oldest first, and the journal's own beside them."""
    with_everything(api, space)
    archive = json.loads(exported(api, space, "/journal?format=har"))
    validator = jsonschema_rs.validator_for(HAR_SCHEMA, validate_formats=True)
    assert [] == [error.message for error in validator.iter_errors(archive)]
    journal = api.at(space["name"], "GET", "/journal").body["entries"][::-1]
    entries = archive["log"]["entries"]
    assert [entry["id"] for entry in journal] == [entry["_kobikom"]["id"] for entry in entries]
    assert [entry["outcome"] for entry in journal] == [entry["_kobikom"]["outcome"] for entry in entries]
    assert {"request", "push", "http"} == {entry["_kobikom"]["kind"] for entry in entries}
    assert {0, 200, 302, 405} == {entry["response"]["status"] for entry in entries}
    assert any(entry["_kobikom"]["error"] for entry in entries)


def test_the_archive_has_the_exact_bytes(api: Any, space: dict[str, Any]) -> None:
    """`_raw` is what went over the wire, also where it is no text."""
    with_everything(api, space)
    archive = json.loads(exported(api, space, "/journal?format=har"))
    journal = api.at(space["name"], "GET", "/journal").body["entries"][::-1]
    for entry, written in zip(journal, archive["log"]["entries"], strict=True):
        answer = entry["answer"] or {"body": ""}
        body = base64.b64decode(answer["body_base64"]) if "body_base64" in answer else answer["body"].encode()
        assert body == base64.b64decode(written["response"]["_raw"])
    garbage = next(entry for entry in archive["log"]["entries"] if "encoding" in entry["response"]["content"])
    assert garbage["response"]["_raw"] == garbage["response"]["content"]["text"]
    (unreadable,) = [entry for entry in archive["log"]["entries"] if entry["_kobikom"]["operation"] == "unreadable"]
    assert b"\xff\xfe<" == base64.b64decode(unreadable["request"]["_raw"])


@pytest.mark.parametrize("format_", ["har", "jsonl"])
def test_no_password_leaves_in_a_file(format_: str, api: Any, space: dict[str, Any]) -> None:
    """Neither as text nor in the bytes, the curl lines or the explanations; the user stays."""
    with_everything(api, space)
    password = space["accounts"][0]["password"]
    text = exported(api, space, f"/journal?format={format_}")
    raw = [
        base64.b64decode(entry["request"].get("_raw", ""))
        for entry in (json.loads(text)["log"]["entries"] if format_ == "har" else ())
    ]
    assert (False, False, False) == (password in text, "secret" in text, "c2VjcmV0" in text)
    assert [] == [body for body in raw if password.encode() in body]
    assert (True, True) == (MASK in text, space["accounts"][0]["user"] in text)
    assert password in json.dumps(api.at(space["name"], "GET", "/journal").body)


def test_a_line_of_the_journal_is_its_entry(api: Any, space: dict[str, Any]) -> None:
    """Oldest first, with the fields of `GET …/journal`; the explanation has the places of the original request."""
    api.send(space)
    api.send(space, title="Nobody")
    lines = [json.loads(line) for line in exported(api, space, "/journal?format=jsonl").splitlines()]
    journal = api.at(space["name"], "GET", "/journal").body["entries"][::-1]
    assert [list(entry) for entry in journal] == [list(line) for line in lines]
    assert [entry["explanation"] for entry in journal] == [line["explanation"] for line in lines]
    assert [journal[1]["request"]["body"].replace(space["accounts"][0]["password"], MASK)] == [
        lines[1]["request"]["body"]
    ]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/messages?format=csv", "messages.csv"),
        ("/messages?format=jsonl", "messages.jsonl"),
        ("/journal?format=har", "journal.har"),
        ("/journal?format=jsonl", "journal.jsonl"),
    ],
)
def test_a_browser_saves_the_file(path: str, file: str, api: Any, space: dict[str, Any]) -> None:
    """Under the names of the space and of what it holds."""
    headers = api.at(space["name"], "GET", path).headers
    assert f'attachment; filename="kobikom-{space["name"]}-{file}"' == headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["/messages?format=har", "/journal?format=csv", "/requests?format=jsonl"])
def test_a_format_that_there_is_not_is_refused(path: str, api: Any, space: dict[str, Any]) -> None:
    """400, and the field is named."""
    answer = api.at(space["name"], "GET", path)
    assert (400, "format") == (answer.status, answer.body["field"])


def test_an_emulator_of_this_process_gives_the_file_too(api: Any, space: dict[str, Any]) -> None:
    """Without a socket the stream comes in one piece."""
    api.send(space)
    target = f"/_emulator/spaces/{space['name']}/messages?format=jsonl"
    status, body = api.emulator.ask_control("GET", target)
    assert (200, exported(api, space, "/messages?format=jsonl").encode()) == (status, body)
