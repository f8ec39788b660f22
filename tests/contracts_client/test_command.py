"""``kobikom-contracts client`` and the pytest class report what the judge finds."""

import html
import json
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent.parent))

from deviant_clients.catalogue import DEVIANT_CLIENTS, HERE

from kobikom_contracts.cli import main
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.contracts import client_contracts
from kobikom_contracts.client_suite.session import ClientSession

pytest_plugins = ["pytester"]

CORRECT = shlex.join([sys.executable, "-S", "-E", "-B", str(HERE / "correct.py")])
DEVIANT = shlex.join(next(one for one in DEVIANT_CLIENTS if one.name == "unescaped_text").command)


def run(*words: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    result = CliRunner().invoke(main, ["client", *words])
    return result.exit_code, result.output


def test_a_client_that_keeps_a_clause_is_0(tmp_path: Path) -> None:
    """Held clauses exit 0, and all three reports are written."""
    files = [tmp_path / f"report.{kind}" for kind in ("json", "junit", "html")]
    options = [word for file in files for word in (f"--{file.suffix[1:]}", str(file))]
    code, output = run("--command", CORRECT, "--only", "K-10,K-12", *options)
    report = json.loads(files[0].read_text(encoding="utf-8"))
    assert (0, ["held", "held"]) == (code, [one["verdict"] for one in report["clauses"]])
    assert ["K-10", "K-12"] == [one["id"] for one in report["clauses"]]
    assert "K-10" in files[1].read_text(encoding="utf-8")
    assert "K-10" in files[2].read_text(encoding="utf-8")
    assert [True, False] == [word in output.splitlines()[-1] for word in (" calls, ", "messages")]


def test_a_client_that_breaks_a_clause_is_1() -> None:
    """A violation exits 1 and shows clause, expectation, lines of the adapter and the wire."""
    code, output = run("--command", DEVIANT, "--only", "K-04", "--seed", "5")
    assert 1 == code
    for piece in ("K-04 VIOLATED", "expected", "found", "adapter in:", "adapter out:", "> POST"):
        assert piece in output
    assert "--only K-04" in output


def test_a_crash_of_the_judge_is_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A contract that crashes is the verdict `error`: the other clause is judged, all reports hold the traceback."""

    @contract("K-12")
    def broken(session: ClientSession) -> None:
        """Looks up what is not there."""
        {}[session.contract_name]

    every = client_contracts()
    monkeypatch.setattr("kobikom_contracts.client_suite.judge.client_contracts", lambda: (broken, *every))
    files = [tmp_path / f"report.{kind}" for kind in ("json", "junit", "html")]
    options = [word for file in files for word in (f"--{file.suffix[1:]}", str(file))]
    code, output = run("--command", CORRECT, "--only", "K-10,K-12", *options)
    report = json.loads(files[0].read_text(encoding="utf-8"))
    assert (3, ["held", "error"]) == (code, [one["verdict"] for one in report["clauses"]])
    for text in (output, *(html.unescape(file.read_text(encoding="utf-8")) for file in files)):
        assert "KeyError: 'broken'" in text.replace("\\'", "'")
        assert "Traceback (most recent call last)" in text


@pytest.mark.parametrize(
    "words",
    [
        ("--command", "no-such-program-at-all"),
        ("--command", '"unbalanced'),
        ("--command", CORRECT, "--only", "K-99"),
        ("--command", CORRECT, "--profile", "thorough"),
        (),
    ],
)
def test_what_cannot_run_is_2(words: tuple[str, ...]) -> None:
    """A program that isn't there, a clause that isn't, a wrong option: 2, and no traceback."""
    code, output = run(*words)
    assert 2 == code
    assert "Traceback" not in output


def test_the_schema_is_printed() -> None:
    """``--schema`` prints the adapter protocol's JSON Schema."""
    code, output = run("--schema")
    assert (0, "kobikom-contracts adapter protocol") == (code, json.loads(output)["title"])


def test_one_seed_one_run() -> None:
    """The same seed finds the same counterexample."""
    first, second = (run("--command", DEVIANT, "--only", "K-04", "--seed", "7")[1] for _ in range(2))
    examples = [[line for line in text.splitlines() if "example:" in line] for text in (first, second)]
    assert examples[0] == examples[1] != []


def test_contract_class(pytester: pytest.Pytester) -> None:
    """A subclass of ClientContract has one test for each clause, failed, passed or skipped."""
    pytester.makepyfile(
        f"""
        from kobikom_contracts import ClientContract

        class TestDeviant(ClientContract):
            client = {DEVIANT!r}
            profile = "tiny"
            waived = frozenset({{"K-05"}})

        def only_asks(request):
            return {{"capabilities": ["balance"]}}

        class TestFunction(ClientContract):
            client = only_asks
        """
    )
    result = pytester.runpytest(
        "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:asyncio", "-k", "K-04 or K-05 or K-10"
    )
    result.assert_outcomes(failed=1, passed=1, skipped=4)
    result.stdout.fnmatch_lines(["*K-04 VIOLATED*"])
