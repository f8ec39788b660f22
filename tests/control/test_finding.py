"""Searching, counting and jumping over the control API."""

from typing import Any
from urllib.parse import quote

import pytest


def texts(api: Any, space: dict[str, Any], query: str) -> list[str]:
    answer = api.at(space["name"], "GET", f"/messages?{query}")
    return [message["text"] for message in answer.body["messages"]]


def count(api: Any, space: dict[str, Any], query: str = "") -> int:
    return int(api.at(space["name"], "GET", f"/message-count?{query}").body["count"])


def place(api: Any, space: dict[str, Any], query: str = "") -> int | None:
    found: int | None = api.at(space["name"], "GET", f"/message-place?{query}").body["cursor"]
    return found


def test_a_search_has_conditions(api: Any, space: dict[str, Any]) -> None:
    """The search field's syntax stands in `q`; an impossible condition is 400, also for a file."""
    api.send(space, "905329975725", text="Kodunuz 482913")
    api.send(space, "905329975726", text="Merhaba")
    assert ["Kodunuz 482913"] == texts(api, space, f"q={quote('is:code to:25')}")
    assert ["Merhaba"] == texts(api, space, f"q={quote('-kodunuz')}")
    for format_ in ("json", "csv"):
        answer = api.at(space["name"], "GET", f"/messages?q=status:x&format={format_}")
        assert (400, "q") == (answer.status, answer.body["field"])


@pytest.mark.parametrize(
    ("search", "turkish"),
    [
        ("status:x", "status:x: seçenekler failed, pending"),
        ("is:x", "is:x: seçenekler is:"),
        ("before:x", "before:x: tarih 2026-01-31"),
        ("-after:2026-01-31", "-after: baştaki - işaretini kaldırın"),
    ],
)
def test_an_impossible_condition_is_explained_in_turkish(
    api: Any, space: dict[str, Any], search: str, turkish: str
) -> None:
    """Each explanation of the search field has a Turkish edition."""
    path = f"/_emulator/spaces/{space['name']}/messages?q={quote(search)}"
    answer = api.ask("GET", path, headers={"Accept-Language": "tr"})
    assert (400, True) == (answer.status, turkish in answer.body["detail"]), answer.body


def test_a_message_has_its_codes(api: Any, space: dict[str, Any]) -> None:
    """Codes, alphabet and whether it was cut are facts of every message in a list."""
    api.send(space, "905329975725", text="Kodunuz 482913")
    api.send(space, "905329975725", text="ğ" * 71)
    newest, first = api.at(space["name"], "GET", "/messages").body["messages"]
    assert (["482913"], "gsm", False) == (first["codes"], first["alphabet"], first["cut"])
    assert ([], "ucs2", True) == (newest["codes"], newest["alphabet"], newest["cut"])


def test_messages_are_counted(api: Any, space: dict[str, Any]) -> None:
    """All, those that match, and those after a cursor."""
    for text in ("bir", "iki", "iki"):
        api.send(space, "905329975725", text=text)
    cursors = [message["cursor"] for message in api.at(space["name"], "GET", "/messages").body["messages"]]
    counts = [count(api, space, query) for query in ("", "q=iki", f"after={cursors[1]}", f"after={cursors[0]}&q=iki")]
    assert [3, 2, 1, 0] == counts


def test_a_place_is_found_by_its_time(api: Any, space: dict[str, Any]) -> None:
    """The newest message before an instant, and the oldest; none in an empty space, deleted ones left out."""
    assert (None, None) == (place(api, space), place(api, space, "at=2030-01-01T00:00:00Z"))
    for text in ("silinen", "bir", "iki", "uc"):
        api.send(space, "905329975725", text=text)
        api.at(space["name"], "POST", "/clock", {"advance": 3600})
    uc, iki, bir, silinen = api.at(space["name"], "GET", "/messages").body["messages"]
    api.at(space["name"], "DELETE", f"/messages/{silinen['id']}")
    assert bir["cursor"] == place(api, space)
    for message, before in ((iki, uc), (bir, iki)):
        assert message["cursor"] == place(api, space, f"at={before['submitted_at']}")
    assert None is place(api, space, f"at={bir['submitted_at']}")
    assert uc["cursor"] == place(api, space, "at=2040-01-01T00:00:00Z")
