"""Examples of the OpenAPI document: a body for each operation that takes one, a value for each path parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PATHS: Mapping[str, str] = {
    "space": "default",
    "user": "test",
    "message": "order-17",
    "fault": "1",
    "entry": "1",
    "webhook": "1",
    "reading": "long-text",
    "clause": "S-09",
}
"""By the parameter's name."""

_FAULT: Mapping[str, Any] = {
    "effect": {"kind": "drop", "moment": "after"},
    "match": {"operation": "send", "to": "90532*"},
    "when": {"times": 1},
}

BODIES: Mapping[str, Any] = {
    "openSpace": {"name": "orders", "seed": 7, "clock": {"set": "2026-01-31T09:00:00+03:00", "freeze": True}},
    "playScenario": {"credit": "1", "faults": [{"effect": {"kind": "http", "status": 503}, "when": {"times": 1}}]},
    "putAccount": {"password": "secret", "credit": "100", "titles": ["MYSHOP"]},
    "patchAccount": {"credit": "0"},
    "waitForMessages": {"match": {"to": "90532*", "text": "*1234*"}, "count": 1, "timeout": 5},
    "forceOutcome": {"status": "REJECTED", "gsm_error": 500, "after": 10},
    "drain": {"timeout": 5},
    "changeClock": {"advance": 60},
    "armFault": _FAULT,
    "previewFault": _FAULT,
    "releaseAnswers": {"count": 1, "timeout": 5},
    "waitUntilHeld": {"count": 1, "timeout": 5},
    "changeReadings": {"long-text": "split"},
    "addWebhook": {"url": "http://127.0.0.1:9000/events", "events": ["message.refused", "message.failed"]},
}
"""By the operation's id. An exported state, the body of importState, is too long for an example."""
