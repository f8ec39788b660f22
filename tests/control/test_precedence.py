"""Which of several wins: the reading of the space that a request belongs to, and the rule that was armed first."""

from typing import Any

import pytest

SEND = "/api/sendsms/xml/"
TURKCELL, VODAFONE = "905321234567", "905421234567"


def legacy(space: dict[str, Any]) -> bytes:
    """A send of the space's first user in windows-1254, with nothing that declares it."""
    account = space["accounts"][0]
    return (
        f"<SMS><dogrulama><kullanici>{account['user']}</kullanici><parola>{account['password']}</parola></dogrulama>"
        f"<mesajiniz><metin>kış</metin><alicilar><gsm>{TURKCELL}</gsm></alicilar></mesajiniz></SMS>"
    ).encode("windows-1254")


@pytest.mark.parametrize("prefixed", [False, True], ids=["by the user", "by the path"])
def test_undeclared_bytes_are_read_as_the_users_space_says(api: Any, prefixed: bool) -> None:
    """Two spaces read `undeclared-bytes` differently: legacy bytes get the answer of the space of their user."""
    refusing = api.open(readings={"undeclared-bytes": "refuse"})
    reading = api.open(readings={"undeclared-bytes": "windows-1254"})
    for space, status in ((refusing, "-22"), (reading, "0"), (refusing, "-22")):
        prefix = f"/s/{space['name']}" if prefixed else ""
        assert f"<status>{status}</status>" in api.ask("POST", prefix + SEND, legacy(space)).body
    messages = [api.at(space["name"], "GET", "/messages").body["messages"] for space in (refusing, reading)]
    assert [[], ["kış"]] == [[message["text"] for message in each] for each in messages]
    entries = [api.at(space["name"], "GET", "/journal").body["entries"] for space in (refusing, reading)]
    assert [[-22, -22], [0]] == [[entry["code"] or 0 for entry in each] for each in entries]


def test_the_first_rule_decides_about_a_recipient(api: Any, space: dict[str, Any]) -> None:
    """Two rules match one recipient: the one armed first gives the code, the other still decides about the rest."""
    for code, to in ((-99, "90532*"), (-1, "905*")):
        rule = {"effect": {"kind": "status", "code": code, "scope": "recipient"}, "match": {"to": to}}
        assert 201 == api.at(space["name"], "POST", "/faults", rule).status
    answer = api.send(space, f"{TURKCELL} {VODAFONE}")
    assert ["-99", "-1"] == [piece.partition("<")[0] for piece in answer.split("<status>")[1:]]


@pytest.mark.parametrize("rate", [0, -1, 1_000_000.5])
def test_a_rate_that_is_no_rate_changes_nothing(api: Any, space: dict[str, Any], rate: float) -> None:
    """A clock runs at more than 0 and at most a million; a refused rate leaves it as it was."""
    before = api.at(space["name"], "GET", "/clock").body
    refusal = api.at(space["name"], "POST", "/clock", {"freeze": False, "rate": rate})
    assert (422, "rate") == (refusal.status, refusal.body["field"])
    assert before == api.at(space["name"], "GET", "/clock").body


def test_the_fastest_and_the_slowest_rate(api: Any, space: dict[str, Any]) -> None:
    """The limits themselves are rates."""
    for rate in (1e6, 1e-6):
        clock = api.at(space["name"], "POST", "/clock", {"rate": rate, "freeze": True}).body
        assert (rate, True) == (clock["rate"], clock["frozen"])
