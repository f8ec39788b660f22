"""Adapters: a client under test as a process of its own, or as a function in this one."""

from __future__ import annotations

import asyncio
import inspect
import json
import queue
import shlex
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec

from kobikom_contracts.client_suite.adapter_errors import Gone, Hung
from kobikom_contracts.client_suite.adapter_lines import JSON_LINES, LineFormat, read
from kobikom_contracts.client_suite.adapter_protocol import Request
from kobikom_contracts.client_suite.command_adapter import CommandAdapter
from kobikom_contracts.programs import CannotStart

Function = Callable[[dict[str, Any]], Any]


@runtime_checkable
class Adapter(Protocol):
    """A client under test behind the adapter protocol."""

    name: str
    last: tuple[str, str]
    """The last line in and out, for the report."""

    def ask(self, call: Request, patience: float) -> Any:
        """The outcome of a call, waiting ``patience`` seconds at most.

        Raises :class:`Hung`, :class:`Gone`, or ``Unintelligible`` for an answer that is not one of the
        adapter protocol.
        """

    def close(self) -> None:
        """End it."""


@runtime_checkable
class Repeatable(Protocol):
    """An adapter that can be started again, and more than once."""

    def restart(self) -> bool:
        """End it so that the next call meets a fresh one; False where that cannot be done."""

    def another(self) -> Adapter:
        """A second one of the same client."""


Client = str | Sequence[str] | Function | Adapter


def adapter_of(client: Client, lines: LineFormat = JSON_LINES) -> Adapter:
    """An adapter from a command line, its words, a function from request to answer objects, or itself."""
    if isinstance(client, Adapter):
        return client
    if callable(client):
        return FunctionAdapter(client)
    try:
        words = shlex.split(client) if isinstance(client, str) else list(client)
    except ValueError as error:
        raise CannotStart(f"the adapter's command can't be split into words: {error}") from None
    if not words:
        raise CannotStart("the adapter's command is empty")
    return CommandAdapter(words, lines)


class FunctionAdapter:
    """An adapter that is a Python function in this process, from request to answer objects.

    An awaitable that it returns is awaited. A call that hangs keeps its thread.
    """

    def __init__(self, function: Function) -> None:
        self.name = getattr(function, "__qualname__", type(function).__name__)
        self.last = ("", "")
        self._function = function

    def ask(self, call: Request, patience: float) -> Any:
        """See :class:`Adapter`."""
        request = msgspec.to_builtins(call)
        self.last = (json.dumps(request), "")
        answers: queue.SimpleQueue[object] = queue.SimpleQueue()
        threading.Thread(target=self._work, args=(request, answers), daemon=True).start()
        try:
            answer = answers.get(timeout=patience)
        except queue.Empty:
            self.last = (self.last[0], f"(nothing in {patience:g} s)")
            raise Hung(f"no answer in {patience:g} s") from None
        if isinstance(answer, BaseException):
            why = f"the adapter raised {type(answer).__name__}: {answer}"
            self.last = (self.last[0], f"({why})")
            raise Gone(why) from answer
        self.last = (self.last[0], _as_json(answer))
        return read(call, answer)

    def restart(self) -> bool:
        """See :class:`Adapter`: a function lives as long as this process."""
        return False

    def another(self) -> FunctionAdapter:
        """See :class:`Adapter`."""
        return FunctionAdapter(self._function)

    def close(self) -> None:
        """Nothing to end."""

    def _work(self, request: dict[str, Any], answers: queue.SimpleQueue[object]) -> None:
        try:
            answer = self._function(request)
            if inspect.isawaitable(answer):
                answer = asyncio.run(_awaited(answer))
            answers.put(answer)
        except BaseException as error:  # noqa: BLE001 - whatever it raises is reported by `ask`
            answers.put(error)


def _as_json(answer: object) -> str:
    """The answer as JSON, for the report; as Python writes it where JSON cannot."""
    try:
        return json.dumps(answer, default=repr)
    except (TypeError, ValueError, RecursionError):
        return repr(answer)


async def _awaited(answer: Any) -> Any:
    return await answer
