"""The command `kobikom-contracts trace`: what it prints, and the file that `serve --config` takes."""

import json
from pathlib import Path

from click.testing import CliRunner
from plain_recorder import Recorder
from recorded_day import ACCOUNTS, live

from kobikom_contracts.cli import main
from kobikom_contracts.learning.result import readings_toml
from kobikom_contracts.learning.trace import learn
from kobikom_emulator import Emulator

SHOWN = {"message-id": "10-digits", "dates": "padded", "pull-refusal": "negative"}


def test_the_file_configures_an_emulator(tmp_path: Path) -> None:
    """An emulator that is given the written readings follows those that were seen."""
    with Emulator(readings=SHOWN, accounts=list(ACCOUNTS), clock={"start": "2026-03-05T09:04:07+03:00"}) as emulator:
        client = Recorder(emulator.url, lambda: emulator.clock.advance(60))
        live(client)
        client.close()
    result = learn({"": client.exchanges})
    file = tmp_path / "readings.toml"
    file.write_text(readings_toml(result), encoding="utf-8")
    with Emulator(config=file) as configured:
        chosen = configured.running.registry.default.readings.chosen()
    assert SHOWN.items() <= chosen.items()
    assert result.decided.items() <= chosen.items()


def test_an_unreadable_recording_is_one_line(tmp_path: Path) -> None:
    """A file that is no HAR ends the command with status 2 and one line."""
    file = tmp_path / "broken.har"
    file.write_text("{}", encoding="utf-8")
    ended = CliRunner().invoke(main, ["trace", str(file)])
    assert (2, 1) == (ended.exit_code, len(ended.output.splitlines()))


def test_a_recording_without_the_api_leaves_everything_open(tmp_path: Path) -> None:
    """An empty recording decides nothing, and says for each reading what would decide it."""
    file = tmp_path / "empty.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": []}}), encoding="utf-8")
    ended = CliRunner().invoke(main, ["trace", str(file), "--json"])
    rows = json.loads(ended.output)["readings"]
    assert (0, {"open"}) == (ended.exit_code, {row["state"] for row in rows})
    assert all(row["decided_by"] for row in rows)
