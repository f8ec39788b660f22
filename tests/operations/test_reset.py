"""A reset is the same operation for the control API and for the handle in Python."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from kobikom_emulator import Emulator


def ask(emulator: Emulator, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    status, answer = emulator.ask_control(
        method, f"/_emulator{path}", b"" if body is None else json.dumps(body).encode()
    )
    return status, json.loads(answer) if answer else None


def over_http(emulator: Emulator) -> None:
    assert 200 == ask(emulator, "POST", "/spaces/default/reset")[0]


def by_handle(emulator: Emulator) -> None:
    emulator.reset()


@pytest.mark.parametrize("reset", [over_http, by_handle])
def test_a_reset_frees_users_that_came_later(reset: Callable[[Emulator], None]) -> None:
    """A user of an account that was opened after the beginning may belong to another space after the reset."""
    with Emulator() as emulator:
        assert 201 == ask(emulator, "PUT", "/spaces/default/accounts/guest", {})[0]
        wanted = {"name": "other", "accounts": [{"user": "guest"}]}
        assert 409 == ask(emulator, "POST", "/spaces", wanted)[0]
        reset(emulator)
        assert 201 == ask(emulator, "POST", "/spaces", wanted)[0]
        assert 409 == ask(emulator, "POST", "/spaces", {"accounts": [{"user": "test"}]})[0]


def test_both_resets_leave_the_same_state() -> None:
    """Whatever was changed before, the exported states are equal."""
    states = []
    for reset in (over_http, by_handle):
        with Emulator({"clock": {"start": "2026-01-31T09:00:00+03:00"}}) as emulator:
            begun = ask(emulator, "GET", "/spaces/default/state")[1]
            for method, path, body in (
                ("PUT", "/accounts/guest", {"credit": "3"}),
                ("DELETE", "/accounts/test", None),
                ("POST", "/faults", {"effect": {"kind": "garbage"}}),
                ("PATCH", "/readings", {"dates": "padded"}),
                ("POST", "/clock", {"advance": 99, "rate": 3}),
            ):
                assert ask(emulator, method, f"/spaces/default{path}", body)[0] < 300
            assert begun != ask(emulator, "GET", "/spaces/default/state")[1]
            reset(emulator)
            states += [begun, ask(emulator, "GET", "/spaces/default/state")[1]]
    assert [states[0]] * 4 == states
