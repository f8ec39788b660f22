"""Compares what a client wrote with what it was asked to do, clause by clause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote_plus

from kobikom_contracts.client_suite import adapter_protocol
from kobikom_contracts.client_suite.adapter_protocol import Capability
from kobikom_contracts.client_suite.http_values import Received
from kobikom_contracts.client_suite.message_audit import message_faults
from kobikom_contracts.client_suite.numbers import significant
from kobikom_contracts.client_suite.rendering import as_json
from kobikom_contracts.client_suite.written_requests import (
    ReadRequest,
    Written,
    WrittenPull,
    WrittenSend,
    read_request,
)
from kobikom_contracts.core.verdicts import Violation

if TYPE_CHECKING:
    from kobikom_contracts.client_suite.adapter_protocol import Call


LATE_SEND = "a send is repeated after its call"


@dataclass(slots=True)
class History:
    """What was written in earlier calls: message ids that the client made itself, and numbers."""

    own_ids: Counter[str] = field(default_factory=Counter)
    numbers: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was written during one call as far as it could be read, and every fault in it."""

    written: tuple[Written, ...]
    faults: tuple[Violation, ...]


def audit(
    call: Call,
    requests: Sequence[Received],
    history: History,
    able: frozenset[Capability] = frozenset(),
    *,
    failed: bool,
) -> Audit:
    """Judge everything that was written during one call.

    ``history`` is of the calls before, and this call is added to it. ``able``: what the adapter claims. A call that
    ``failed`` need not have written everything.
    """
    read = [read_request(request) for request in requests]
    faults = [
        _unescaped(fault, call, one, request)
        for one, request in zip(read, requests, strict=True)
        for fault in one.faults
    ]
    written = [one.written for one in read if one.written is not None]
    faults += _second_send(call, written, history)
    for one in read:
        faults += _of_one(call, one, history, able)
    if not failed and not any(one.damaged for one in read):
        faults += _unwritten(call, written, able)
    return Audit(tuple(written), tuple(faults))


def _of_one(call: Call, one: ReadRequest, history: History, able: frozenset[Capability]) -> Iterator[Violation]:
    written = one.written
    if written is None:
        return
    if isinstance(written, WrittenPull) and Capability.POLLS in able:
        return  # maybe not of this call
    if not one.damaged:
        yield from _credentials(call, written)
    if isinstance(written, WrittenPull):
        if isinstance(call, adapter_protocol.Reports):
            yield from _pull_ids(call, written)
        else:
            yield Violation("no pull, because none was asked for", as_json(written), statement="K-32")
    if isinstance(written, WrittenSend):
        if not isinstance(call, adapter_protocol.Send):
            yield Violation("no send, because none was asked for", as_json(written), statement="K-22")
        elif not one.damaged and _asked_for(call, written):
            yield from message_faults(call, written, history.own_ids, able)


def _asked_for(call: adapter_protocol.Send, written: WrittenSend) -> bool:
    """False for a send to other numbers than the call's: it is one of an earlier call (K-22), or to wrong numbers."""
    asked = {significant(to.gsm) for to in call.recipients}
    sent = {significant(number) for number, _ in written.recipients}
    return not sent or bool(asked & sent)


def _unescaped(fault: Violation, call: Call, one: ReadRequest, request: Received) -> Violation:
    """A violation of K-06 or K-04 where a document is broken by a value that was not escaped."""
    if fault.statement not in ("K-03", "K-07"):
        return fault
    body = request.body.decode("utf-8", "replace")
    documents = (one.document, body, unquote_plus(body))
    for value in (call.user, call.password):
        if request.method == "GET":
            unescaped = not {quote(value, safe=""), quote_plus(value)} & set(re.split("[=&]", request.query))
        else:
            unescaped = _stands_raw(value, documents)
        if unescaped:
            return Violation("credentials escaped", f"{value!r} unescaped", statement="K-06")
    values: tuple[str, ...] = ()
    if isinstance(call, adapter_protocol.Send):
        values = (call.text, call.title or "", *(to.message_id or "" for to in call.recipients))
    for value in values:
        if _stands_raw(value, documents):
            return Violation("markup in a text escaped", f"{value!r} unescaped", statement="K-04")
    return fault


def _stands_raw(value: str, documents: tuple[str, ...]) -> bool:
    return bool(re.search("[&<]|]]>", value)) and any(value in document for document in documents)


def _second_send(call: Call, written: Sequence[Written], history: History) -> Iterator[Violation]:
    if not isinstance(call, adapter_protocol.Send):
        return
    asked = Counter(significant(to.gsm) for to in call.recipients)
    sends = [one for one in written if isinstance(one, WrittenSend)]
    sent = Counter(significant(number) for one in sends for number, _ in one.recipients)
    earlier = set(sent) - asked.keys()
    of_earlier_call = earlier and earlier <= history.numbers
    history.numbers |= asked.keys()
    if earlier and not of_earlier_call:
        yield Violation(f"a send to {as_json(sorted(asked))}", as_json(sorted(earlier)), statement="K-09")
    if of_earlier_call:
        yield Violation(
            f"a send to {', '.join(sorted(asked))}",
            f"one to {', '.join(sorted(earlier))}, of an earlier call",
            statement="K-22",
            cause=LATE_SEND,
        )
    repeated = {number: count for number, count in sent.items() if asked[number] and count > asked[number]}
    if repeated and len(sends) > 1:
        yield Violation("each recipient sent to once", f"{len(sends)} sends: {as_json(repeated)}", statement="K-22")


def _credentials(call: Call, written: Written) -> Iterator[Violation]:
    if (call.user, call.password) != (written.user, written.password):
        yield Violation(
            f"user {call.user!r} and password {call.password!r}",
            f"{written.user!r} and {written.password!r}",
            statement="K-06",
        )


def _pull_ids(call: adapter_protocol.Reports, written: WrittenPull) -> Iterator[Violation]:
    named = "no messageid" if written.ids is None else f"messageid={','.join(written.ids)}"
    if call.ids is None:
        if written.ids is not None:
            yield Violation("a pull of everything", named, statement="K-31")
    elif written.ids is None or not set(written.ids) <= set(call.ids):
        # Empty ids name nothing, which is what a pull of no ids asks for.
        yield Violation(f"a pull of {as_json(sorted(call.ids))} only", named, statement="K-31")


def _unwritten(call: Call, written: Sequence[Written], able: frozenset[Capability]) -> Iterator[Violation]:
    if isinstance(call, adapter_protocol.Send):
        sent = [significant(n) for one in written if isinstance(one, WrittenSend) for n, _ in one.recipients]
        missing = Counter(significant(to.gsm) for to in call.recipients) - Counter(sent)
        if missing:
            yield Violation(
                f"{len(call.recipients)} recipients written", f"without {as_json(missing)}", statement="K-09"
            )
    if isinstance(call, adapter_protocol.Reports) and call.ids is not None and Capability.POLLS not in able:
        named = {ident for one in written if isinstance(one, WrittenPull) for ident in one.ids or ()}
        if not set(call.ids) <= named and all(one.ids is not None for one in written if isinstance(one, WrittenPull)):
            yield Violation(f"a pull of {as_json(sorted(call.ids))}", as_json(sorted(named)), statement="K-31")
