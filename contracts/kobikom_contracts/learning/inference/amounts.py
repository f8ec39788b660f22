"""The reading amount, which the form of each balance shows (B-01)."""

from __future__ import annotations

from collections.abc import Iterator

from kobikom_contracts import reader
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite import amounts


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What the form of each balance excludes."""
    for exchange in traffic.answers:
        shown = reader.element(exchange.text, "miktar")
        if "<bakiye" in exchange.text and shown is not None:
            fitting = amounts.forms_of(shown.strip())
            yield from shows("amount", fitting, exchange.position, f"a balance is written as {shown.strip()}")
