"""A session that judges only what a client writes: what it was asked to do is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kobikom_contracts.clauses import Clause
from kobikom_contracts.client_suite.blame import BlamingSession
from kobikom_contracts.client_suite.http_values import Received
from kobikom_contracts.client_suite.wire_rules import alphabet_faults, needless_ucs2
from kobikom_contracts.client_suite.written_requests import WrittenSend, read_request
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.verdicts import Violation

Message = tuple[str, tuple[tuple[tuple[str, str], ...], ...], tuple[str, ...]]
"""What makes two sends the same: user, fields of each block, numbers. Message ids may be new in each."""


class WireSession(BlamingSession):
    """Files the faults of written requests, and counts the sends of each message."""

    def __init__(self, *, profile: Profile, seed: int) -> None:
        super().__init__(capabilities=frozenset(), profile=profile, seed=seed)
        self.requests = 0
        self.sends = 0

    def observed_reading(self, clause: Clause) -> str | None:
        """No reading shows in what is written."""
        return None

    def judge(self, requests: Iterable[Received]) -> dict[Message, list[Received]]:
        """File what is wrong with each request; the sends among them, by message."""
        sends: dict[Message, list[Received]] = {}
        for request in requests:
            self.requests += 1
            read = read_request(request)
            faults = list(read.faults)
            if isinstance(read.written, WrittenSend):
                self.sends += 1
                sends.setdefault(message_of(read.written), []).append(request)
                if not read.damaged:
                    faults += [fault for block in read.written.blocks for fault in alphabet_faults(block)]
                    faults += [fault for block in read.written.blocks for fault in needless_ucs2(block)]
            for fault in faults:
                self.exchanges = [request.exchange()]
                self.file(fault)
        return sends

    def sent_again(self, sends: dict[Message, list[Received]], allowed: Counter[Message], why: str) -> None:
        """File each message that was sent more often than is allowed."""
        most = max(allowed.values(), default=1)
        for message, requests in sends.items():
            times = allowed.get(message, most)
            if len(requests) > times:
                self.exchanges = [request.exchange() for request in requests]
                found = f"{len(requests)} sends to {', '.join(message[2])[:200]} after {why}"
                cause = "a send is repeated after a lost answer"
                self.file(Violation(f"{times} as where it is answered", found, statement="K-22", cause=cause))


def message_of(send: WrittenSend) -> Message:
    """What makes this send the same as another."""
    blocks = tuple(tuple(sorted(block.fields.items())) for block in send.blocks)
    return send.user, blocks, tuple(number for number, _ in send.recipients)
