"""Generated ids: 10, 15 or 18 digits, consecutive, where the seed says (S-02)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.ids import SeededIds

RUNS = {10: 10**6, 15: 10**8, 18: 10**10}


@given(st.integers(), st.sampled_from(sorted(RUNS)))
def test_ids_have_their_digits_for_a_whole_run(seed: int, digits: int) -> None:
    """The first and the last of a run."""
    first = SeededIds(seed).peek(digits)
    assert digits == len(str(first)) == len(str(first + RUNS[digits] - 2))
    assert first == SeededIds(seed).peek(digits)


@pytest.mark.parametrize("digits", sorted(RUNS))
def test_taking_moves_on_and_restarting_goes_back(digits: int) -> None:
    """Peeking takes nothing, and what is taken is taken from every length."""
    ids = SeededIds(1)
    first, other = ids.peek(digits), ids.peek(15)
    ids.take(3)
    assert [first + 3, first + 3, other + 3, 3] == [ids.peek(digits), ids.peek(digits), ids.peek(15), ids.taken]
    ids.restart(1)
    assert (first, 0) == (ids.peek(digits), ids.taken)
    ids.restart(2)
    assert (SeededIds(2).peek(digits), 0) == (ids.peek(digits), ids.taken)


@pytest.mark.parametrize(("digits", "seeds"), [(15, 200), (18, 1000)])
def test_seeds_begin_apart(digits: int, seeds: int) -> None:
    """As many runs as seeds, and they do not touch."""
    firsts = sorted(SeededIds(seed).peek(digits) for seed in range(seeds))
    assert seeds == len(set(firsts))
    assert min(after - before for before, after in pairwise(firsts)) >= RUNS[digits]
