"""What a fault can do to a request: the base class of every kind of fault, which does nothing.

A kind lives in a file of its own and overrides the hooks it needs. They are called in this order: `readings` before the
answer is rendered, `before` instead of the work, `request_code` and `recipient_code` when the request is judged,
`after` on the finished answer.
"""

from __future__ import annotations

from kobikom_emulator.domain.values import Checked
from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol.readings import Readings


class Effect(Checked, frozen=True, tag_field="kind"):
    """Does nothing. Subclasses are values whose fields are the settings of the fault. The first sentence of their
    docstring is shown to users.
    """

    @property
    def kind(self) -> str:
        """The name that chooses this kind in a rule."""
        return str(self.__struct_config__.tag)

    def description(self) -> str:
        """What the client got, as one plain sentence without capital and full stop: for the journal."""
        return Phrase("nothing was changed")

    def sentence(self) -> str:
        """What will happen, as one plain sentence without capital and full stop: for lists of rules."""
        return Phrase("nothing is changed")

    def problem(self) -> str:
        """Why these settings make no sense together, naming the field; "" if they do."""
        return ""

    def affects(self, operation: str) -> bool:
        """Whether it can change the answer to a request of this kind (send, pull, titles, balance), or a push."""
        return operation != "push"

    def readings(self, readings: Readings) -> Readings:
        """The readings that this request is answered with."""
        return readings

    def request_code(self) -> int | None:
        """A status code that answers the whole request, which is then not carried out."""
        return None

    def before(self) -> Answer | None:
        """An answer given instead of carrying the request out."""
        return None

    def recipient_code(self) -> int | None:
        """A status code for the recipients that the rule matches."""
        return None

    def hits(self, place: int, count: int) -> bool:
        """Whether `recipient_code` is for this one of the matching recipients of the request: the `place`-th of
        `count`.
        """
        return True

    def reaches(self, count: int) -> bool:
        """Whether it can do anything to a request in which `count` recipients match."""
        return True

    def push_delay(self) -> float:
        """By how many seconds of the space's clock a push is put off."""
        return 0.0

    def push_copies(self) -> int:
        """How often a report is pushed."""
        return 1

    def alters_answers(self) -> bool:
        """Whether `after` changes an answer, that of another rule included."""
        return type(self).after is not Effect.after

    def after(self, answer: Answer, dice: Dice) -> Answer:
        """The finished answer as it is sent."""
        return answer
