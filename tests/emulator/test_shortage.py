"""Without memory a request is answered with 503, the log has one line a second, and the next request is answered."""

import errno
import logging
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.server.shortage import Shortage, is_shortage

BALANCE = b"<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>"


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.EMFILE, "x"), OSError(errno.ENFILE, "x")])
def test_a_shortage_is_503_and_one_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether memory or descriptors ran out; the server goes on and counts what it did not log."""
    with Emulator() as emulator, monkeypatch.context() as patched:

        async def fail(*_: Any) -> Any:
            raise error

        patched.setattr(emulator.running.gateway, "post", fail)
        for _ in range(5):
            with pytest.raises(HTTPError) as refusal:
                urlopen(f"{emulator.url}/api/sendsms/xml/", BALANCE)
            assert 503 == refusal.value.code
            refusal.value.close()
        patched.undo()
        with urlopen(f"{emulator.url}/api/sendsms/xml/", BALANCE) as answer:
            assert b"<miktar>" in answer.read()
    lines = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert 1 <= len(lines) < 5
    assert [None] * len(lines) == [record.exc_info for record in lines]


@pytest.mark.parametrize(("error", "status"), [(MemoryError(), 503), (LookupError("secret"), 500)])
def test_an_error_before_a_request_is_read_is_answered(
    error: Exception, status: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The connection closes, the log has the error without its text, and the next connection is served."""
    with Emulator() as emulator, monkeypatch.context() as patched:

        def fail(*_: Any) -> Any:
            raise error

        patched.setattr(emulator.running._http_server, "route", fail)
        with pytest.raises(HTTPError) as refusal:
            urlopen(f"{emulator.url}/api/sendsms/xml/", BALANCE)
        assert (status, "close") == (refusal.value.code, refusal.value.headers["Connection"])
        refusal.value.close()
        patched.undo()
        with urlopen(f"{emulator.url}/api/sendsms/xml/", BALANCE) as answer:
            assert b"<miktar>" in answer.read()
    assert 1 == len(caplog.records)
    assert "secret" not in caplog.text


def test_the_log_has_one_line_a_second(caplog: pytest.LogCaptureFixture) -> None:
    """However often it happens; the next line says how often it was left out."""
    now = 0.0
    shortage = Shortage(lambda: now)
    for _ in range(1000):
        shortage.log(MemoryError())
        now += 0.01
    assert 10 == len(caplog.records)
    assert "(99 times more since the last line)" in caplog.text


def test_other_errors_are_no_shortage() -> None:
    """They are logged with their traceback."""
    errors = [ValueError(), OSError(errno.ECONNRESET, "x"), None]
    assert [False] * 3 == [is_shortage(error) for error in errors]
