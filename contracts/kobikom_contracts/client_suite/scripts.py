"""Scripts of the scripted server: a call's own operation is answered as a contract says, all else correctly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kobikom_contracts.client_suite import adapter_protocol, answers
from kobikom_contracts.client_suite.adapter_protocol import Call, Send
from kobikom_contracts.client_suite.http_values import Received, Reply
from kobikom_contracts.client_suite.written_requests import (
    Written,
    WrittenPull,
    WrittenQuery,
    WrittenSend,
    parse_request,
)
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.reader import Result

Answer = Callable[[Received, Any], Reply]


def always(body: bytes, carriage: answers.Carriage = answers.PLAIN, *, status: str = "200 OK") -> Answer:
    """The same answer whatever is asked."""
    return lambda request, _: answers.carried(request, body, carriage, status=status)


class SendAnswers:
    """Answers to sends by a table of codes (by number, else 0); keeps the results that were sent."""

    def __init__(self, codes: dict[str, int] | None = None) -> None:
        self.sent: list[Result] = []
        self._codes = codes or {}
        self._number = 10**17

    def results(self, send: WrittenSend) -> list[Result]:
        """The results of a send, in document order."""
        results = []
        for number, ident in send.recipients:
            self._number += 7919
            code = self._codes.get(number, 0)
            results.append(Result(str(code), ident or ("" if code else str(self._number)), number))
        self.sent += results
        return results

    def plain(self, request: Received, send: WrittenSend) -> Reply:
        """The documented answer."""
        return answers.carried(request, answers.send_answer(self.results(send)))

    def by(self, write: Callable[[Sequence[Result]], bytes], carriage: answers.Carriage = answers.PLAIN) -> Answer:
        """An answer written in some other way."""
        return lambda request, send: answers.carried(request, write(self.results(send)), carriage)


def script_for(call: Call, answer: Answer | None) -> Callable[[Received], Reply]:
    """The script of one call: ``answer`` for its own operation, correct answers for everything else."""
    correct = SendAnswers()
    roots = {adapter_protocol.Titles: "basliklar", adapter_protocol.Balance: "bakiye"}

    def own(seen: Written) -> bool:
        match seen:
            case WrittenSend():
                return isinstance(call, Send)
            case WrittenPull():
                return isinstance(call, adapter_protocol.Reports)
            case WrittenQuery(root=root):
                return roots.get(type(call)) == root

    def script(request: Received) -> Reply:
        try:
            seen = parse_request(request)
        except Violation:  # the audit reports it; a server would refuse it
            return answers.carried(request, answers.refusal(-22))
        if answer is not None and own(seen):
            return answer(request, seen)
        match seen:
            case WrittenSend():
                return correct.plain(request, seen)
            case WrittenPull():
                return answers.carried(request, b"NO_DATA")
            case WrittenQuery(root="bakiye"):
                return answers.carried(request, answers.balance_answer("18.532"))
            case _:
                return answers.carried(request, answers.title_answer(["Kobikom", "TEST"], []))

    return script
