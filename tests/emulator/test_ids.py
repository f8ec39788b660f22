"""Generated ids: 18 digits, consecutive, where the seed says (S-02)."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.ids import SeededIds


@given(st.integers())
def test_ids_have_18_digits_for_a_whole_run(seed: int) -> None:
    """The first and the last of ten thousand million."""
    ids = SeededIds(seed)
    first = ids.peek()
    assert 18 == len(str(first)) == len(str(first + 10**10 - 2))
    assert first == SeededIds(seed).peek()


def test_taking_moves_on_and_restarting_goes_back() -> None:
    """Peeking takes nothing."""
    ids = SeededIds(1)
    first = ids.peek()
    ids.take(3)
    assert [first + 3, first + 3] == [ids.peek(), ids.peek()]
    ids.restart()
    assert first == ids.peek()


def test_seeds_begin_apart() -> None:
    """A thousand seeds, a thousand runs that do not touch."""
    firsts = sorted(SeededIds(seed).peek() for seed in range(1000))
    assert 1000 == len(set(firsts))
    assert min(b - a for a, b in pairwise(firsts)) >= 10**10
