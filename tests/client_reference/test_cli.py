"""Law: the command line through its main function: what it prints where, and its exit codes."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kobikom_client.cli import main

RESET = b"(reset)"
_OK = "<results><result><status>0</status><messageid>id1</messageid><destination>905</destination></result></results>"
_MIXED = _OK.replace(
    "</results>",
    "<result><status>-13</status><messageid></messageid><destination>906</destination></result></results>",
)
_REFUSED = "<results><result><status>-5</status><messageid></messageid><destination></destination></result></results>"
_REPORTS = (
    '<DeliveryReport><message id="a\x1b[2J" sentdate="2010/8/2 14:55:10" '
    'donedate="2010/8/2 14:55:16" status="DELIVERED" gsmerror="0"/></DeliveryReport>'
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command against the scripted server: (exit code, standard output, standard error)."""
    monkeypatch.setenv("KOBIKOM_URL", server.url)
    monkeypatch.setenv("KOBIKOM_USER", "test")
    monkeypatch.setenv("KOBIKOM_PASSWORD", "s3cret-parola")

    def run_command(*arguments: str, replies: tuple[bytes | str, ...] = ()) -> tuple[int, str, str]:
        server.replies = [reply if isinstance(reply, bytes) else server.http(reply) for reply in replies]
        code = main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_command


def test_a_send_prints_a_line_a_recipient(run: Run) -> None:
    """A table for people, exit 1 because one of the two was refused."""
    code, out, err = run("send", "Merhaba", "--to", "905", "--to", "906", replies=(_MIXED,))
    assert 1 == code
    assert [
        "NUMBER  RESULT              MESSAGE ID",
        "905     0 accepted          id1",
        "906     -13 unknown number",
    ] == out.splitlines()
    assert "kobikom-client: 1 of 2 recipients were refused\n" == err


def test_a_send_prints_json_for_programs(run: Run) -> None:
    """The whole receipt, nothing on standard error, exit 0."""
    code, out, err = run("send", "Merhaba", "--to", "905:mine", "--json", replies=(_OK,))
    result = {"number": "905", "code": 0, "meaning": "accepted", "message_id": "id1"}
    expected = {"parts": 1, "results": [result], "unknown": [], "untried": []}
    assert (0, expected, "") == (code, json.loads(out), err)


def test_every_option_of_send_reaches_the_wire(run: Run, server: Any) -> None:
    """As the message's field of the same name."""
    options = "--to 905:mine --sender Kobikom --flash --long --delay 60 --validity 90 --app-id shop"
    more = "--push-url http://127.0.0.1/ --no-push --data-coding 0 --language TR --batch 5"
    assert 0 == run("send", "a", *options.split(), *more.split(), replies=(_OK,))[0]
    body = server.bodies()[0]
    for element in (
        "<baslik>Kobikom</baslik><metin>a</metin><flash>1</flash><type>longSMS</type>",
        "<datacoding>0</datacoding><ileriTarih>1m</ileriTarih>",
        "<ValidityPeriod>01:30</ValidityPeriod><appid>shop</appid>",
        "<pushurl>http://127.0.0.1/</pushurl><nopush>1</nopush><languageCode>TR</languageCode>",
        '<gsm messageId="mine">905</gsm>',
    ):
        assert element in body


def test_text_and_recipients_come_from_files_too(
    run: Run, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard input is the text less its last newline; blank lines of the list are skipped."""
    numbers = tmp_path / "numbers"
    numbers.write_text("905\n\n 906:x \n", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("ağaç\n\n".encode())))
    assert 1 == run("send", "-", "--to-file", str(numbers), replies=(_MIXED,))[0]
    assert "<metin>ağaç\n</metin>" in server.bodies()[0]
    assert '<gsm>905</gsm><gsm messageId="x">906</gsm>' in server.bodies()[0]


def test_binary_is_sent_instead_of_a_text(run: Run, server: Any) -> None:
    """As hexadecimal."""
    assert 0 == run("send", "--binary", "00ff", "--to", "905", replies=(_OK,))[0]
    assert "<binary>00FF</binary>" in server.bodies()[0]


def test_reports_are_printed_without_control_characters(run: Run, server: Any) -> None:
    """A report's id may not rewrite the terminal; dates carry their offset."""
    code, out, _ = run("reports", "a", "b", "--app-id", "x", replies=(_REPORTS,))
    assert (0, ["a\\x1b[2J", "DELIVERED", "0"]) == (code, out.splitlines()[1].split()[:3])
    assert "2010-08-02T14:55:10+03:00  2010-08-02T14:55:16+03:00" in out
    assert b"&messageid=a%2Cb&appid=x " in server.requests[0]
    code, out, _ = run("reports", "--json", replies=(_REPORTS,))
    assert ("a\x1b[2J", "2010-08-02T14:55:16+03:00") == (
        json.loads(out)[0]["message_id"],
        json.loads(out)[0]["done_at"],
    )
    assert (0, "no reports\n", "") == run("reports", replies=("NO_DATA",))
    assert (0, "[]\n", "") == run("reports", "--json", replies=("NO_DATA",))


def test_titles_and_balance_are_printed(run: Run) -> None:
    """For people and for programs."""
    titles = "<basliklar><normal><baslik>AĞAÇ</baslik></normal><sayisal><baslik>850</baslik></sayisal></basliklar>"
    balance = "<bakiye><miktar>18.532</miktar><kur>TRY</kur></bakiye>"
    code, out, _ = run("titles", replies=(titles,))
    assert (0, ["TITLE  KIND", "AĞAÇ   alphanumeric", "850    numeric"]) == (code, out.splitlines())
    out = run("titles", "--json", replies=(titles,))[1]
    assert {"alphanumeric": ["AĞAÇ"], "numeric": ["850"]} == json.loads(out)
    assert (0, "18.532 TRY\n", "") == run("balance", replies=(balance,))
    out = run("--json", "balance", replies=(balance,))[1]
    assert {"amount": "18.532", "currency": "TRY"} == json.loads(out)


@pytest.mark.parametrize(
    ("verb", "reply", "expected"),
    [
        ("send", _REFUSED, 1),
        ("reports", "10", 1),
        ("balance", _REFUSED, 1),
        ("send", b"HTTP/1.1 404 x\r\n\r\n", 3),
        ("balance", RESET, 3),
        ("send", RESET, 4),
        ("send", "<html>", 4),
        ("reports", RESET, 4),
        ("reports", _REPORTS[:-20], 4),
        ("titles", "<html>", 5),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_each_failure_has_its_exit_code_and_one_line(
    run: Run, verb: str, reply: bytes | str, expected: int, form: list[str]
) -> None:
    """Documented in the guide; programs decide by it whether to try again."""
    arguments = ["send", "a", "--to", "905"] if verb == "send" else [verb]
    code, out, err = run(*arguments, *form, replies=(reply,))
    assert (expected, 1) == (code, len(err.splitlines()))
    assert err.startswith("kobikom-client: ")
    assert "s3cret" not in out + err
    if form and out:
        json.loads(out)


def test_a_send_of_unknown_fate_still_prints_who_is_who(run: Run) -> None:
    """What was answered, what may have gone out, what was not tried."""
    code, out, _ = run(
        "send", "a", "--batch", "1", "--to", "905", "--to", "906", "--to", "907", "--json",
        replies=(_OK, RESET),
    )  # fmt: skip
    sent = json.loads(out)
    assert (4, ["905"], ["906"], ["907"]) == (
        code,
        *([each["number"] for each in sent[key]] for key in ("results", "unknown", "untried")),
    )


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["--nonsense"],
        ["balance", "--nonsense"],
        ["balance", "extra"],
        ["balance", "--timeout", "0"],
        ["balance", "--timeout", "nan"],
        ["balance", "--url", "localhost:8080"],
        ["send", "a"],
        ["send", "--to", "905"],
        ["send", "a", "--to", ""],
        ["send", "a", "--to", "905", "--delay", "-1"],
        ["send", "a", "--to", "905", "--binary", "00"],
        ["send", "--to", "905", "--binary", "0g"],
        ["send", "a\x00b", "--to", "905"],
        ["send", "a", "--to-file", "no-such-file"],
        ["reports", "a,b"],
    ],
)
def test_bad_usage_is_one_line_and_exit_2(run: Run, server: Any, arguments: list[str]) -> None:
    """Never a traceback, and nothing goes out."""
    code, out, err = run(*arguments)
    assert (2, "", 1, []) == (code, out, len(err.splitlines()), server.requests)


@pytest.mark.parametrize("name", ["url", "user", "password"])
def test_a_missing_setting_is_named(run: Run, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With both ways to give it."""
    monkeypatch.delenv(f"KOBIKOM_{name.upper()}")
    code, _, err = run("balance")
    expected = f"kobikom-client: no {name}: give --{name} or KOBIKOM_{name.upper()}\n"
    assert (2, expected) == (code, err)


def test_input_that_is_not_utf_8_is_bad_usage(run: Run, tmp_path: Path) -> None:
    """Rather than a message of broken letters."""
    numbers = tmp_path / "numbers"
    numbers.write_bytes(b"905\xff")
    assert 2 == run("send", "a", "--to-file", str(numbers))[0]


def test_options_before_and_after_the_command_are_the_same(run: Run, server: Any) -> None:
    """The nearer one wins; both win over the environment."""
    before = ("--user", "early", "--password", "p")
    run("--url", server.url, *before, "balance", "--user", "late", replies=("",))
    assert "<kullanici>late</kullanici><parola>p</parola>" in server.bodies()[0]


def test_help_is_exit_0(run: Run) -> None:
    """And tells the exit codes."""
    code, out, err = run("--help")
    assert (0, "") == (code, err)
    assert "Exit codes" in out


def test_an_interrupt_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 130, and a warning that a send may be under way."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kobikom_client.blocking.Client.balance", interrupt)
    code, _, err = run("balance")
    assert (130, 1) == (code, len(err.strip().splitlines()))


def test_a_narrow_terminal_encoding_breaks_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters the terminal has not are escaped."""
    terminal = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(terminal, encoding="latin-1"))
    titles = "<basliklar><normal><baslik>AĞ</baslik></normal><sayisal/></basliklar>"
    assert 0 == run("titles", replies=(titles,))[0]
    sys.stdout.flush()
    assert b"A\\u011e" in terminal.getvalue()
