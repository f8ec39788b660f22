"""The account that asks, the recipients it may send to, and numbers and titles derived from them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kobikom_contracts.core.verdicts import CannotRun

_MOBILE = re.compile(r"(?:\+90|0090|90|0)?(5[345]\d{8})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Login and recipients. ``recipients`` are in the form 905321112233. ``nonce`` is part of every id and title that
    this run makes up; ``title`` is the one its messages carry, "" for none.
    """

    user: str
    password: str
    recipients: tuple[str, ...]
    nonce: str
    title: str = ""

    @property
    def own_id(self) -> str:
        """A message id that no earlier request has used."""
        return f"learn-{self.nonce}"

    @property
    def wrong_password(self) -> str:
        """A password that is not the account's."""
        return f"wrong-{self.nonce}"

    @property
    def unknown_title(self) -> str:
        """A title of at most 11 letters and digits that nobody has."""
        return f"X{self.nonce[:8].upper()}"

    @property
    def long_title(self) -> str:
        """A title of more than 11 letters and digits."""
        return f"LONGTITLE{self.nonce[:8].upper()}"

    @property
    def incomplete_numbers(self) -> tuple[str, str]:
        """The beginnings of the first recipient's number, with seven and with six digits: no phone has them."""
        return self.recipients[0][:7], self.recipients[0][:6]


def plain_number(text: str) -> str:
    """A Turkish mobile number in the form 905321112233; raises :class:`CannotRun` for any other."""
    match = _MOBILE.fullmatch(re.sub(r"[\s()-]", "", text))
    if match is None:
        raise CannotRun(f"{text!r} is not a Turkish mobile number such as 905321112233")
    return f"90{match[1]}"
