"""The codes that the page lists (R-03, R-07, E)."""

from kobikom_emulator.protocol.codes import NO_DATA, PULL_CODES, Code


def test_the_documented_codes() -> None:
    """Sixteen codes, three of them for pulls, seven bytes for nothing (R-03, R-07, E)."""
    assert [0, -1, -2, -3, -5, -6, -10, -11, -13, -22, -23, -26, -27, -33, -34, -99] == [int(code) for code in Code]
    assert {-5: 5, -10: 10, -11: 11} == {int(code): number for code, number in PULL_CODES.items()}
    assert (b"NO_DATA", 7) == (NO_DATA, len(NO_DATA))
