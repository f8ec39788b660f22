"""The fixture `kobikom_day`: kept days first, then the catalogue, then drawn days; options are checked."""

import pytest

from kobikom_contracts import days

pytest_plugins = ["pytester"]

TEST = """
import pytest

@pytest.mark.kobikom_days(operations=["send"], kinds=["drop"])
def test_nobody_gets_it_twice(kobikom_day):
    assert kobikom_day.document()["name"] == kobikom_day.name
"""


def names(pytester: pytest.Pytester, *words: str) -> list[str]:
    """The days of the tests that pytest collects."""
    result = pytester.runpytest_inprocess("--collect-only", "-q", "-p", "no:schemathesis", "-p", "no:asyncio", *words)
    return [line.split("[")[1].rstrip("]") for line in result.outlines if "[" in line]


@pytest.fixture
def inner(pytester: pytest.Pytester) -> pytest.Pytester:
    """A test with the fixture, and a folder with one kept day."""
    pytester.makepyfile(TEST)
    folder = pytester.path / "tests/days"
    folder.mkdir(parents=True)
    (folder / "lost.json").write_text('{"credit": "1"}')
    return pytester


def test_kept_days_come_first(inner: pytest.Pytester) -> None:
    """Then those of the catalogue that the marker chooses."""
    expected = [day.name for day in days(operations=["send"], kinds=["drop"])]
    assert ["found-lost", *expected] == names(inner)
    assert ["found-lost"] == names(inner, "--kobikom-days", "found")
    inner.runpytest_inprocess("-p", "no:schemathesis", "-p", "no:asyncio").assert_outcomes(passed=1 + len(expected))


def test_drawn_days_come_last(inner: pytest.Pytester) -> None:
    """So many, the same for the same seed."""
    drawn = names(inner, "--kobikom-days", "4")
    assert [f"drawn-{nth}" for nth in range(1, 5)] == drawn[-4:]


@pytest.mark.parametrize(
    ("words", "file", "message"),
    [
        (["--kobikom-days", "few"], "{}", "is single, all, found or a number of drawn days, not 'few'"),
        ([], '{"credits": "1"}', "lost.json: a scenario has no field credits"),
    ],
    ids=["option", "file"],
)
def test_what_is_wrong_is_said(inner: pytest.Pytester, words: list[str], file: str, message: str) -> None:
    """In one line."""
    (inner.path / "tests/days/lost.json").write_text(file)
    result = inner.runpytest_inprocess("-p", "no:schemathesis", "-p", "no:asyncio", *words)
    assert message in result.stdout.str() + result.stderr.str()
    assert result.ret != 0
