"""Which messages somebody means, and why a message is not one of them."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

import msgspec

from kobikom_emulator.domain.delivery import status_at
from kobikom_emulator.domain.states import MessageState


class MessageMatch(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"sender": "from"}
):
    """Conditions on messages; those that are given all hold.

    `to` (the MSISDN or the number as submitted), `from` (the title) and `text` are globs: `90532*`, `*kod*`. `status`
    is scheduled, sent or a final status, as of now. `account` is a user name.
    """

    to: str | None = None
    sender: str | None = None
    text: str | None = None
    status: str | None = None
    account: str | None = None

    def differences(self, standing: MessageState, now: int) -> list[str]:
        """Why a message is not meant, a sentence a condition; empty if it is."""
        batch, index = standing.batch, standing.index
        found: list[str] = []
        if self.to is not None:
            wanted = self.to.removeprefix("+")
            numbers = (batch.msisdns[index], batch.destinations[index].removeprefix("+"))
            if not any(fnmatchcase(number, wanted) for number in numbers):
                found.append(f"to is {numbers[0]}, not {self.to}")
        if self.sender is not None and not fnmatchcase(batch.sender, self.sender):
            found.append(f"from is {batch.sender!r}, not {self.sender!r}")
        if self.text is not None and not fnmatchcase(batch.text, self.text):
            found.append(f"text is {_short(batch.text)!r}, not {_short(self.text)!r}")
        if self.account is not None and batch.user != self.account:
            found.append(f"account is {batch.user!r}, not {self.account!r}")
        if self.status is not None and (status := status_at(standing.plan, now)) != self.status:
            found.append(f"status is {status}, not {self.status}")
        return found


_FOLD = str.maketrans({"İ": "i", "I": "i", "ı": "i"})


def folded(text: str) -> str:
    """A text for comparison without case; the four Turkish i's are one, so that DENIZ finds deniz and DENİZ."""
    return text.translate(_FOLD).casefold()


def has_words(standing: MessageState, words: Sequence[str]) -> bool:
    """Whether each of the folded words is in a message's number, title, text or ids."""
    batch, index = standing.batch, standing.index
    told = folded(
        f"{batch.text}\n{batch.sender}\n{batch.msisdns[index]}\n{batch.destinations[index]}\n"
        f"{batch.message_id(index)}\n{batch.first_id + index}"
    )
    return all([word in told for word in words])


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
