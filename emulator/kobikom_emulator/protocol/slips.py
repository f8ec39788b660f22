"""What a request holds that the API does not read: each is ignored and reported, equal ones together (T-07)."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

MOST_SLIPS = 100
"""How many different slips of one request are reported one by one; the rest are one more."""


class Slip(StrEnum):
    """Why something was not read."""

    UNKNOWN = "unknown"
    """A name that the API does not have."""
    SPELLING = "spelling"
    """A name of the API's with letters outside ASCII, such as `METİN`; `wanted` is the right name."""
    REPEATED = "repeated"
    """An element or parameter where one is meant: the first counts."""
    MISPLACED = "misplaced"
    """A name of the API's in the wrong place; `wanted` is the element that it belongs to."""
    STRAY_TEXT = "stray-text"
    """Text where only elements are meant."""
    CHARSET = "charset"
    """A charset parameter that the bytes contradict (T-03)."""
    REST = "rest"
    """Everything over `MOST_SLIPS`."""


class Unread(msgspec.Struct, frozen=True, gc=False):
    """Something that was ignored: the first of its kind with its text, and how many of the kind there are."""

    path: str
    found: str
    slip: Slip = Slip.UNKNOWN
    wanted: str = ""
    times: int = 1


class Slips:
    """Collects the slips of one request. Its size is bounded: a body full of them must not fill the memory (T-11)."""

    def __init__(self) -> None:
        self._first: dict[tuple[Slip, tuple[str, ...]], tuple[Unread, Callable[[], str]]] = {}
        self._times: dict[tuple[Slip, tuple[str, ...]], int] = {}
        self._rest = 0

    def is_known(self, slip: Slip, kind: tuple[str, ...]) -> bool:
        """Whether there was one of the same kind, or are too many kinds already; counts it then."""
        key = (slip, kind)
        if key in self._times:
            self._times[key] += 1
        elif len(self._first) >= MOST_SLIPS:
            self._rest += 1
        else:
            return False
        return True

    def add(
        self,
        slip: Slip,
        kind: tuple[str, ...],
        path: Callable[[], str],
        text: Callable[[], str | None],
        wanted: str = "",
    ) -> None:
        """Report a slip. Those with the same `kind` are one report; `text` is asked for the first of them only, and
        `path` once all are known.
        """
        if not self.is_known(slip, kind):
            self._first[slip, kind] = Unread("", _short(text() or ""), slip, wanted), path
            self._times[slip, kind] = 1

    def reports(self) -> tuple[Unread, ...]:
        """One report for each kind of slip, in the order in which they were found."""
        if not self._first:
            return ()
        reports = [
            msgspec.structs.replace(first, path=path(), times=self._times[key])
            for key, (first, path) in self._first.items()
        ]
        if self._rest:
            reports.append(Unread("", "", Slip.REST, times=self._rest))
        return tuple(reports)


def _short(text: str) -> str:
    text = text[:1000].strip()
    return text if len(text) <= 60 else text[:57] + "…"
