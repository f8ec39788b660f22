"""Readings that the form of any answer shows: content-type, answer-layout, result-shape (T-09, T-10, E)."""

from __future__ import annotations

from collections.abc import Iterator

from kobikom_contracts import reader
from kobikom_contracts.learning.decoded import Decoded
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.strict_reader import parsed_results

_TYPES = {"text/csv": "as-documented", "application/xml": "xml"}


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What the form of each answer excludes."""
    for exchange in traffic.answers:
        yield from _content_type(exchange)
        if "<results" in exchange.text:
            yield from _results(exchange)
        elif exchange.recorded.exact and "<DeliveryReport" not in exchange.text:
            layout = reader.layout_of_query(exchange.recorded.answer_body)
            why = f"the answer to a query is laid out as {layout}"
            yield from shows("answer-layout", {layout or ""}, exchange.position, why)


def _content_type(exchange: Decoded) -> Iterator[Evidence]:
    label = exchange.recorded.answer_header("Content-Type") or ""
    value = _TYPES.get(label.partition(";")[0].strip().lower(), "")
    yield from shows("content-type", {value}, exchange.position, f"the answer is labelled {label!r}")


def _results(exchange: Decoded) -> Iterator[Evidence]:
    body, position = exchange.recorded.answer_body, exchange.position
    count = len(exchange.results)
    if count > 1 and "<status><" in exchange.text:
        if reader.is_as_printed(body):
            why = "the second result lacks its opening tag and has < before its status"
            yield from shows("result-shape", {"as-printed"}, position, why)
        return
    if parsed_results(body) is None:
        return
    if count > 1:
        yield from shows("result-shape", {"well-formed"}, position, f"{count} results are well-formed XML")
    layout = reader.layout_of_send(body) if exchange.recorded.exact else None
    # A single result has the layout `lines` under result-shape=as-printed too, whatever the layout.
    if layout == "compact" or count > 1:
        why = f"{count} result{'s are' if count > 1 else ' is'} laid out as {layout}"
        yield from shows("answer-layout", {layout or ""}, position, why)
