"""Recordings of other programs are read: browsers, mitmproxy, Charles, Fiddler, Postman, and the emulator's journal."""

from __future__ import annotations

from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from day_of_an_application import Application, live

from kobikom_contracts.cli import main
from kobikom_contracts.core.verdicts import Outcome
from kobikom_contracts.documents import Send
from kobikom_contracts.learning.decoded import decoded
from kobikom_contracts.recording.exchanges import Ended
from kobikom_contracts.recording.har_files import har_in, read_har
from kobikom_contracts.recording.har_texts import octets_of
from kobikom_contracts.server_suite.audit.meaning import Query
from kobikom_contracts.trace.judge import judge_recordings, recordings_of
from kobikom_emulator import Emulator

HARS = Path(__file__).parent / "hars"
TOOLS = sorted(path.stem for path in HARS.glob("*.har"))
BROKEN = (Outcome.VIOLATED, Outcome.DIFFERS)
STARTED = {"start": "2026-03-05T09:04:07+03:00"}


def test_there_is_a_file_of_each_tool() -> None:
    """Each tool whose files are promised to be read has one here."""
    assert ["charles", "chrome", "fiddler", "firefox", "mitmproxy", "postman"] == TOOLS


@pytest.mark.parametrize("tool", TOOLS)
def test_the_send_of_each_tool_is_read(tool: str) -> None:
    """The send has its Turkish letters, its time and its answer, however the tool wrote them down, and is judged."""
    exchanges = read_har(HARS / f"{tool}.har").exchanges
    (send,) = [one for one in decoded(exchanges) if isinstance(one.request, Send)]
    assert isinstance(send.request, Send)
    assert "Günaydın" == send.request.blocks[0].fields["metin"]
    assert ["786261100000001"] == [result.message_id for result in send.results]
    begun_at = send.recorded.begun_at.astimezone(UTC).replace(microsecond=0)
    assert (datetime(2026, 3, 5, 6, 4, 8, tzinfo=UTC), False) == (begun_at, send.recorded.exact)
    run = judge_recordings(recordings_of({"t.har": exchanges}), strict=True).run
    outcomes = {one.statement.id: one.outcome for verdict in run.verdicts for one in verdict.statements}
    assert [] == [
        statement for statement, outcome in outcomes.items() if outcome in (Outcome.VIOLATED, Outcome.DIFFERS)
    ]
    wanted = dict.fromkeys(("S-01.2", "S-02.1", "T-10.1", "T-02.1", "K-07"), Outcome.HELD)
    wanted |= dict.fromkeys(("T-09.1", "T-10.6", "K-02"), Outcome.NOT_CHECKABLE)
    assert wanted == {statement: outcomes[statement] for statement in wanted}


def test_what_a_browser_did_not_keep_is_not_judged() -> None:
    """An answer whose text is missing and one that never came are neither complete nor evidence."""
    *_, missing, failed = read_har(HARS / "chrome.har").exchanges
    assert (312, Ended.NO_ANSWER) == (missing.answer_left_out, failed.ended)
    assert [False, False] == [one.complete for one in decoded([missing, failed])]


def test_a_text_is_put_into_the_encoding_that_it_declares() -> None:
    """A document that declares ISO-8859-9 is read as one, although the file holds its letters as UTF-8."""
    (query,) = [one for one in decoded(read_har(HARS / "firefox.har").exchanges) if isinstance(one.request, Query)]
    assert "müşteri" == query.user


@pytest.mark.parametrize(
    ("text", "content_type", "size", "octets"),
    [
        ("şeker", "", 0, "şeker".encode()),
        ("ÅŸeker".encode("cp1252").decode("latin-1"), "", 0, "şeker".encode()),
        ("şeker", "text/xml; charset=windows-1254", 0, "şeker".encode("windows-1254")),
        ("şeker", "", 5, "şeker".encode("windows-1254")),
        ("şeker", "text/xml; charset=x-unknown", 0, "şeker".encode()),
        ("plain", "text/xml; charset=utf-16", 5, b"plain"),
    ],
)
def test_texts_become_octets(text: str, content_type: str, size: int, octets: bytes) -> None:
    """By their declared encoding, by their size, and UTF-8 that was read as Latin-1 becomes UTF-8 again."""
    assert octets == octets_of(text, content_type=content_type, size=size)


# -- the journal -------------------------------------------------------------------------------------------


def test_the_journal_of_the_emulator_is_a_recording(tmp_path: Path) -> None:
    """`curl …/journal?format=har` gives a recording with the bytes of all bodies and without passwords."""
    with Emulator(clock=STARTED) as emulator:
        live(Application(emulator.url, lambda: emulator.clock.advance(60)))
        parts = urlsplit(emulator.url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        connection.request("GET", "/_emulator/spaces/default/journal?format=har")
        archive = connection.getresponse().read()
        connection.close()
    assert b"<parola>test" not in archive
    assert b"parola=test" not in archive
    run = judge_recordings(recordings_of({"journal.har": har_in(archive, "journal.har").exchanges}), strict=True).run
    outcomes = {one.statement.id: one.outcome for verdict in run.verdicts for one in verdict.statements}
    broken = {one for one, outcome in outcomes.items() if outcome in BROKEN}
    assert set() == {one for one in broken if not one.startswith("K")}
    assert 100 < sum(outcome is Outcome.HELD for outcome in outcomes.values())
    assert (Outcome.HELD, Outcome.NOT_CHECKABLE) == (outcomes["T-10.6"], outcomes["T-09.1"])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"   ", b"{", b"[]", b"<xml/>", b'{"log": {}}', b'{"log": {"entries": [1]}}', b"\xff\xfe{", b"PK\x03\x04",
        b'{"log": {"entries": [{"startedDateTime": "today", "request": {"method": "GET", "url": "/"}}]}}',
        b'{"log": {"entries": [{"startedDateTime": "2026-01-01T00:00:00Z", "request": {"method": "GET", "url": "http://[/"}}]}}',
        b'{"log": {"entries": []}}',
    ],
)  # fmt: skip
def test_another_file_is_one_line(content: bytes, tmp_path: Path) -> None:
    """A file that is empty, cut, damaged or of another kind is one line that names it, exit status 2."""
    file = tmp_path / "t.har"
    file.write_bytes(content)
    ended = CliRunner().invoke(main, ["trace", str(file)])
    assert (2, 1) == (ended.exit_code, len(ended.output.splitlines())), ended.output
    assert str(file) in ended.output
