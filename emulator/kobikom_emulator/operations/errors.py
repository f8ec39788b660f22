"""The errors of operations. Each is raised before anything changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import msgspec

from kobikom_emulator.domain import invalid


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
    """An argument that is not valid; `malformed` where it is not JSON."""

    malformed = False

    @classmethod
    def from_json(cls, error: Exception, wanted: Any, value: Any = None) -> Self:
        """The error of msgspec for a document that should have the type `wanted`; see `domain.invalid.explain`."""
        if isinstance(error, msgspec.ValidationError):
            problem = invalid.explain(error, wanted, value)
            return cls(f"{problem.path}: {problem.sentence}" if problem.path else problem.sentence, field=problem.path)
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        malformed = cls(f"the body is not JSON: {reason}")
        malformed.malformed = True
        return malformed


class NotFound(OperationError):
    """Something named does not exist."""


class Conflict(OperationError):
    """The space or server is in a state that does not allow it."""


class NotInTime(OperationError):
    """What was waited for did not happen within the time-out."""
