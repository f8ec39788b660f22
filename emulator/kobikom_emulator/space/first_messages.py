"""The messages that a space begins with, as if its accounts had sent them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.admission import admit
from kobikom_emulator.domain.draft_checks import RefusedSend
from kobikom_emulator.domain.messages import Draft
from kobikom_emulator.domain.reasons import Refusal
from kobikom_emulator.domain.rules import LONGEST_VALIDITY
from kobikom_emulator.domain.values import Checked

if TYPE_CHECKING:
    from kobikom_emulator.space.space import Space

_FIELDS = {"recipients": "to", "title": "title"}

Recipient = Annotated[str, Meta(min_length=1, max_length=100)]


class FirstMessage(Checked, frozen=True):
    """A message that is there when a space begins: `to` one recipient or several. It is sent at that instant and
    charged, and its reports can be pulled. Without `user` it is of the first account, without `title` it goes out under
    the account's first title.
    """

    to: Recipient | Annotated[tuple[Recipient, ...], Meta(min_length=1, max_length=1000)]
    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    title: str = ""
    user: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        return (self.to,) if isinstance(self.to, str) else self.to


class FirstMessageRefused(ValueError):
    """A message that a space cannot begin with; `field` is its dotted name."""

    def __init__(self, nth: int, problem: str, field: str = "") -> None:
        self.field = f"messages[{nth}]" + (f".{field}" if field else "")
        super().__init__(f"{self.field}: {problem}")


async def send_first_messages(space: Space, messages: Sequence[FirstMessage]) -> None:
    """Accept these messages in a space that just began; `FirstMessageRefused` names the first that is refused."""
    accounts = {account.user: account for account in space.blueprint.accounts}
    for nth, message in enumerate(messages):
        account = accounts.get(message.user or space.blueprint.accounts[0].user)
        if account is None:
            raise FirstMessageRefused(nth, f"there is no account {message.user!r}", "user")
        await _send(space, account, message, nth)


async def _send(space: Space, account: Account, message: FirstMessage, nth: int) -> None:
    now = space.clock.now()
    admission = admit(
        [Draft(message.recipients, title=message.title, text=message.text, validity=LONGEST_VALIDITY)],
        account=account,
        credit=await space.store.credit(account.user, now),
        rules=space.rules,
        now=now,
        seed=space.seed,
        first_id=space.ids.peek(space.rules.id_digits),
    )
    if isinstance(admission, RefusedSend):
        raise FirstMessageRefused(nth, _sentence(admission.refusal), _FIELDS.get(admission.field, "text"))
    for refusal in admission.results[0].refusals.values():
        raise FirstMessageRefused(nth, _sentence(refusal), "to")
    await space.store.apply(admission.changes)
    space.ids.take(admission.ids_taken)


def _sentence(refusal: Refusal) -> str:
    return f"it would be refused: expected {refusal.expected}, found {refusal.found}"
