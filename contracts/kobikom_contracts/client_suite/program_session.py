"""A session with a program that sends messages by itself: it is run again and again, and answered well or badly."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Sequence
from typing import Any

from kobikom_contracts.client_suite.forwarding import forward
from kobikom_contracts.client_suite.http_values import Ending, Received, Reply
from kobikom_contracts.client_suite.program_run import ProgramEnd, environment, run_program
from kobikom_contracts.client_suite.scripted_server import Script, ScriptedServer
from kobikom_contracts.client_suite.scripts import CallScript
from kobikom_contracts.client_suite.strategies import pull
from kobikom_contracts.client_suite.wire_session import Message, WireSession
from kobikom_contracts.client_suite.written_requests import WrittenSend, read_request
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.verdicts import Violation

_TIMES_SLOWER = 3
"""How much longer than a run that is answered well another may take, beside the patience."""


class ProgramSession(WireSession):
    """Runs of the program, each with a script of the server. ``usual``: the sends of a run that is answered well."""

    def __init__(
        self,
        words: Sequence[str],
        server: ScriptedServer,
        elsewhere: ScriptedServer,
        *,
        names: Sequence[str],
        upstream: str | None,
        profile: Profile,
        seed: int,
        patience: float,
        silence: float,
    ) -> None:
        super().__init__(profile=profile, seed=seed)
        self._silence = silence
        self.elsewhere = elsewhere
        self.runs = 0
        self.usual: Counter[Message] = Counter()
        self.draw = random.Random(seed)
        self._words = words
        self._upstream = upstream
        self._server = server
        self._env = environment(server.url, names)
        self._patience = patience
        self._usual_seconds: float | None = None

    def prepare(self, contract: Contract[Any]) -> None:
        """Run the program twice, answered well, before the first contract."""
        super().prepare(contract)
        if self._usual_seconds is not None:
            return
        for _ in range(2):
            end, sends = self.run(self._correct_answers())
            self._usual_seconds = max(self._usual_seconds or 0, end.seconds)
            self.usual |= Counter({message: len(requests) for message, requests in sends.items()})
            if end.status:
                sentence = f"the program ended with status {end.status} where every request was answered well"
                self.disturbed("the program fails", sentence)

    def run(self, script: Script, *, silent: bool = False) -> tuple[ProgramEnd, dict[Message, list[Received]]]:
        """One run of the program, answered by this script; what it sent, by message.

        ``silent``: one request is not answered, and the program may take as long as that allows.
        """
        self.runs += 1
        self.example()
        self._server.script = script
        most = (self._silence if silent else self._patience) + _TIMES_SLOWER * (self._usual_seconds or 0)
        end = run_program(self._words, self._env, most)
        self.example_rows = [f"program ended with status {end.status}: {end.output}"]
        requests = self._server.take() if end.status is not None else self._server.take_of_killed()
        if end.status is None:
            self._hung(requests, end)
        self._server.raise_error()
        return end, self.judge(requests)

    def one_bad_answer(self, place: int, reply: Reply) -> OneBadAnswer:
        """A script that answers one send badly, and everything else correctly. ``place`` counts the sends from 0."""
        return OneBadAnswer(self._correct_answers(), place, reply)

    def _correct_answers(self) -> Script:
        return forward(self._upstream) if self._upstream else CallScript(pull(), None)

    def _hung(self, requests: list[Received], end: ProgramEnd) -> None:
        self.exchanges = [request.exchange() for request in requests[-3:]]
        open_ones = "; ".join(request.ending for request in requests[-3:]) or "no request was written"
        found = f"did not give up in {end.seconds:.0f} s; connections: {open_ones}"
        kind = requests[-1].reply.ending if requests else "nothing is written"
        cause = f"a call does not end: {kind}"
        self.file(Violation("the end of the program", found, statement="K-39", cause=cause))


class OneBadAnswer:
    """Answers one send of a run badly, and everything else by another script. ``given``: it has done so."""

    def __init__(self, correct: Script, place: int, reply: Reply) -> None:
        self.given = False
        self._place = place
        self._reply = reply
        self._sends = 0
        self._correct = correct

    def __call__(self, request: Received) -> Reply | Awaitable[Reply]:
        if isinstance(read_request(request).written, WrittenSend):
            self._sends += 1
            if self._sends == self._place + 1:
                self.given = True
                return self._reply
        return self._correct(request)


LOST = {
    "no answer": Reply(b"", Ending.CLOSE),
    "a reset connection": Reply(b"", Ending.RESET),
    "half a head": Reply(b"HTTP/1.1 200 OK\r\nContent-", Ending.CLOSE),
    "a head without its body": Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 177\r\n\r\n", Ending.CLOSE),
    "half an answer": Reply(b'HTTP/1.1 200 OK\r\nContent-Length: 177\r\n\r\n<?xml version="1.0"?><res', Ending.CLOSE),
    "a gateway's error page": Reply(
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 24\r\nConnection: close\r\n\r\n<html>Bad gateway</html>",
        Ending.CLOSE,
    ),
}
"""Answers after which a send may have gone out, by what they are."""
