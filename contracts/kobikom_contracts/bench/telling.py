"""Law: what the scripted server says: to the call's own operation as told, to all else in good order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kobikom_contracts.bench import pages, protocol
from kobikom_contracts.bench.protocol import Call, Send
from kobikom_contracts.bench.seen import Seen, SeenPull, SeenQuery, SeenSend, understand
from kobikom_contracts.bench.server import Received, Reply
from kobikom_contracts.reader import Result
from kobikom_contracts.verdicts import Violation

Answer = Callable[[Received, Any], Reply]


def saying(body: bytes, carriage: pages.Carriage = pages.PLAIN, *, status: str = "200 OK") -> Answer:
    """An answer that says the same whatever is asked."""
    return lambda request, _: pages.carried(request, body, carriage, status=status)


class Teller:
    """Settles sends by a table of codes and remembers what each recipient was told."""

    def __init__(self, codes: dict[str, int] | None = None) -> None:
        self.told: list[Result] = []
        self._codes = codes or {}
        self._number = 10**17

    def settle(self, seen: SeenSend) -> list[Result]:
        """The results of a send, in document order."""
        fresh = []
        for number, ident in seen.recipients:
            self._number += 7919
            code = self._codes.get(number, 0)
            fresh.append(Result(str(code), ident or ("" if code else str(self._number)), number))
        self.told += fresh
        return fresh

    def plain(self, request: Received, seen: SeenSend) -> Reply:
        """The documented answer."""
        return pages.carried(request, pages.send_answer(self.settle(seen)))

    def by(self, write: Callable[[Sequence[Result]], bytes], carriage: pages.Carriage = pages.PLAIN) -> Answer:
        """An answer written in some other way."""
        return lambda request, seen: pages.carried(request, write(self.settle(seen)), carriage)


def script_of(call: Call, answer: Answer | None) -> Callable[[Received], Reply]:
    """The script of one call: its own operation as told, everything else in good order."""
    teller = Teller()
    roots = {protocol.Titles: "basliklar", protocol.Balance: "bakiye"}

    def own(seen: Seen) -> bool:
        match seen:
            case SeenSend():
                return isinstance(call, Send)
            case SeenPull():
                return isinstance(call, protocol.Reports)
            case SeenQuery(root=root):
                return roots.get(type(call)) == root

    def script(request: Received) -> Reply:
        try:
            seen = understand(request)
        except Violation:  # the audit will say so; a server would refuse it
            return pages.carried(request, pages.refusal(-22))
        if answer is not None and own(seen):
            return answer(request, seen)
        match seen:
            case SeenSend():
                return teller.plain(request, seen)
            case SeenPull():
                return pages.carried(request, b"NO_DATA")
            case SeenQuery(root="bakiye"):
                return pages.carried(request, pages.balance_answer("18.532"))
            case _:
                return pages.carried(request, pages.title_answer(["Kobikom", "TEST"], []))

    return script
