"""`kobikom-contracts fuzz`: days on which a command fails are found, shrunk and replayed, flaky commands are not."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kobikom_contracts.cli import main
from kobikom_contracts.fuzz.campaign import Campaign, ordinary_run
from kobikom_contracts.fuzz.plan import Trial, drawn, trials
from kobikom_contracts.fuzz.run import Outcome, Runner
from kobikom_contracts.scenario import Scenario
from kobikom_emulator import Emulator

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples/fuzzing"
PROGRAM = [sys.executable, "-S", "-E", str(HERE / "program.py")]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of an emulator of these tests."""
    with Emulator() as emulator:
        yield emulator.url


def fuzz(*words: str) -> tuple[int, str]:
    """Exit status and everything printed."""
    result = CliRunner().invoke(main, ["fuzz", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def day(folder: Path, name: str) -> str:
    """The file of a day of the catalogue."""
    assert 0 == CliRunner().invoke(main, ["days", "--out", str(folder)]).exit_code
    return str(folder / f"{name}.json")


def tried(url: str, document: dict[str, object], *words: str, timeout: float = 30) -> Campaign:
    """A campaign of one day, with the program and these words."""
    runner = Runner([*PROGRAM, *words], url, timeout=timeout)
    campaign = Campaign(runner, ordinary_run(runner))
    campaign.run([Trial("a-day", "status", document)], jobs=1, watch=lambda _: None)
    return campaign


REFUSED = {"effect": {"kind": "status", "code": -99}, "match": {"operation": "send"}, "when": {"times": 2}}
LAST = {"effect": {"kind": "status", "code": -3, "scope": "recipient", "places": [-1]}, "match": {"operation": "send"}}


def test_the_lost_answer_is_found_in_the_first_days(url: str, tmp_path: Path) -> None:
    """A program that sends again is found by what the emulator saw; the file replays, a correct program passes."""
    status, output = fuzz("--url", url, "--days", "6", "--save", str(tmp_path), "--quiet", "--", *PROGRAM, "retries")
    assert 1 == status, output
    assert "the emulator saw: 905322542525 was sent the same message 2 times: 'Merhaba'" in output
    assert "At the first send, the request is carried out, but its answer is lost." in output
    assert "drop             6" in output
    file = str(tmp_path / "send-drop-after.json")
    assert [1, 0] == [fuzz("--url", url, "--replay", file, "--", *PROGRAM, *words)[0] for words in (["retries"], [])]


def test_a_failing_day_is_shrunk(url: str) -> None:
    """What has nothing to do with the failure is left out, and the day has its sentences."""
    document = Scenario(
        faults=({"effect": {"kind": "garbage"}, "match": {"operation": "pull"}}, LAST),
        readings={"dates": "padded"},
        clock={"advance": 60},
        seed=3,
    ).document()
    (failure,) = tried(url, document, "first-status").failures
    rule = LAST | {"when": {"times": 1}}
    assert ([rule], {"format", "name", "sentence", "faults"}) == (failure.document["faults"], set(failure.document))
    assert "the last recipient is refused with -3" in failure.document["sentence"]


def test_a_flaky_command_is_kept_apart(url: str, tmp_path: Path) -> None:
    """A failure that does not come again is no failure of the day."""
    counter = tmp_path / "counter"
    counter.write_text("")
    campaign = tried(url, Scenario(faults=(REFUSED,)).document(), "flaky", str(counter))
    assert ([], [True]) == (campaign.failures, [result.flaky for result in campaign.results])


def test_a_command_that_hangs_is_ended(url: str) -> None:
    """It counts as timed out on that day, and nothing of it goes on."""
    campaign = tried(url, Scenario(faults=(REFUSED,)).document(), "hangs", timeout=3)
    assert [Outcome.TIMED_OUT] == [result.run.outcome for result in campaign.failures]


def test_a_day_that_never_came_is_not_passed(url: str) -> None:
    """Its fault is on a request that the program does not send."""
    rule = {"effect": {"kind": "garbage"}, "match": {"operation": "titles"}}
    campaign = tried(url, Scenario(faults=(rule,)).document())
    assert [Outcome.IDLE] == [result.run.outcome for result in campaign.results]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([*PROGRAM, "fails"], "the command failed on an ordinary day, so no other day says anything"),
        ([*PROGRAM, "silent"], "the command sent no request to KOBIKOM_URL on an ordinary day"),
        (["./no-such-program"], "no program './no-such-program' to run"),
    ],
    ids=["fails", "silent", "missing"],
)
def test_a_command_that_cannot_be_fuzzed(url: str, words: list[str], message: str) -> None:
    """Exit status 2, with the reason and what the command printed."""
    status, output = fuzz("--url", url, "--", *words)
    assert (2, True) == (status, message in output), output


def test_a_wrong_option_is_one_line(tmp_path: Path) -> None:
    """Exit status 2."""
    broken = tmp_path / "broken.json"
    broken.write_text('{"faults": [{"effect": {"kind": "htpp"}}]}')
    for words, message in (
        (["--days", "few", "--", "true"], "neither all nor single nor a number"),
        (["--replay", str(broken), "--url", "http://127.0.0.1:9", "--", "true"], "must have one of the kinds"),
        (["--url", "http://127.0.0.1:9", "--", "true"], "control API at http://127.0.0.1:9"),
    ):
        status, output = fuzz(*words)
        assert (2, True, 1) == (status, message in output, len(output.splitlines())), output


def test_days_that_a_program_cannot_notice_are_left_out() -> None:
    """Only those of its requests, then drawn ones with the same operations, the same for the same seed."""
    chosen = list(trials("all", {"send", "unreadable"}, seed=1))
    assert {"send"} == {rule["match"]["operation"] for trial in chosen for rule in trial.document.get("faults", [])}
    assert 100 == sum(trial.kind == "drawn" for trial in chosen)
    assert 7 == len(list(trials("7", {"send"}, seed=1)))
    assert drawn(5, ["send"], seed=3) == drawn(5, ["send"], seed=3)
    assert drawn(5, ["send"], seed=3) != drawn(5, ["send"], seed=4)


def test_the_catalogue_is_written_as_files(tmp_path: Path) -> None:
    """A file for each day, and an index with their kinds and sentences; each is a scenario."""
    day(tmp_path, "ordinary")
    index = json.loads((tmp_path / "index.json").read_text("utf-8"))
    assert {f"{each['name']}.json" for each in index} | {"index.json"} == {file.name for file in tmp_path.iterdir()}
    assert len(index) > 150
    for each in index:
        scenario = Scenario.from_file((tmp_path / f"{each['name']}.json").read_text("utf-8"))
        assert (each["name"], each["sentence"]) == (scenario.name, scenario.sentence)


def test_the_catalogue_is_listed_in_turkish() -> None:
    """Only the kinds that are asked for; a mistyped one is refused."""
    listed = CliRunner().invoke(main, ["days", "--kinds", "drop", "--operations", "balance", "--language", "tr"])
    assert 3 == len(listed.output.splitlines())
    assert listed.output.startswith("balance-drop-before: İlk bakiye sorgusunda hiçbir şey yapılmaz")
    assert 2 == CliRunner().invoke(main, ["days", "--kinds", "dorp"]).exit_code


@pytest.mark.parametrize(("program", "file"), [("php", "test_notifier.php"), ("node", "test_notifier.mjs")])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("send-drop-after", "was sent the same message 2 times"),
        ("balance-drop-before-twice", "was given, but it is not stored"),
        ("credit-for-one", "905352220087 is recorded as sent, but the provider never accepted it"),
    ],
)
def test_the_three_bugs_in_other_languages(
    url: str, tmp_path: Path, program: str, file: str, name: str, message: str
) -> None:
    """The editions of the tutorial's service in PHP and Node pass on an ordinary day and fail on three days."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    status, output = fuzz("--url", url, "--replay", day(tmp_path, name), "--", program, str(EXAMPLES / file))
    assert (1, True) == (status, message in output), output


def test_an_emulator_is_started_where_no_address_is_given(tmp_path: Path) -> None:
    """It runs as long as the command does."""
    status, output = fuzz("--replay", day(tmp_path, "send-drop-after"), "--", *PROGRAM, "retries")
    assert (1, True) == (status, "passed, but the emulator saw a mistake" in output), output
