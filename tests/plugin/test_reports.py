"""What other tools read of a run: JUnit XML, strict markers, warnings as errors, names of spaces."""

from xml.etree import ElementTree as ET

import pytest

from kobikom_emulator.driver import Kobikom, NotAsExpected

pytest_plugins = ["pytester"]

FAILS = """
from sender import send

def test_refused(kobikom):
    send(kobikom, title="Nobody")
    assert False

def test_passes(kobikom):
    send(kobikom)
"""
WORKERS = [(), ("-p", "xdist.plugin", "-n1")]


@pytest.mark.parametrize("workers", WORKERS, ids=["alone", "xdist"])
def test_the_journal_of_a_failure_is_in_junit_xml(inner: pytest.Pytester, workers: tuple[str, ...]) -> None:
    """As a property of the test case that failed; the one that passed has none."""
    inner.makepyfile(FAILS)
    inner.runpytest_subprocess("--junit-xml=report.xml", *workers).assert_outcomes(passed=1, failed=1)
    cases = {case.attrib["name"]: case for case in ET.parse(inner.path / "report.xml").iter("testcase")}
    properties = [(one.attrib["name"], one.attrib["value"]) for one in cases["test_refused"].iter("property")]
    assert [True] == [name.startswith("kobikom journal of refused-") for name, _ in properties]
    assert "expected one of the account's titles" in properties[0][1]
    assert [] == list(cases["test_passes"].iter("property"))


@pytest.mark.parametrize("workers", WORKERS, ids=["alone", "xdist"])
def test_strict_markers_and_warnings_as_errors(inner: pytest.Pytester, workers: tuple[str, ...]) -> None:
    """The plugin's marker is known, and nothing of it warns; the judge's tests are collected so, too."""
    inner.makepyfile(
        """
        import pytest
        from sender import send

        @pytest.mark.kobikom(seed=3)
        def test_it(kobikom):
            send(kobikom)
        """
    )
    strict = ("--strict-markers", "--strict-config", "-W", "error")
    inner.runpytest_subprocess(*strict, *workers).assert_outcomes(passed=1)
    judge = ("-p", "kobikom_contracts.pytest_mode", "--pyargs", "kobikom_contracts", "-q")
    assert {"passed", "failed", "errors"}.isdisjoint(
        inner.runpytest_subprocess(*strict, *judge, *workers).parseoutcomes()
    )


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("test_sipariş_yola_çıktı", "siparis-yola-cikti"),
        ("test_İSTANBUL_ÜĞÖŞ", "istanbul-ugos"),
        ("test_crème_brûlée", "creme-brulee"),
        ("test_短信", ""),
    ],
)
def test_the_name_of_a_space_is_readable(inner: pytest.Pytester, name: str, slug: str) -> None:
    """Letters with marks become those without; what has no such letter is left out."""
    inner.makepyfile(f"def {name}(kobikom): print('named', kobikom.name)")
    named = inner.runpytest_inprocess("-s").stdout.str().partition("named ")[2].split()[0]
    assert slug == named.rpartition("-")[0]


def test_a_wait_in_vain_counts_only_where_several_were_waited_for(space: Kobikom) -> None:
    """For one message it says that none matched."""
    with pytest.raises(NotAsExpected, match=r"^waited for a message with text 'a': no message matched by now\n"):
        space.wait_for(text="a", timeout=0)
    with pytest.raises(NotAsExpected, match=r"3 times .*: none of the 3 messages matched within 0.01 s\n"):
        space.wait_for_all(3, text="a", timeout=0.01)


async def test_a_wait_that_stops_the_event_loop_names_the_coroutine(space: Kobikom) -> None:
    """The code under test may run in the loop that stands still."""
    with pytest.raises(NotAsExpected, match=r"use `await kobikom\.aio\.wait_for"):
        space.wait_for(text="a", timeout=0)
