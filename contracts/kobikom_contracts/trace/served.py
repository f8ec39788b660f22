"""Requests that must be served, and requests that must be refused with a code of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Block, Send
from kobikom_contracts.learning.decoded import decoded_send
from kobikom_contracts.learning.inference.faultless import has_accepted_title, is_faultless
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.server_suite.audit.meaning import PullRequest, Query
from kobikom_contracts.server_suite.codes import LOGIN_REFUSALS
from kobikom_contracts.trace.exchanges import JudgedExchange
from kobikom_contracts.trace.features import features
from kobikom_contracts.trace.observations import Observation

MOST_OCTETS = 16_384
"""A request over this size may be refused by a limit (T-11)."""
MOST_RECIPIENTS = 100
UNREADABLE = frozenset({"-22"})
_HTTP_REFUSALS = frozenset({301, 302, 303, 307, 308, 400, 404, 405, 415, 417, 421, 505})
OF_HEADS = ("T-04", "T-03.3", "T-03.4", "T-03.2", "T-01.4", "R-01")
"""Kinds of requests that a server may refuse by an HTTP status."""
_OF_BODIES = ("T-02", "T-05", "T-06", "T-07")
"""Kinds of documents that a server may not be able to read."""
_OFFSET = re.compile(r"(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?", re.ASCII)
_VALIDITY = re.compile(r"\d{1,3}:[0-5]\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Demand:
    """A request that must be refused: the statement, the codes, and the statement of another code of logins.

    ``but``: the field at fault, where it is one of a message.
    """

    statement: str
    codes: frozenset[str]
    what: str
    page: str = ""
    but: str = ""


def observations(one: JudgedExchange, traffic: Traffic) -> Iterator[Observation]:
    """What the answer shows of the kind of its request."""
    if one.http is None:
        return
    if (demand := demand_of(one)) is not None:
        yield from _refused(one, demand, traffic)
        return
    wanted = features(one.recorded, one.request)
    if one.served:
        for statement in wanted:
            yield Observation(statement, one.position)
        return
    if not wanted or not _is_small(one):
        return
    if one.http.status in _HTTP_REFUSALS:
        kind = next((statement for statement in wanted if statement.startswith(OF_HEADS)), wanted[-1])
        yield Observation(kind, one.position, _not_served(one, kind, f"HTTP {one.http.status}"))
    elif one.request is not None and set(one.statuses) == UNREADABLE:
        form = next((statement for statement in wanted if statement.startswith(_OF_BODIES)), wanted[-1])
        yield Observation(form, one.position, _not_served(one, form, "-22"))


def _not_served(one: JudgedExchange, statement: str, found: str) -> Violation:
    return Violation(f"a readable {one.operation} request served", found, statement=statement)


def _is_small(one: JudgedExchange) -> bool:
    recipients = one.request.recipients if isinstance(one.request, Send) else 0
    return len(one.recorded.request_body) <= MOST_OCTETS and recipients <= MOST_RECIPIENTS


def demand_of(one: JudgedExchange) -> Demand | None:
    """With which code the request must be refused; None where that is not certain."""
    if one.recorded.method != "POST" or isinstance(one.request, PullRequest) or one.recorded.request_left_out:
        return None
    if one.has_exact_body and _contradicts_its_bom(one.recorded.request_body):
        return Demand("T-05.4", UNREADABLE, "a BOM that contradicts the declaration")
    if one.request is None:
        return _unreadable(one)
    if (demand := _login(one.request)) is not None:
        return demand
    return _content(one.request) if isinstance(one.request, Send) else None


def _contradicts_its_bom(body: bytes) -> bool:
    declared = re.match(rb"\xef\xbb\xbf\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", body, re.IGNORECASE)
    return declared is not None and declared[1].lower().replace(b"-", b"") != b"utf8"


def _unreadable(one: JudgedExchange) -> Demand | None:
    body = one.recorded.request_body.strip()
    if not one.has_exact_body or not body:
        return None
    if b"<!DOCTYPE" in body.upper():
        return Demand("T-11.1", UNREADABLE, "a document with a DOCTYPE")
    if not body.startswith((b"<", b"XML=", b"xml=", b"--", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) and (
        b"=" not in body[:40]
    ):
        return Demand("T-02.7", UNREADABLE, "a body that is not XML")
    root = re.match(rb"(?:[Xx][Mm][Ll]=)?\s*(?:<\?xml[^>]*\?>)?\s*<(\w+)", body)
    if root is None:
        return None
    if root[1].lower() not in (b"sms", b"basliklar", b"bakiye"):
        return Demand("T-01.3", UNREADABLE, "a document with another root")
    if _is_broken(body):
        return Demand("A-04.1", UNREADABLE, "an unreadable document")
    return None


def _is_broken(body: bytes) -> bool:
    """Whether no reading of a body of literal XML in UTF-8 makes it well-formed."""
    from lxml import etree

    prefix = re.match(rb"(?:[Xx][Mm][Ll]=)?\s*", body)
    document = body[prefix.end() :] if prefix else body
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if re.match(r"<\?xml[^>]*encoding", text):
        return False
    try:
        etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return True
    return False


def _login(request: Send | Query) -> Demand | None:
    user, password = ((value or "").strip(echo.BLANK) for value in (request.user, request.password))
    if user and password:
        return None
    if not user and not password:
        return Demand("A-02.4", frozenset({"-10"}), "a request without user and password", page="A-01.1")
    if not user:
        return Demand("A-01.4", frozenset({"-10"}), "a request without user", page="A-01.1")
    return Demand("A-02.5", frozenset({"-11"}), "a request without password", page="A-02.1")


def _content(send: Send) -> Demand | None:
    if send.blocks and not any(one.gsm.strip(echo.BLANK) for block in send.blocks for one in block.recipients):
        return Demand("S-05.1", frozenset({"-6"}), "a send without numbers", but="gsm")
    for block in send.blocks:
        offset = block.fields.get("ileriTarih", "").strip(echo.BLANK)
        if offset and _OFFSET.fullmatch(offset) is None:
            return Demand("S-15.4", frozenset({"-27"}), f"ileriTarih {offset!r}", but="ileriTarih")
        if (field := _broken_field(block)) is not None:
            return Demand("S-17.1", frozenset({"-23"}), f"{field} {block.fields[field]!r}"[:80], but=field)
    return None


def _broken_field(block: Block) -> str | None:
    value = {name: text.strip(echo.BLANK) for name, text in block.fields.items()}
    if value.get("flash", "") not in ("", "0", "1"):
        return "flash"
    validity = value.get("ValidityPeriod", "")
    if validity and _VALIDITY.fullmatch(validity) is None:
        return "ValidityPeriod"
    binary = value.get("binary", "")
    if binary and (len(binary) % 2 or re.fullmatch("[0-9A-Fa-f]+", binary) is None):
        return "binary"
    return None


def _refused(one: JudgedExchange, demand: Demand, traffic: Traffic) -> Iterator[Observation]:
    statuses = set(one.statuses)
    if one.http is None or one.http.status != 200:
        return
    expected = f"{' or '.join(sorted(demand.codes))} for {demand.what}"
    if statuses and statuses <= demand.codes:
        yield Observation(demand.statement, one.position)
        if demand.page:
            yield Observation(demand.page, one.position)
    elif one.served:
        statement = demand.page or demand.statement
        yield Observation(statement, one.position, Violation(expected, "served", statement=statement))
    elif statuses and _nothing_else(one, demand, traffic):
        statement = demand.statement if statuses <= LOGIN_REFUSALS or not demand.page else demand.page
        violation = Violation(expected, ", ".join(sorted(statuses)), statement=statement)
        yield Observation(statement, one.position, violation)


def _nothing_else(one: JudgedExchange, demand: Demand, traffic: Traffic) -> bool:
    """Whether nothing but what the demand is about can be a reason to refuse the request."""
    if demand.codes == UNREADABLE:
        return _is_small(one)
    if demand.statement.startswith("A-"):  # judged before anything but the XML
        return not set(one.statuses) <= UNREADABLE
    send = decoded_send(one.decoded)
    if send is None or set(one.statuses) & (LOGIN_REFUSALS | {"-2", "-1", "-26", "-99"}):
        return False
    if demand.statement == "S-05.1":
        return len(send.send.blocks) == 1 and has_accepted_title(traffic, send)
    return is_faultless(send, but=demand.but) and has_accepted_title(traffic, send)
