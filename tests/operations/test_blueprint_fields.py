"""Everything that a space can begin with can be chosen over HTTP and in a file, and the answer shows it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.domain.retention import Retention
from kobikom_emulator.domain.terms import AccountDefaults, AccountSettings, DeliverySettings
from kobikom_emulator.driver import ControlRefused, KobikomServer
from kobikom_emulator.driver.transport import InProcess, ask
from kobikom_emulator.protocol.readings import CATALOGUE
from kobikom_emulator.settings import BadSettings, described, load
from kobikom_emulator.space.blueprint import SERVER_LIMITS, Blueprint, Limits

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
HOOK = {"url": "http://127.0.0.1:9/hook", "events": ["message.failed"]}
DELIVERY = {"outcomes": [{"status": "REJECTED", "gsm_error": 500, "after": 3, "weight": 2}], "jitter": 4}
TERMS = {
    "credit": "7.000",
    "currency": "EUR",
    "titles": ["SHOP"],
    "price": "2",
    "prices": {"turkcell": "3"},
    "coverage": ["DE"],
    "push_url": "http://127.0.0.1:9/push",
}

CHOICES: Mapping[str, Any] = {
    "accounts": [{"user": "shop", "password": "secret", "delivery": DELIVERY, **TERMS}],
    "readings": {ambiguity.name: [*ambiguity.values][-1] for ambiguity in CATALOGUE},
    "limits": {name: getattr(Limits(), name) + 1 for name in Limits.__struct_fields__ if name not in SERVER_LIMITS},
    "retention": dict.fromkeys(Retention.__struct_fields__, 5),
    "magic_numbers": False,
    "seed": 7,
    "faults": [{"effect": {"kind": "garbage"}, "match": {"text": "*broken*"}, "when": {"times": 1}}],
    "steps": [{"advance": 60, "credit": "5"}],
    "webhooks": [HOOK | {"secret": SECRET}],
    "clock": {"set": "2031-01-01T00:00:00Z", "advance": 60, "freeze": True, "rate": 2.0},
    "messages": [{"to": "905329975725", "text": "Hello"}],
    "delivery": DELIVERY,
    "account_defaults": TERMS,
}
"""By the field of the blueprint: a choice that differs from the default in all that the field has."""

SHOWN = {
    "webhooks": [HOOK],  # the secret is no part of what is shown later
    "clock": {"at": "2031-01-01T00:00:00Z", "advance": 60, "frozen": True, "rate": 2.0},
}
"""How a choice is shown, where that is not as it was written."""


def test_every_field_has_a_choice() -> None:
    """Of the blueprint, and of the fields that consist of others."""
    assert set(Blueprint.__struct_fields__) == set(CHOICES)
    assert set(AccountDefaults.__struct_fields__) == set(TERMS)
    assert set(AccountSettings.__struct_fields__) == set(CHOICES["accounts"][0])
    assert set(DeliverySettings.__struct_fields__) == set(DELIVERY)


@pytest.mark.parametrize("field", Blueprint.__struct_fields__)
def test_each_field_is_taken_and_shown_over_http(field: str) -> None:
    """In the answer to `POST /spaces`, and later."""
    with Emulator() as emulator:
        server = InProcess(emulator)
        opened = ask(server, "POST", "/spaces", {"name": "orders", field: CHOICES[field]})
        for view in (opened, ask(server, "GET", "/spaces/orders")):
            assert_shows(view, field)


@pytest.mark.parametrize("field", Blueprint.__struct_fields__)
def test_each_field_is_taken_from_a_file(field: str) -> None:
    """And the space that it opens shows it."""
    with Emulator(spaces=[{"name": "orders", field: CHOICES[field]}]) as emulator:
        assert_shows(ask(InProcess(emulator), "GET", "/spaces/orders"), field)


def assert_shows(view: Mapping[str, Any], field: str) -> None:
    shown = SHOWN.get(field, CHOICES[field])
    assert shown == as_asked({**view["beginning"], "seed": view["seed"], "accounts": view["accounts"]}[field], shown)


def as_asked(view: Any, asked: Any) -> Any:
    """The part of a value that was asked for: what it shows besides is left out."""
    if isinstance(asked, dict):
        return {name: as_asked(view[name], value) for name, value in asked.items()}
    if isinstance(asked, list):
        return [as_asked(item, wanted) for item, wanted in zip(view, asked, strict=True)]
    return view


def test_the_secret_of_a_webhook_is_shown_once() -> None:
    """A generated one in the answer to `POST /spaces`, and nowhere else."""
    with Emulator() as emulator:
        server = InProcess(emulator)
        opened = ask(server, "POST", "/spaces", {"name": "orders", "webhooks": [HOOK]})
        (webhook,) = opened["webhooks"]
        assert (1, HOOK["url"], 50) == (webhook["id"], webhook["url"], len(webhook["secret"]))
        for path in ("/spaces/orders", "/spaces/orders/webhooks", "/spaces"):
            assert webhook["secret"] not in str(ask(server, "GET", path))
        assert [webhook["id"]] == [view["id"] for view in ask(server, "GET", "/spaces/orders/webhooks")["webhooks"]]


def test_the_secret_of_a_space_of_the_settings_is_masked() -> None:
    """Where the settings are printed."""
    spaces = json.dumps([{"name": "orders", "webhooks": [HOOK | {"secret": SECRET}]}])
    printed = str(described(load(environment={"KOBIKOM_SPACES": spaces})))
    assert (True, False) == (HOOK["url"] in printed, SECRET in printed)


def test_an_address_that_may_not_be_posted_to_opens_nothing() -> None:
    """The answer names the webhook."""
    with Emulator(push={"allow": "none"}) as emulator:
        server = KobikomServer.of(emulator)
        with pytest.raises(ControlRefused) as refused:
            server.open(webhooks=[HOOK])
        assert (422, "webhooks[0].url") == (refused.value.status, refused.value.field)
        assert ["default"] == server.spaces


def test_a_webhook_of_the_settings_needs_its_secret() -> None:
    """A generated one would be shown to nobody."""
    with (
        pytest.raises(BadSettings, match="every webhook needs a secret"),
        Emulator(spaces=[{"name": "orders", "webhooks": [HOOK]}]),
    ):
        pass
