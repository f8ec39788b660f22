"""The command line: bad input is one line and exit code 2, never a traceback."""

import io
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kobikom_emulator.cli import main
from kobikom_emulator.protocol.readings import CATALOGUE

BODY = (
    "<SMS><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama><mesajiniz><metin>Merhaba</metin>\n"
    "<flash>{}</flash><alicilar><gsm>905329975725</gsm></alicilar></mesajiniz></SMS>"
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command; exit code, standard output, standard error."""
    import os

    for variable in [each for each in os.environ if each.startswith("KOBIKOM_")]:
        monkeypatch.delenv(variable)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        shown = capsys.readouterr()
        return int(ended.value.code or 0), shown.out, shown.err

    return call


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another socket listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_readings_are_listed(run: Run) -> None:
    """Every ambiguity with clause, sources, the page's words and all values, the default marked."""
    code, out, err = run("readings")
    assert (0, "") == (code, err)
    for each in CATALOGUE:
        assert f"{each.name}  ({each.clause}; {each.marks})" in out
        assert all(value in out for value in each.values)
    assert len(CATALOGUE) == out.count("[default]")
    code, out, _ = run("readings", "--json")
    rows = json.loads(out)
    assert [(each.name, each.clause, each.default, each.page) for each in CATALOGUE] == [
        (one["name"], one["clause"], one["default"], one["page"]) for one in rows
    ]
    assert [[{"value": v, "meaning": m} for v, m in each.values.items()] for each in CATALOGUE] == [
        one["values"] for one in rows
    ]


def test_config_shows_values_and_sources(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`config` prints every setting with its source, passwords masked, as a table and as JSON."""
    file = tmp_path / "k.toml"
    file.write_text("seed = 5\n")
    monkeypatch.setenv("KOBIKOM_PORT", "9090")
    given = ["--config", str(file), "--reading", "dates=padded", "--account", "me:geheim:12.5", "--set", "host=::1"]
    code, out, err = run("config", *given)
    assert (0, "") == (code, err)
    rows = {line.split()[0]: line.split(maxsplit=2)[1:] for line in out.splitlines()}
    assert ["9090", "environment KOBIKOM_PORT"] == rows["port"]
    assert ["5", f"file {file}"] == rows["seed"]
    assert ["padded", "flag --reading"] == rows["readings.dates"]
    assert ["::1", "flag --set"] == rows["host"]
    assert ["12.5", "flag --account"] == rows["accounts.me.credit"]
    assert "geheim" not in out
    code, out, _ = run("config", "--json", *given)
    assert {"name": "seed", "value": "5", "source": f"file {file}"} in json.loads(out)
    assert "geheim" not in out


def test_explain_a_file_that_would_be_accepted(run: Run, tmp_path: Path) -> None:
    """`explain` of an acceptable request has exit code 0 and prints the answer's bytes."""
    file = tmp_path / "body.xml"
    file.write_text(BODY.format(""))
    code, out, err = run("explain", str(file))
    assert (0, "") == (code, err)
    assert "send: accepted" in out
    assert "HTTP 200, Content-Type: text/csv;charset= UTF-8" in out
    assert "<destination>905329975725</destination>" in out


def test_explain_what_would_be_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """From standard input: exit code 1, the clause, the place, what was expected and found."""

    class Stdin:
        buffer = io.BytesIO(BODY.format("7").encode())

    monkeypatch.setattr("sys.stdin", Stdin())
    code, out, _ = run("explain", "-")
    assert 1 == code
    for piece in (
        "send: refused, status -23",
        "refused -23 line 2, column 1 /SMS/mesajiniz/flash",
        "S-17.1 (I)",
        "'7'",
    ):
        assert piece in out, piece


def test_explain_for_programs_under_other_settings(run: Run, tmp_path: Path) -> None:
    """`explain --json` follows the readings, accounts and Content-Type of its options."""
    file = tmp_path / "body.xml"
    file.write_bytes(BODY.format("").replace("Merhaba", "ş").encode("cp1254"))
    code, out, _ = run("explain", "--json", str(file))
    assert (1, "unreadable") == (code, json.loads(out)["operation"])
    code, out, _ = run("explain", "--json", str(file), "--reading", "undeclared-bytes=windows-1254")
    assert (0, "accepted") == (code, json.loads(out)["outcome"])
    code, out, _ = run("explain", "--json", str(file), "--content-type", "text/xml; charset=iso-8859-9")
    assert (0, "accepted") == (code, json.loads(out)["outcome"])
    code, out, _ = run(
        "explain", "--json", str(file), "--account", "me:x", "--reading", "undeclared-bytes=windows-1254"
    )
    assert (1, -5) == (code, json.loads(out)["code"])


def test_explain_a_query(run: Run, tmp_path: Path) -> None:
    """`explain` also answers title and balance queries."""
    file = tmp_path / "body.xml"
    file.write_text("<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>")
    code, out, _ = run("explain", str(file))
    assert (0, True, True) == (code, "balance: answered" in out, "<miktar>1000.000</miktar>" in out)


def one_line(err: str, *pieces: str) -> None:
    assert 1 == err.count("\n"), err
    assert err.startswith("kobikom-emulator: ")
    assert "Traceback" not in err
    for piece in pieces:
        assert piece in err


@pytest.mark.parametrize(
    ("arguments", "pieces"),
    [
        (["serve", "--reading", "tempo=1"], ["no reading 'tempo'", "long-text"]),
        (["serve", "--reading", "dates=x"], ["dates cannot be 'x'", "padded"]),
        (["serve", "--reading", "dates"], ["NAME=VALUE", "'dates'"]),
        (["serve", "--set", "port"], ["NAME=VALUE", "'port'"]),
        (["serve", "--set", "colour=1"], ["no setting 'colour'"]),
        (["serve", "--set", "limits=5", "--set", "limits.max-body=7"], ["limits"]),
        (["serve", "--port", "x"], ["port", "--port"]),
        (["serve", "--port", "70000"], ["port", "65535"]),
        (["serve", "--seed", "x"], ["seed", "--seed"]),
        (["serve", "--account", "me"], ["USER:PASSWORD"]),
        (["serve", "--account", "me:x:much"], ["credit", "--account"]),
        (["serve", "--config", "nothing.toml"], ["nothing.toml", "No such file"]),
        (["serve", "--host", "256.256.256.256", "--port", "0"], ["cannot listen on 256.256.256.256:0"]),
        (["serve", "--host", "a..b", "--port", "0"], ["cannot listen on a..b:0"]),
        (["serve", "--colour"], ["--colour"]),
        (["explain", "nothing.xml"], ["nothing.xml"]),
        (["explain", "."], ["."]),
        (["explain"], ["FILE"]),
        (["dance"], ["dance"]),
        (["ready", "--url", "ftp://x"], ["no http URL"]),
        (["ready", "--wait", "-1"], ["--wait"]),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line(
    run: Run, arguments: list[str], pieces: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On standard error, naming what is wrong; exit code 2, nothing on standard output."""
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (2, "") == (code, out)
    one_line(err, *pieces)


@pytest.mark.parametrize(
    "text", ["port =", "colour = 1", "[limits]\nmax-body = 'x'", "faults = [{effect = {kind = 'x'}}]"]
)
def test_a_broken_file_is_one_line(run: Run, tmp_path: Path, text: str) -> None:
    """A file that cannot be read is named."""
    file = tmp_path / "broken.toml"
    file.write_text(text)
    code, _, err = run("serve", "--config", str(file))
    assert 2 == code
    one_line(err, str(file))


def test_a_taken_port_is_one_line(run: Run, taken: int) -> None:
    """A port in use gives one line that names the address and the options to change."""
    code, out, err = run("serve", "--port", str(taken))
    assert (2, "") == (code, out)
    one_line(err, f"cannot listen on 127.0.0.1:{taken}", "choose another --port")


def test_ready_says_no(run: Run, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a server `ready` has exit code 1 and one line; the port comes from the environment, too."""
    code, _, err = run("ready", "--url", f"http://127.0.0.1:{unused_tcp_port}")
    assert 1 == code
    one_line(err, "does not answer")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # where no server of this machine left its address
    monkeypatch.setenv("KOBIKOM_PORT", str(unused_tcp_port))
    code, _, err = run("ready", "--wait", "0.01")
    assert 1 == code
    one_line(err, f":{unused_tcp_port}/_emulator/health")


def test_ready_says_yes(run: Run) -> None:
    """A running emulator answers."""
    from kobikom_emulator import Emulator

    with Emulator() as emulator:
        assert (0, "", "") == run("ready", "--url", emulator.url + "/", "--wait", "5")


def test_help_is_help(run: Run) -> None:
    """The help of every command goes to standard output, with exit code 0."""
    for command in ([], ["serve"], ["readings"], ["config"], ["explain"], ["ready"]):
        code, out, err = run(*command, "--help")
        assert (0, "", True) == (code, err, "Usage: kobikom-emulator" in out)


def test_version(run: Run) -> None:
    """The version is that of the installed distribution."""
    from importlib import metadata

    try:
        version = metadata.version("kobikom-emulator")
    except metadata.PackageNotFoundError:
        pytest.skip("the distribution is not installed")
    assert (0, f"kobikom-emulator, version {version}\n", "") == run("--version")


PULL = "http://127.0.0.1:8080/api/sendsms/xml/pull?kullanici=test&parola="


@pytest.mark.parametrize("option", [[], ["--url"]])
def test_explain_a_pull_by_its_url(run: Run, option: list[str]) -> None:
    """A pull is explained from its URL: no reports yet, or why it is refused, with the parameter."""
    code, out, _ = run("explain", *option, PULL + "test")
    assert (0, True) == (code, out.startswith("pull: empty"))
    assert out.rstrip().endswith("NO_DATA")
    code, out, _ = run("explain", *option, PULL + "wrong")
    assert 1 == code
    for piece in ("refused -5 ?parola", "the password of user 'test'", "R-07.1 (D)"):
        assert piece in out, piece


def test_explain_a_pull_with_the_captions_of_the_page(run: Run) -> None:
    """`Kullanıcı` and `Parola` are captions of the page: the first is no parameter (R-01)."""
    code, out, _ = run("explain", "http://x/api/sendsms/xml/pull/?Kullanıcı=test&Parola=test")
    assert (1, True, True) == (code, "refused -10 ?Kullanıcı" in out, "unread ?Kullanıcı" in out)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["explain"], "takes a FILE"),
        (["explain", "body.xml", "--url", PULL], "takes a FILE"),
        (["explain", "http://127.0.0.1/"], "is not the URL of a pull"),
        (["explain", "--url", "http://127.0.0.1/api/sendsms/xml/"], "is not the URL of a pull"),
    ],
)
def test_explain_wants_a_body_or_the_url_of_a_pull(run: Run, arguments: list[str], why: str) -> None:
    """Exit code 2 and one line on standard error."""
    code, out, err = run(*arguments)
    assert (2, "", 1, True) == (code, out, err.count("\n"), why in err)


@pytest.mark.parametrize(
    ("variables", "option", "turkish"),
    [
        ({}, [], False),
        ({}, ["--lang", "tr"], True),
        ({"LANG": "tr_TR.UTF-8"}, [], True),
        ({"LANG": "tr_TR.UTF-8"}, ["--lang", "en"], False),
        ({"LANG": "tr_TR.UTF-8", "LC_ALL": "C.UTF-8"}, [], False),
        ({"LANG": "C", "LC_MESSAGES": "tr_TR"}, [], True),
        ({"LANG": "de_DE.UTF-8"}, [], False),
    ],
)
def test_the_language_of_explanations_and_readings(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str], option: list[str], turkish: bool,
) -> None:  # fmt: skip
    """`--lang`, else the locale of the environment, else English; the answer's bytes are the same."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "body.xml"
    file.write_text(BODY.format("7"))
    _, out, _ = run("explain", str(file), *option)
    heading, sentence, expected = (
        ("gönderim: reddedildi, durum kodu -23", "Alanının biçimine uymayan", "beklenen 0 ya da 1")
        if turkish
        else ("send: refused, status -23", "A value that breaks the form", "expected 0 or 1")
    )
    assert [True, True, True, True] == [each in out for each in (heading, sentence, expected, "<status>-23</status>")]
    _, listed, _ = run("readings", *option)
    assert turkish == ("Tutar nasıl yazılır?" in listed)
    assert turkish == ("[varsayılan]" in listed)
