"""The catalogue of ambiguities: every value both ways, every mistake named."""

import pytest

from kobikom_emulator.protocol.readings import BY_NAME, CATALOGUE, Ambiguity, Readings, UnknownReading


def test_the_catalogue_is_whole() -> None:
    """Fourteen readings, each with a clause, sources, a question, the page's words and at least two values."""
    assert 14 == len(CATALOGUE) == len(BY_NAME)
    for each in CATALOGUE:
        assert all([each.clause, each.sources, each.question, each.page]), each.name
        assert len(each.values) >= 2, each.name
        assert set(each.sources) <= set("DOAI, "), each.name


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
    with pytest.raises(UnknownReading, match="dates cannot be 'x': choose one of unpadded, padded"):
        Readings().with_choices({"dates": "x"})
    with pytest.raises(UnknownReading, match="dates cannot be ''"):
        Readings(dates="")
