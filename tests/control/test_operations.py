"""Each operation of the control API: every success and every problem that its document names."""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from kobikom_emulator import Emulator

SUCCESSES: dict[str, list[tuple[int, str, Any]]] = {
    "health": [(200, "", None)],
    "openapi": [(200, "", None)],
    "showMetrics": [(200, "", None)],
    "showSpaceMetrics": [(200, "", None)],
    "listSpaces": [(200, "", None)],
    "openSpace": [
        (201, "", {}),
        (201, "", None),
        (
            201,
            "",
            {
                "name": "table-whole",
                "seed": 5,
                "clock": {"set": "2026-01-31T09:00:00+03:00", "advance": 60, "rate": 2, "freeze": False},
                "accounts": [
                    {},
                    {"user": "table-second", "password": "pw", "credit": "1.5", "prices": {"turkcell": "2"}},
                ],
                "readings": {"long-text": "split"},
                "magic_numbers": False,
            },
        ),
    ],
    "showSpace": [(200, "", None)],
    "closeSpace": [(204, "", None)],
    "resetSpace": [(200, "", None)],
    "exportState": [(200, "", None)],
    "playScenario": [
        (200, "", {}),
        (
            200,
            "",
            {
                "format": "kobikom-emulator-scenario/1",
                "readings": {"dates": "padded"},
                "faults": [{"effect": {"kind": "drop", "moment": "after"}, "when": {"times": 1}}],
                "delivery": {"outcomes": [{"status": "REJECTED", "after": 2, "gsm_error": 500}]},
                "clock": {"advance": 5},
                "credit": "12.5",
            },
        ),
    ],
    "listAccounts": [(200, "", None)],
    "showAccount": [(200, "", None)],
    "putAccount": [(201, "{new}", {"credit": "3"}), (200, "", {"credit": "3", "titles": ["A"], "push_url": ""})],
    "patchAccount": [(200, "", {"credit": "7.125", "coverage": ["TR", "DE"]}), (200, "", {})],
    "closeAccount": [(204, "", None)],
    "listMessages": [
        (200, "", None),
        (
            200,
            "?to=90532*&title=Kob*&text=M*&status=DELIVERED&user={user}&since=2026-01-31T08:00:00%2B03:00&limit=1",
            None,
        ),
        (200, "?format=jsonl", None),
        (200, "?format=csv&limit=1", None),
    ],
    "waitForMessages": [(200, "", {}), (200, "", {"match": {"to": "+90532*"}, "count": 2, "timeout": 0})],
    "countMessages": [(200, "", None), (200, "?q=status:failed&after=0", None)],
    "findMessagePlace": [(200, "", None), (200, "?at=2026-01-31T09:00:00Z", None)],
    "showMessage": [(200, "", None)],
    "deleteMessage": [(204, "", None)],
    "deleteMessages": [(200, "", None), (200, "?to=90532*&status=DELIVERED", None)],
    "forceOutcome": [(200, "", {"status": "REJECTED"}), (200, "", {"status": "SENT", "gsm_error": 0, "after": 3.5})],
    "drain": [(200, "", {}), (200, "", {"timeout": 0})],
    "showClock": [(200, "", None)],
    "changeClock": [
        (200, "", {}),
        (200, "", {"set": "2027-01-01T00:00:00Z", "advance": 1.5, "freeze": True, "rate": 3}),
    ],
    "listFaults": [(200, "", None)],
    "armFault": [
        (201, "", {"effect": effect})
        for effect in (
            {"kind": "status", "code": -26},
            {"kind": "status", "code": -2, "scope": "recipient"},
            {"kind": "http", "status": 503},
            {"kind": "delay", "seconds": 0.5},
            {"kind": "drop", "moment": "before"},
            {"kind": "truncate", "bytes": 10},
            {"kind": "garbage"},
            {"kind": "dribble", "bytes_per_second": 100},
            {"kind": "as-printed"},
            {"kind": "reports", "change": "repeated"},
            {"kind": "close"},
            {"kind": "stall", "moment": "before", "seconds": 1},
            {"kind": "push", "change": "twice"},
        )
    ],
    "clearFaults": [(204, "", None)],
    "disarmFault": [(204, "", None)],
    "releaseAnswers": [(200, "", {"count": 0}), (200, "", {"count": 0, "timeout": 0})],
    "waitUntilHeld": [(200, "", {"count": 0}), (200, "", {"count": 0, "timeout": 0})],
    "closeConnections": [(200, "", None)],
    "previewFault": [(200, "", {"effect": {"kind": "garbage"}, "match": {"to": "90532*"}})],
    "listReadings": [(200, "", None)],
    "changeReadings": [(200, "", {"dates": "padded"}), (200, "", {})],
    "readJournal": [
        (200, "", None),
        (200, "?operation=send&outcome=accepted&user={user}&before=99&limit=2", None),
        (200, "?format=jsonl", None),
        (200, "?format=har&limit=1", None),
    ],
    "showEntry": [(200, "", None)],
    "listRequests": [
        (200, "", None),
        (200, "?operation=pull&limit=1", None),
        (200, "?q=905&refused=false&faulted=false&code=-34&clause=S-09", None),
    ],
    "showLedger": [(200, "", None), (200, "?format=csv", None)],
    "showCreditHistory": [(200, "?user={user}", None), (200, "?user={user}&points=2", None)],
    "showClause": [(200, "", None)],
    "showReadingExample": [(200, "", None)],
    "followEvents": [(200, "", None)],
    "listWebhooks": [(200, "", None)],
    "addWebhook": [
        (201, "", {"url": "http://127.0.0.1:9/hook"}),
        (201, "", {"url": "http://127.0.0.1:9/", "events": ["message.failed"], "secret": "whsec_" + "a" * 32}),
    ],
    "removeWebhook": [(204, "", None)],
    "readDefaultJournal": [(200, "", None)],
    "resetDefault": [(200, "", None)],
    "importState": [(200, "", "{state}")],
}
"""Operation id to (status, what follows its path, body)."""

with Emulator() as _emulator:
    DOCUMENT: dict[str, Any] = json.loads(_emulator.ask_control("GET", "/_emulator/openapi.json")[1])

OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
IN_A_SPACE = [name for name, (_, path, _) in OPERATIONS.items() if "{space}" in path]
WITH_BODY = [name for name, (_, _, operation) in OPERATIONS.items() if "requestBody" in operation]
BELOW = {"user": "nobody", "message": "no-such", "fault": "99", "entry": "99", "webhook": "99",
    "clause": "X-99", "reading": "no-such",
}  # fmt: skip
OF_ITS_OWN = [
    (name, each) for name, (_, path, _) in OPERATIONS.items() for each in BELOW
    if f"{{{each}}}" in path and (name, each) != ("putAccount", "user")
]  # fmt: skip

CONFLICTS = {
    "openSpace": [("{space}", "name"), ("taken-user", "accounts.user")],
    "closeSpace": [("default", "")],
    "importState": [("state", "records.account.user")],
    "putAccount": [("user", "user")],
    "forceOutcome": [("given", "")],
    "addWebhook": [("ten", "")],
}


@pytest.fixture
def busy(api: Any) -> Iterator[dict[str, Any]]:
    """A space with a message `m1` whose report is ready, `m2` whose report is given, a refusal, a fault, a webhook."""
    opened = api.open()
    api.send(opened, "905329975725#m1 905329975726#m2")
    api.send(opened, title="Nobody")
    api.at(opened["name"], "POST", "/clock", {"advance": 1})
    assert "m2" in api.pull(opened, "m2")
    api.at(opened["name"], "POST", "/faults", {"effect": {"kind": "garbage"}, "match": {"user": "nobody"}})
    api.at(opened["name"], "POST", "/webhooks", {"url": "http://127.0.0.1:9/", "events": ["message.refused"]})
    yield opened
    api.at(opened["name"], "DELETE", "")


def path_of(name: str, view: dict[str, Any], /, **others: str) -> str:
    """The path of an operation, pointed at what the busy space has, but for `others`."""
    values = {"space": view["name"], "user": view["accounts"][0]["user"], "message": "m1", "fault": "1", "entry": "1"}
    values |= {"webhook": "1", "clause": "S-09", "reading": "long-text"}
    return re.sub(r"\{(\w+)\}", lambda found: (values | others)[found[1]], OPERATIONS[name][1])


def conforms(name: str, said: Any) -> None:
    """The answer is one that the document names, of the type and the shape that it names."""
    documented = OPERATIONS[name][2]["responses"][str(said.status)]
    if "content" not in documented:
        assert "" == said.body
        return
    kind = said.headers.get_content_type()
    content = documented["content"][kind]
    if kind != "text/event-stream":
        jsonschema_rs.validator_for({**content["schema"], "components": DOCUMENT["components"]}).validate(said.body)


def test_the_table_is_complete() -> None:
    """Every operation and every success status of the document is tried below, and nothing that is not there."""
    documented = {
        (name, int(status))
        for name, (_, _, operation) in OPERATIONS.items()
        for status in operation["responses"]
        if int(status) < 300
    }
    assert documented == {(name, status) for name, rows in SUCCESSES.items() for status, _, _ in rows}
    problems = {(name, int(s)) for name, (_, _, op) in OPERATIONS.items() for s in op["responses"] if int(s) >= 300}
    tried = {(name, status) for name in OPERATIONS for status in (400, 401, 403)}
    tried |= {(name, 415) for name, (method, _, _) in OPERATIONS.items() if method != "GET"}
    tried |= {(name, 404) for name in (*IN_A_SPACE, "showClause", "showReadingExample")}
    tried |= {(name, 422) for name in WITH_BODY}
    tried |= {(name, 409) for name in CONFLICTS} | {
        (name, 408) for name in ("waitForMessages", "drain", "releaseAnswers", "waitUntilHeld")
    }
    tried |= {(name, 503) for name, status in tried if status == 408}  # tests/e2e: the server stops meanwhile
    assert set() == problems ^ tried


@pytest.mark.parametrize(
    ("name", "status", "more", "body"), [(name, *row) for name, rows in SUCCESSES.items() for row in rows]
)
def test_an_operation_succeeds(name: str, status: int, more: str, body: Any, api: Any, busy: dict[str, Any]) -> None:
    """The operation answers with the documented status, content type and shape."""
    if body == "{state}":
        body = api.at(busy["name"], "GET", "/state").body
    path = path_of(name, busy)
    more = more.replace("{user}", busy["accounts"][0]["user"])
    path = path.rpartition("/")[0] + "/another" if more == "{new}" else path + more
    said = api.ask(OPERATIONS[name][0], path, body, amount=1000 if name == "followEvents" else -1)
    assert status == said.status, said.body
    conforms(name, said)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_unknown_parameter_is_refused(name: str, api: Any, busy: dict[str, Any]) -> None:
    """A query parameter that the operation does not have is 400 and named."""
    body = {} if name in WITH_BODY else None
    said = api.ask(OPERATIONS[name][0], path_of(name, busy) + "?nope=1", body)
    assert (400, "nope") == (said.status, said.body["field"])
    conforms(name, said)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_wrong_method_is_refused(name: str, api: Any, busy: dict[str, Any]) -> None:
    """A method that the path does not have is 405, and Allow says those it has."""
    path = OPERATIONS[name][1]
    said = api.ask("PROPFIND", path_of(name, busy))
    allowed = {method.upper() for method in DOCUMENT["paths"][path]}
    if path.endswith(("/wait", "/preview", "/release")):  # where a message or a fault could have this name too
        allowed |= set(said.headers["Allow"].split(", ")) & {"GET", "DELETE"}
    allowed |= {"HEAD"} if "GET" in allowed else set()
    assert (405, allowed) == (said.status, set(said.headers["Allow"].split(", ")))


@pytest.mark.parametrize("name", IN_A_SPACE)
def test_a_space_that_is_not_there_is_not_found(name: str, api: Any, busy: dict[str, Any]) -> None:
    """Every operation on an unknown space is 404 and says its name."""
    said = api.ask(OPERATIONS[name][0], path_of(name, busy, space="nowhere"), {} if name in WITH_BODY else None)
    assert 404 == said.status
    assert "nowhere" in said.body["detail"]
    conforms(name, said)


@pytest.mark.parametrize(("name", "what"), OF_ITS_OWN)
def test_a_thing_that_is_not_there_is_not_found(name: str, what: str, api: Any, busy: dict[str, Any]) -> None:
    """An unknown account, message, fault or entry is 404 and named."""
    body = {"status": "REJECTED"} if name == "forceOutcome" else {} if name in WITH_BODY else None
    said = api.ask(OPERATIONS[name][0], path_of(name, busy, **{what: BELOW[what]}), body)
    assert 404 == said.status
    assert BELOW[what] in said.body["detail"]


@pytest.mark.parametrize("name", WITH_BODY)
def test_a_body_that_is_no_json_is_refused(name: str, api: Any, busy: dict[str, Any]) -> None:
    """Broken JSON, bytes that are no UTF-8 and a nest too deep are 400; a wrong field is 422 and named."""
    method, path = OPERATIONS[name][0], path_of(name, busy)
    for broken in (b'{"', b"\xff", b'{"":' * 100_000):
        said = api.ask(method, path, broken)
        assert 400 == said.status or (broken.startswith(b'{"":') and 422 == said.status), said.body
        conforms(name, said)
    for wrong, field in ((b'{"nope": "1"}', "nope"), (b"[]", None)):
        said = api.ask(method, path, wrong)
        assert 422 == said.status, said.body
        if name not in {"armFault", "previewFault", "forceOutcome", "importState"}:  # these miss a field first
            assert field == said.body.get("field")
        conforms(name, said)


@pytest.mark.parametrize(("name", "which", "field"), [(n, w, f) for n, rows in CONFLICTS.items() for w, f in rows])
def test_a_conflict_is_refused(name: str, which: str, field: str, api: Any, busy: dict[str, Any]) -> None:
    """What is taken, or out already, is 409 and says which field."""
    user, message, body = busy["accounts"][0]["user"], "m1", None
    other = api.open()
    try:
        match which:
            case "{space}":
                body = {"name": busy["name"]}
            case "taken-user":
                body = {"accounts": [{"user": user}]}
            case "state":
                body = api.at(other["name"], "GET", "/state").body
            case "user":
                user, body = other["accounts"][0]["user"], {}
            case "given":
                message, body = "m2", {"status": "REJECTED"}
            case "ten":
                body = {"url": "http://127.0.0.1:9/", "events": ["message.refused"]}
                for _ in range(9):
                    api.at(busy["name"], "POST", "/webhooks", body)
        where = {"space": "default"} if which == "default" else {}
        said = api.ask(OPERATIONS[name][0], path_of(name, busy, user=user, message=message, **where), body)
        assert (409, field) == (said.status, said.body.get("field", ""))
        conforms(name, said)
    finally:
        api.at(other["name"], "DELETE", "")


def test_a_wait_in_vain_tells_the_nearest_misses(api: Any, busy: dict[str, Any]) -> None:
    """408 with at most three messages that came near, nearest first, and a sentence for each condition they fail."""
    match = {"to": "905329975726", "title": "TEST", "text": "*1234*", "status": "DELIVERED", "user": "nobody"}
    said = api.at(busy["name"], "POST", "/messages/wait", {"match": match, "timeout": 0})
    conforms("waitForMessages", said)
    user = busy["accounts"][0]["user"]
    common = ["title is 'Kobikom', not 'TEST'", "text is 'Merhaba', not '*1234*'", f"user is '{user}', not 'nobody'"]
    assert [
        ("m2", common),
        ("m1", ["to is 905329975725, not 905329975726", *common]),
    ] == [(miss["message"]["message_id"], miss["differences"]) for miss in said.body["nearest_misses"]]


def test_a_drain_in_vain_says_so(api: Any, space: dict[str, Any]) -> None:
    """408 while a push is due whose receiver does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        api.send(space, more=f"<pushurl>http://127.0.0.1:{silent.getsockname()[1]}/</pushurl>")
        assert 200 == api.at(space["name"], "POST", "/drain", {"timeout": 0}).status
        api.at(space["name"], "POST", "/clock", {"advance": 1})
        said = api.at(space["name"], "POST", "/drain", {"timeout": 0.05})
        assert 408 == said.status
        conforms("drain", said)


@pytest.mark.parametrize(
    ("path", "method", "body", "field"),
    [
        ("", "POST", {"name": "Nein"}, "name"),
        ("", "POST", {"seed": "x"}, "seed"),
        ("", "POST", {"clock": {"set": "2026-01-31T09:00:00"}}, "clock.set"),
        ("", "POST", {"clock": {"rate": 0}}, "clock.rate"),
        ("", "POST", {"readings": {"dates": "roman"}}, "readings"),
        ("", "POST", {"accounts": []}, "accounts"),
        ("", "POST", {"accounts": [{"user": "a"}, {"user": "a"}]}, "accounts.user"),
        ("", "POST", {"accounts": [{"credit": "-1"}]}, "accounts[0].credit"),
        ("/{space}/clock", "POST", {"advance": -1}, "advance"),
        ("/{space}/clock", "POST", {"set": "9998-12-31T23:59:59Z", "advance": 86400}, "advance"),
        ("/{space}/accounts/{user}", "PATCH", {"titles": ["far too long a title"]}, "titles"),
        ("/{space}/accounts/{user}", "PATCH", {"credit": "0.0000001"}, "credit"),
        ("/{space}/readings", "PATCH", {"dates": "roman"}, "dates"),
        ("/{space}/scenario", "POST", {"credit": "NaN"}, "credit"),
        ("/{space}/scenario", "POST", {"faults": [{"effect": {"kind": "status", "code": 0}}]}, "faults[0].effect.code"),
        ("/{space}/messages?since=2026-01-31T09:00:00", "GET", None, "since"),
        ("/{space}/messages?since=2026", "GET", None, "since"),
        ("/{space}/messages?before=x", "GET", None, "before"),
        ("/{space}/messages?limit=0", "GET", None, "limit"),
        ("/{space}/messages?limit=1&limit=2", "GET", None, "limit"),
        ("/{space}/journal?before=0", "GET", None, "before"),
        ("/{space}/journal?outcome=acepted", "GET", None, "outcome"),
        ("/{space}/requests?operation=sends", "GET", None, "operation"),
    ],
)
def test_a_wrong_value_is_named(path: str, method: str, body: Any, field: str, api: Any, space: dict[str, Any]) -> None:
    """A value that makes no sense is 400 in a query and 422 in a body, and the answer names its field."""
    path = path.replace("{space}", space["name"]).replace("{user}", space["accounts"][0]["user"])
    said = api.ask(method, f"/_emulator/spaces{path}", body)
    assert (400 if method == "GET" else 422, field) == (said.status, said.body["field"])


def test_an_unknown_word_of_the_journal_is_answered_with_the_choices(api: Any, space: dict[str, Any]) -> None:
    """Rather than with an empty list, which would look like a success."""
    said = api.at(space["name"], "GET", "/journal?outcome=acepted")
    choices = "accepted, partly, refused, answered, given, empty, fault, pushed, postponed, lost"
    assert (400, True) == (said.status, said.body["detail"].endswith(choices))
    assert 200 == api.at(space["name"], "GET", "/journal?outcome=lost&operation=http").status


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"effect": {"kind": "status", "code": 0}}, "effect.code"),
        ({"effect": {"kind": "status", "code": -1000}}, "effect.code"),
        ({"effect": {"kind": "http", "status": 199}}, "effect.status"),
        ({"effect": {"kind": "delay", "seconds": 0}}, "effect.seconds"),
        ({"effect": {"kind": "truncate", "bytes": -1}}, "effect.bytes"),
        ({"effect": {"kind": "dribble", "bytes_per_second": 0}}, "effect.bytes_per_second"),
        (
            {"effect": {"kind": "status", "code": -2, "scope": "recipient"}, "match": {"operation": "pull"}},
            "match.operation",
        ),
        ({"effect": {"kind": "garbage"}, "match": {"operation": "pull", "to": "9053*"}}, "match.to"),
        ({"effect": {"kind": "garbage"}, "match": {"operation": "titles", "text": "x"}}, "match.text"),
        ({"effect": {"kind": "as-printed"}, "match": {"operation": "balance"}}, "match.operation"),
        ({"effect": {"kind": "garbage"}, "when": {"times": 0}}, "when.times"),
        ({"effect": {"kind": "garbage"}, "when": {"skip": -1}}, "when.skip"),
        ({"effect": {"kind": "garbage"}, "when": {"probability": 0}}, "when.probability"),
        ({"effect": {"kind": "garbage"}, "when": {"until": "2026-01-31T09:00:00+03:00"}}, "when.until"),
        ({"effect": {"kind": "garbage"}, "when": {"until": "2027-01-31T09:00:00"}}, "when.until"),
        ({"effect": {"kind": "explode"}}, "effect.kind"),
    ],
)
def test_a_fault_that_can_never_do_anything_is_refused(
    rule: dict[str, Any], field: str, api: Any, space: dict[str, Any]
) -> None:
    """Armed or within a scenario such a rule is 422, names its field, and nothing is armed."""
    armed = api.at(space["name"], "POST", "/faults", rule)
    assert (422, field) == (armed.status, armed.body["field"])
    played = api.at(space["name"], "POST", "/scenario", {"faults": [{"effect": {"kind": "garbage"}}, rule]})
    assert 422 == played.status
    assert [] == api.at(space["name"], "GET", "/faults").body["faults"]
