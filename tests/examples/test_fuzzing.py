"""The fuzzing tutorial finds three bugs, each with its smallest scenario, and none in the corrected service."""

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
    """Run the tests of the tutorial with one service, such as NOTIFIER=mended; the exit status and the output."""
    process = subprocess.run(
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
    return process.returncode, process.stdout + process.stderr


def test_the_command_of_the_page_works_unchanged() -> None:
    """From the folder of the checkout: pytest.ini beside it keeps the settings of our own tests out of the way."""
    (command,) = re.findall(r"^pytest examples/fuzzing/\S+$", PAGE.read_text("utf-8"), re.MULTILINE)
    process = subprocess.run(
        [sys.executable, "-m", *command.split(), "-p", "no:cacheprovider", "--collect-only", "-q"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": SOURCES, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (0, True) == (process.returncode, "4 tests collected" in process.stdout), process.stdout


def scenarios(text: str) -> list[object]:
    """The scenarios that a text contains as JSON, in order."""
    documents = re.findall(r"^\{\n  \"format\": \"kobikom-emulator-scenario/1\".*?^\}$", text, re.MULTILINE | re.DOTALL)
    return [json.loads(document) for document in documents]


def test_the_fuzz_finds_the_three_bugs() -> None:
    """Three tests fail with the scenarios that the page shows; the test of the ordinary case passes."""
    status, printed = run("broken")
    assert 1 == status, printed
    assert "3 failed, 1 passed" in printed, printed
    assert scenarios(PAGE.read_text("utf-8"))[:3] == scenarios(printed), printed


def test_the_corrected_service_passes() -> None:
    """The same tests pass with mended.py."""
    status, printed = run("mended")
    assert 0 == status, printed
    assert "4 passed" in printed


def test_the_page_shows_the_tests_as_they_are() -> None:
    """Each line of a test that the page shows is in the example."""
    example = (ROOT / "examples" / "fuzzing" / "test_notifier.py").read_text("utf-8")
    for fence in re.findall(
        r"^```python elsewhere=tests/examples\S+\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        if "Scenario.of" in fence:
            continue
        missing = [line for line in fence.splitlines() if line.strip() and line not in example]
        assert [] == missing
