"""Ids are unique in a space and repeatable by its seed: two spaces with one seed give the same ids (S-02)."""

import json
from itertools import count
from typing import Any
from urllib.request import urlopen

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.driver import ControlRefused, Kobikom, KobikomServer

FROZEN = {"set": "2026-01-31T09:00:00+03:00", "freeze": True}
READINGS = ["15-digits", "18-digits", "10-digits"]


@pytest.fixture(scope="module")
def server() -> Any:
    with Emulator() as emulator:
        yield emulator


_names = count()


def opened(server: Emulator, **wanted: Any) -> Kobikom:
    """A space with a frozen clock."""
    body = {"name": f"ids-{next(_names)}", "clock": FROZEN} | wanted
    status, answer = server.ask_control("POST", "/_emulator/spaces", json.dumps(body).encode())
    assert 201 == status, answer
    return KobikomServer.of(server).space(body["name"])


def login(space: Kobikom) -> str:
    account = space.account()
    return f"<kullanici>{account.user}</kullanici><parola>{account.password}</parola>"


def send(space: Kobikom, server: Emulator, recipients: int = 3) -> list[str]:
    """Send to some numbers; the ids that the answer has."""
    numbers = "<gsm>905321234567</gsm>" * recipients
    message = f"<mesajiniz><metin>x</metin><alicilar>{numbers}</alicilar></mesajiniz>"
    body = f"<SMS><dogrulama>{login(space)}</dogrulama>{message}</SMS>"
    with urlopen(f"{server.url}/api/sendsms/xml/", body.encode()) as answer:
        return [part.partition("<")[0] for part in answer.read().decode().split("<messageid>")[1:]]


@pytest.mark.parametrize("form", READINGS)
def test_two_spaces_with_one_seed_give_the_same_ids(server: Emulator, form: str) -> None:
    """As two servers with this seed would, so that a test is repeatable; in a space no id is given twice."""
    spaces = [opened(server, seed=7, readings={"message-id": form}) for _ in range(2)]
    ids = [[send(space, server), send(space, server)] for space in spaces]
    assert ids[0] == ids[1]
    assert 6 == len({each for sent in ids[0] for each in sent})


def test_spaces_that_are_given_no_seed_give_different_ids(server: Emulator) -> None:
    """Their seeds come from their names."""
    ids = {each for _ in range(20) for each in send(opened(server), server)}
    assert 60 == len(ids)


@pytest.mark.parametrize("form", READINGS)
def test_ids_go_on_after_an_import(server: Emulator, form: str) -> None:
    """In a space of any seed, as in the space that was exported; also after a scenario chose another seed there."""
    first = opened(server, seed=7, readings={"message-id": form})
    before = send(first, server)
    first.play({"seed": 99})
    before += send(first, server)
    state = first.state()
    expected = send(first, server)
    first.close()
    second = opened(server, seed=8)
    second.restore(state)
    second = KobikomServer.of(server).space(second.name)  # whose account is now that of the first
    assert expected == send(second, server)
    assert not set(before) & set(expected)
    again = second.state()
    second.restore(again)
    assert again == second.state()


@pytest.mark.parametrize(
    "change", [{"ids_taken": 0}, {"ids_taken": 5}, {"ids_taken": 10**17}, {"ids_taken": 10**30}], ids=str
)
def test_a_state_that_would_repeat_ids_is_refused(server: Emulator, change: dict[str, int]) -> None:
    """So that no message id means two messages, and each has its number of digits."""
    space = opened(server, seed=7)
    send(space, server, 6)
    state = space.state()
    with pytest.raises(ControlRefused) as refusal:
        space.restore(state | change)
    assert (422, "ids_taken") == (refusal.value.status, refusal.value.field)
    assert state == space.state()


def test_a_state_without_the_seed_of_its_ids_is_read(server: Emulator) -> None:
    """It is then the state's seed."""
    space = opened(server, seed=7)
    send(space, server)
    state = space.state()
    expected = send(space, server)
    space.restore({name: value for name, value in state.items() if name != "ids_seed"})
    assert expected == send(space, server)
