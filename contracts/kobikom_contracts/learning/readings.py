"""What each value of each reading means, and what traffic decides between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kobikom_contracts.clauses import READING_BY_NAME


@dataclass(frozen=True, slots=True)
class LearnedReading:
    """One ambiguity of the vendor's page.

    ``values`` maps each value to its meaning, the default first. ``decided_by``: the traffic that shows which value a
    service follows. ``by_charge``: at least one value shows in balances alone.
    """

    name: str
    clause: str
    values: Mapping[str, str]
    decided_by: str
    by_charge: bool = False

    @property
    def default(self) -> str:
        """The value that a server follows unless it is configured otherwise."""
        return next(iter(self.values))


_AROUND = (
    "between two balance queries, with the same around one-part messages to the same number before and after, "
    "under --exclusive"
)

_MEANINGS: Mapping[str, tuple[Mapping[str, str], str]] = {
    "undeclared-bytes": (
        {
            "refuse": "bytes that are not UTF-8 and declare no encoding are answered with -22",
            "windows-1254": "such bytes are read as windows-1254",
        },
        "a request with Turkish letters in windows-1254 and no declared encoding",
    ),
    "content-type": (
        {
            "as-documented": "answers are labelled text/csv;charset= UTF-8",
            "xml": "answers are labelled application/xml; charset=UTF-8",
        },
        "any answer",
    ),
    "answer-layout": (
        {
            "lines": "one element a line, without a line end after the last",
            "compact": "three line ends and two for each result; titles and balance on one line",
        },
        "a title or balance query, or the results of several recipients",
    ),
    "login-codes": (
        {
            "missing": "-10 and -11 mean a missing user or password, -5 an unknown user or a wrong password",
            "wrong": "-10 also means an unknown user, -11 also a wrong password",
        },
        "a request with a wrong password",
    ),
    "refusal-shape": (
        {
            "single": "a refused request has one result without a number",
            "per-recipient": "a refused request has one result for each recipient",
        },
        "a send with a wrong password",
    ),
    "message-id": (
        {
            "15-digits": "generated ids have 15 digits",
            "18-digits": "generated ids have 18 digits",
            "10-digits": "generated ids have 10 digits",
        },
        "an accepted message without a messageId of its own",
    ),
    "duplicate-id": (
        {
            "later-ones": "only the later uses of an id in one request get -33",
            "whole-request": "each recipient of a request that repeats an id gets -33",
            "account-history": "later uses get -33, and so does an id that an earlier request used",
        },
        "a send that repeats a messageId beside a recipient without one, and a send with a messageId used before",
    ),
    "empty-gsm": (
        {
            "skip": "an empty gsm has no result",
            "refuse": "an empty gsm has a result with -6",
        },
        "an accepted send with an empty gsm beside a number",
    ),
    "short-number": (
        {
            "unknown": "a number with digits missing gets -13",
            "incomplete": "a number with digits missing gets -6",
        },
        "a send to a Turkish mobile number that lacks digits, such as 9053299",
    ),
    "number-form": (
        {
            "lenient": "+90…, 0090…, 05… and 5… stand for the same number as 90…",
            "strict": "a leading + or 0, or a missing country code, gets -13",
        },
        "a send to the same number as 90… and with a leading + or 0",
    ),
    "unknown-title": (
        {
            "refuse": "a title that the account does not have is refused",
            "accept": "such a title is accepted, and reported as INVALID_SOURCE_ADDRESS later",
        },
        "a send with a title that the title queries before and after it do not list",
    ),
    "title-code": (
        {
            "-34": "a refused title gets -34, the message could not be delivered",
            "-1": "a refused title gets -1, sending failed",
            "-23": "a refused title gets -23, a general error",
            "-99": "a refused title gets -99, several reasons",
        },
        "a send with a title of more than 11 letters",
    ),
    "turkish-table": (
        {
            "fewest": "a Turkish text gets the tables that need the fewest parts",
            "single": "a Turkish text gets the single shift table only",
            "locking": "a Turkish text gets the locking shift table",
        },
        f"long Turkish texts with languageCode ES, rich in Turkish letters, {_AROUND}",
    ),
    "long-text": (
        {
            "cut": "a text over one part without longSMS is cut to one part",
            "split": "such a text is sent in several parts",
            "refuse": "such a text gets -23",
        },
        f"a text of more than 160 characters without type longSMS, {_AROUND}",
    ),
    "unencodable": (
        {
            "ucs2": "a character outside the alphabet turns the text into UCS-2",
            "question-mark": "a character outside the alphabet becomes a question mark",
        },
        f"a text of more than 70 characters with a letter outside GSM 03.38 and without datacoding 8, {_AROUND}",
    ),
    "long-validity": (
        {
            "clamp": "a ValidityPeriod over 48:00 counts as 48:00",
            "refuse": "a ValidityPeriod over 48:00 gets -23",
        },
        "a send with a ValidityPeriod over 48:00",
    ),
    "short-credit": (
        {
            "per-recipient": "recipients are paid in document order, the rest gets -2",
            "whole-request": "every recipient gets -2, nothing is sent",
        },
        "a send to several recipients that the credit pays only in part",
    ),
    "report-close": (
        {
            "closed": "a report document ends with </DeliveryReport>",
            "as-printed": "a report document lacks </DeliveryReport>",
        },
        "a pull that gives a report",
    ),
    "sent-attribute": (
        {
            "sentdate": "the attribute of the time of sending is sentdate",
            "senddate": "the attribute of the time of sending is senddate",
        },
        "a pull that gives a report",
    ),
    "pull-refusal": (
        {
            "positive": "a refused pull is answered with 5, 10 or 11",
            "negative": "a refused pull is answered with -5, -10 or -11",
        },
        "a pull with a wrong password",
    ),
    "dates": (
        {
            "unpadded": "no part of a date is padded: 2005/7/19 22:0:0",
            "as-written": "only the time of day is padded: 2005/7/19 22:00:00",
            "padded": "date and time are padded: 2005/07/19 22:00:00",
        },
        "a report with a date that has a month or day, and an hour, minute or second below 10",
    ),
    "amount": (
        {
            "three-places": "a decimal point and three places: 914.000",
            "shortest": "as few places as the amount needs: 914, 18.5",
            "grouped": "whole units, a point between thousands: 18.532 is eighteen thousand",
        },
        "balances that have several lengths, such as 1000.000, 914 or 18.5",
    ),
    "result-shape": (
        {
            "well-formed": "several results are well-formed XML",
            "as-printed": "from the second result on there is no opening tag, and a stray < before the status",
        },
        "a send to several recipients",
    ),
}

_BY_CHARGE = frozenset({"turkish-table", "long-text", "unencodable"})

READINGS: Mapping[str, LearnedReading] = {
    name: LearnedReading(name, reading.clause, *_MEANINGS[name], by_charge=name in _BY_CHARGE)
    for name, reading in READING_BY_NAME.items()
}
"""Every reading by name, in the order of the protocol."""
