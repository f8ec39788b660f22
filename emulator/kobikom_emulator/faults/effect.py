"""What a fault can do: the no-op that every effect starts from.

An effect lives in a file of its own and overrides the hooks it needs. They are called in this order: `readings`
before the answer is rendered, `before` instead of the work, `recipient_code` while recipients are judged, `after` on
the finished answer.
"""

from __future__ import annotations

from random import Random

import msgspec

from kobikom_emulator.exchange import Answer
from kobikom_emulator.protocol.readings import Readings


class Effect(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Does nothing. Subclasses are values: what they need to know is in their fields."""

    def problem(self) -> str:
        """Why these settings make no sense, "" if they do."""
        return ""

    def description(self) -> str:
        """What it does to a request, as one sentence for the journal."""
        return "The request was carried out and answered as usual."

    def affects(self, operation: str) -> bool:
        """Whether it can do anything to a request of this kind (send, pull, titles, balance)."""
        return True

    def readings(self, readings: Readings) -> Readings:
        return readings

    def request_code(self) -> int | None:
        """A status code that answers the whole request, which is then not carried out."""
        return None

    def before(self) -> Answer | None:
        """An answer given instead of carrying the request out."""
        return None

    def recipient_code(self) -> int | None:
        """A status code for the recipients the rule matches."""
        return None

    def after(self, answer: Answer, dice: Random) -> Answer:
        """The finished answer, tampered with."""
        return answer
