"""Each target of script/fuzz gets the inputs of its corpus, and some changed ones."""

import pytest
from hypothesis import HealthCheck, given, settings

from .mutation import CORPUS, corpus, mutated
from .targets import TARGETS, Broken, check


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_keeps_its_promises(target: str) -> None:
    """On the inputs that were found or written before, and on changed ones."""
    inputs = corpus(target)
    for data in inputs:
        TARGETS[target](data)

    @settings(suppress_health_check=list(HealthCheck))
    @given(mutated(inputs))
    def changed(data: bytes) -> None:
        TARGETS[target](data)

    changed()


def test_the_corpus_is_small() -> None:
    """Each target has one, and all together are less than 100 kB."""
    assert set(TARGETS) == {folder.name for folder in CORPUS.iterdir()}
    assert sum(file.stat().st_size for file in CORPUS.rglob("*") if file.is_file()) < 100_000


def test_a_broken_promise_is_an_error() -> None:
    """A target fails where what it checks does not hold."""
    with pytest.raises(Broken, match="too long"):
        check([], "too long")
