"""Which reading of each ambiguity the paper server follows; the defaults are its own choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the protocol page leaves open without naming a reading.

    `echo_refused_ids`: a refused result repeats the client's id (else its id is empty). `duplicate_in_one`: a request
    refused with -33 as a whole is answered as any refused request (else with -33 for every recipient).
    `ties_reversed`: of reports with one donedate the one accepted last comes first. `escaping`: `named`, `least`
    (only what XML demands) or `numeric` references.
    """

    echo_refused_ids: bool = True
    duplicate_in_one: bool = True
    ties_reversed: bool = False
    escaping: str = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One value for each ambiguity, in the words of the protocol page."""

    choices: Choices = Choices()

    undeclared_bytes: str = "refuse"
    content_type: str = "as-documented"
    answer_layout: str = "compact"
    login_codes: str = "missing"
    refusal_shape: str = "single"
    message_id: str = "18-digits"
    duplicate_id: str = "later-ones"
    empty_gsm: str = "skip"
    short_number: str = "incomplete"
    number_form: str = "lenient"
    unknown_title: str = "refuse"
    title_code: str = "-23"
    turkish_table: str = "single"
    long_text: str = "cut"
    unencodable: str = "ucs2"
    long_validity: str = "clamp"
    short_credit: str = "per-recipient"
    report_close: str = "closed"
    sent_attribute: str = "sentdate"
    pull_refusal: str = "positive"
    dates: str = "as-written"
    amount: str = "three-places"
    result_shape: str = "well-formed"

    def __post_init__(self) -> None:
        for name, values in VALUES.items():
            value = getattr(self, name.replace("-", "_"))
            if value not in values:
                raise ValueError(f"{name} cannot be {value!r}: one of {', '.join(values)}")

    def chosen(self) -> dict[str, str]:
        """Name of the reading to its value."""
        return {name: getattr(self, name.replace("-", "_")) for name in VALUES}


VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "undeclared-bytes": ("refuse", "windows-1254"),
        "content-type": ("as-documented", "xml"),
        "answer-layout": ("lines", "compact"),
        "login-codes": ("missing", "wrong"),
        "refusal-shape": ("single", "per-recipient"),
        "message-id": ("15-digits", "18-digits", "10-digits"),
        "duplicate-id": ("later-ones", "whole-request", "account-history"),
        "empty-gsm": ("skip", "refuse"),
        "short-number": ("unknown", "incomplete"),
        "number-form": ("lenient", "strict"),
        "unknown-title": ("refuse", "accept"),
        "title-code": ("-34", "-1", "-23", "-99"),
        "turkish-table": ("fewest", "single", "locking"),
        "long-text": ("cut", "split", "refuse"),
        "unencodable": ("ucs2", "question-mark"),
        "long-validity": ("clamp", "refuse"),
        "short-credit": ("per-recipient", "whole-request"),
        "report-close": ("closed", "as-printed"),
        "sent-attribute": ("sentdate", "senddate"),
        "pull-refusal": ("positive", "negative"),
        "dates": ("unpadded", "as-written", "padded"),
        "amount": ("three-places", "shortest", "grouped"),
        "result-shape": ("well-formed", "as-printed"),
    }
)

PAPER = Readings()
"""What the paper server follows unless it is given others."""
