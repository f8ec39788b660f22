"""Filters, waits and fault rules: numbers in every form, literal text, and unknown values named."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

FORMS = (
    "+90 532 997 57 25", "+905329975725", "905329975725", "00905329975725", "05329975725", "5329975725",
    "0532 997 57 25", "0(532) 997-57-25", "532.997.57.25", "+90532*", "0532 997*", "90 532 ??? 57 25",
)  # fmt: skip
TEXT = "[TEST] kod 1234"
LITERAL = ("[TEST] kod*", "[[]TEST] kod*", "[A-Z]*", "*kod 1234", "[TEST] kod 123?", "[TEST] kod 123", "TEST kod*")
MATCHING = {"[TEST] kod*", "*kod 1234", "[TEST] kod 123?"}


def listed(api: Any, space: dict[str, Any], name: str, value: str) -> bool:
    answer = api.at(space["name"], "GET", f"/messages?{name}={quote(value)}")
    return bool(answer.body["messages"])


def waited_for(api: Any, space: dict[str, Any], name: str, value: str) -> bool:
    answer = api.at(space["name"], "POST", "/messages/wait", {"match": {name: value}, "timeout": 0})
    return bool(answer.status == 200)


def matched_by_rule(api: Any, space: dict[str, Any], name: str, value: str) -> bool:
    answer = api.at(space["name"], "POST", "/faults/preview", {"effect": {"kind": "garbage"}, "match": {name: value}})
    return bool(answer.body["matching"])


def deleted(api: Any, space: dict[str, Any], name: str, value: str) -> bool:
    answer = api.at(space["name"], "DELETE", f"/messages?{name}={quote(value)}")
    return bool(answer.body["deleted"])


Find = Callable[[Any, dict[str, Any], str, str], bool]
WAYS: tuple[Find, ...] = (listed, waited_for, matched_by_rule, deleted)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_number_is_found_in_every_form(form: str, way: Find, api: Any, space: dict[str, Any]) -> None:
    """As the vendor's page prints it, as people type it, and as a pattern."""
    api.send(space, "905329975725")
    if "*" not in form:
        assert not way(api, space, "to", form.replace("57", "58"))
    assert way(api, space, "to", form)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("pattern", LITERAL)
def test_only_star_and_question_mark_are_wild(pattern: str, way: Find, api: Any, space: dict[str, Any]) -> None:
    """Brackets are letters like others, for texts and titles."""
    api.send(space, "905329975725", text=TEXT)
    assert (pattern in MATCHING) == way(api, space, "text", pattern)


@pytest.mark.parametrize("form", FORMS[:9])
def test_a_number_is_found_by_searching(form: str, api: Any, space: dict[str, Any]) -> None:
    """In the search field too."""
    api.send(space, "905329975725")
    assert listed(api, space, "q", form)


@pytest.mark.parametrize(
    ("path", "name", "choices"),
    [
        ("/messages?status=TESLIM", "status", ("DELIVERED", "scheduled", "NOT_ALLOWED")),
        ("/messages?status=delivered", "status", ("DELIVERED", "scheduled", "NOT_ALLOWED")),
        ("/messages?states=SENT", "states", ("status",)),
        ("/messages?xyz=Kobikom", "xyz", ("title", "user", "before")),
        ("/journal?outcome=acepted", "outcome", ("accepted", "refused")),
        ("/journal?operation=sent", "operation", ("send", "pull")),
        ("/journal?outcomes=accepted", "outcomes", ("outcome",)),
        ("/requests?limits=1", "limits", ("limit",)),
        ("/ledger?account=test", "account", ("user", "before", "limit")),
        ("/clock?now=1", "now", ()),
    ],
)
def test_what_a_query_cannot_mean_is_answered_with_the_choices(
    path: str, name: str, choices: tuple[str, ...], api: Any, space: dict[str, Any]
) -> None:
    """400 rather than an empty list, which would look like a success."""
    answer = api.at(space["name"], "GET", path)
    assert (400, name) == (answer.status, answer.body["field"])
    assert [] == [choice for choice in choices if choice not in answer.body["detail"]]


@pytest.mark.parametrize("query", ["status=TESLIM", "state=SENT", "limit=1"])
def test_a_wrong_query_deletes_nothing(query: str, api: Any, space: dict[str, Any]) -> None:
    """A misspelt condition is not one that everything meets."""
    api.send(space, "905329975725")
    assert 400 == api.at(space["name"], "DELETE", f"/messages?{query}").status
    assert 1 == len(api.at(space["name"], "GET", "/messages").body["messages"])


@pytest.mark.parametrize("status", ["delivered", "TESLIM", ""])
def test_an_unknown_status_is_named_in_a_wait(status: str, api: Any, space: dict[str, Any]) -> None:
    """422 with the choices, at once."""
    answer = api.at(space["name"], "POST", "/messages/wait", {"match": {"status": status}, "timeout": 300})
    assert (422, "match.status") == (answer.status, answer.body["field"])
    assert "DELIVERED" in answer.body["detail"]


@pytest.mark.parametrize("query", ["before=null", "since=null", "status=NULL"])
def test_null_is_no_value_of_a_parameter(query: str, api: Any, space: dict[str, Any]) -> None:
    """It is refused where it would mean no condition: nothing is listed and nothing is deleted."""
    api.send(space, "905329975725")
    method = "DELETE" if "status" in query else "GET"
    answer = api.at(space["name"], method, f"/messages?{query}")
    assert (400, query.partition("=")[0]) == (answer.status, answer.body["field"])
    assert listed(api, space, "text", "*")
