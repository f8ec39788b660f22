"""The command `kobikom-contracts trace`: what it prints, and the file that `serve --config` takes."""

import json
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner
from plain_recorder import Recorder
from recorded_day import ACCOUNTS, live

from kobikom_contracts.cli import main
from kobikom_contracts.documents import query
from kobikom_contracts.learning.result import readings_toml
from kobikom_contracts.learning.trace import learn
from kobikom_contracts.recording.har_files import HarFile
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


def test_a_recording_without_the_api_is_one_line(tmp_path: Path) -> None:
    """A recording of something else ends the command with status 2 and one line."""
    file = tmp_path / "empty.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": []}}), encoding="utf-8")
    ended = CliRunner().invoke(main, ["trace", str(file)])
    assert (2, f"kobikom-contracts: {file}: none of its 0 entries is of …/api/sendsms/xml/\n") == (
        ended.exit_code,
        ended.output,
    )


def test_a_cut_recording_is_read_on_request(tmp_path: Path) -> None:
    """A file whose end is missing is one line that names the option by which its whole entries are read."""
    with Emulator() as emulator:
        client = Recorder(emulator.url, lambda: None)
        client.post(query("bakiye", "test", "test"))
        client.close()
    writer = HarFile(tmp_path / "day.har")
    writer.write(replace(client.exchanges[0], exact=False))
    writer.close()
    file = tmp_path / "cut.har"
    file.write_bytes((tmp_path / "day.har").read_bytes()[:-3])
    ended = CliRunner().invoke(main, ["trace", str(file)])
    assert (2, 1) == (ended.exit_code, len(ended.output.splitlines()))
    assert "the end of the file is missing" in ended.output
    assert "--partial" in ended.output
    assert 0 == CliRunner().invoke(main, ["trace", str(file), "--partial", "--only", "B"]).exit_code


def test_the_evidence_names_what_would_decide_a_reading(tmp_path: Path) -> None:
    """The file of --evidence has each reading, what excludes its values, and what traffic decides it."""
    with Emulator() as emulator:
        client = Recorder(emulator.url, lambda: None)
        client.post(query("bakiye", "test", "test"))
        client.close()
    writer = HarFile(tmp_path / "day.har")
    writer.write(replace(client.exchanges[0], exact=False))
    writer.close()
    file = tmp_path / "evidence.json"
    CliRunner().invoke(main, ["trace", str(tmp_path / "day.har"), "--evidence", str(file)])
    rows = json.loads(file.read_text(encoding="utf-8"))["readings"]
    assert {"amount", "content-type"} == {row["name"] for row in rows if row["state"] == "decided"}
    assert all(row["decided_by"] for row in rows)
