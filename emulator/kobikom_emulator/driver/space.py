"""A handle on one space: its messages, reports, clock, faults, accounts, ledger and journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

from kobikom_emulator.driver import failures
from kobikom_emulator.driver.controls import ClockControl, Fault, FaultControl
from kobikom_emulator.driver.coroutines import KobikomCoroutines
from kobikom_emulator.driver.failures import NotAsExpected
from kobikom_emulator.driver.transport import ControlRefused, Transport, ask_space, segment
from kobikom_emulator.driver.values import Account, Entry, LedgerLine, Message, Report

DEFAULT = "default"
PAGE = 1000
"""How many messages, lines or entries one request asks for."""


class HasDocument(Protocol):
    """A scenario as `kobikom_contracts.scenarios()` draws it."""

    def document(self) -> Mapping[str, Any]: ...


class Kobikom:
    """A whole private Kobikom. Code under test gets `base_url`, `user` and `password`.

    The credentials lead to this space at the server's plain `url` too. Conditions on messages are `to`, `title` and
    `text` (patterns, in which `*` and `?` are wild: `90532*`, `*1234*`), `status` and `user`; all of them have to hold.
    A number is found however it is written. An unknown condition is a TypeError, a wrong value `ControlRefused`.

    As a context manager it closes the space, and adds the journal to an exception that leaves the block.
    """

    def __init__(self, transport: Transport, view: Mapping[str, Any]) -> None:
        self.name: str = view["name"]
        self.seed: int = view["seed"]
        self.url = transport.url
        self.base_url = self.url if self.name == DEFAULT else f"{self.url}/s/{self.name}"
        accounts = [Account.read(each) for each in view["accounts"]]
        self.user = accounts[0].user if accounts else ""
        self.password = accounts[0].password if accounts else ""
        # The parts do not refer to the handle: without a reference cycle the connections close with the last reference.
        self._ask = partial(ask_space, transport, self.name)
        self.clock = ClockControl(self._ask)
        self.faults = FaultControl(self._ask)
        self.scenario: Mapping[str, Any] | None = None
        self.closed = False

    def __repr__(self) -> str:
        return f"<Kobikom {self.base_url} user={self.user!r}>"

    @property
    def aio(self) -> KobikomCoroutines:
        """The methods that may take long, as coroutines."""
        return KobikomCoroutines(self)

    # messages

    @property
    def messages(self) -> list[Message]:
        """Every message, oldest first."""
        return self.find()

    @property
    def reports(self) -> list[Report]:
        """The report of each message, in the order in which they were sent. Reading them here does not pull them."""
        return [Report.of(message) for message in self.messages]

    def find(self, **conditions: str) -> list[Message]:
        """The messages that match, oldest first."""
        views = self._pages("/messages", "messages", _match(conditions))
        return [Message.read(view) for view in views][::-1]

    def wait_for(self, *, timeout: float = 5.0, **conditions: str) -> Message:
        """The newest message that matches, as soon as there is one; `NotAsExpected` after `timeout` real seconds."""
        __tracebackhide__ = True
        return self.wait_for_all(1, timeout=timeout, **conditions)[-1]

    def wait_for_all(self, count: int, *, timeout: float = 5.0, **conditions: str) -> list[Message]:
        """The newest `count` messages that match, oldest first, as soon as there are so many."""
        __tracebackhide__ = True
        match = _match(conditions)
        try:
            matches = self._wait(match, count, timeout)
        except ControlRefused as refused:
            if refused.status != 408:
                raise
            expected = failures.message_with(match)
            times = "" if count == 1 else f"{count} times "
            raise NotAsExpected(
                f"waited {timeout:g} s for {times}{expected}: {refused}\n{self._near_misses(refused.problem)}"
            ) from None
        return [Message.read(view) for view in matches["messages"]][::-1]

    def _wait(self, match: Mapping[str, str], count: int, timeout: float) -> Any:
        body = {"match": match, "count": count, "timeout": timeout}
        return self._ask("POST", "/messages/wait", body, wait=timeout)

    def _near_misses(self, problem: Mapping[str, Any]) -> str:
        return failures.near_misses(problem.get("nearest_misses", ()), self.journal)

    def assert_sent(self, *, count: int | None = None, **conditions: str) -> Message:
        """Assert that a message that matches was accepted by now, or exactly `count` of them; the newest one.

        `NotAsExpected` with the nearest misses and why each differs.
        """
        __tracebackhide__ = True
        if count is not None and count < 1:
            raise ValueError("count is 1 or more; assert_none asserts that there is no message")
        match = _match(conditions)
        messages = self.find(**conditions)
        if messages and count in (None, len(messages)):
            return messages[-1]
        expected = f"expected {failures.message_with(match)}"
        if count is not None:
            expected += f" {count} times, there are {len(messages)}"
        if messages and len(messages) > (count or 0):
            raise NotAsExpected(f"{expected}:\n{failures.message_lines(messages)}")
        try:
            return Message.read(self._wait(match, len(messages) + 1, 0.0)["messages"][0])
        except ControlRefused as refused:
            if refused.status != 408:
                raise
            raise NotAsExpected(f"{expected}\n{self._near_misses(refused.problem)}") from None

    def assert_none(self, *, timeout: float = 5.0, **conditions: str) -> None:
        """Assert that no message that matches was sent, once nothing is in flight (`drain`)."""
        __tracebackhide__ = True
        match = _match(conditions)
        self.drain(timeout=timeout)
        if messages := self.find(**conditions):
            expected = failures.message_with(match).partition(" ")[2]
            raise NotAsExpected(
                f"expected no {expected}, there are {len(messages)}:\n{failures.message_lines(messages)}"
            )

    def drain(self, *, timeout: float = 5.0) -> None:
        """Wait until no request is in flight and every push that is due was attempted; `NotAsExpected` after `timeout`
        real seconds.
        """
        __tracebackhide__ = True
        try:
            self._ask("POST", "/drain", {"timeout": timeout}, wait=timeout)
        except ControlRefused as refused:
            if refused.status != 408:
                raise
            raise NotAsExpected(str(refused)) from None

    def deliver(
        self,
        message: Message | None = None,
        /,
        *,
        status: str = "DELIVERED",
        gsm_error: int | None = None,
        after: float = 0.0,
        **conditions: str,
    ) -> list[Message]:
        """Decide how a message ends, or all that match, `after` seconds of the space's clock from now.

        Returns the messages as they are then. `NotAsExpected` if none matches, `ControlRefused` (409) if its report was
        given already.
        """
        messages = self.find(**conditions) if message is None else [message]
        if not messages:
            self.assert_sent(count=None, **conditions)
        outcome: dict[str, Any] = {"status": status, "after": after}
        if gsm_error is not None:
            outcome["gsm_error"] = gsm_error
        return [Message.read(self._ask("POST", f"/messages/{one.id}/outcome", outcome)) for one in messages]

    def delete(self, message: Message | str | None = None, /, **conditions: str) -> int:
        """Delete one message (or its id), or all that match; how many. Credit and ledger stay as they are."""
        if message is None:
            query = _query(_match(conditions))
            return int(self._ask("DELETE", f"/messages?{query}" if query else "/messages")["deleted"])
        if conditions:
            raise TypeError("delete takes a message or conditions, not both")
        self._ask("DELETE", f"/messages/{segment(_id(message))}")
        return 1

    def lose_next_answer(self) -> Fault:
        """Carry the next send out and charge for it, but close the connection without an answer. More: `faults`."""
        return self.faults.lose_next_answer()

    def detail(self, message: Message | str) -> Mapping[str, Any]:
        """All fields of a message, as in `GET …/messages/{id}`: parts, alphabet, plan, …"""
        return dict(self._ask("GET", f"/messages/{segment(_id(message))}"))

    # accounts, ledger, readings, journal

    def account(self, user: str = "", **terms: Any) -> Account:
        """The account (the first one unless `user` names another), after changing the terms that are given.

        Terms: password, credit, currency, titles, price, prices, coverage, delivery, push_url. With terms, a user that
        the space does not have is opened.
        """
        path = f"/accounts/{segment(user or self.user)}"
        if not terms:
            return Account.read(self._ask("GET", path))
        body = json.loads(json.dumps(terms, default=str))
        try:
            return Account.read(self._ask("PATCH", path, body))
        except ControlRefused as refused:
            if refused.status != 404 or not user:
                raise
            return Account.read(self._ask("PUT", path, body))

    @property
    def ledger(self) -> list[LedgerLine]:
        """Everything that changed the credit of the accounts, oldest first."""
        return [LedgerLine.read(view) for view in self._pages("/ledger", "lines", {})][::-1]

    @property
    def readings(self) -> dict[str, str]:
        """The chosen reading of each ambiguous place of the vendor's page, by name."""
        return {reading["name"]: reading["value"] for reading in self._ask("GET", "/readings")["readings"]}

    def set_readings(self, **readings: str) -> None:
        """Choose readings, from the next request on: `set_readings(long_text="split")`."""
        self._ask("PATCH", "/readings", {name.replace("_", "-"): value for name, value in readings.items()})

    @property
    def journal(self) -> list[Entry]:
        """The requests and pushes that are kept, with their answers and explanations, oldest first."""
        entries: list[Entry] = []
        before = ""
        while True:
            page = self._ask("GET", f"/journal?limit={PAGE}{before}")["entries"]
            entries += [Entry.read(view) for view in page]
            if len(page) < PAGE:
                return entries[::-1]
            before = f"&before={page[-1]['id']}"

    def journal_text(self) -> str:
        """The journal as text: a line an entry, with clause and place under each refusal."""
        lines = failures.journal_lines(self.journal)
        return "\n".join([f"space {self.name}, {self.base_url}, user {self.user}", *(lines or ["no request"])])

    # the space as a whole

    def scenario_text(self) -> str:
        """The scenario that was played last, as the text of a scenario file; "" if none was."""
        return "" if self.scenario is None else json.dumps(self.scenario, indent=2, ensure_ascii=False)

    def state(self) -> dict[str, Any]:
        """The whole space as one JSON value, without its journal."""
        return dict(self._ask("GET", "/state"))

    def restore(self, state: Mapping[str, Any]) -> None:
        """Replace everything in the space by a state that `state()` returned."""
        self._ask("PUT", "/state", state)

    def play(self, scenario: Mapping[str, Any] | HasDocument | str | Path, *, reset: bool = True) -> None:
        """Reset the space, so that each example of a property test starts alike, and apply a scenario.

        A scenario is what `kobikom_contracts.scenarios()` draws, its JSON document (a mapping or text), or a file.
        """
        document = _document(scenario)
        if reset:
            self.reset()
        self._ask("POST", "/scenario", document)
        self.scenario = document

    def reset(self) -> None:
        """Forget messages, ledger, faults and journal; accounts, clock, readings and configured faults are as when the
        space was opened.
        """
        self._ask("POST", "/reset")

    def close(self) -> None:
        """Close the space and forget everything in it. The default space stays open."""
        if not self.closed and self.name != DEFAULT:
            self.closed = True
            self._ask("DELETE", "")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Exception):
            error.add_note(f"kobikom journal\n{self.journal_text()}")
        self.close()

    def _pages(self, path: str, key: str, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """What a paged list holds under `key`, newest first, all pages of it."""
        views: list[Mapping[str, Any]] = []
        before: dict[str, str] = {}
        while True:
            page = self._ask("GET", f"{path}?{_query({**query, 'limit': str(PAGE), **before})}")
            views += page[key]
            if page["next"] is None:
                return views
            before = {"before": str(page["next"])}


_CONDITIONS = ("to", "title", "text", "status", "user")


def _match(conditions: Mapping[str, str]) -> dict[str, str]:
    """The conditions, checked; their names are those of the control API."""
    if unknown := conditions.keys() - set(_CONDITIONS):
        raise TypeError(f"unknown condition {', '.join(sorted(unknown))}; the conditions are {', '.join(_CONDITIONS)}")
    return dict(conditions)


def _query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={segment(value)}" for name, value in parameters.items())


def _id(message: Message | str) -> str:
    return message if isinstance(message, str) else message.id


def _document(scenario: Mapping[str, Any] | HasDocument | str | Path) -> Mapping[str, Any]:
    if isinstance(scenario, Path):
        scenario = scenario.read_text("utf-8")
    if isinstance(scenario, str):
        document: Mapping[str, Any] = json.loads(scenario)
        return document
    return scenario if isinstance(scenario, Mapping) else scenario.document()
