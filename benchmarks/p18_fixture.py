"""P18: the processor time of a run of pytest whose tests each send one message and look at what arrived.

The fixture `kobikom` gives each test a space of its own, which judges and charges the message; the test waits for it.
With pytest-httpserver a prepared answer is given and its log is read; with moto the message goes to its fake of SNS.
Start and imports included, by processor time of the whole run, divided by the number of tests.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.processes import environment
from benchmarks.result import Bar, Effort, LeftOut, Result, Row

_TESTS, _FEW = 1000, 10
_SEND = """
from http.client import HTTPConnection
import pytest

BODY = ("<SMS><dogrulama><kullanici>{user}</kullanici><parola>{password}</parola></dogrulama><mesajiniz><baslik>Kobikom"
        "</baslik><metin>Kodunuz 1234</metin><alicilar><gsm>905329975725</gsm></alicilar></mesajiniz></SMS>")

def send(address, path, body):
    connection = HTTPConnection(address)
    connection.request("POST", path, body)
    answer = connection.getresponse().read()
    connection.close()
    return answer
"""
_OURS = """
@pytest.mark.parametrize("n", range({tests}))
def test_it(kobikom, n):
    body = BODY.format(user=kobikom.user, password=kobikom.password)
    assert b"<status>0</status>" in send(kobikom.url.removeprefix("http://"), "/api/sendsms/xml/", body)
    assert kobikom.wait_for(to="90532*").text == "Kodunuz 1234"
"""
_HTTPSERVER = """
ANSWER = ("<results><result><status>0</status><messageid>1</messageid><destination>905329975725</destination></result>"
          "</results>")

@pytest.mark.parametrize("n", range({tests}))
def test_it(httpserver, n):
    httpserver.expect_request("/api/sendsms/xml/").respond_with_data(ANSWER, content_type="text/csv")
    address = f"{{httpserver.host}}:{{httpserver.port}}"
    assert b"<status>0</status>" in send(address, "/api/sendsms/xml/", BODY.format(user="a", password="a"))
    assert "Kodunuz 1234" in httpserver.log[0][0].get_data(as_text=True)
"""
_MOTO = """
import boto3
from moto import mock_aws
from moto.sns.models import sns_backends

@pytest.mark.parametrize("n", range({tests}))
def test_it(n):
    with mock_aws():
        sns = boto3.client("sns", "eu-central-1", aws_access_key_id="a", aws_secret_access_key="a")
        sns.publish(PhoneNumber="+905329975725", Message="Kodunuz 1234")
        (sent,) = sns_backends["123456789012"]["eu-central-1"].sms_messages.values()
        assert sent == ("+905329975725", "Kodunuz 1234")
"""
_PEERS = {"pytest-httpserver": ("pytest_httpserver", _HTTPSERVER), "moto": ("moto", _MOTO)}
_PAIRS_FOR_COMPARISON = 3
"""Pairs with a peer that has no target: each run of moto's takes half a minute."""
_PLUGINS = {_OURS: {"kobikom", "kobikom_contracts"}, _HTTPSERVER: {"pytest_httpserver"}, _MOTO: set()}
"""The plugins of pytest that a side needs; the others that are installed are not loaded."""


def measure(effort: Effort) -> list[Row]:
    tests = _TESTS if effort.pairs > 3 else _FEW
    rows: list[Row] = []
    if effort.warm_up:
        _per_test(_OURS, _FEW)  # writes the compiled files
    for name, (module, program) in _PEERS.items():
        if find_spec(module) is None:
            rows.append(LeftOut("P18", f"÷ {name}", f"{name} is not installed (script/bench installs it)"))
            continue
        bar = Bar(1.5, 1.0) if name == "pytest-httpserver" else None
        pairs = effort.pairs if bar else min(effort.pairs, _PAIRS_FOR_COMPARISON)
        turns = [(_per_test(_OURS, tests), _per_test(program, tests)) for _ in range(pairs)]
        mine, theirs = (median(each) * 1e3 for each in zip(*turns, strict=True))
        detail = f"{mine:.2f} ÷ {theirs:.2f} ms a test, {tests} tests"
        rows.append(Result("P18", f"a test with the fixture ÷ {name}", bar, tuple(a / b for a, b in turns), detail))
    return rows


def _per_test(program: str, tests: int) -> float:
    """Seconds of processor time a test of a whole run of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "test_it.py"
        file.write_text(_SEND + program.format(tests=tests), "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "--rootdir", folder]
        command += [word for name in _foreign_plugins(program) for word in ("-p", f"no:{name}")]
        before = _used()
        done = subprocess.run(
            [*command, str(file)],
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        used = _used() - before
    if done.returncode != 0:
        raise RuntimeError(f"pytest failed:\n{done.stdout[-2000:]}{done.stderr[-500:]}")
    return used / tests


def _foreign_plugins(program: str) -> list[str]:
    return [plugin.name for plugin in entry_points(group="pytest11") if plugin.name not in _PLUGINS[program]]


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
