"""The ambiguities of the vendor's page, each with the readings worth testing.

`Readings` holds one chosen value for each ambiguity. Each of its fields is annotated with the ambiguity: to add one,
add a field. `CATALOGUE`, the checks and the JSON schema are made from the fields.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self, get_type_hints

import msgspec
from msgspec import Meta


class Ambiguity(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One open question of the page: the values that answer it (the first is the default) with what they mean, and why
    it is open.

    `name` is that of its setting, made from the field's; `sources` are the marks of the clause: D documented, O
    observed in a real client, A from the ancestor manual, I inferred.
    """

    name: str = ""
    clause: str
    sources: str
    question: str
    page: str
    values: Mapping[str, str]

    @property
    def default(self) -> str:
        return next(iter(self.values))

    @property
    def field(self) -> str:
        return self.name.replace("-", "_")


class UnknownReading(ValueError):
    """A reading that does not exist, or a value it does not have. The message says which would do."""


class Readings(msgspec.Struct, frozen=True, gc=False):
    """The chosen value of every ambiguity; the defaults are the project's reading of the page."""

    undeclared_bytes: Annotated[
        str,
        Ambiguity(
            clause="T-05",
            sources="A, O, I",
            question="How are bytes read that declare no encoding and are not UTF-8?",
            page="The page declares no encoding for requests and prints Turkish letters in its examples: "
            "“kullanıcı_adiniz”, “ŞİFRE”.",
            values={
                "refuse": "status -22, as for any unreadable XML",
                "windows-1254": "read as windows-1254, what a Turkish Windows program writes",
            },
        ),
    ] = "refuse"
    content_type: Annotated[
        str,
        Ambiguity(
            clause="T-09",
            sources="D",
            question="Which Content-Type do answers carry?",
            page="“Content-Type: text/csv;charset= UTF-8”",
            values={
                "as-documented": "text/csv;charset= UTF-8, the blank included",
                "xml": "application/xml; charset=UTF-8",
            },
        ),
    ] = "as-documented"
    refusal_shape: Annotated[
        str,
        Ambiguity(
            clause="A-05",
            sources="A",
            question="How many results answer a request that is refused as a whole?",
            page="The page lists the codes (-5: “Kullanıcı adı ve şifre geçersiz”, …) but shows no refused answer.",
            values={
                "single": "exactly one, with empty messageid and destination",
                "per-recipient": "one for each recipient, its number echoed",
            },
        ),
    ] = "single"
    duplicate_id: Annotated[
        str,
        Ambiguity(
            clause="S-04",
            sources="D, A",
            question="Which recipients does “Birden fazla MessageID” refuse?",
            page="-33: “Birden fazla MessageID durum hatası”",
            values={
                "later-ones": "the first use of an id in a request stands, each later one gets -33",
                "whole-request": "every recipient of the request gets -33",
                "account-history": "as later-ones, and an id the account has ever used before gets -33 too",
            },
        ),
    ] = "later-ones"
    empty_gsm: Annotated[
        str,
        Ambiguity(
            clause="S-05",
            sources="D, I",
            question="What happens to an empty <gsm></gsm> beside real numbers?",
            page="The first example sends one number and three empty “<gsm></gsm>”; "
            "-6: “Gönderim numarasında eksiklik”",
            values={
                "skip": "skipped without a result",
                "refuse": "a result with status -6 each",
            },
        ),
    ] = "skip"
    number_form: Annotated[
        str,
        Ambiguity(
            clause="S-08",
            sources="D, A",
            question="Are numbers with a leading + or 0 accepted?",
            page="GSM: “Mesaj kime gönderilecek +, 0 uluslararası gönderim için kullanımı”",
            values={
                "lenient": "90…, +90…, 0090…, 05… and 5… name the same number",
                "strict": "international digits only: a leading + or 0 is -13",
            },
        ),
    ] = "lenient"
    unknown_title: Annotated[
        str,
        Ambiguity(
            clause="S-09",
            sources="D, A, I",
            question="What happens to a title that is not the account's?",
            page="baslik: “Dinamik mesaj gönderen id”, “Alphanumeric max.length :11”, “Numeric max.length: 14”; "
            "INVALID_SOURCE_ADDRESS: “Yanlış / Geçersiz / Kaynak Adres”",
            values={
                "refuse": "status -34 for the request",
                "accept": "accepted and charged, later reported INVALID_SOURCE_ADDRESS",
            },
        ),
    ] = "refuse"
    long_text: Annotated[
        str,
        Ambiguity(
            clause="S-11",
            sources="D, I",
            question="What happens to a text over one part without type longSMS?",
            page="metin: “Mesaj alanı boyut 160 karakter olmalı”; type: “Seçimli parametre longSMS”, "
            "“Bos kullanın 160 dan fazla karakter mesajda bu değer kullanılır”",
            values={
                "cut": "sent as one part, the rest is lost",
                "split": "sent in parts, as with longSMS",
                "refuse": "status -23 for the request",
            },
        ),
    ] = "cut"
    unencodable: Annotated[
        str,
        Ambiguity(
            clause="S-12",
            sources="D, O, I",
            question="What happens to a character outside the alphabet when no datacoding asks for Unicode?",
            page="DataCoding: “Default : 0”, “Değer: 8 (Unicode göndderim içn)”",
            values={
                "ucs2": "the message is sent as UCS-2",
                "question-mark": "each such character becomes ?",
            },
        ),
    ] = "ucs2"
    short_credit: Annotated[
        str,
        Ambiguity(
            clause="C-02",
            sources="D, A",
            question="Who gets -2 when the credit pays only some recipients?",
            page="-2: “Hesapta yeterli kredi yok”",
            values={
                "per-recipient": "those that can be paid go, in document order, the rest get -2",
                "whole-request": "nothing goes, every result is -2",
            },
        ),
    ] = "per-recipient"
    report_close: Annotated[
        str,
        Ambiguity(
            clause="R-02",
            sources="D, A",
            question="Is the report document closed?",
            page="The first report example ends without “</DeliveryReport>”, the second has it.",
            values={
                "closed": "with </DeliveryReport>",
                "as-printed": "without it, as the first example is printed",
            },
        ),
    ] = "closed"
    pull_refusal: Annotated[
        str,
        Ambiguity(
            clause="R-07",
            sources="D, A",
            question="Does a refused pull answer 5 or -5?",
            page="“5 – Geçersiz kullanıcı adı veya şifre”, where the dash may be a separator or a misplaced sign",
            values={
                "positive": "the bare number: 5, 10, 11",
                "negative": "with the sign of the send codes: -5, -10, -11",
            },
        ),
    ] = "positive"
    dates: Annotated[
        str,
        Ambiguity(
            clause="R-08",
            sources="D, A, O",
            question="Are the dates of reports padded with zeros?",
            page='“format(yyyy/m/d hh:mm:ss)” beside “sentdate="2005/7/19 22:0:0"”',
            values={
                "unpadded": "2005/7/19 22:0:0",
                "padded": "2005/07/19 22:00:00",
            },
        ),
    ] = "unpadded"
    result_shape: Annotated[
        str,
        Ambiguity(
            clause="E",
            sources="D",
            question="Are answers with several results well-formed?",
            page="The second answer example lacks the second “<result>” and prints “<status><0</status>”.",
            values={
                "well-formed": "one <result> element each",
                "as-printed": "byte for byte as the page's second example: a torture for parsers",
            },
        ),
    ] = "well-formed"

    def __post_init__(self) -> None:
        for ambiguity in CATALOGUE:
            if problem := _value_problem(ambiguity, getattr(self, ambiguity.field)):
                raise UnknownReading(problem)

    def chosen(self) -> dict[str, str]:
        """Setting name to value, in the order of the catalogue."""
        return {ambiguity.name: getattr(self, ambiguity.field) for ambiguity in CATALOGUE}

    def with_choices(self, choices: Mapping[str, str]) -> Self:
        """These readings with some of them changed; `UnknownReading` names what is not known."""
        if problem := choices_problem(choices):
            raise UnknownReading(problem)
        return msgspec.structs.replace(self, **{BY_NAME[name].field: value for name, value in choices.items()})


def _catalogue() -> tuple[Ambiguity, ...]:
    """The ambiguities that the fields of `Readings` are annotated with, named for their fields."""
    hints = get_type_hints(Readings, include_extras=True)
    return tuple(
        msgspec.structs.replace(hints[name].__metadata__[0], name=name.replace("_", "-"))
        for name in Readings.__struct_fields__
    )


CATALOGUE: tuple[Ambiguity, ...] = _catalogue()

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

# The first value of an ambiguity is its default everywhere it is shown; checked here, where a field is added.
assert [each.default for each in CATALOGUE] == list(Readings.__struct_defaults__)
