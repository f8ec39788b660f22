"""Each operation announces the change once, a refused one never."""

from typing import Any

import pytest

RULE = {"effect": {"kind": "garbage"}, "match": {"text": "never"}}

DONE: dict[str, tuple[str, str, Any]] = {
    "reset": ("POST", "/reset", None),
    "scenario": (
        "POST",
        "/scenario",
        {
            "readings": {"dates": "padded"},
            "faults": [RULE, RULE],
            "credit": "5",
            "clock": {"set": "2026-01-31T12:00:00Z", "advance": 5, "freeze": False, "rate": 2},
            "delivery": {"jitter": 1},
        },
    ),
    "clock": ("POST", "/clock", {"set": "2026-01-31T12:00:00Z", "advance": 5, "freeze": True, "rate": 2}),
    "open account": ("PUT", "/accounts/new", {"credit": "5"}),
    "replace account": ("PUT", "/accounts/first", {"credit": "5"}),
    "change account": ("PATCH", "/accounts/first", {"credit": "5", "price": "2"}),
    "close account": ("DELETE", "/accounts/first", None),
    "arm": ("POST", "/faults", RULE),
    "disarm": ("DELETE", "/faults/1", None),
    "disarm all": ("DELETE", "/faults", None),
    "close connections": ("DELETE", "/connections", None),
    "add webhook": ("POST", "/webhooks", {"url": "http://127.0.0.1/"}),
    "remove webhook": ("DELETE", "/webhooks/1", None),
    "readings": ("PATCH", "/readings", {"dates": "padded", "long-text": "split"}),
    "force": ("POST", "/messages/m1/outcome", {"status": "NOT_ALLOWED"}),
    "delete": ("DELETE", "/messages/m1", None),
    "delete all": ("DELETE", "/messages", None),
    "import": ("PUT", "/state", "{state}"),
}
REFUSED: dict[str, tuple[int, str, str, Any]] = {
    "scenario": (422, "POST", "/scenario", {"readings": {"dates": "padded"}, "credit": "-1"}),
    "clock": (422, "POST", "/clock", {"set": "9998-12-31T23:00:00Z", "advance": 7200}),
    "open account": (409, "PUT", "/accounts/test", {}),
    "change account": (422, "PATCH", "/accounts/first", {"credit": "5", "price": "-2"}),
    "change no account": (404, "PATCH", "/accounts/nobody", {}),
    "close no account": (404, "DELETE", "/accounts/nobody", None),
    "arm": (422, "POST", "/faults", RULE | {"when": {"until": "2020-01-01T00:00:00Z"}}),
    "disarm": (404, "DELETE", "/faults/9", None),
    "add webhook": (422, "POST", "/webhooks", {"url": ""}),
    "remove webhook": (404, "DELETE", "/webhooks/9", None),
    "readings": (422, "PATCH", "/readings", {"dates": "padded", "long-text": "?"}),
    "force": (409, "POST", "/messages/m2/outcome", {"status": "DELIVERED"}),
    "force none": (404, "POST", "/messages/m9/outcome", {"status": "DELIVERED"}),
    "delete": (404, "DELETE", "/messages/m9", None),
    "import": (422, "PUT", "/state", {}),
    "preview": (200, "POST", "/faults/preview", RULE),
    "look": (200, "GET", "/messages", None),
    "export": (200, "GET", "/state", None),
    "drain": (200, "POST", "/drain", {}),
}


@pytest.fixture
def busy(server: Any) -> Any:
    """A space with a message `m1`, a message `m2` whose report is given, an armed fault and a webhook."""
    space = server.open(name="busy", accounts=[{"user": "first", "password": "p"}])
    server.send("first", "p", "905329975725#m1", "905329975725#m2")
    server.ask("POST", "/spaces/busy/clock", {"advance": 2})
    server.pull("first", "p", "m2")
    server.ask("POST", "/spaces/busy/faults", RULE)
    server.ask("POST", "/spaces/busy/webhooks", {"url": "http://127.0.0.1/"})
    return space


@pytest.mark.parametrize("name", DONE)
def test_an_operation_announces_one_change(name: str, server: Any, busy: Any) -> None:
    """However many parts it has."""
    method, path, body = DONE[name]
    if body == "{state}":
        body = server.ask("GET", "/spaces/busy/state")[1]
    before = busy.events.pulse().change
    status, answer = server.ask(method, f"/spaces/busy{path}", body)
    assert status < 300, answer
    assert before + 1 == busy.events.pulse().change


@pytest.mark.parametrize("name", REFUSED)
def test_what_changes_nothing_is_not_announced(name: str, server: Any, busy: Any) -> None:
    """A refused operation, and one that only looks; the exported state is the same."""
    expected, method, path, body = REFUSED[name]
    before, state = busy.events.pulse(), server.state(busy)
    status, answer = server.ask(method, f"/spaces/busy{path}", body)
    assert expected == status, answer
    assert (before, state) == (busy.events.pulse(), server.state(busy))


def test_every_operation_of_a_space_is_in_a_table(server: Any) -> None:
    """Each method and path of the control API that may change a space announces as one of the tables says."""
    document = server.ask("GET", "/openapi.json")[1]
    prefix = "/_emulator/spaces/{space}/"
    changing = {
        (method.upper(), path.removeprefix(prefix).split("/")[0].rstrip("?"))
        for path, item in document["paths"].items()
        for method in item
        if path.startswith(prefix) and method != "get" and not path.endswith(("/wait", "/preview", "/drain"))
    }
    assert changing == {(method, path.split("/")[1]) for method, path, _ in DONE.values()}
