"""Law: proves the fuzzing tutorial: three bugs found, each by its smallest bad day, and none in the mended service."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "testing" / "fuzzing.md"
SOURCES = os.pathsep.join(str(ROOT / name) for name in ("emulator", "contracts", "client_reference"))


def run(notifier: str) -> tuple[int, str]:
    """pytest over the tutorial's tests, with one service (NOTIFIER=mended or not); its status, what it printed."""
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:xdist",
            "-o", "addopts=", "-o", "filterwarnings=default", "test_notifier.py",
        ],
        cwd=ROOT / "examples" / "fuzzing",
        env=os.environ | {"NOTIFIER": notifier, "PYTHONPATH": SOURCES, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def days(text: str) -> list[object]:
    """The scenarios that a text holds as JSON, in order."""
    found = re.findall(r"^\{\n  \"format\": \"kobikom-emulator-scenario/1\".*?^\}$", text, re.MULTILINE | re.DOTALL)
    return [json.loads(each) for each in found]


def test_the_fuzz_finds_the_three_bugs() -> None:
    """Three promises break, on the days that the page shows; the ordinary day finds nothing."""
    status, printed = run("broken")
    assert 1 == status, printed
    assert "3 failed, 1 passed" in printed, printed
    assert days(PAGE.read_text("utf-8"))[:3] == days(printed), printed


def test_the_mended_service_survives_every_day() -> None:
    """The same tests pass with mended.py."""
    status, printed = run("mended")
    assert 0 == status, printed
    assert "4 passed" in printed


def test_the_page_shows_the_tests_as_they_are() -> None:
    """Each test that the page shows stands in the example, line by line but for docstrings."""
    example = (ROOT / "examples" / "fuzzing" / "test_notifier.py").read_text("utf-8")
    for fence in re.findall(r"^```python elsewhere\S+\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        if "Scenario.of" in fence:
            continue
        missing = [line for line in fence.splitlines() if line.strip() and line not in example]
        assert [] == missing
