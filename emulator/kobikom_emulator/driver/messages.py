"""The messages of a space: find them, wait for them, assert what was sent, decide how they end, delete them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from kobikom_emulator.driver import failures
from kobikom_emulator.driver.failures import NotAsExpected
from kobikom_emulator.driver.transport import ControlRefused, segment
from kobikom_emulator.driver.values import Entry, Message, Report

PAGE = 1000
"""How many messages, lines or entries one request asks for."""


class AskSpace(Protocol):
    """A request to the control API, `path` below the space; the JSON of its answer. `wait`: seconds to wait for."""

    def __call__(self, method: str, path: str, body: Any = None, *, wait: float = 0.0) -> Any: ...


class SpaceMessages:
    """The part of `Kobikom` that is about messages."""

    _ask: AskSpace
    _read_file: Callable[[str], bytes]

    @property
    def journal(self) -> list[Entry]:
        """The entries that a failure shows where no message came near."""
        raise NotImplementedError

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

    def export_messages(self, format: Literal["jsonl", "csv"] = "jsonl", /, **conditions: str) -> bytes:  # noqa: A002  # the API's word
        """The messages that match as a file, newest first: JSON Lines, or CSV with a line of names."""
        return self._read_file(f"/messages?{_query({'format': format, **_match(conditions)})}")

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
                f"waited for {times}{expected}: {refused}{_in_a_loop()}\n{self._near_misses(refused.problem)}"
            ) from None
        return [Message.read(view) for view in matches["messages"]][::-1]

    def wait_for_code(self, pattern: str = r"\d{4,8}", /, *, timeout: float = 5.0, **conditions: str) -> str:
        """The first group of a regular expression, or all of it, in the text of the message that matches: a one-time
        code. `NotAsExpected` if the text has none.
        """
        __tracebackhide__ = True
        text = self.wait_for(timeout=timeout, **conditions).text
        code = re.search(pattern, text)
        if code is None:
            raise NotAsExpected(f"no code {pattern} in {text!r}")
        return (code[1] or "") if code.re.groups else code[0]

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

    def detail(self, message: Message | str) -> Mapping[str, Any]:
        """All fields of a message, as in `GET …/messages/{id}`: parts, alphabet, plan, …"""
        return dict(self._ask("GET", f"/messages/{segment(_id(message))}"))

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


def _in_a_loop() -> str:
    """What to do instead where the wait stopped an event loop, in which the code under test may run."""
    asyncio = sys.modules.get("asyncio")  # importing it takes as long as the rest of this package
    try:
        if asyncio is None or asyncio.get_running_loop() is None:
            return ""
    except RuntimeError:
        return ""
    return " (the event loop of this thread stood still meanwhile: use `await kobikom.aio.wait_for(…)` in a coroutine)"


def _match(conditions: Mapping[str, str]) -> dict[str, str]:
    """The conditions, checked; their names are those of the control API."""
    if unknown := conditions.keys() - set(_CONDITIONS):
        raise TypeError(f"unknown condition {', '.join(sorted(unknown))}; the conditions are {', '.join(_CONDITIONS)}")
    return dict(conditions)


def _query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={segment(value)}" for name, value in parameters.items())


def _id(message: Message | str) -> str:
    return message if isinstance(message, str) else message.id
