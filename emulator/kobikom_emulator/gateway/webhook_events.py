"""What a webhook's receiver gets: the data of events, the document, and its signature (Standard Webhooks)."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

import msgspec

from kobikom_emulator.domain.delivery import status_at
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.journal.entries import RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.masking import masked_text
from kobikom_emulator.journal.notes import Kind
from kobikom_emulator.journal.rendering import iso
from kobikom_emulator.space.webhooks import Event

REFUSALS = 20
"""Refusals of one request that its event names."""


def message_data(message: MessageState, *, space: str, now: int) -> dict[str, Any]:
    """A message as of `now` (ms); the fields have the names and values of the control API."""
    batch, index, plan = message.batch, message.index, message.plan
    return {
        "space": space,
        "id": str(batch.first_id + index),
        "message_id": batch.message_id(index),
        "user": batch.user,
        "title": batch.title,
        "to": batch.msisdns[index],
        "text": batch.text,
        "parts": len(batch.segmentation.parts),
        "cost": f"{batch.cost_of(index):f}",
        "status": str(status_at(plan, now)),
        "gsm_error": plan.gsm_error if plan.done_at <= now else None,
        "submitted_at": iso(plan.submitted_at),
        "done_at": iso(plan.done_at),
    }


def refusal_data(numbered: NumberedEntry, entry: RequestEntry, *, space: str) -> dict[str, Any]:
    """A request of which something was refused, with its reasons; no password is in them."""
    refusals = [note for note in entry.notes if note.kind is Kind.REFUSED]
    return {
        "space": space,
        "request": numbered.number,
        "operation": entry.operation.value,
        "user": entry.user,
        "outcome": entry.outcome.value,
        "code": None if entry.code is None else int(entry.code),
        "accepted": len(entry.ids),
        "refusals": [
            {
                "code": note.code,
                "clause": note.clause,
                "statement": note.statement,
                "path": note.path,
                "expected": str(note.expected),
                "found": masked_text(str(note.found)),
                "times": note.times,
            }
            for note in refusals[:REFUSALS]
        ],
    }


def document(event: Event) -> bytes:
    """The JSON that is posted."""
    return msgspec.json.encode({"type": event.type, "timestamp": iso(event.at), "data": event.data})


def signed_headers(event: Event, body: bytes, *, secret: str, seconds: int) -> Mapping[str, str]:
    """Id, time of the attempt (`seconds` of the machine's clock since the epoch), and the signature of both with the
    body: HMAC-SHA256 in base64.
    """
    key = b64decode(secret.removeprefix("whsec_") + "==")
    signature = hmac.digest(key, f"{event.id}.{seconds}.".encode() + body, "sha256")
    return {
        "Content-Type": "application/json",
        "webhook-id": event.id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": "v1," + b64encode(signature).decode(),
    }
