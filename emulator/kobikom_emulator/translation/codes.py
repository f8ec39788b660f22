"""The status codes of the wire for the reasons of the domain."""

from __future__ import annotations

from collections.abc import Mapping

from kobikom_emulator.domain.reasons import Reason, Refusal
from kobikom_emulator.protocol.codes import Code
from kobikom_emulator.protocol.readings import Readings

CODES: Mapping[Reason, tuple[Code, str]] = {
    Reason.NO_USER: (Code.NO_USER, "A-01.4"),
    Reason.NO_PASSWORD: (Code.NO_PASSWORD, "A-02.5"),
    Reason.BAD_LOGIN: (Code.BAD_LOGIN, "A-03.2"),
    Reason.BAD_PASSWORD: (Code.BAD_LOGIN, "A-03.2"),
    Reason.NO_RECIPIENT: (Code.NO_NUMBER, "S-05.1"),
    Reason.EMPTY_RECIPIENT: (Code.NO_NUMBER, "S-05.3"),
    Reason.TOO_MANY_MESSAGES: (Code.GENERAL, "T-11.2"),
    Reason.TOO_MANY_RECIPIENTS: (Code.GENERAL, "T-11.2"),
    Reason.TOO_MANY_IDS: (Code.GENERAL, "T-11.2"),
    Reason.NOT_A_MOBILE: (Code.UNKNOWN_NUMBER, "S-06.2"),
    Reason.INCOMPLETE_NUMBER: (Code.UNKNOWN_NUMBER, "S-05.4"),
    Reason.SEVERAL_NUMBERS: (Code.UNKNOWN_NUMBER, "S-06.2"),
    Reason.NOT_COVERED: (Code.NOT_COVERED, "S-07.2"),
    Reason.DUPLICATE_ID: (Code.DUPLICATE_ID, "S-04.1"),
    Reason.USED_ID: (Code.DUPLICATE_ID, "S-04.1"),
    Reason.TITLE_TOO_LONG: (Code.NOT_SENT, "S-09.2"),
    Reason.TITLE_UNKNOWN: (Code.NOT_SENT, "S-09.2"),
    Reason.TEXT_TOO_LONG: (Code.GENERAL, "S-11.1"),
    Reason.TEXT_AND_BINARY: (Code.GENERAL, "S-17.1"),
    Reason.BAD_FLASH: (Code.GENERAL, "S-17.1"),
    Reason.BAD_NOPUSH: (Code.GENERAL, "S-17.1"),
    Reason.BAD_CODING: (Code.GENERAL, "S-17.1"),
    Reason.BAD_BINARY: (Code.GENERAL, "S-17.1"),
    Reason.BAD_VALIDITY: (Code.GENERAL, "S-17.1"),
    Reason.BAD_SCHEDULE: (Code.BAD_SCHEDULE, "S-15.4"),
    Reason.NO_CREDIT: (Code.NO_CREDIT, "C-02.1"),
    Reason.FAULT: (Code.FAILED, "E.2"),
}
"""Status code and statement of every reason; `code_of` says where a reading chooses another code."""


def code_of(refusal: Refusal, readings: Readings) -> int:
    """The status code that answers a refusal of a POST."""
    if refusal.code is not None:
        return refusal.code
    match refusal.reason:
        case Reason.BAD_LOGIN if readings.login_codes == "wrong":
            return Code.NO_USER
        case Reason.BAD_PASSWORD if readings.login_codes == "wrong":
            return Code.NO_PASSWORD
        case Reason.TITLE_TOO_LONG | Reason.TITLE_UNKNOWN:
            return int(readings.title_code)
        case Reason.INCOMPLETE_NUMBER if readings.short_number == "incomplete":
            return Code.NO_NUMBER
        case reason:
            return CODES[reason][0]


def pull_code_of(refusal: Refusal) -> int:
    """The status code that stands behind the refusal of a pull, whose codes no reading changes (R-07)."""
    return CODES[refusal.reason][0] if refusal.code is None else refusal.code
