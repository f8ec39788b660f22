"""Scripts of the scripted server: a call's own operation is answered as a contract says, all else correctly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kobikom_contracts.client_suite import adapter_protocol, answers
from kobikom_contracts.client_suite.adapter_protocol import Call, Send
from kobikom_contracts.client_suite.http_values import Received, Reply
from kobikom_contracts.client_suite.numbers import significant
from kobikom_contracts.client_suite.written_requests import (
    Written,
    WrittenPull,
    WrittenQuery,
    WrittenSend,
    read_request,
)
from kobikom_contracts.reader import Result

Answer = Callable[[Received, Any], Reply]
_ROOTS: dict[type[Any], str] = {adapter_protocol.Titles: "basliklar", adapter_protocol.Balance: "bakiye"}


def always(body: bytes, carriage: answers.Carriage = answers.PLAIN, *, status: str = "200 OK") -> Answer:
    """The same answer whatever is asked."""
    return lambda request, _: answers.carried(request, body, carriage, status=status)


class SendAnswers:
    """Answers to sends by a table of codes (by number, else 0); keeps the results that were sent."""

    def __init__(self, codes: dict[str, int] | None = None) -> None:
        self.sent: list[Result] = []
        self._codes = {significant(number): code for number, code in (codes or {}).items()}
        self._number = 10**17

    def results(self, send: WrittenSend) -> list[Result]:
        """The results of a send, in document order."""
        results = []
        for number, ident in send.recipients:
            self._number += 7919
            code = self._codes.get(significant(number), 0)
            results.append(Result(str(code), ident or ("" if code else str(self._number)), number))
        self.sent += results
        return results

    def plain(self, request: Received, send: WrittenSend) -> Reply:
        """The documented answer."""
        return answers.carried(request, answers.send_answer(self.results(send)))

    def by(self, write: Callable[[Sequence[Result]], bytes], carriage: answers.Carriage = answers.PLAIN) -> Answer:
        """An answer written in some other way."""
        return lambda request, send: answers.carried(request, write(self.results(send)), carriage)


class CallScript:
    """The script of one call: ``answer`` for its own operation, correct answers for everything else.

    ``answered``: whether the call's own operation was asked for.
    """

    def __init__(self, call: Call, answer: Answer | None) -> None:
        self.answered = False
        self._call = call
        self._answer = answer
        self._correct = SendAnswers()

    def __call__(self, request: Received) -> Reply:
        written = read_request(request).written  # what is wrong with it is the audit's
        if written is not None and self._own(written):
            self.answered = True
            if self._answer is not None:
                return self._answer(request, written)
        match written:
            case None:
                return answers.carried(request, answers.refusal(-22))
            case WrittenSend():
                return self._correct.plain(request, written)
            case WrittenPull():
                return answers.carried(request, b"NO_DATA")
            case WrittenQuery(root="bakiye"):
                return answers.carried(request, answers.balance_answer("18.532"))
            case _:
                return answers.carried(request, answers.title_answer(["Kobikom", "TEST"], []))

    @staticmethod
    def _of_another_call(call: Send, written: WrittenSend) -> bool:
        asked = {significant(to.gsm) for to in call.recipients}
        sent = {significant(number) for number, _ in written.recipients}
        return len(sent) > 0 and not asked & sent

    def _own(self, written: Written) -> bool:
        match written:
            case WrittenSend():
                return isinstance(self._call, Send) and not self._of_another_call(self._call, written)
            case WrittenPull():
                return isinstance(self._call, adapter_protocol.Reports)
            case WrittenQuery(root=root):
                return _ROOTS.get(type(self._call)) == root
