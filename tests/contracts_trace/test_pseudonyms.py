"""A recording with pseudonyms shows none of the values, and is judged like one without."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from day_of_an_application import AYSE, MEHMET, ZEYNEP, Application, live, recorded

from kobikom_contracts.core.verdicts import Outcome
from kobikom_contracts.documents import Send
from kobikom_contracts.learning.decoded import decoded
from kobikom_contracts.recording.har_files import read_har
from kobikom_contracts.trace.judge import judge_recordings, recordings_of
from kobikom_emulator import Emulator

LOGIN = ("musteriadi", "gizliparola")
ACCOUNT = {"user": LOGIN[0], "password": LOGIN[1], "credit": "1000", "titles": ["Kobikom", "INDIRIM", "8503084455"]}
STARTED = {"start": "2026-03-05T09:04:07+03:00"}
VALUES = (
    *(LOGIN[0], LOGIN[1], "Kobikom", "INDIRIM", "8503084455", "Merhaba", "Привет", "şeker", "Yabanci"),
    *(number[-7:] for number in (AYSE, MEHMET, ZEYNEP)),
)
"""Users, passwords, titles and texts of the day; of a number what is behind its network."""


def record(path: Path, *, pseudonyms: bool) -> Path:
    with (
        Emulator(clock=STARTED, accounts=[ACCOUNT], seed=7) as emulator,
        recorded(emulator.url, path, pseudonyms=pseudonyms) as url,
    ):
        live(Application(url, lambda: emulator.clock.advance(60), *LOGIN))
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The day as it was, and with pseudonyms."""
    folder = tmp_path_factory.mktemp("recorded")
    return record(folder / "plain.har", pseudonyms=False), record(folder / "hidden.har", pseudonyms=True)


def everything(path: Path) -> str:
    """The text of a file, and every text in it that is in base64."""
    text = path.read_text(encoding="utf-8")
    exact = [entry["_kobikom"] for entry in json.loads(text)["log"]["entries"]]
    parts = [one[side][part] for one in exact for side in ("request", "answer") for part in ("head", "body")]
    return json.dumps(json.loads(text), ensure_ascii=False) + "\n".join(
        base64.b64decode(part).decode("utf-8", "replace") for part in parts
    )


def outcomes(path: Path) -> dict[str, tuple[Outcome, int]]:
    """The outcome of each statement, and how often it was seen."""
    run = judge_recordings(recordings_of({"t.har": read_har(path).exchanges}), strict=True).run
    return {
        one.statement.id: (one.outcome, one.examples)
        for verdict in run.verdicts
        for one in verdict.statements
        if one.outcome is not Outcome.NOT_CHECKABLE
    }


def test_pseudonyms_hide_every_value_and_change_no_verdict(files: tuple[Path, Path]) -> None:
    """No user, password, number, title or text of the day is in the file, and each statement is seen as often."""
    plain, hidden = files
    text = everything(hidden)
    assert [] == [value for value in VALUES if value in text]
    assert [value for value in VALUES if value != LOGIN[1]] == [v for v in VALUES if v in everything(plain)]
    assert outcomes(plain) == outcomes(hidden)


def test_a_pseudonym_keeps_what_the_clauses_look_at(files: tuple[Path, Path]) -> None:
    """Numbers keep network and form, texts their length and octets, equal values stay equal."""
    plain, hidden = ([one.request for one in decoded(read_har(path).exchanges)] for path in files)
    stands_for: dict[str, str] = {}
    for was, now in zip(plain, hidden, strict=True):
        if not isinstance(was, Send) or not isinstance(now, Send):
            assert type(was) is type(now)
            continue
        for block, other in zip(was.blocks, now.blocks, strict=True):
            text, stand_in = (one.fields.get("metin", "") for one in (block, other))
            assert (len(text), len(text.encode()), text.isascii()) == (
                len(stand_in),
                len(stand_in.encode()),
                stand_in.isascii(),
            )
            for recipient, replaced in zip(block.recipients, other.recipients, strict=True):
                assert len(recipient.gsm) == len(replaced.gsm)
                assert stands_for.setdefault(recipient.gsm, replaced.gsm) == replaced.gsm
                if recipient.gsm.startswith("905"):
                    assert recipient.gsm[:5] == replaced.gsm[:5]
    assert len(stands_for) == len(set(stands_for.values()))
