"""An https target is judged like any other."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.controlled_server import ControlledServer
from deviant_servers.proxy import HttpBehaviour, Proxy

from kobikom_contracts.cli import main
from kobikom_contracts.control import Control
from kobikom_contracts.core.verdicts import Outcome
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target
from kobikom_contracts.tls import tls_context

from .tls_server import certificate, tls


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secured(chain: Path) -> Iterator[str]:
    """The https URL of a correct server."""
    server = ControlledServer()
    with tls(Proxy(server.respond, memory={"server": server}), chain) as url:
        yield url


def test_an_https_target_keeps_every_clause(secured: str, chain: Path) -> None:
    """A correct server behind TLS, control API included: the half-closed client alone is not tried."""
    context = tls_context(ca=chain)
    control = Control(secured, tls=context)
    control.probe()
    target = Target(secured, "test", "test", control=control, timeout=5.0, tls=context)
    run = judge_server(target, profile="tiny", only=["T", "A", "C-04", "R-03"])
    assert {} == {v.clause.id: f"{v.expected} {v.found}" for v in run.verdicts if v.outcome is not Outcome.HELD}
    assert "a TLS connection cannot be closed by half" in run.of("T-04").detail


def test_a_connection_that_stays_open_is_seen_over_tls(chain: Path) -> None:
    """A server that does not close after Connection: close is violated, as it is without TLS."""
    proxy = Proxy(ControlledServer().respond, http=HttpBehaviour(honour_close=False))
    with tls(proxy, chain) as url:
        target = Target(url, "test", "test", timeout=1.0, tls=tls_context(insecure=True), strict=True)
        run = judge_server(target, profile="tiny", only=["T-04"])
    assert "the connection closed" in (run.of("T-04").expected or "")


@pytest.mark.parametrize(("options", "status"), [(["--insecure"], 0), (["--ca", "{chain}"], 0), ([], 2)])
def test_the_certificate_can_be_named_or_waived(secured: str, chain: Path, options: list[str], status: int) -> None:
    """A certificate of one's own is accepted with --ca or --insecure, and refused in one line without."""
    words = ["server", "--url", secured, "--user", "test", "--password", "test", "--only", "R-07"]
    done = CliRunner().invoke(main, [*words, *(one.format(chain=chain) for one in options)])
    assert (status, 1 if status else 0) == (done.exit_code, len(done.stderr.splitlines()))
