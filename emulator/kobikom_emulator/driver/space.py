"""A handle on one space: look at its messages, wait for them, move its time, arm faults, close it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

from kobikom_emulator.driver import failure_messages
from kobikom_emulator.driver.awaitable import Awaited
from kobikom_emulator.driver.controls import ClockControl, Fault, FaultControl
from kobikom_emulator.driver.failure_messages import NotAsExpected
from kobikom_emulator.driver.transport import ControlRefused, Transport, ask_space, segment
from kobikom_emulator.driver.values import Account, Entry, Message, Report

DEFAULT = "default"
PAGE = 1000


class HasDocument(Protocol):
    """A scenario as `kobikom_contracts.scenarios()` draws it."""

    def document(self) -> Mapping[str, Any]: ...


class Kobikom:
    """A whole private Kobikom. Code under test gets `base_url`, `user` and `password`.

    The same credentials land in this space at the server's plain `url` too. Conditions on messages are `to`, `title`
    and `text` (globs: `90532*`, `*1234*`), `status` and `user`; those that are given all hold. As a context manager
    it closes the space, and adds the journal to an exception that passes through.
    """

    def __init__(self, transport: Transport, view: Mapping[str, Any]) -> None:
        self.name: str = view["name"]
        self.seed: int = view["seed"]
        self.url = transport.url
        self.base_url = self.url if self.name == DEFAULT else f"{self.url}/s/{self.name}"
        accounts = [Account.read(each) for each in view["accounts"]]
        self.user = accounts[0].user if accounts else ""
        self.password = accounts[0].password if accounts else ""
        # No part knows the whole: without a cycle the last one who lets go closes the connections.
        self._ask = partial(ask_space, transport, self.name)
        self.clock = ClockControl(self._ask)
        self.faults = FaultControl(self._ask)
        self.scenario: Mapping[str, Any] | None = None
        self.closed = False

    def __repr__(self) -> str:
        return f"<Kobikom {self.base_url} user={self.user!r}>"

    @property
    def aio(self) -> Awaited:
        """The operations that may take long, as coroutines."""
        return Awaited(self)

    # messages

    @property
    def messages(self) -> list[Message]:
        """Every message, oldest first."""
        return self.find()

    @property
    def reports(self) -> list[Report]:
        """How each message ended or is about to, in the order they were sent. Looking consumes nothing."""
        return [Report.of(message) for message in self.messages]

    def find(self, **conditions: str) -> list[Message]:
        """The messages that match, oldest first."""
        match = _match(conditions)
        found: list[Message] = []
        before = ""
        while True:
            query = "&".join(f"{name}={segment(value)}" for name, value in (match | {"limit": str(PAGE)}).items())
            page = self._ask("GET", f"/messages?{query}{before}")
            found += [Message.read(each) for each in page["messages"]]
            if page["next"] is None:
                return found[::-1]
            before = f"&before={page['next']}"

    def wait_for(self, *, timeout: float = 5.0, **conditions: str) -> Message:
        """The newest message that matches, as soon as there is one; `NotAsExpected` after `timeout` real seconds."""
        __tracebackhide__ = True
        return self.wait_for_all(1, timeout=timeout, **conditions)[-1]

    def wait_for_all(self, count: int, *, timeout: float = 5.0, **conditions: str) -> list[Message]:
        """The newest `count` messages that match, oldest first, as soon as there are so many."""
        __tracebackhide__ = True
        match = _match(conditions)
        try:
            said = self._wait(match, count, timeout)
        except ControlRefused as refused:
            if refused.status != 408:
                raise
            what = failure_messages.wanted(match) if count == 1 else f"{count} times {failure_messages.wanted(match)}"
            raise NotAsExpected(
                f"waited {timeout:g} s for {what}: {refused}\n{self._misses(refused.problem)}"
            ) from None
        return [Message.read(each) for each in said["messages"]][::-1]

    def _wait(self, match: Mapping[str, str], count: int, timeout: float) -> Any:
        body = {"match": match, "count": count, "timeout": timeout}
        return self._ask("POST", "/messages/wait", body, patience=timeout)

    def _misses(self, problem: Mapping[str, Any]) -> str:
        return failure_messages.misses(problem.get("nearest_misses", ()), self.journal)

    def assert_sent(self, *, count: int | None = None, **conditions: str) -> Message:
        """A message that matches was accepted by now, or exactly `count` of them; gives the newest.

        `NotAsExpected` with the nearest misses and why each differs.
        """
        __tracebackhide__ = True
        if count is not None and count < 1:
            raise ValueError("assert_none says that there is no message")
        match = _match(conditions)
        found = self.find(**conditions)
        if found and count in (None, len(found)):
            return found[-1]
        if count is not None and len(found) > count:
            listed = "\n".join(f"  {failure_messages.described(each)}" for each in found)
            raise NotAsExpected(
                f"wanted {failure_messages.wanted(match)} {count} times, there are {len(found)}:\n{listed}"
            )
        try:
            return Message.read(self._wait(match, len(found) + 1, 0.0)["messages"][0])
        except ControlRefused as refused:
            if refused.status != 408:
                raise
            times = "" if count is None else f" {count} times, there are {len(found)}"
            raise NotAsExpected(
                f"wanted {failure_messages.wanted(match)}{times}\n{self._misses(refused.problem)}"
            ) from None

    def assert_none(self, *, timeout: float = 5.0, **conditions: str) -> None:
        """No message that matches was sent; waits first until nothing is in flight (`drain`)."""
        __tracebackhide__ = True
        self.drain(timeout=timeout)
        if found := self.find(**conditions):
            listed = "\n".join(f"  {failure_messages.described(each)}" for each in found)
            what = failure_messages.wanted(_match(conditions))
            raise NotAsExpected(f"wanted no {what.partition(' ')[2]}, there are {len(found)}:\n{listed}")

    def drain(self, *, timeout: float = 5.0) -> None:
        """Wait until no request is in flight and every push that is due was attempted; `NotAsExpected` if it lasts."""
        __tracebackhide__ = True
        try:
            self._ask("POST", "/drain", {"timeout": timeout}, patience=timeout)
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

        Gives the messages as they are then. `NotAsExpected` if none matches, `ControlRefused` (409) if its report is
        out already.
        """
        chosen = self.find(**conditions) if message is None else [message]
        if not chosen:
            self.assert_sent(count=None, **conditions)
        wanted: dict[str, Any] = {"status": status, "after": after}
        if gsm_error is not None:
            wanted["gsm_error"] = gsm_error
        return [Message.read(self._ask("POST", f"/messages/{each.id}/outcome", wanted)) for each in chosen]

    def lose_next_answer(self) -> Fault:
        """Carry the next send out, charge for it, and close the connection without an answer. `faults` can do more."""
        return self.faults.lose_next_answer()

    def detail(self, message: Message | str) -> Mapping[str, Any]:
        """Everything that is known of a message: parts, alphabet, plan, …, as `GET …/messages/{id}` says it."""
        name = message if isinstance(message, str) else message.id
        return dict(self._ask("GET", f"/messages/{segment(name)}"))

    # accounts, readings, journal

    def account(self, user: str = "", **terms: Any) -> Account:
        """The account (the first one unless `user` names another), after changing the terms that are given.

        Terms: password, credit, currency, titles, price, prices, coverage, delivery, push_url. A user that the space
        does not have is opened.
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
    def readings(self) -> dict[str, str]:
        """What is chosen where the vendor's page is ambiguous, by name."""
        return {each["name"]: each["value"] for each in self._ask("GET", "/readings")["readings"]}

    def read_as(self, **readings: str) -> None:
        """Choose readings, from the next request on: `read_as(long_text="split")`."""
        self._ask("PATCH", "/readings", {name.replace("_", "-"): value for name, value in readings.items()})

    @property
    def journal(self) -> list[Entry]:
        """What was asked, answered and why, oldest first."""
        return [Entry.read(each) for each in self._ask("GET", f"/journal?limit={PAGE}")["entries"]][::-1]

    def journal_text(self) -> str:
        """The journal for people: a line an entry, with clause and place under each refusal."""
        lines = failure_messages.journal_lines(self.journal)
        return "\n".join([f"space {self.name}, {self.base_url}, user {self.user}", *(lines or ["no request"])])

    # the space as a whole

    def scenario_text(self) -> str:
        """The scenario that was played last, as a file that replays it; "" if none was."""
        return "" if self.scenario is None else json.dumps(self.scenario, indent=2, ensure_ascii=False)

    def state(self) -> dict[str, Any]:
        """The whole space as one JSON value, its journal apart."""
        return dict(self._ask("GET", "/state"))

    def restore(self, state: Mapping[str, Any]) -> None:
        """Make the space what a state says."""
        self._ask("PUT", "/state", state)

    def play(self, scenario: Mapping[str, Any] | HasDocument | str | Path, *, anew: bool = True) -> None:
        """Let a scenario begin; before that the space begins anew, so that each example of a fuzz starts alike.

        A scenario is what `kobikom_contracts.scenarios()` draws, its JSON document (a mapping or text), or a file.
        """
        document = _document(scenario)
        if anew:
            self.reset()
        self._ask("POST", "/scenario", document)
        self.scenario = document

    def reset(self) -> None:
        """Begin anew: no messages, faults or journal; accounts, clock and readings as in the beginning."""
        self._ask("POST", "/reset")

    def close(self) -> None:
        """Close the space and forget everything in it. The default space stays."""
        if not self.closed and self.name != DEFAULT:
            self.closed = True
            self._ask("DELETE", "")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Exception):
            error.add_note(f"kobikom journal\n{self.journal_text()}")
        self.close()


_CONDITIONS = ("to", "title", "text", "status", "user")


def _match(conditions: Mapping[str, str]) -> dict[str, str]:
    """Keyword conditions in the control API's words."""
    if unknown := conditions.keys() - set(_CONDITIONS):
        raise TypeError(f"no condition {', '.join(sorted(unknown))}; known: {', '.join(_CONDITIONS)}")
    return dict(conditions)


def _document(scenario: Mapping[str, Any] | HasDocument | str | Path) -> Mapping[str, Any]:
    if isinstance(scenario, Path):
        scenario = scenario.read_text("utf-8")
    if isinstance(scenario, str):
        document: Mapping[str, Any] = json.loads(scenario)
        return document
    return scenario if isinstance(scenario, Mapping) else scenario.document()
