"""Why an operation was not carried out. Each is raised before anything changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

import msgspec

_AT = re.compile(r" - at `\$\.?([^`]*)`$")
_NAMED = re.compile(r"(?:unknown|missing required) field `([^`]+)`")
_CHECKED = re.compile(r"([A-Za-z_]\w*): ")


class OperationError(Exception):
    """`detail` is a sentence for people, `field` the dotted name of the argument at fault ("" for none), `more` further
    facts by name.
    """

    def __init__(self, detail: str, *, field: str = "", more: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.more = more or {}


class Invalid(OperationError):
    """An argument that can never be right; `malformed` where it is not even JSON."""

    malformed = False

    @classmethod
    def from_json(cls, error: Exception) -> Self:
        """What msgspec says of a document, with the field picked out of its sentence."""
        if not isinstance(error, msgspec.ValidationError):
            reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
            invalid = cls(f"the document is not JSON: {reason}")
            invalid.malformed = True
            return invalid
        sentence, field = str(error), ""
        if at := _AT.search(sentence):
            sentence, field = sentence[: at.start()], at[1].removesuffix("[...]")
        if inner := _NAMED.search(sentence) or _CHECKED.match(sentence):
            field = f"{field}.{inner[1]}" if field else inner[1]
            sentence = sentence.removeprefix(f"{inner[1]}: ")
        return cls(f"{field}: {sentence}" if field else sentence, field=field)


class NotFound(OperationError):
    """Something named does not exist."""


class Conflict(OperationError):
    """The space or server is in a state that does not allow it."""


class NotInTime(OperationError):
    """What was waited for did not happen within the time-out."""
