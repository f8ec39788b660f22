"""Reasons for refusals and remarks on accepted messages: ordinary values, never exceptions."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Reason(StrEnum):
    """Every reason for which a request, a message or a recipient is refused."""

    NO_USER = "no-user"
    NO_PASSWORD = "no-password"  # noqa: S105  # a reason, not a password
    BAD_LOGIN = "bad-login"
    """No account has this user."""
    BAD_PASSWORD = "bad-password"  # noqa: S105  # a reason, not a password
    NO_RECIPIENT = "no-recipient"
    EMPTY_RECIPIENT = "empty-recipient"
    TOO_MANY_MESSAGES = "too-many-messages"
    TOO_MANY_RECIPIENTS = "too-many-recipients"
    TOO_MANY_IDS = "too-many-ids"
    """Ids in a pull."""
    NOT_A_MOBILE = "not-a-mobile"
    INCOMPLETE_NUMBER = "incomplete-number"
    SEVERAL_NUMBERS = "several-numbers"
    """A list of numbers where one is meant."""
    NOT_COVERED = "not-covered"
    DUPLICATE_ID = "duplicate-id"
    USED_ID = "used-id"
    TITLE_TOO_LONG = "title-too-long"
    TITLE_UNKNOWN = "title-unknown"
    TEXT_TOO_LONG = "text-too-long"
    TEXT_AND_BINARY = "text-and-binary"
    BAD_FLASH = "bad-flash"
    BAD_NOPUSH = "bad-nopush"
    BAD_CODING = "bad-coding"
    BAD_BINARY = "bad-binary"
    BAD_VALIDITY = "bad-validity"
    BAD_SCHEDULE = "bad-schedule"
    NO_CREDIT = "no-credit"
    FAULT = "fault"


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A reason with what was expected and found, for the explanation; `code` only where a fault rule chose one."""

    reason: Reason
    expected: str = ""
    found: str = ""
    code: int | None = None


class Remark(StrEnum):
    """Something to note about a message that was accepted."""

    NO_RECIPIENTS = "no-recipients"
    TEXT_CUT = "text-cut"
    BINARY_CUT = "binary-cut"
    COMBINING_MARKS = "combining-marks"
    CHARACTERS_REPLACED = "characters-replaced"
    FORCED_UNICODE = "forced-unicode"
    VALIDITY_CLAMPED = "validity-clamped"
    EXPIRES_AT_ONCE = "expires-at-once"
    EMPTY_TEXT = "empty-text"
    TITLE_UNKNOWN = "title-unknown"
    LANGUAGE_IGNORED = "language-ignored"
    TYPE_IGNORED = "type-ignored"


class Observation(msgspec.Struct, frozen=True, gc=False):
    """A remark on one message, with what was found in it."""

    remark: Remark
    found: str
