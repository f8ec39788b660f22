"""An operation that fails half-way leaves the space and the registry as they were."""

import asyncio
from typing import Any

import pytest

from kobikom_emulator.domain.matching import MessageMatch
from kobikom_emulator.operations.errors import Conflict
from kobikom_emulator.space.errors import SpaceClosed


class StoreFailed(Exception):
    """The store could not keep a change."""


async def fail(*_: Any) -> None:
    raise StoreFailed


def test_a_user_is_free_again_when_the_account_could_not_be_stored(server: Any, monkeypatch: Any) -> None:
    """Another space may have it then."""
    space = server.open(name="one")
    with monkeypatch.context() as patched:
        patched.setattr(server.registry.named("one").store, "apply", fail)
        with pytest.raises(StoreFailed):
            server.ask("PUT", "/spaces/one/accounts/guest", {})
    assert 404 == server.ask("GET", "/spaces/one/accounts/guest")[0]
    assert 201 == server.ask("POST", "/spaces", {"accounts": [{"user": "guest"}]})[0]
    assert 1 == len(server.run(space.accounts.list()))


@pytest.mark.parametrize("user", ["u" * 101, "%20", "%20guest", "guest%09"])
def test_a_user_name_in_a_path_has_the_limits_of_any_user_name(user: str, server: Any) -> None:
    """An account is not opened with a name that is too long or has white space around it: 422 names the field."""
    space = server.open(name="one")
    before = server.state(space)
    status, answer = server.ask("PUT", f"/spaces/one/accounts/{user}", {})
    assert (422, "user") == (status, answer["field"])
    assert before == server.state(space)


def test_the_users_of_a_state_are_free_again_when_it_could_not_be_stored(server: Any, monkeypatch: Any) -> None:
    """The space keeps its own users."""
    source = server.open(name="source", accounts=[{"user": "moved", "password": "p"}])
    document = server.state(source)
    server.run(server.operations.close("source"))
    space = server.open(name="target", accounts=[{"user": "stays", "password": "p"}])
    with monkeypatch.context() as patched:
        patched.setattr(server.registry.named("target").store, "replace", fail)
        with pytest.raises(StoreFailed):
            server.run(space.import_state(document))
    assert b"<miktar>1000.000</miktar>" in server.balance("stays", "p")[1]
    assert 201 == server.ask("POST", "/spaces", {"accounts": [{"user": "moved"}]})[0]


def test_a_space_that_could_not_begin_is_not_open(server: Any, monkeypatch: Any) -> None:
    """Its name and users are free."""
    with monkeypatch.context() as patched:
        patched.setattr("kobikom_emulator.storage.memory.MemoryStore.apply", fail)
        with pytest.raises(StoreFailed):
            server.open(name="one", accounts=[{"user": "guest"}])
    assert ["default"] == [space.name for space in server.registry]
    server.open(name="one", accounts=[{"user": "guest"}])


def test_a_closed_space_takes_no_change(server: Any) -> None:
    """Somebody may still hold its operations: they claim no user and are refused as for a space that is not there."""
    space = server.open(name="one", accounts=[{"user": "first"}])
    state = server.state(space)
    server.run(server.operations.close("one"))
    for work in (space.reset, lambda: space.import_state(state), space.faults.disarm_all):
        with pytest.raises(SpaceClosed, match="space 'one' is closed"):
            server.run(work())
    server.open(name="two", accounts=[{"user": "first"}])


def test_closing_a_space_ends_the_waits_in_it(server: Any) -> None:
    """Long before their time-out, with the reason."""
    space = server.open(name="one")

    async def wait_and_close() -> Any:
        waiting = asyncio.ensure_future(space.messages.wait(MessageMatch(), count=1, timeout=300))
        await asyncio.sleep(0)
        await server.operations.close("one")
        return await asyncio.gather(waiting, return_exceptions=True)

    (error,) = server.run(wait_and_close())
    assert (SpaceClosed, "space 'one' is closed") == (type(error), str(error))
    assert 404 == server.ask("GET", "/spaces/one")[0]


def test_a_user_of_another_space_is_refused_before_anything_changes(server: Any) -> None:
    """`Conflict` names the field."""
    space = server.open(name="one", accounts=[{"user": "first"}])
    server.open(name="two", accounts=[{"user": "second"}])
    state = server.state(space)
    with pytest.raises(Conflict, match="'second' belongs to space 'two'") as refusal:
        server.run(space.import_state(state.replace(b'"first"', b'"second"')))
    assert ("records.account.user", state) == (refusal.value.field, server.state(space))


@pytest.mark.parametrize("status", ["DELIVERED", "NOT_ALLOWED", "REJECTED", "NOT_DELIVERED"])
@pytest.mark.parametrize("first", ["NOT_ALLOWED", "DELIVERED"])
@pytest.mark.parametrize("due", [False, True])
def test_outcomes_can_be_forced_after_the_account_was_closed(first: str, status: str, due: bool, server: Any) -> None:
    """No money moves, the message ends as it was forced to, and the exported state can be imported."""
    space = server.open(name="one", accounts=[{"user": "first", "password": "p", "credit": "10"}])
    server.send("first", "p", "905329975725#m1")
    assert 200 == server.ask("POST", "/spaces/one/messages/m1/outcome", {"status": first, "after": 60})[0]
    server.ask("POST", "/spaces/one/clock", {"advance": 61 if due else 1})
    server.ask("DELETE", "/spaces/one/accounts/first")
    before = server.ask("GET", "/spaces/one/ledger")[1]
    answered, message = server.ask("POST", "/spaces/one/messages/m1/outcome", {"status": status, "after": 5})
    paid_back = due and first == "NOT_ALLOWED"
    assert (409 if paid_back else 200) == answered, message
    server.ask("POST", "/spaces/one/clock", {"advance": 100})
    expected = "NOT_ALLOWED" if paid_back else status
    assert expected == server.ask("GET", "/spaces/one/messages/m1")[1]["status"]
    assert before == server.ask("GET", "/spaces/one/ledger")[1]
    state = server.state(space)
    server.run(space.import_state(state))
    assert state == server.state(space)


def test_a_change_of_the_rate_moves_a_frozen_clock_by_nothing(server: Any) -> None:
    """Also where the machine's time goes on between two looks, at the highest rate."""
    space = server.open(name="one")
    clock = server.registry.named("one").clock
    ticks = iter(range(10**12, 10**13))
    clock._source = lambda: next(ticks)
    before = space.clock.show().now
    for change in ({"rate": 1e6}, {"freeze": True}, {"rate": 5, "freeze": True}, {}):
        assert 200 == server.ask("POST", "/spaces/one/clock", change)[0]
    server.run(space.import_state(server.state(space)))
    assert before == space.clock.show().now
