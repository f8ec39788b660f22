"""The credit over time, from the lines of the ledger."""

from decimal import Decimal

from kobikom_emulator.domain.states import LedgerKind, LedgerLine
from kobikom_emulator.operations.credit_history import CreditPoint, credit_points, thinned

OPENED, CHARGE, REFUND, SET = LedgerKind.OPENED, LedgerKind.CHARGE, LedgerKind.REFUND, LedgerKind.SET


def lines(*movements: tuple[LedgerKind, int]) -> list[LedgerLine]:
    return [LedgerLine(nth, nth * 1000, kind, "test", Decimal(amount)) for nth, (kind, amount) in enumerate(movements)]


def amounts(*movements: tuple[LedgerKind, int], now: int = 0) -> list[int]:
    return [int(point.credit) for point in credit_points(lines(*movements), credit_now=Decimal(now))]


def test_each_line_has_its_credit() -> None:
    """A charge takes, a refund gives, opened and set put the credit at their amount."""
    assert [100, 70, 75, 10, 9] == amounts((OPENED, 100), (CHARGE, 30), (REFUND, 5), (SET, 10), (CHARGE, 1))


def test_nothing_is_known_before_the_first_amount() -> None:
    """Where the opening is not kept, the points begin at the first credit that was set by hand."""
    assert [10, 9] == amounts((CHARGE, 30), (REFUND, 5), (SET, 10), (CHARGE, 1), now=9)


def test_without_any_amount_it_is_counted_back() -> None:
    """Where only charges and refunds are kept, the credit now says what it was after each."""
    assert [75, 80, 79] == amounts((CHARGE, 30), (REFUND, 5), (CHARGE, 1), now=79)


def test_many_points_keep_their_bounds() -> None:
    """First and last point stay, and a low that is left out stays in the bounds of the point that stands for it."""
    points = credit_points(
        lines((OPENED, 100), *[(CHARGE, 1)] * 50, (SET, 3), *[(SET, 100)] * 50), credit_now=Decimal(0)
    )
    thin = thinned(points, 10)
    assert 10 == len(thin)
    assert (points[0], points[-1].at) == (thin[0], thin[-1].at)
    assert (Decimal(3), Decimal(100)) == (min(point.low for point in thin), max(point.high for point in thin))


def test_few_points_stay_as_they_are() -> None:
    """Nothing is left out where there is room."""
    point = CreditPoint(0, Decimal(1), SET, Decimal(1), Decimal(1))
    assert [point, point] == thinned([point, point], 2)
