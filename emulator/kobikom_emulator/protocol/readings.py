"""The chosen readings of the vendor's page: one value for each ambiguity.

To add a reading, describe it in `ambiguities/` and add its field to `Readings`. `CATALOGUE`, the checks and the JSON
schema follow.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

import msgspec
from msgspec import Meta

from kobikom_emulator.protocol.ambiguities.ambiguity import Ambiguity
from kobikom_emulator.protocol.ambiguities.reports import REPORTS
from kobikom_emulator.protocol.ambiguities.sending import SENDING
from kobikom_emulator.protocol.ambiguities.transport import TRANSPORT


class UnknownReading(ValueError):
    """A reading that does not exist, or a value it does not have. The message says which would do."""


class Readings(msgspec.Struct, frozen=True, gc=False):
    """The chosen value of every ambiguity; the defaults are the project's reading of the page."""

    undeclared_bytes: str = "refuse"
    content_type: str = "as-documented"
    answer_layout: str = "lines"
    refusal_shape: str = "single"
    result_shape: str = "well-formed"
    login_codes: str = "missing"
    message_id: str = "15-digits"
    duplicate_id: str = "later-ones"
    empty_gsm: str = "skip"
    short_number: str = "unknown"
    number_form: str = "lenient"
    unknown_title: str = "refuse"
    title_code: str = "-34"
    long_text: str = "cut"
    turkish_table: str = "fewest"
    unencodable: str = "ucs2"
    long_validity: str = "clamp"
    short_credit: str = "per-recipient"
    report_close: str = "closed"
    sent_attribute: str = "sentdate"
    pull_refusal: str = "positive"
    dates: str = "unpadded"
    amount: str = "three-places"

    def __post_init__(self) -> None:
        for ambiguity in CATALOGUE:
            if problem := _value_problem(ambiguity, getattr(self, ambiguity.field)):
                raise UnknownReading(problem)

    def chosen(self) -> dict[str, str]:
        """Setting name to value, in the order of the catalogue."""
        return dict(zip(BY_NAME, msgspec.structs.astuple(self), strict=True))

    def with_choices(self, choices: Mapping[str, str]) -> Self:
        """These readings with some of them changed; `UnknownReading` names what is not known."""
        if problem := choices_problem(choices):
            raise UnknownReading(problem)
        return msgspec.structs.replace(self, **{BY_NAME[name].field: value for name, value in choices.items()})


CATALOGUE: tuple[Ambiguity, ...] = tuple(
    msgspec.structs.replace(ambiguity, name=field.replace("_", "-"))
    for field, ambiguity in {**TRANSPORT, **SENDING, **REPORTS}.items()
)

BY_NAME: Mapping[str, Ambiguity] = {ambiguity.name: ambiguity for ambiguity in CATALOGUE}


def choices_problem(choices: Mapping[str, str]) -> str:
    """Why these are not readings by name: an unknown name with the nearest, an unknown value with the choices; "" if
    they are.
    """
    for name, value in choices.items():
        if name not in BY_NAME:
            return f"there is no reading {name!r}: {_nearest(name)}"
        if problem := _value_problem(BY_NAME[name], value):
            return problem
    return ""


def _value_problem(ambiguity: Ambiguity, value: str) -> str:
    if value in ambiguity.values:
        return ""
    return f"{ambiguity.name} cannot be {value!r}: choose one of {', '.join(ambiguity.values)}"


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    nearest = get_close_matches(name.lower().replace("_", "-"), BY_NAME, n=3)
    return f"did you mean {' or '.join(nearest)}?" if nearest else f"choose one of {', '.join(BY_NAME)}"


def _choices_schema() -> dict[str, Any]:
    return {
        "properties": {each.name: {"enum": list(each.values), "description": each.question} for each in CATALOGUE},
        "propertyNames": {"enum": list(BY_NAME)},
    }


ReadingChoices = Annotated[
    dict[str, str],
    Meta(
        description="Readings by name; what is left out keeps its value.",
        extra_json_schema=_choices_schema(),
        extra={"check": choices_problem},
    ),
]
"""Some readings by name, for models: the JSON schema names every reading and value, and a `Checked` struct enforces
them.
"""

# The fields and the ambiguities are the same, in the same order, and the first value of each is its default.
assert [(each.field, each.default) for each in CATALOGUE] == list(
    zip(Readings.__struct_fields__, Readings.__struct_defaults__, strict=True)
)
