"""Runs the examples of tests in other languages, where the language is installed, against one server."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.driver import KobikomServer

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "testing"


def run(emulator: Emulator, *programs: str, arguments: list[str]) -> tuple[int, str]:
    """The exit status of a program that tests against the emulator, and what it printed."""
    program = next((found for name in programs if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no {' or '.join(programs)} on this machine")
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [program, *arguments],
        env=kept | {"KOBIKOM_URL": emulator.url, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def test_the_php_tests_pass(emulator: Emulator) -> None:
    """NotificationTest.php passes without PHPUnit too (without-phpunit.php) and closes the spaces of Kobikom.php."""
    status, said = run(emulator, "php", arguments=[str(EXAMPLES / "php" / "NotificationTest.php")])
    tests = ["testACodeIsSent", "testNoCreditIsNoticed", "testALostAnswerIsNotSentTwice"]
    assert (0, [f"ok {name}" for name in tests]) == (status, said.splitlines()), said
    assert ["default"] == KobikomServer.of(emulator).spaces


def test_the_php_tests_can_fail() -> None:
    """Where the settings make a server always refuse, the stand-in for PHPUnit says which tests failed and why."""
    with Emulator(faults=[{"effect": {"kind": "status", "code": -1}}]) as emulator:
        status, said = run(emulator, "php", arguments=[str(EXAMPLES / "php" / "NotificationTest.php")])
    assert (2, 2) == (status, said.count("FAILED")), said
    assert "FAILED testACodeIsSent: expected true, got false" in said


def test_the_node_tests_pass(emulator: Emulator) -> None:
    """notification.test.mjs passes under node's own runner and closes the spaces of kobikom.mjs."""
    path = str(EXAMPLES / "node" / "notification.test.mjs")
    status, said = run(emulator, "node", "nodejs", arguments=["--test", "--test-reporter=tap", path])
    assert 0 == status, said
    assert "# pass 3" in said
    assert ["default"] == KobikomServer.of(emulator).spaces


def test_the_csharp_tests_are_there() -> None:
    """No compiler is asked for: NotificationTests.cs has balanced brackets and names the same three tests."""
    source = (EXAMPLES / "csharp" / "NotificationTests.cs").read_text(encoding="utf-8")
    code = re.sub(r"//[^\n]*", "", re.sub(r'\$?"(?:\\.|[^"\\\n])*"', '""', source))
    assert all(code.count(opening) == code.count(closing) for opening, closing in ("()", "[]", "{}"))
    assert ["A_code_is_sent", "No_credit_is_noticed", "A_lost_answer_is_not_sent_twice"] == re.findall(
        r"\[Fact\]\s+public async Task (\w+)", source
    )
