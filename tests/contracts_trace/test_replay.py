"""`kobikom-contracts replay` sends a recording to a server, and names each difference by its statement."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from day_of_an_application import AYSE, Application, live, recorded
from deviant_servers.catalogue import DEVIATIONS
from deviant_servers.deviation import Deviation
from hypothesis import settings

from kobikom_contracts.cli import main
from kobikom_contracts.control import Control
from kobikom_contracts.core.verdicts import CannotRun, Outcome, Run
from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.recording.har_files import read_har
from kobikom_contracts.replay.accounts import Account
from kobikom_contracts.replay.judge import replay_recordings
from kobikom_contracts.trace.judge import Recordings, recordings_of
from kobikom_contracts.transcript import Transcript
from kobikom_emulator import Emulator

STARTED = {"start": "2026-03-05T09:04:07+03:00"}
CORRECT = Deviation("T-01.1", "none")
OTHERWISE_NAMED = {
    "T-02.6 form-decodes bare XML": "the plus of a number is lost: S-01.3",
    "T-04.3 drops half-closed clients": "answers come later",
    "T-07.1 refuses unknown tags": "T-07.3 says that they are ignored",
    "S-03.3 makes ids of its own when some are missing": "one id is given again and again: S-02.5",
    "S-08.1 does not know 0090": "the recorded server refuses these numbers, too",
    "S-08.1 does not know bare national numbers": "the recorded server refuses these numbers, too",
    "S-22.1 charges once for the same number": "it answers an empty gsm beside it: S-05.3",
    "C-01.1 charges a scheduled message when it is sent": "the charge comes later: C-05.1",
    "R-01.1 knows MessageId only": "a pull that names reports gives others: R-04.1",
    "R-01.3 knows messageid in lower case only": "a pull that names reports gives others: R-04.1",
    "R-04.1 consumes what was not named": "reports are missing later: R-03.1",
    "R-12.1 keeps one sentdate for all": "donedate comes long after: R-06.1",
}
"""Deviations that the recording touches and that are named by another statement, with the reason."""
SOME = 30
"""Every so many of the deviations is replayed against; in a deep run all."""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Recordings:
    """The day against the correct server, by whose clock it was recorded."""
    path = tmp_path_factory.mktemp("recorded") / "day.har"
    with CORRECT.served() as url:
        control = Control(url)
        control.probe()

        def now() -> datetime:
            moment = control.now()
            assert moment is not None
            return moment

        with recorded(url, path, now=now) as proxy:
            live(Application(proxy, lambda: control.advance(60)))
    return recordings_of({"day.har": read_har(path).exchanges})


@pytest.fixture(scope="module")
def of_emulator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the day against an emulator."""
    path = tmp_path_factory.mktemp("recorded") / "day.har"
    with Emulator(clock=STARTED) as emulator, recorded(emulator.url, path) as proxy:
        live(Application(proxy, lambda: emulator.clock.advance(60)))
    return path


def differing(run: Run) -> list[str]:
    """The statements of the differences."""
    return [one.statement.id for verdict in run.verdicts for one in verdict.statements if one.outcome in NOT_KEPT]


NOT_KEPT = (Outcome.VIOLATED, Outcome.DIFFERS)


def replayed(day: Recordings, deviation: Deviation) -> Run:
    """The day against a server that deviates."""
    with deviation.served() as url:
        control = Control(url)
        control.probe()
        client = HttpClient(url, Transcript(), 1.0)
        return replay_recordings(day, client, main=Account("test", "test"), control=control)


def test_the_same_server_shows_no_difference(day: Recordings) -> None:
    """Against the server that was recorded every statement that was seen is kept."""
    run = replayed(day, CORRECT)
    assert [] == differing(run)
    assert 100 < sum(one.outcome is Outcome.HELD for verdict in run.verdicts for one in verdict.statements)


def test_a_deviation_is_named_by_the_statement_that_it_breaks(day: Recordings) -> None:
    """Of the servers whose answers differ nine in ten are named by their statement, and all but those listed above."""
    every = settings().max_examples > 100
    named = {one: differing(replayed(day, one)) for one in (DEVIATIONS if every else DEVIATIONS[::SOME])}
    touched = {one: statements for one, statements in named.items() if statements}
    otherwise = {one.id for one, statements in touched.items() if one.statement not in statements}
    assert set() == otherwise - set(OTHERWISE_NAMED)
    assert len(otherwise) * 10 <= len(touched)


def test_what_is_named_otherwise_exists() -> None:
    """The list above has deviations of the catalogue only."""
    assert set() == set(OTHERWISE_NAMED) - {one.id for one in DEVIATIONS}


# -- the command, against the emulator -----------------------------------------------------------------------


def replay(file: Path, url: str, *options: str, user: str = "test") -> tuple[int, str]:
    words = ["replay", str(file), "--url", url, "--user", user, "--most-wait", "0", *options]
    ended = CliRunner().invoke(main, words, env={"KOBIKOM_PASSWORD": "p&<ss", "COLUMNS": "200"})
    return ended.exit_code, ended.output


def emulator(**options: object) -> Emulator:
    """An emulator with another login than the recorded one, and otherwise the same account."""
    account = {"user": "baska", "password": "p&<ss", "credit": "1000", "titles": ["Kobikom", "TEST", "DEMO"]}
    neighbour = {"user": "komsu", "password": "komsu", "credit": "10", "titles": ["Komsu"]}
    return Emulator(clock=STARTED, accounts=[account | options, neighbour])


@pytest.mark.parametrize("options", [{}, {"price": "2", "credit": "5000"}], ids=["same", "another price"])
def test_the_emulator_replayed_against_itself_shows_no_difference(
    of_emulator: Path, options: dict[str, object]
) -> None:
    """With another login, other ids, another time and another price nothing differs: exit status 0."""
    with emulator(**options) as other:
        Application(other.url, lambda: None, "komsu", "komsu").send(AYSE)  # ids go on from there
        status, output = replay(of_emulator, other.url, "--control", other.url, user="baska")
        replayed_requests = len(other.journal) - 1
        clock = other.clock.now()
    recorded_requests = len(read_har(of_emulator).exchanges)
    assert (0, recorded_requests) == (status, replayed_requests), output[-2000:]
    assert "p&<ss" not in output
    assert timedelta(0) <= clock - datetime.fromisoformat(STARTED["start"]) < timedelta(seconds=60)


def test_another_reading_is_a_difference(of_emulator: Path) -> None:
    """An emulator that pads dates differs in R-08, which the report names: exit status 1."""
    account = {"user": "test", "password": "p&<ss", "credit": "1000", "titles": ["Kobikom", "TEST", "DEMO"]}
    with Emulator(clock=STARTED, accounts=[account], readings={"dates": "padded"}) as other:
        status, output = replay(of_emulator, other.url, "--control", other.url)
    assert 1 == status
    assert "R-08.4 VIOLATED" in output
    assert output.count(" VIOLATED: ") == 1


def test_free_sends_nothing(of_emulator: Path) -> None:
    """With --free only queries and pulls by id are replayed, and none costs anything."""
    with emulator() as other:
        status, output = replay(of_emulator, other.url, "--free", user="baska")
        operations = {entry.operation for entry in other.journal}
        messages = len(other.kobikom.messages)
    assert status in (0, 1), output
    assert {"balance", "titles", "pull"} == {str(one) for one in operations}
    assert 0 == messages


def test_nothing_goes_to_another_machine_unasked(of_emulator: Path) -> None:
    """Without --yes a target that is not this machine is one line that says what it would cost; exit status 2."""
    status, output = replay(of_emulator, "http://192.0.2.1")
    assert (2, 1) == (status, len(output.splitlines()))
    assert "cost money" in output
    assert "--yes" in output


def test_every_recorded_user_needs_an_account(day: Recordings) -> None:
    """A recorded user without an account of the target is one line that names the option."""
    with pytest.raises(CannotRun, match="--account test=USER:PASSWORD"):
        replay_recordings(day, HttpClient("http://127.0.0.1:9", Transcript()), main=None)


@pytest.mark.parametrize(
    "words", [["--url", "ftp://a"], ["--account", "x"], ["--control", "http://127.0.0.1:9"]], ids=lambda words: words[0]
)
def test_bad_options_are_one_line(of_emulator: Path, words: list[str]) -> None:
    """An option that cannot be used is one line, exit status 2."""
    status, output = replay(of_emulator, "http://127.0.0.1:9", *words)
    assert (2, 1) == (status, len(output.splitlines()))


def test_a_target_that_is_away_is_one_line(of_emulator: Path) -> None:
    """Nobody listens: one line, exit status 2."""
    status, output = replay(of_emulator, "http://127.0.0.1:9")
    assert (2, 1) == (status, len(output.splitlines()))
    assert "cannot reach" in output
