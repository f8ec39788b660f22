"""Delivery as a plan that is made when a message is accepted, not as a process.

`plan` says when a message is sent, when it is final and how; `status_at` derives the status at an instant from it.
Times are integer milliseconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Status(StrEnum):
    """How a message can end (R-09)."""

    NOT_SENT = "NOT_SENT"
    SENT = "SENT"
    NOT_DELIVERED = "NOT_DELIVERED"
    DELIVERED = "DELIVERED"
    NOT_ALLOWED = "NOT_ALLOWED"
    INVALID_DESTINATION_ADDRESS = "INVALID_DESTINATION_ADDRESS"
    INVALID_SOURCE_ADDRESS = "INVALID_SOURCE_ADDRESS"
    ROUTE_NOT_AVAILABLE = "ROUTE_NOT_AVAILABLE"
    NOT_ENOUGH_CREDITS = "NOT_ENOUGH_CREDITS"
    REJECTED = "REJECTED"
    INVALID_MESSAGE_FORMAT = "INVALID_MESSAGE_FORMAT"


UNKNOWN_SUBSCRIBER = 1
ABSENT_SUBSCRIBER = 27
DELIVERY_FAILURE = 32
SYSTEM_FAILURE = 34
PROVIDER_ERROR = 500
VALIDITY_EXPIRED = 4101

USUAL_GSM_ERROR: Mapping[Status, int] = {
    Status.NOT_SENT: 0,  # as the page prints it
    Status.SENT: 0,
    Status.NOT_DELIVERED: ABSENT_SUBSCRIBER,
    Status.DELIVERED: 0,
    Status.NOT_ALLOWED: PROVIDER_ERROR,
    Status.INVALID_DESTINATION_ADDRESS: UNKNOWN_SUBSCRIBER,
    Status.INVALID_SOURCE_ADDRESS: PROVIDER_ERROR,
    Status.ROUTE_NOT_AVAILABLE: PROVIDER_ERROR,
    Status.NOT_ENOUGH_CREDITS: PROVIDER_ERROR,
    Status.REJECTED: DELIVERY_FAILURE,
    Status.INVALID_MESSAGE_FORMAT: SYSTEM_FAILURE,
}
"""The `gsmerror` that fits a status where nothing more specific is asked for (R-10)."""


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """How a message ends and how long after sending, in milliseconds; `after` None: never by itself."""

    status: Status
    after: int | None = 1000
    gsm_error: int | None = None

    @property
    def error(self) -> int:
        return USUAL_GSM_ERROR[self.status] if self.gsm_error is None else self.gsm_error


class Plan(msgspec.Struct, frozen=True, gc=False):
    """When a message was submitted, when it is sent, when it is final and how (R-06, R-11, R-12)."""

    submitted_at: int
    sent_at: int
    done_at: int
    status: Status
    gsm_error: int


def plan(outcome: Outcome, *, submitted_at: int, delay: int, validity: int) -> Plan:
    """The plan of one outcome: `delay` is the schedule, `validity` runs from sending (S-15, S-16, R-11)."""
    sent_at = submitted_at + delay
    if validity <= 0 or outcome.after is None or outcome.after > validity:
        return Plan(submitted_at, sent_at, sent_at + validity, Status.NOT_DELIVERED, VALIDITY_EXPIRED)
    return Plan(submitted_at, sent_at, sent_at + outcome.after, outcome.status, outcome.error)


class Phase(StrEnum):
    """The status of a message before it is final."""

    SCHEDULED = "scheduled"
    SENT = "sent"


def status_at(plan: Plan, now: int) -> Phase | Status:
    """The status of a message at an instant."""
    if now < plan.sent_at:
        return Phase.SCHEDULED
    return Phase.SENT if now < plan.done_at else plan.status


def status_begins_at(plan: Plan, status: str) -> int | None:
    """The instant from which on a message has a status (ms), None if it never has it."""
    if status == Phase.SCHEDULED:
        return plan.submitted_at
    if status == Phase.SENT:
        return plan.sent_at
    return plan.done_at if plan.status == status else None


class Weighted(msgspec.Struct, frozen=True, gc=False):
    """One line of a delivery profile: an outcome and its share of the traffic."""

    outcome: Outcome
    weight: int = 1


class Profile(msgspec.Struct, frozen=True, gc=False):
    """How an account's ordinary messages end: weighted outcomes, drawn from the seed, plus up to `jitter`
    milliseconds.
    """

    outcomes: tuple[Weighted, ...] = (Weighted(Outcome(Status.DELIVERED)),)
    jitter: int = 0

    @property
    def certain(self) -> Outcome | None:
        """The outcome of every message, if nothing has to be drawn."""
        return self.outcomes[0].outcome if len(self.outcomes) == 1 and not self.jitter else None

    def draw(self, seed: int, ordinal: int) -> Outcome:
        """The outcome of the message with this ordinal. It depends on the seed and the ordinal alone."""
        random_bits = _mix(seed ^ _mix(ordinal))
        pick = random_bits % sum(line.weight for line in self.outcomes)
        for line in self.outcomes:
            pick -= line.weight
            if pick < 0:
                break
        outcome = line.outcome
        if outcome.after is None or not self.jitter:
            return outcome
        return Outcome(outcome.status, outcome.after + (random_bits >> 32) % (self.jitter + 1), outcome.gsm_error)


def _mix(value: int) -> int:
    """A 64-bit finaliser (the splitmix64 constants): good random bits without a generator object for each message."""
    value = (value + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return value ^ (value >> 31)
