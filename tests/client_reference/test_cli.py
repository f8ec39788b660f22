"""The command line through its main function: its output and its exit codes."""

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


def test_a_send_prints_a_line_for_each_recipient(run: Run) -> None:
    """A table with one line for each recipient; exit 1, because one of the two was refused."""
    code, out, err = run("send", "Merhaba", "--to", "905", "--to", "906", replies=(_MIXED,))
    assert 1 == code
    assert [
        "NUMBER  RESULT              MESSAGE ID",
        "905     0 accepted          id1",
        "906     -13 unknown number",
    ] == out.splitlines()
    assert "kobikom-client: 1 of 2 recipients were refused\n" == err


def test_a_send_prints_json(run: Run) -> None:
    """With --json, the whole receipt is printed, nothing on standard error; exit 0."""
    code, out, err = run("send", "Merhaba", "--to", "905:mine", "--json", replies=(_OK,))
    result = {"number": "905", "code": 0, "meaning": "accepted", "message_id": "id1"}
    expected = {"parts": 1, "results": [result], "unknown": [], "untried": []}
    assert (0, expected, "") == (code, json.loads(out), err)


def test_every_option_of_send_is_in_the_request(run: Run, server: Any) -> None:
    """Each option sets the field of the message with the same name."""
    options = "--to 905:mine --title Kobikom --flash --long --delay 60 --validity 90 --app-id shop"
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


def test_sender_is_another_name_of_the_title_option(run: Run, server: Any) -> None:
    """`--sender`, the option's former name, still sets the title."""
    assert 0 == run("send", "a", "--to", "905", "--sender", "Kobikom", replies=(_OK,))[0]
    assert "<baslik>Kobikom</baslik>" in server.bodies()[0]


def test_text_and_recipients_are_read_from_files(
    run: Run, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard input is the text without its last newline; blank lines in the list are skipped."""
    numbers = tmp_path / "numbers"
    numbers.write_text("905\n\n 906:x \n", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("ağaç\n\n".encode())))
    assert 1 == run("send", "-", "--to-file", str(numbers), replies=(_MIXED,))[0]
    assert "<metin>ağaç\n</metin>" in server.bodies()[0]
    assert '<gsm>905</gsm><gsm messageId="x">906</gsm>' in server.bodies()[0]


def test_binary_is_sent_instead_of_a_text(run: Run, server: Any) -> None:
    """`--binary` is sent as hexadecimal digits without a text."""
    assert 0 == run("send", "--binary", "00ff", "--to", "905", replies=(_OK,))[0]
    assert "<binary>00FF</binary>" in server.bodies()[0]


def test_reports_are_printed_without_control_characters(run: Run, server: Any) -> None:
    """A control character in a report's id is escaped in the table; dates have their offset."""
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
    """Titles and balance are printed as text, and as JSON with --json."""
    titles = "<basliklar><normal><baslik>AĞAÇ</baslik></normal><sayisal><baslik>850</baslik></sayisal></basliklar>"
    balance = "<bakiye><miktar>18.532</miktar><kur>TRY</kur></bakiye>"
    code, out, _ = run("titles", replies=(titles,))
    assert (0, ["TITLE  KIND", "AĞAÇ   alphanumeric", "850    numeric"]) == (code, out.splitlines())
    out = run("titles", "--json", replies=(titles,))[1]
    assert {"alphanumeric": ["AĞAÇ"], "numeric": ["850"]} == json.loads(out)
    assert (0, "18.532 TRY\n", "") == run("balance", replies=(balance,))
    out = run("--json", "balance", replies=(balance,))[1]
    expected = {"amount": "18.532", "currency": "TRY", "printed": "18.532", "other_amount": "18532"}
    assert expected == json.loads(out)
    assert (0, "18532 TRY\n", "") == run("balance", "--grouped", replies=(balance,))
    out = run("balance", "--json", replies=(balance.replace("18.532", "914"),))[1]
    assert {"amount": "914", "currency": "TRY", "printed": "914", "other_amount": None} == json.loads(out)


@pytest.mark.parametrize(
    ("options", "beginning"),
    [
        ([], "XML=\n<SMS>"),
        (["--body-form", "literal"], "XML=\n<SMS>"),
        (["--body-form", "url-encoded"], "XML=%3CSMS%3E"),
        (["--body-form", "bare"], "<SMS>"),
    ],
)
def test_the_body_form_of_a_send_is_an_option(run: Run, server: Any, options: list[str], beginning: str) -> None:
    """`--body-form` chooses between the three forms of T-02; the page's is the default."""
    assert 0 == run("send", "a", "--to", "905", *options, replies=(_OK,))[0]
    assert beginning == server.bodies()[0][: len(beginning)]


@pytest.mark.parametrize(
    ("command", "reply", "expected"),
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
    run: Run, command: str, reply: bytes | str, expected: int, form: list[str]
) -> None:
    """Each kind of failure has the exit code that the guide documents, and one line on standard error."""
    arguments = ["send", "a", "--to", "905"] if command == "send" else [command]
    code, out, err = run(*arguments, *form, replies=(reply,))
    assert (expected, 1) == (code, len(err.splitlines()))
    assert err.startswith("kobikom-client: ")
    assert "s3cret" not in out + err
    if form and out:
        json.loads(out)


def test_a_send_with_an_unknown_outcome_prints_its_progress(run: Run) -> None:
    """The output lists the recipients that were answered, are unknown and were not tried."""
    code, out, _ = run(
        "send", "a", "--batch", "1", "--to", "905", "--to", "906", "--to", "907", "--json",
        replies=(_OK, RESET),
    )  # fmt: skip
    sent = json.loads(out)
    assert (4, ["905"], ["906"], ["907"]) == (
        code,
        *([recipient["number"] for recipient in sent[key]] for key in ("results", "unknown", "untried")),
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
        ["send", "a", "--to", "905", "--body-form", "json"],
        ["send", "a", "--to", "905", "--delay", "-1"],
        ["send", "a", "--to", "905", "--binary", "00"],
        ["send", "--to", "905", "--binary", "0g"],
        ["send", "a\x00b", "--to", "905"],
        ["send", "a", "--to-file", "no-such-file"],
        ["reports", "a,b"],
    ],
)
def test_bad_usage_is_one_line_and_exit_2(run: Run, server: Any, arguments: list[str]) -> None:
    """Bad usage gives no traceback, and nothing is sent."""
    code, out, err = run(*arguments)
    assert (2, "", 1, []) == (code, out, len(err.splitlines()), server.requests)


@pytest.mark.parametrize("name", ["url", "user", "password"])
def test_a_missing_setting_is_named(run: Run, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the option and the environment variable."""
    monkeypatch.delenv(f"KOBIKOM_{name.upper()}")
    code, _, err = run("balance")
    expected = f"kobikom-client: no {name}: give --{name} or KOBIKOM_{name.upper()}\n"
    assert (2, expected) == (code, err)


def test_input_that_is_not_utf_8_is_bad_usage(run: Run, tmp_path: Path) -> None:
    """A list of recipients that is not UTF-8 is refused with exit 2."""
    numbers = tmp_path / "numbers"
    numbers.write_bytes(b"905\xff")
    assert 2 == run("send", "a", "--to-file", str(numbers))[0]


def test_options_before_and_after_the_command_are_the_same(run: Run, server: Any) -> None:
    """An option after the command wins over one before it, and both win over the environment."""
    before = ("--user", "before", "--password", "p")
    run("--url", server.url, *before, "balance", "--user", "after", replies=("",))
    assert "<kullanici>after</kullanici><parola>p</parola>" in server.bodies()[0]


def test_help_is_exit_0(run: Run) -> None:
    """Help is printed with exit 0 and lists the exit codes."""
    code, out, err = run("--help")
    assert (0, "") == (code, err)
    assert "Exit codes" in out


def test_an_interrupt_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt gives exit 130 and one line that warns about a send in progress."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kobikom_client.blocking.Client.balance", interrupt)
    code, _, err = run("balance")
    assert (130, 1) == (code, len(err.strip().splitlines()))


def test_characters_that_the_terminal_lacks_are_escaped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A character outside the terminal's encoding is printed as an escape."""
    terminal = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(terminal, encoding="latin-1"))
    titles = "<basliklar><normal><baslik>AĞ</baslik></normal><sayisal/></basliklar>"
    assert 0 == run("titles", replies=(titles,))[0]
    sys.stdout.flush()
    assert b"A\\u011e" in terminal.getvalue()
