"""A run with the control API has a space of its own; what makes a run fail beside violations."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

from kobikom_contracts.cli import main
from kobikom_contracts.control import Control
from kobikom_contracts.server_suite.own_space import own_space
from kobikom_emulator import Emulator
from kobikom_emulator.driver import KobikomServer


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator with a message in its default space whose report is ready."""
    with Emulator(clock={"start": "2026-01-31T09:00:00+03:00"}) as running:
        body = (
            b"<SMS><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama><mesajiniz><baslik>Kobikom"
            b"</baslik><metin>a</metin><alicilar><gsm>905329975725</gsm></alicilar></mesajiniz></SMS>"
        )
        parts = urlsplit(running.url)
        with closing(HTTPConnection(parts.netloc)) as connection:
            connection.request("POST", "/api/sendsms/xml/", body)
            connection.getresponse().read()
        running.clock.advance(60)
        yield running


def judge(emulator: Emulator, *more: str) -> Result:
    """A run of the command."""
    return CliRunner().invoke(main, ["server", "--url", emulator.url, *more])


def test_a_run_opens_a_space_and_closes_it(emulator: Emulator, tmp_path: Path) -> None:
    """No account is needed; the default space is as it was: no charge, no message, its report still to be pulled."""
    before = (emulator.kobikom.account(), emulator.kobikom.messages, len(emulator.journal))
    result = judge(emulator, "--control", emulator.url, "--only", "S-01,R-01,B", "--json", str(tmp_path / "run.json"))
    assert 0 == result.exit_code, result.output
    assert before == (emulator.kobikom.account(), emulator.kobikom.messages, len(emulator.journal))
    assert ["default"] == KobikomServer.of(emulator).spaces
    assert "/s/" in json.loads((tmp_path / "run.json").read_text())["target"]
    pull = f"{emulator.url}/api/sendsms/xml/pull?kullanici=test&parola=test"
    assert b"<message id=" in urllib.request.urlopen(pull, timeout=10).read()


def test_a_run_leaves_nothing_in_the_folder(emulator: Emulator, tmp_path: Path) -> None:
    """Not even what Hypothesis keeps in `.hypothesis`."""
    command = [
        sys.executable,
        "-m",
        "kobikom_contracts.cli",
        "server",
        "--url",
        emulator.url,
        "--control",
        emulator.url,
    ]
    done = subprocess.run([*command, "--only", "S-21"], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert (0, []) == (done.returncode, list(tmp_path.iterdir())), done.stderr


@pytest.mark.parametrize("ending", ["", "/", "/api/sendsms/xml/"])
def test_the_space_is_below_the_path_of_its_server(ending: str) -> None:
    """Behind a proxy a server has a path, which the control API and the new space share."""
    with Emulator(proxy={"base-path": "/kobikom"}) as below:
        url = f"{below.url}/kobikom"
        with own_space(Control(url), url + ending) as space:
            assert space is not None
            assert (f"{url}/s/{space.name}", ["default", space.name]) == (space.url, KobikomServer.of(below).spaces)


def test_a_space_that_is_named_is_judged_as_it_is(emulator: Emulator) -> None:
    """With `--space` the account that is given is the one that pays."""
    journal = len(emulator.journal)
    login = ("--user", "test", "--password", "test")
    result = judge(emulator, "--control", emulator.url, "--space", "default", *login, "--only", "B-01")
    assert (0, True) == (result.exit_code, len(emulator.journal) > journal)


def test_without_the_control_api_an_account_is_needed(emulator: Emulator) -> None:
    """One line and exit status 2."""
    result = judge(emulator, "--only", "B")
    assert (2, 1) == (result.exit_code, result.output.count("\n"))
    assert "--user and --password" in result.output


def test_a_run_that_checked_nothing_exits_with_2(emulator: Emulator) -> None:
    """A run without a single judged clause proves nothing."""
    result = judge(emulator, "--user", "test", "--password", "test", "--safe", "--only", "S-06")
    assert 2 == result.exit_code
    assert "nothing could be checked" in result.output


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("not-checkable", 0),
        ("not-checkable=B-01", 0),
        ("not_checkable=A-01.2", 1),
        ("not-checkable=A-01.2,B-01", 1),
        ("differs", 0),
        ("not-checkable=Z-9", 2),
        ("held", 2),
    ],
)
def test_a_run_fails_on_the_outcomes_that_are_named(emulator: Emulator, wanted: str, code: int) -> None:
    """Of a clause or a statement; A-01.2 is a statement that no contract judges. A wrong name is refused."""
    result = judge(emulator, "--user", "test", "--password", "test", "--only", "A-01,B", "--fail-on", wanted)
    assert code == result.exit_code, result.output
