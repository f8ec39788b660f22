"""Repro files: alone, with the standard library only, they say whether the fault is still there."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.catalogue import DEVIATIONS
from deviant_servers.controlled_server import ControlledServer
from deviant_servers.deviation import Deviation
from deviant_servers.proxy import Proxy

from kobikom_contracts.control import Control
from kobikom_contracts.core.report.text import masked
from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.repro import sealed, write_repros
from kobikom_contracts.server_suite.target import Target
from kobikom_contracts.tls import tls_context

from .tls_server import certificate, tls

GONE, THERE, UNABLE = 0, 1, 2
BEHAVIOURS = (
    "wants XML= before title queries",
    "keeps a connection open after Connection: close",
    "answers 417 to Expect",
    "answers -5 with HTTP 401",
    "answers chunked",
    "compares passwords without case",
    "answers -10 to an unknown user",
    "drops the plus from the echo",
    "makes ids of 17 digits",
    "sends duplicates",
    "counts extension characters once",
    "gives reports again",
    "lists numeric titles as normal ones",
    "writes two places",
    "shows reports to another account",
    "pads donedate only",
    "writes Greenwich time",
    "delivers scheduled messages at once",
    "refunds every failure",
    "normalises white space",
    "does not charge parallel sends",
    "gives a report to two pulls at once",
)


def deviant(behaviour: str) -> Deviation:
    """The deviation of the catalogue with this behaviour."""
    return next(one for one in DEVIATIONS if one.behaviour == behaviour)


def judge(url: str, clause: str) -> Run:
    """A tiny run of one clause against a server with the control API."""
    control = Control(url)
    control.probe()
    return judge_server(Target(url, "test", "test", control=control, timeout=2.0), profile="tiny", only=[clause])


def repeated(program: Path, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    """What the program says of a server."""
    return subprocess.run(
        [sys.executable, "-I", str(program), url, *options],
        capture_output=True, text=True, timeout=60, check=False, env={"KOBIKOM_PASSWORD": "test"},
    )  # fmt: skip


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_repro_tells_there_from_gone(behaviour: str, tmp_path: Path) -> None:
    """Exit 1 at another server with the same fault, exit 0 at a correct one."""
    deviation = deviant(behaviour)
    with deviation.served() as url:
        run = judge(url, deviation.clause)
        write_repros(run, tmp_path, password="test")
    program = tmp_path / f"repro_{deviation.clause.lower().replace('-', '_')}.py"
    with deviation.served() as url:
        there = repeated(program, url)
    with Deviation("T-01.1", "nothing").served() as url:
        gone = repeated(program, url)
    assert (THERE, GONE) == (there.returncode, gone.returncode), f"{there.stdout[-1500:]}\n=====\n{gone.stdout[-1500:]}"


def test_a_repro_speaks_tls(tmp_path: Path) -> None:
    """The file of an https target sends its requests over TLS, with the certificate that it is given."""
    chain = certificate(tmp_path)
    deviation = deviant("answers 5 to a missing user")

    def proxy() -> Proxy:
        return Proxy(ControlledServer().respond, deviation.middleware)

    with tls(proxy(), chain) as url:
        target = Target(url, "test", "test", timeout=2.0, tls=tls_context(ca=chain))
        written = write_repros(judge_server(target, profile="tiny", only=["R-07"]), tmp_path, password="test")
        program = next(one for one in written if one.name == "repro_r_07.py")
        there = repeated(program, url, "--ca", str(chain))
    with tls(Proxy(ControlledServer().respond), chain) as url:
        gone = repeated(program, url, "--insecure")
        refused = repeated(program, url)
    assert [THERE, GONE, UNABLE] == [one.returncode for one in (there, gone, refused)], there.stdout


def test_a_repro_asks_before_it_costs_money(tmp_path: Path) -> None:
    """At an address that is not loopback messages are sent only with --yes; requests that send none are."""
    with deviant("sends duplicates").served() as url:
        written = write_repros(judge(url, "S-04"), tmp_path, password="test")
    program = next(one for one in written if one.name == "repro_s_04.py")
    done = repeated(program, "http://sms.invalid")
    assert (UNABLE, True) == (done.returncode, "may cost money: give --yes" in done.stdout)
    assert "cannot reach the server" in repeated(program, "http://sms.invalid", "--yes").stdout


def test_no_file_is_empty_and_none_shows_a_password(tmp_path: Path) -> None:
    """Every file of a run against a server with many faults holds exchanges, and no password that was used."""
    with deviant("answers -5 with HTTP 401").served() as url:
        control = Control(url)
        control.probe()
        control.put_account("gizli", "geheim-9!", Decimal(900), ["Kobikom"])
        target = Target(url, "gizli", "geheim-9!", control=control, timeout=2.0)
        run = judge_server(target, profile="tiny", only=["T-08", "T-02"])
        written = write_repros(run, tmp_path, password="geheim-9!")
    violated = [verdict for verdict in run.verdicts if verdict.outcome is Outcome.VIOLATED]
    assert len(violated) == len(written) > 0
    for program in written:
        text = program.read_text(encoding="utf-8")
        assert (True, False) == ('"sent"' in text, "geheim" in text)


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (b"<parola>p&amp;w</parola>", b"<parola>{{password|xml}}</parola>"),
        (b"<PAROLA>p&amp;w-wrong</PAROLA>", b"<PAROLA>{{password|xml}}-wrong</PAROLA>"),
        (b"<parola>P&amp;W</parola>", b"<parola>{{password:swapcase|xml}}</parola>"),
        (b"<parola>p&amp;</parola>", b"<parola>{{password:shortened|xml}}</parola>"),
        (b"<parola>other</parola>", b"<parola>other</parola>"),
        (b"GET /pull?kullanici=u&parola=p%26wx HTTP/1.1", b"GET /pull?kullanici=u&parola={{password|url}}x HTTP/1.1"),
        (b"XML=%3Cparola%3Ep%26amp%3Bw%3C%2Fparola%3E", b"XML=%3Cparola%3E{{password|xml-url}}%3C%2Fparola%3E"),
    ],
)
def test_names_stand_for_passwords(request_bytes: bytes, expected: bytes) -> None:
    """The password, in each way it is written, and what the suite makes of it; others stay as they are."""
    assert expected == sealed(request_bytes, "p&w")


def test_reports_mask_encoded_passwords() -> None:
    """A report shows no password that is url-encoded or written in UTF-16 either."""
    for body in (b"XML=%3Cparola%3Esecret%3C/parola%3E", "<parola>secret</parola>".encode("utf-16")):
        assert b"secret" not in masked(body).replace(b"\x00", b"")
