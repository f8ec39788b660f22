"""The catalogue of ambiguities: every value both ways, every mistake named."""

import msgspec
import pytest

from kobikom_emulator.protocol.readings import (
    BY_NAME,
    CATALOGUE,
    Ambiguity,
    ReadingChoices,
    Readings,
    UnknownReading,
    choices_problem,
)


def test_the_catalogue_is_whole() -> None:
    """Each reading has a clause, sources, a question, the page's words and at least two values."""
    assert len(CATALOGUE) == len(BY_NAME) == len(Readings.__struct_fields__)
    for each in CATALOGUE:
        assert all([each.clause, each.marks, each.question, each.page]), each.name
        assert len(each.values) >= 2, each.name
        assert set(each.marks) <= set("DOAI, "), each.name


@pytest.mark.parametrize("ambiguity", CATALOGUE, ids=lambda each: each.name)
def test_every_value_can_be_chosen(ambiguity: Ambiguity) -> None:
    """Each value holds, the default being the first, and nothing else changes."""
    assert ambiguity.default == Readings().chosen()[ambiguity.name]
    for value in ambiguity.values:
        chosen = Readings().with_choices({ambiguity.name: value}).chosen()
        assert Readings().chosen() | {ambiguity.name: value} == chosen


def test_unknown_names_and_values_say_what_would_do() -> None:
    """The message lists the choices."""
    with pytest.raises(UnknownReading, match="no reading 'tempo': choose one of undeclared-bytes, "):
        Readings().with_choices({"tempo": "x"})
    with pytest.raises(UnknownReading, match=r"no reading 'datez': did you mean dates\?"):
        Readings().with_choices({"datez": "padded"})
    with pytest.raises(UnknownReading, match=r"no reading 'long_text': did you mean long-text\?"):
        Readings().with_choices({"long_text": "cut"})
    with pytest.raises(
        UnknownReading, match=r"'short-code': did you mean short-credit or short-number or report-close\?$"
    ):
        Readings().with_choices({"short-code": "-34"})
    with pytest.raises(UnknownReading, match="dates cannot be 'x': choose one of unpadded, as-written, padded"):
        Readings().with_choices({"dates": "x"})
    with pytest.raises(UnknownReading, match="dates cannot be ''"):
        Readings(dates="")


@pytest.mark.parametrize("ambiguity", CATALOGUE, ids=lambda each: each.name)
def test_a_field_is_all_there_is_to_a_reading(ambiguity: Ambiguity) -> None:
    """Name, default and schema of each reading are made from its field."""
    assert ambiguity.default == getattr(Readings(), ambiguity.field)
    schema = msgspec.json.schema(ReadingChoices)
    assert list(ambiguity.values) == schema["properties"][ambiguity.name]["enum"]
    assert ambiguity.name in schema["propertyNames"]["enum"]
    assert "" == choices_problem({ambiguity.name: ambiguity.default})


def test_choices_are_checked_one_by_one() -> None:
    """The problem names the first that cannot be; several good ones are fine."""
    assert "" == choices_problem({"dates": "padded", "long-text": "split"})
    assert choices_problem({"dates": "padded", "long-text": "slit"}).startswith("long-text cannot be 'slit'")
