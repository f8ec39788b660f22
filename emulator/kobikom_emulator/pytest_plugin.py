"""The pytest plugin: a Kobikom for each test. Loads nothing but pytest until a test asks for it.

`kobikom_server` (session) is a server in a thread of this process, or the one at `--kobikom-url`; the workers of
pytest-xdist share one of the controller. `kobikom` is a fresh space for each test, as the marker wants it. May be
imported by pytest alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import selectors
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from kobikom_emulator.driver import Kobikom, KobikomServer

START: Final = "2026-01-31T09:00:00+03:00"
"""Where the clock of a fresh space stands unless somebody says otherwise."""

_WORKERS_URL: Final = "kobikom_url"
_OPTIONS = frozenset({"seed", "readings", "clock", "accounts", "magic_numbers"})


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("kobikom", "a fake Kobikom for tests")
    _option(group, "--kobikom-url", "URL", "use the emulator that runs there instead of starting one", None)
    token = os.environ.get("KOBIKOM_CONTROL__TOKEN", "")
    _option(group, "--kobikom-token", "TOKEN", "the token of its control API (default: $KOBIKOM_CONTROL__TOKEN)", token)
    parser.addini(
        "kobikom_clock", f"where the clock of a fresh space stands, or `running` (default: {START})", default=START
    )


def _option(group: pytest.OptionGroup, name: str, metavar: str, sentence: str, default: str | None) -> None:
    with contextlib.suppress(ValueError):  # the judge's own mode has one of this name, with the same meaning
        group.addoption(name, metavar=metavar, help=sentence, default=default)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "kobikom(seed=…, readings={…}, clock=…, accounts=[…], magic_numbers=True): what the test's space is like",
    )


# one server for the workers of pytest-xdist


class _Shared:
    """A server that starts with its first connection: a run that never asks for it pays for a socket alone."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="kobikom-emulator-shared", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            selector.register(self._stopped, selectors.EVENT_READ)
            ready = {key.fileobj for key, _ in selector.select()}
        if self._stopped in ready:
            self._listening.close()
            return
        from kobikom_emulator.embed import Emulator

        with Emulator(listening=self._listening):
            self._stopped.recv(1)

    def close(self) -> None:
        self._stop.send(b".")
        self._thread.join()
        self._stop.close()
        self._stopped.close()


_SHARED: Final = pytest.StashKey[_Shared]()
_SPACES: Final = pytest.StashKey[list["Kobikom"]]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """In the controller of pytest-xdist, before a worker starts: tell it where the shared server is."""
    config: pytest.Config = node.config
    if config.getoption("--kobikom-url"):
        return
    if _SHARED not in config.stash:
        config.stash[_SHARED] = _Shared()
    node.workerinput[_WORKERS_URL] = config.stash[_SHARED].url


def pytest_unconfigure(config: pytest.Config) -> None:
    if _SHARED in config.stash:
        config.stash[_SHARED].close()
        del config.stash[_SHARED]


# fixtures


@pytest.fixture(scope="session")
def kobikom_settings() -> Mapping[str, Any]:
    """Settings of the server, by the names of a configuration file: override it to have your own."""
    return {}


@pytest.fixture(scope="session")
def kobikom_server(pytestconfig: pytest.Config, kobikom_settings: Mapping[str, Any]) -> Iterator[KobikomServer]:
    """The server that the spaces of this run are in; `kobikom_server.open(…)` opens one more."""
    from kobikom_emulator.driver import KobikomServer

    url = pytestconfig.getoption("--kobikom-url")
    if not url and not kobikom_settings:
        url = getattr(pytestconfig, "workerinput", {}).get(_WORKERS_URL)
    if url:
        with KobikomServer.at(url, token=pytestconfig.getoption("--kobikom-token") or "") as server:
            yield server
        return
    from kobikom_emulator.embed import Emulator

    with Emulator(kobikom_settings) as emulator:
        yield KobikomServer.of(emulator)


@pytest.fixture
def kobikom(kobikom_server: KobikomServer, request: pytest.FixtureRequest) -> Iterator[Kobikom]:
    """A whole private Kobikom for this test, closed when it ends."""
    space = _open(kobikom_server, request.node)
    try:
        yield space
    finally:
        space.close()


def _open(server: KobikomServer, item: pytest.Item) -> Kobikom:
    """A space that is called, and drawn from a seed, after the test: alone or among others it is the same."""
    from kobikom_emulator.driver import ControlRefused

    digest = hashlib.sha256(item.nodeid.encode()).hexdigest()
    slug = re.sub(r"[^a-z0-9]+", "-", item.name.lower().removeprefix("test_")).strip("-")[:40].rstrip("-")
    wanted: dict[str, Any] = {"seed": int(digest[:12], 16), "clock": item.config.getini("kobikom_clock")}
    for mark in reversed(list(item.iter_markers("kobikom"))):  # the closest one has the last word
        if mark.args or (unknown := mark.kwargs.keys() - _OPTIONS):
            said = ", ".join(map(repr, mark.args)) or ", ".join(sorted(unknown))
            raise pytest.UsageError(f"the marker kobikom takes {', '.join(sorted(_OPTIONS))}, not {said}")
        wanted |= mark.kwargs
    try:
        return server.open(name="-".join(part for part in (slug, digest[:8]) if part), **wanted)
    except ControlRefused as refused:
        if refused.status != 409 or refused.field != "name":
            raise
        return server.open(**wanted)  # another run uses the same server: a name of the server's choice


# the journal in the report of a failure


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Any:
    """Remember the spaces that fixtures of any name and scope give: a failure beneath them shows their journals."""
    value = yield
    loaded = sys.modules.get("kobikom_emulator.driver.space")
    if loaded is not None and isinstance(value, loaded.Kobikom):
        request.node.stash.setdefault(_SPACES, []).append(value)
    return value


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report: pytest.TestReport = yield
    if report.failed:
        for node in item.listchain():
            for space in node.stash.get(_SPACES, []):
                if not space.closed:
                    report.sections.append(("kobikom journal", _journal(space)))
                    if scenario := space.scenario_text():
                        title = "kobikom scenario (a file of it replays with: kobikom-emulator serve --scenario FILE)"
                        report.sections.append((title, scenario))
    return report


def _journal(space: Kobikom) -> str:
    from kobikom_emulator.driver import ControlRefused

    try:
        return space.journal_text()
    except (OSError, ControlRefused) as error:
        return f"it can't be read: {error}"
