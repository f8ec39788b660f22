"""Plans: when a message is final and how (R-06, R-09 … R-12), and how outcomes are drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.domain import delivery
from kobikom_emulator.domain.delivery import (
    USUAL_GSM_ERROR,
    Outcome,
    Phase,
    Plan,
    Profile,
    Status,
    Weighted,
    plan,
    status_at,
)
from kobikom_emulator.domain.messages import RecipientGroup
from kobikom_emulator.domain.reports import RETRY_AFTER

OUTCOMES = st.builds(
    Outcome,
    st.sampled_from(Status),
    st.none() | st.integers(0, 10**9),
    st.none() | st.integers(0, 9999),
)


def test_the_eleven_statuses() -> None:
    """The statuses are those of the page, in its order (R-09)."""
    assert (
        "NOT_SENT SENT NOT_DELIVERED DELIVERED NOT_ALLOWED INVALID_DESTINATION_ADDRESS INVALID_SOURCE_ADDRESS "
        "ROUTE_NOT_AVAILABLE NOT_ENOUGH_CREDITS REJECTED INVALID_MESSAGE_FORMAT"
    ).split() == [str(status) for status in Status]


def test_gsm_errors_fit() -> None:
    """Zero for success and for NOT_SENT as printed; of the failures a code whose name in the list fits (R-10)."""
    unknown_subscriber, absent_subscriber, delivery_failure, system_failure, provider_error = 1, 27, 32, 34, 500
    assert {
        Status.NOT_SENT: 0,
        Status.SENT: 0,
        Status.NOT_DELIVERED: absent_subscriber,
        Status.DELIVERED: 0,
        Status.NOT_ALLOWED: provider_error,
        Status.INVALID_DESTINATION_ADDRESS: unknown_subscriber,
        Status.INVALID_SOURCE_ADDRESS: provider_error,
        Status.ROUTE_NOT_AVAILABLE: provider_error,
        Status.NOT_ENOUGH_CREDITS: provider_error,
        Status.REJECTED: delivery_failure,
        Status.INVALID_MESSAGE_FORMAT: system_failure,
    } == dict(USUAL_GSM_ERROR)


def test_a_chosen_gsm_error_replaces_the_usual_one() -> None:
    """Zero is a choice too (R-10)."""
    assert [27, 0, 31] == [Outcome(Status.NOT_DELIVERED, gsm_error=error).error for error in (None, 0, 31)]


@given(OUTCOMES, st.integers(0, 2**41), st.integers(0, 10**9), st.integers(0, 48 * 3_600_000))
def test_plans_are_in_order(outcome: Outcome, now: int, delay: int, validity: int) -> None:
    """Submitted ≤ sent ≤ done ≤ sent + validity, and past the validity it is 4101 (R-11, R-12)."""
    made = plan(outcome, submitted_at=now, delay=delay, validity=validity)
    assert now == made.submitted_at
    assert now + delay == made.sent_at
    assert made.sent_at <= made.done_at <= made.sent_at + validity
    if validity == 0 or outcome.after is None or outcome.after > validity:
        assert (Status.NOT_DELIVERED, 4101, made.sent_at + validity) == (made.status, made.gsm_error, made.done_at)
    else:
        assert (outcome.status, outcome.error, outcome.after) == (
            made.status, made.gsm_error, made.done_at - made.sent_at
        )  # fmt: skip


def test_what_is_known_at_an_instant() -> None:
    """A message is scheduled, then sent, then final from `done_at` on (R-06, R-11)."""
    made = Plan(0, 10, 20, Status.REJECTED, 32)
    assert [Phase.SCHEDULED, Phase.SENT, Phase.SENT, Status.REJECTED, Status.REJECTED] == [
        status_at(made, now) for now in (9, 10, 19, 20, 99)
    ]


@pytest.mark.parametrize("validity", [1, 60_000])
def test_a_delivery_exactly_at_the_end_of_validity_counts(validity: int) -> None:
    """A delivery exactly at the end of the validity counts, one millisecond later it does not (R-11)."""
    at_the_end = plan(Outcome(Status.DELIVERED, validity), submitted_at=0, delay=0, validity=validity)
    past_it = plan(Outcome(Status.DELIVERED, validity + 1), submitted_at=0, delay=0, validity=validity)
    assert [Status.DELIVERED, Status.NOT_DELIVERED] == [at_the_end.status, past_it.status]


@given(
    st.integers(), st.integers(10**17, 10**18), st.lists(st.tuples(OUTCOMES, st.integers(1, 9)), min_size=1, max_size=4)
)
def test_draws_depend_on_seed_and_ordinal_alone(seed: int, ordinal: int, lines: list[tuple[Outcome, int]]) -> None:
    """The same draw twice, one of the outcomes, `after` spread by the jitter at most."""
    outcomes = tuple(Weighted(*line) for line in lines)
    steady, jittery = Profile(outcomes), Profile(outcomes, jitter=500)
    assert steady.draw(seed, ordinal) == Profile(outcomes).draw(seed, ordinal)
    drawn, spread = steady.draw(seed, ordinal), jittery.draw(seed, ordinal)
    assert drawn in [outcome for outcome, _ in lines]
    assert (drawn.status, drawn.error) == (spread.status, spread.error)
    if drawn.after is None:
        assert spread.after is None
    else:
        assert spread.after is not None
        assert 0 <= spread.after - drawn.after <= 500


def test_draws_follow_the_weights() -> None:
    """Of ten thousand, three quarters and one quarter, within four standard deviations; the seed matters."""
    profile = Profile((Weighted(Outcome(Status.DELIVERED), 3), Weighted(Outcome(Status.REJECTED), 1)))
    first = 250_754_680_000_000_001
    drawn = [profile.draw(7, first + nth).status for nth in range(10_000)]
    assert abs(drawn.count(Status.DELIVERED) - 7500) < 180
    assert drawn != [profile.draw(8, first + nth).status for nth in range(10_000)]


def test_jitter_reaches_both_ends() -> None:
    """Zero and the whole jitter are both drawn."""
    profile = Profile(jitter=3)
    assert {1000, 1001, 1002, 1003} == {profile.draw(0, nth).after for nth in range(100)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0xE220A8397B1DCDAF), (0x9E3779B97F4A7C15, 0x6E789E6AA1B965F4), (0x3C6EF372FE94F82A, 0x06C45D188009454F)],
)
def test_the_dice_are_splitmix64(value: int, expected: int) -> None:
    """The first three numbers that the published generator gives from seed 0."""
    assert expected == delivery._mix(value)


def splitmix64(state: int) -> int:
    """The published generator's next number, in its own three steps."""
    mask = 2**64 - 1
    z = state = (state + 0x9E3779B97F4A7C15) & mask
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        z = ((z ^ z >> shift) * factor) & mask
    return z ^ z >> 31


@given(st.integers(0, 2**64), st.integers(10**9, 10**18), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_a_seed_gives_the_same_outcomes_every_time(seed: int, ordinal: int, weights: list[int]) -> None:
    """A recorded run replays with a later version: seed and ordinal are mixed, the low digits pick, the high ones
    spread.
    """
    dice = splitmix64(seed ^ splitmix64(ordinal))
    picked = [nth for nth, weight in enumerate(weights) for _ in range(weight)][dice % sum(weights)]
    lines = tuple(Weighted(Outcome(Status.DELIVERED, 1000 * nth), weight) for nth, weight in enumerate(weights))
    assert 1000 * picked == Profile(lines).draw(seed, ordinal).after
    assert 1000 * picked + (dice >> 32) % 501 == Profile(lines, jitter=500).draw(seed, ordinal).after


def test_lines_weigh_the_same_unless_they_say_otherwise() -> None:
    """The default weight is 1."""
    assert (1, 1000) == (Weighted(Outcome(Status.SENT)).weight, Outcome(Status.SENT).after)


def test_certain_profiles_need_no_dice() -> None:
    """A profile of one outcome without jitter needs no random numbers."""
    assert Outcome(Status.DELIVERED) == Profile().certain
    assert Profile(jitter=1).certain is None
    assert Profile((Weighted(Outcome(Status.SENT)), Weighted(Outcome(Status.SENT)))).certain is None


def test_a_recipient_group_finds_its_indices() -> None:
    """A group finds its indices by bisection, in ranges and in tuples."""
    plan = Plan(0, 0, 0, Status.SENT, 0)
    assert [True, True, False, False] == [at in RecipientGroup(plan, range(2)) for at in (0, 1, 2, 99)]
    assert [False, True, False, True, False] == [at in RecipientGroup(plan, (1, 3)) for at in range(5)]


def test_the_retry_ladder() -> None:
    """Attempts are repeated after one, two, five and ten minutes (S-19)."""
    assert (1, 2, 5, 10) == RETRY_AFTER
