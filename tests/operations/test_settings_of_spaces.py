"""The server's settings are what later spaces begin with, and a space begins with what it is opened with."""

from decimal import Decimal
from typing import Any

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.driver import ControlRefused, KobikomServer
from kobikom_emulator.settings import BadSettings

REJECTED = {"outcomes": [{"status": "REJECTED", "after": 0}]}
GARBAGE = {"effect": {"kind": "garbage"}, "match": {"text": "*broken*"}}
SETTINGS: dict[str, Any] = {
    "readings": {"long-text": "split"},
    "delivery": REJECTED,
    "magic-numbers": False,
    "faults": [GARBAGE],
    "limits": {"max-recipients": 2},
    "retention": {"age": 60},
    "clock": {"start": "2026-01-31T09:00:00+03:00"},
    "account-defaults": {"credit": "7", "titles": ["SHOP"]},
}


def beginning(emulator: Emulator, **wanted: Any) -> dict[str, Any]:
    """What the answer to POST /spaces says that the space began with."""
    with KobikomServer.of(emulator).open(**wanted) as space:
        return dict(space.beginning)


def test_settings_are_the_defaults_of_later_spaces() -> None:
    """Readings, delivery, magic numbers, faults, limits, clock and default terms, in new accounts too."""
    with Emulator(SETTINGS) as emulator:
        begun = beginning(emulator)
        assert "split" == begun["readings"]["long-text"]
        assert "REJECTED" == begun["delivery"]["outcomes"][0]["status"]
        assert (False, 2) == (begun["magic_numbers"], begun["limits"]["max_recipients"])
        assert [GARBAGE] == [{key: fault[key] for key in ("effect", "match")} for fault in begun["faults"]]
        assert ("2026-01-31T06:00:00Z", True) == (begun["clock"]["at"], begun["clock"]["frozen"])
        with KobikomServer.of(emulator).open() as space:
            later = space.account("later", password="p")
            assert [(Decimal(7), ("SHOP",))] * 2 == [(each.credit, each.titles) for each in (space.account(), later)]


def test_what_a_space_is_opened_with_comes_before_the_settings() -> None:
    """Each field of POST /spaces replaces that of the settings; limits and default terms one by one."""
    with Emulator(SETTINGS) as emulator:
        begun = beginning(
            emulator,
            readings={"long-text": "refuse"},
            delivery={"outcomes": [{"status": "SENT"}], "jitter": 2},
            magic_numbers=True,
            faults=[],
            limits={"max_depth": 100},
            retention={"messages": 5},
            clock="running",
            account_defaults={"credit": "9"},
            steps=[{"advance": 60}],
        )
    assert ("refuse", True, []) == (begun["readings"]["long-text"], begun["magic_numbers"], begun["faults"])
    assert ("SENT", 2) == (begun["delivery"]["outcomes"][0]["status"], begun["delivery"]["jitter"])
    assert (100, 2) == (begun["limits"]["max_depth"], begun["limits"]["max_recipients"])
    assert {"messages": 5, "age": 60, "unpulled": 0} == begun["retention"]
    assert ("9.000", ["SHOP"]) == (begun["account_defaults"]["credit"], begun["account_defaults"]["titles"])
    assert (False, 60) == (begun["clock"]["frozen"], begun["steps"][0]["advance"])


def test_the_default_space_is_not_the_default_of_others() -> None:
    """What a test changes in the default space stays there."""
    with Emulator() as emulator:
        emulator.kobikom.set_readings(long_text="split")
        assert "cut" == beginning(emulator)["readings"]["long-text"]


def test_the_choices_of_a_space_work() -> None:
    """Delivery, limits, faults and messages of the beginning do what they say, after a reset too."""
    messages = [{"to": "905329975725", "text": "Hello"}, {"to": ["905329975726", "905329975727"], "text": "Twice"}]
    wanted: dict[str, Any] = {"limits": {"max_recipients": 2}, "faults": [GARBAGE], "messages": messages}
    with Emulator() as emulator, KobikomServer.of(emulator).open(delivery=REJECTED, **wanted) as space:
        for _ in range(2):
            sent = [(message.to, message.text, message.status) for message in space.messages]
            assert [
                ("905329975725", "Hello", "REJECTED"),
                ("905329975726", "Twice", "REJECTED"),
                ("905329975727", "Twice", "REJECTED"),
            ] == sent
            assert Decimal(997) == space.account().credit
            assert ["garbage"] == list(space.fired)
            space.account(credit=5)
            space.reset()


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"delivery": {"outcomes": []}}, "delivery.outcomes"),
        ({"limits": {"max_depth": 1}}, "limits.max_depth"),
        ({"limits": {"max": 1}}, "limits.max"),
        ({"limits": {"max_body": 1000}}, "limits.max_body"),
        (
            {"faults": [{"effect": {"kind": "garbage"}, "when": {"until": "2001-01-01T00:00:00Z"}}]},
            "faults[0].when.until",
        ),
        ({"steps": [{}]}, "steps[0].advance"),
        ({"account_defaults": {"credit": "-1"}}, "account_defaults.credit"),
        ({"messages": [{"to": "905329975725", "text": "x", "user": "nobody"}]}, "messages[0].user"),
        ({"messages": [{"to": "905329975725", "text": "x", "title": "OTHER"}]}, "messages[0].title"),
        ({"messages": [{"to": "5", "text": "x"}]}, "messages[0].to"),
        ({"messages": [{"to": "905329975725", "text": "x"}], "accounts": [{"credit": "0.5"}]}, "messages[0].to"),
    ],
    ids=str,
)
def test_a_wrong_choice_opens_nothing(wanted: dict[str, Any], field: str) -> None:
    """The answer names the field, and no space is opened."""
    with Emulator() as emulator:
        server = KobikomServer.of(emulator)
        with pytest.raises(ControlRefused) as refused:
            server.open(**wanted)
        assert (422, field) == (refused.value.status, refused.value.field)
        assert ["default"] == server.spaces


def test_the_spaces_of_the_settings_are_open_from_the_start() -> None:
    """With their accounts, messages and readings."""
    space = {
        "name": "orders",
        "accounts": [{"user": "shop", "password": "p", "titles": ["SHOP"]}],
        "readings": {"long-text": "split"},
        "messages": [{"to": "905329975725", "text": "Hello"}],
    }
    with Emulator(spaces=[space, {"name": "other"}]) as emulator:
        server = KobikomServer.of(emulator)
        assert ["default", "orders", "other"] == server.spaces
        orders = server.space("orders")
        assert ("shop", "split", "SHOP") == (orders.user, orders.readings["long-text"], orders.messages[0].title)


def test_a_space_of_the_settings_that_cannot_be_opened_ends_the_start() -> None:
    """The error names the space and what is wrong with it."""
    taken = {"name": "orders", "accounts": [{"user": "test"}]}
    with (
        pytest.raises(BadSettings, match=r"the space orders .*: user 'test' belongs to space 'default'"),
        Emulator(spaces=[taken]),
    ):
        pass


def test_limits_are_taken_with_underscores() -> None:
    """`Emulator(limits={"max_recipients": 2})` holds for the default space."""
    with Emulator(limits={"max_recipients": 2}) as emulator:
        assert 2 == emulator.kobikom.beginning["limits"]["max_recipients"]
