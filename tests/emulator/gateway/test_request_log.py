"""The log: one line a request; numbers and texts at debug only, passwords never; JSON for programs."""

import json
import logging
from typing import Any

import pytest

from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.gateway.request_log import RequestLog
from kobikom_emulator.journal.entries import Outcome, PushEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.logs import JsonLines
from kobikom_emulator.ports import PushResponse

NUMBER, TEXT, PASSWORD = "905321234567", "Kodunuz 4711", "very-secret"
LOGIN = "<dogrulama><kullanici>test</kullanici><parola>{}</parola></dogrulama>"
REQUESTS: dict[str, tuple[bytes, str]] = {
    "accepted": (
        f"<SMS>{LOGIN.format('test')}<mesajiniz><baslik>Kobikom</baslik><metin>{TEXT}</metin><alicilar><gsm>{NUMBER}"
        "</gsm></alicilar></mesajiniz></SMS>".encode(),
        "default send as test to 1 recipient: accepted 0",
    ),
    "two in a form": (
        f"XML=%3CSMS%3E{LOGIN.format('test')}%3Cmesajiniz><baslik>Kobikom</baslik><metin>a</metin><alicilar>%3Cgsm%3E{NUMBER}"
        "</gsm><gsm>12</gsm></alicilar></mesajiniz></SMS>".encode(),
        "default send as test to 2 recipients: partly -13 (S-05.4, expected a mobile number)",
    ),
    "wrong password": (
        f"<bakiye>{LOGIN.format(PASSWORD)}</bakiye>".encode(),
        "default balance as test: refused -5 (A-03.2, expected the password of user 'test')",
    ),
    "unreadable": (
        f"<SMS>{LOGIN.format(PASSWORD)}<mesajiniz>{NUMBER} {TEXT}".encode(),
        "default unreadable: refused -22 (A-04.1, expected well-formed XML)",
    ),
    "titles": (f"<basliklar>{LOGIN.format('test')}</basliklar>".encode(), "default titles as test: answered 0"),
}


def logged(kobikom: Any, caplog: pytest.LogCaptureFixture, body: bytes, level: int) -> list[str]:
    """The lines of a request."""
    kobikom.space.journal._followers[:] = [RequestLog("default").write]
    caplog.clear()
    with caplog.at_level(level, logger="kobikom_emulator.requests"):
        kobikom.post(body)
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_one_line_without_numbers_texts_or_passwords(
    kobikom: Any, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """It says the space, operation, user, recipients, outcome, code, and the clause with what was expected."""
    body, expected = REQUESTS[name]
    (line,) = logged(kobikom, caplog, body, logging.INFO)
    assert line.startswith(expected)
    assert [] == [secret for secret in (NUMBER, TEXT, PASSWORD, "12:") if secret in line]


@pytest.mark.parametrize("odd", ["a\nb", "a\u2028b", "a\tb", "\x85", "\u202eb"])
@pytest.mark.parametrize("place", ["kullanici", "baslik", "gsm", "metin"])
@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
def test_nothing_in_a_request_ends_a_line_or_colours_it(
    kobikom: Any, caplog: pytest.LogCaptureFixture, odd: str, place: str, level: int
) -> None:
    """Users, numbers and texts are written without control characters; only messages have lines of their own."""
    values = {"kullanici": "test", "parola": "test", "baslik": "Kobikom", "metin": "a", "gsm": NUMBER} | {place: odd}
    login = "".join(f"<{name}>{values[name]}</{name}>" for name in ("kullanici", "parola"))
    rest = "".join(f"<{name}>{values[name]}</{name}>" for name in ("baslik", "metin"))
    recipient = f"<alicilar><gsm>{values['gsm']}</gsm></alicilar>"
    body = f"<SMS><dogrulama>{login}</dogrulama><mesajiniz>{rest}{recipient}</mesajiniz></SMS>"
    (line,) = logged(kobikom, caplog, body.encode(), level)
    first, *messages = line.split("\n")
    assert first.isprintable()
    assert (level == logging.DEBUG) == (len(messages) == 1)
    assert all(message.isprintable() and message.startswith("    to ") for message in messages)


def test_debug_adds_numbers_and_texts(kobikom: Any, caplog: pytest.LogCaptureFixture) -> None:
    """And what was found; no password."""
    (line,) = logged(kobikom, caplog, REQUESTS["accepted"][0], logging.DEBUG)
    assert f"    to {NUMBER}: {TEXT!r}" == line.splitlines()[1]
    (line,) = logged(kobikom, caplog, REQUESTS["two in a form"][0], logging.DEBUG)
    assert "found '12': 2 digits" in line
    for name in ("wrong password", "unreadable"):
        (line,) = logged(kobikom, caplog, REQUESTS[name][0], logging.DEBUG)
        assert PASSWORD not in line


def test_at_warning_nothing_is_logged(kobikom: Any, caplog: pytest.LogCaptureFixture) -> None:
    """As in tests, where nobody sets a level."""
    assert [] == logged(kobikom, caplog, REQUESTS["accepted"][0], logging.WARNING)


def test_a_request_that_is_none_of_the_api(kobikom: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A plain HTTP refusal has its status; a fault rule that fired is named."""
    kobikom.space.journal.follow(RequestLog("default").write)
    with caplog.at_level(logging.INFO, logger="kobikom_emulator.requests"):
        wire = WireRequest("GET", f"/x?parola={PASSWORD}")
        kobikom.gateway.record_http_refusal(wire, Answer((b"404",), status=404), expected="the API")
    assert ["default http: refused 404 (T-08.4, expected the API)"] == [r.getMessage() for r in caplog.records]


PUSHES = {
    "taken": (Outcome.PUSHED, PushResponse(200), "", "pushed 200"),
    "not taken": (Outcome.POSTPONED, PushResponse(503), "", "postponed 503"),
    "no receiver": (Outcome.LOST, None, "no answer within 10 s", "lost (no answer within 10 s)"),
    "a wrong address": (Outcome.REFUSED, None, f"'http://x/?p={PASSWORD}' is not a URL", "refused"),
}


@pytest.mark.parametrize("name", PUSHES)
def test_a_push_has_the_answer_of_its_receiver_or_what_went_wrong(caplog: pytest.LogCaptureFixture, name: str) -> None:
    """Its URL, which may hold numbers and passwords, is not in the line."""
    outcome, response, error, said = PUSHES[name]
    request = WireRequest("POST", f"http://127.0.0.1:9/?gsm={NUMBER}&p={PASSWORD}")
    entry = PushEntry(at=0, user="test", outcome=outcome, request=request, response=response, error=error)
    with caplog.at_level(logging.INFO, logger="kobikom_emulator.requests"):
        RequestLog("default").write(NumberedEntry(1, entry))
    assert [f"default push as test: {said}"] == [record.getMessage() for record in caplog.records]


def test_json_has_the_fields(kobikom: Any, caplog: pytest.LogCaptureFixture) -> None:
    """One object a line with the fields by name; a traceback is a field, too."""
    logged(kobikom, caplog, REQUESTS["two in a form"][0], logging.INFO)
    line = json.loads(JsonLines().format(caplog.records[0]))
    assert ("info", "kobikom_emulator.requests", "send", 2, -13, "S-05.4") == tuple(
        line[name] for name in ("level", "logger", "operation", "recipients", "code", "clause")
    )
    info = (ValueError, ValueError("so"), None)
    record = logging.LogRecord("x", logging.ERROR, "", 1, "%s\nfailed", ("it",), info)
    formatted = JsonLines().format(record)
    assert (0, "it\nfailed") == (formatted.count("\n"), json.loads(formatted)["message"])
    assert "ValueError: so" in json.loads(formatted)["traceback"]
