"""An adapter that is a process of its own.

A process that hangs is killed and started again for the next call; so is one that ended by itself.
"""

from __future__ import annotations

import queue
import shlex
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from kobikom_contracts.client_suite.adapter_errors import Gone, Hung
from kobikom_contracts.client_suite.adapter_lines import JSON_LINES, LineFormat
from kobikom_contracts.client_suite.adapter_protocol import Request, Unintelligible
from kobikom_contracts.programs import kill, start

_STDERR_KEPT = 4000


class CommandAdapter:
    """An adapter that is a program of its own, started at the first call."""

    def __init__(self, words: Sequence[str], lines: LineFormat = JSON_LINES) -> None:
        self.name = shlex.join(words)
        self._format = lines
        self.last = ("", "")
        self._words = words
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._stderr = bytearray()
        self._readers: list[threading.Thread] = []

    def ask(self, call: Request, patience: float) -> Any:
        """See :class:`Adapter`."""
        process = self._running()
        while not self._lines.empty():  # lines written before the call do not answer it
            if not self._lines.get():
                self._end()
                process = self._running()
        line = self._format.write(call)
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
            return self._format.read(call, answer)
        except Unintelligible:
            self._end()  # what it writes next could not be assigned to a call
            raise

    def restart(self) -> bool:
        """See :class:`Adapter`."""
        self.close()
        return True

    def another(self) -> CommandAdapter:
        """See :class:`Adapter`."""
        return CommandAdapter(self._words, self._format)

    def close(self) -> None:
        """See :class:`Adapter`."""
        self._end(grace=1)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        process = start(self._words, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
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
            kill(process)
        process.wait()
        for reader in self._readers:
            reader.join(2)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
