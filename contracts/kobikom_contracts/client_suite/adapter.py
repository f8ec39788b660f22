"""Adapters: a client under test as a process of its own, or as a function in this one.

A process that hangs is killed and started again for the next call; so is one that ended by itself.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import queue
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol, runtime_checkable

import msgspec

from kobikom_contracts.client_suite.adapter_protocol import (
    Call,
    Capabilities,
    Unintelligible,
    read,
    read_line,
    write,
)

Function = Callable[[dict[str, Any]], Any]
_STDERR_KEPT = 4000


class CannotStart(Exception):
    """The adapter's command cannot be run at all; the text is one line."""


class Hung(Exception):
    """No answer in time; the process was killed."""


class Gone(Exception):
    """The adapter ended, or raised, instead of answering; the text has the end of its standard error."""


@runtime_checkable
class Adapter(Protocol):
    """A client under test behind the adapter protocol."""

    name: str
    last: tuple[str, str]
    """The last line in and out, for the report."""

    def ask(self, call: Call | Capabilities, patience: float) -> Any:
        """The outcome of a call, waiting ``patience`` seconds at most.

        Raises :class:`Hung`, :class:`Gone`, or ``Unintelligible`` for an answer that is not one of the
        adapter protocol.
        """

    def close(self) -> None:
        """End it."""


Client = str | Sequence[str] | Function | Adapter


def adapter_of(client: Client) -> Adapter:
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
    return CommandAdapter(words)


class CommandAdapter:
    """An adapter that is a program of its own, started at the first call."""

    def __init__(self, words: Sequence[str]) -> None:
        self.name = shlex.join(words)
        self.last = ("", "")
        self._words = words
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._stderr = bytearray()
        self._readers: list[threading.Thread] = []

    def ask(self, call: Call | Capabilities, patience: float) -> Any:
        """See :class:`Adapter`."""
        process = self._running()
        while not self._lines.empty():  # lines written before the call do not answer it
            if not self._lines.get():
                self._end()
                process = self._running()
        line = write(call)
        self.last = (line.decode().rstrip("\n"), "")
        try:
            assert process.stdin is not None, "started with a pipe"
            process.stdin.write(line)
            process.stdin.flush()
            answer = self._lines.get(timeout=patience)
        except queue.Empty:
            self.last = (self.last[0], f"(nothing in {patience:g} s)")
            self._end()
            raise Hung(f"no answer in {patience:g} s; the adapter was killed") from None
        except OSError:
            answer = b""
        if not answer:
            why = self._how_it_ended(process)
            self.last = (self.last[0], f"({why})")
            raise Gone(why)
        self.last = (self.last[0], answer.decode("utf-8", "backslashreplace").rstrip("\r\n"))
        try:
            return read_line(call, answer)
        except Unintelligible:
            self._end()  # what it writes next could not be assigned to a call
            raise

    def close(self) -> None:
        """See :class:`Adapter`."""
        self._end(grace=1)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        if shutil.which(self._words[0]) is None:
            raise CannotStart(f"no program {self._words[0]!r} to run the adapter with")
        try:
            # Its own session, so that the processes it starts can be killed with it.
            process = subprocess.Popen(  # noqa: S603 - running what the user names is the purpose
                self._words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise CannotStart(f"cannot run {self.name}: {error}") from None
        self._process, self._lines, self._stderr = process, queue.SimpleQueue(), bytearray()
        self._readers = [
            threading.Thread(target=self._read_lines, args=(process, self._lines), daemon=True),
            threading.Thread(target=self._read_errors, args=(process, self._stderr), daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        return process

    @staticmethod
    def _read_lines(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes]) -> None:
        assert process.stdout is not None, "started with a pipe"
        with suppress(ValueError, OSError):
            for line in process.stdout:
                if line.strip():
                    lines.put(line)
        lines.put(b"")

    @staticmethod
    def _read_errors(process: subprocess.Popen[bytes], stderr: bytearray) -> None:
        assert process.stderr is not None, "started with a pipe"
        with suppress(ValueError, OSError):
            for line in process.stderr:
                stderr += line
                del stderr[:-_STDERR_KEPT]

    def _how_it_ended(self, process: subprocess.Popen[bytes]) -> str:
        try:
            code: int | None = process.wait(2)
        except subprocess.TimeoutExpired:
            code = None  # it closed its output and goes on running
        self._end()
        errors = self._stderr.decode("utf-8", "backslashreplace").strip()
        how = "closed its output" if code is None else f"ended with status {code}"
        return f"the adapter {how} instead of answering" + (f"; standard error: {errors}" if errors else "")

    def _end(self, *, grace: float = 0) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None, "started with a pipe"
        with suppress(OSError):
            process.stdin.close()
        if grace:
            with suppress(subprocess.TimeoutExpired):
                process.wait(grace)
        if process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
        process.wait()
        for reader in self._readers:
            reader.join(2)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


class FunctionAdapter:
    """An adapter that is a Python function in this process, from request to answer objects.

    An awaitable that it returns is awaited. A call that hangs keeps its thread.
    """

    def __init__(self, function: Function) -> None:
        self.name = getattr(function, "__qualname__", type(function).__name__)
        self.last = ("", "")
        self._function = function

    def ask(self, call: Call | Capabilities, patience: float) -> Any:
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
