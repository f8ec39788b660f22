"""The pytest plugin: a fake Kobikom for each test. The emulator is loaded only when a test uses a fixture.

`kobikom_server` (session) is a server in a thread of this process, or the one at `--kobikom-url`; the workers of
pytest-xdist share a server in the controller. `kobikom` is a new space for each test, with the options of the marker.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import re
import selectors
import socket
import sys
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest

if TYPE_CHECKING:
    from kobikom_emulator.driver import Kobikom, KobikomServer

START: Final = "2026-01-31T09:00:00+03:00"
"""The time of a new space, at which its clock stands, unless the server's settings, `kobikom_clock` or the marker give
another.
"""

_WORKERS_URL: Final = "kobikom_url"
_OPTIONS = frozenset(
    {"account_defaults", "accounts", "clock", "delivery", "faults", "limits", "magic_numbers", "messages", "readings",
     "retention", "seed", "steps", "webhooks"}
)  # fmt: skip
_SETTINGS = (
    "account-defaults",
    "accounts",
    "clock",
    "delivery",
    "faults",
    "limits",
    "magic-numbers",
    "push",
    "readings",
    "retention",
)
"""The settings that are also taken from the environment: where a server listens is not among them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("kobikom", "a fake Kobikom SMS API for tests")
    _option(group, "--kobikom-url", "URL", "use the emulator that runs at this address instead of starting one", None)
    token = os.environ.get("KOBIKOM_CONTROL__TOKEN", "")
    _option(
        group,
        "--kobikom-token",
        "TOKEN",
        "the token of that emulator's control API (default: $KOBIKOM_CONTROL__TOKEN)",
        token,
    )
    parser.addini(
        "kobikom_clock",
        f"the time at which a new space's clock stands, or `running` (default: clock.start of the server, or {START})",
        default="",
    )


def _option(group: pytest.OptionGroup, name: str, metavar: str, sentence: str, default: str | None) -> None:
    with contextlib.suppress(ValueError):  # kobikom_contracts.pytest_mode has the same option
        group.addoption(name, metavar=metavar, help=sentence, default=default)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "kobikom(seed=…, readings={…}, clock=…, accounts=[…], delivery={…}, limits={…}, faults=[…], …): options of "
        "the test's space, as POST /spaces takes them",
    )
    if variables := _environment():
        from kobikom_emulator.settings import BadSettings, load

        try:
            load(environment=variables)
        except BadSettings as error:
            raise pytest.UsageError(str(error)) from None
    if url := config.getoption("--kobikom-url"):
        from kobikom_emulator.driver.transport import checked_url

        try:
            checked_url(url)
        except ValueError as error:
            raise pytest.UsageError(f"--kobikom-url: {error}") from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        return  # a worker of pytest-xdist that ends here would count as crashed: its tests fail with the same message
    for item in items:
        try:
            _marker_options(item)
        except ValueError as error:
            raise pytest.UsageError(str(error)) from None


def _marker_options(item: pytest.Item) -> dict[str, Any]:
    """The options of a test's markers, where the closest one wins; `ValueError` names an unknown one."""
    options: dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers("kobikom"))):
        if mark.args or mark.kwargs.keys() - _OPTIONS:
            wrong = ", ".join([*map(repr, mark.args), *sorted(mark.kwargs.keys() - _OPTIONS)])
            raise ValueError(f"{item.nodeid}: the marker kobikom takes {', '.join(sorted(_OPTIONS))}, not {wrong}")
        options |= mark.kwargs
    return options


def _usage_error(session: pytest.Session, message: str) -> NoReturn:
    """End the run with one message. A worker of pytest-xdist, which would count as crashed, fails the test and asks
    the controller to end the run.
    """
    if hasattr(session.config, "workerinput"):
        session.shouldfail = message
        raise pytest.fail.Exception(message, pytrace=False) from None
    pytest.exit(message, returncode=pytest.ExitCode.USAGE_ERROR)


def _environment() -> dict[str, str]:
    """The variables that set how spaces begin: `KOBIKOM_READINGS__LONG_TEXT`, …"""
    prefixes = tuple("KOBIKOM_" + name.replace("-", "_").upper() for name in _SETTINGS)
    return {name: value for name, value in os.environ.items() if name.partition("__")[0] in prefixes}


# one server for the workers of pytest-xdist


class _SharedServer:
    """A server that starts at its first connection: a run that never uses it only pays for a socket."""

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

        with Emulator(listening=self._listening, environment=_environment()):
            self._stopped.recv(1)

    def close(self) -> None:
        self._stop.send(b".")
        self._thread.join()
        self._stop.close()
        self._stopped.close()


_SHARED: Final = pytest.StashKey[_SharedServer]()
_FIRED: Final = "kobikom_fired"
"""The property of a report with the kinds of fault that its test played, and how often each fired."""
_SPACES: Final = pytest.StashKey[list["Kobikom"]]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """In the controller of pytest-xdist, before a worker starts: give it the address of the shared server."""
    config: pytest.Config = node.config
    if config.getoption("--kobikom-url"):
        return
    if _SHARED not in config.stash:
        config.stash[_SHARED] = _SharedServer()
    node.workerinput[_WORKERS_URL] = config.stash[_SHARED].url


def pytest_unconfigure(config: pytest.Config) -> None:
    if _SHARED in config.stash:
        config.stash[_SHARED].close()
        del config.stash[_SHARED]


@contextlib.contextmanager
def _quick_imports(config: pytest.Config) -> Iterator[None]:
    """Load the emulator in two thirds of the time: as a program does, where pytest would load the modules of a plugin
    to rewrite their assertions, and without collecting garbage, of which imports make none.
    """
    finders, collects = sys.meta_path[:], gc.isenabled()
    rewrite: object = config.pluginmanager.rewrite_hook
    sys.meta_path[:] = [finder for finder in finders if finder is not rewrite]
    gc.disable()
    try:
        yield
    finally:
        sys.meta_path[:] = finders
        if collects:
            gc.enable()


# fixtures


@pytest.fixture(scope="session")
def kobikom_settings() -> Mapping[str, Any]:
    """Settings of the server, by their names in a configuration file. Override it for settings of your own."""
    return {}


@pytest.fixture(scope="session")
def kobikom_server(request: pytest.FixtureRequest) -> Iterator[KobikomServer]:
    """The server of this run's spaces; `kobikom_server.open(…)` opens one more."""
    # Not parameters: pytest looks those up again for each test.
    pytestconfig, kobikom_settings = request.config, request.getfixturevalue("kobikom_settings")
    with _quick_imports(pytestconfig):
        from kobikom_emulator.driver import ControlRefused, KobikomServer
    url = pytestconfig.getoption("--kobikom-url")
    if url:
        with KobikomServer.at(url, token=pytestconfig.getoption("--kobikom-token") or "") as server:
            try:
                _ = server.spaces
            except (OSError, ControlRefused, ValueError, LookupError, TypeError) as error:
                _usage_error(request.session, f"--kobikom-url: {url} does not answer as an emulator: {error}")
            yield server
        return
    if not kobikom_settings and (shared := getattr(pytestconfig, "workerinput", {}).get(_WORKERS_URL)):
        with KobikomServer.at(shared) as server:
            yield server
        return
    with _quick_imports(pytestconfig):
        import kobikom_emulator.control.api  # noqa: F401  # or the first request would load it, rewritten
        from kobikom_emulator.embed import Emulator
        from kobikom_emulator.settings import BadSettings

    with contextlib.ExitStack() as stack:
        try:
            emulator = stack.enter_context(Emulator(kobikom_settings, environment=_environment()))
        except (BadSettings, TypeError, OSError) as error:
            _usage_error(request.session, f"kobikom_settings: {error}")
        yield KobikomServer.of(emulator)


@pytest.fixture
def kobikom(kobikom_server: KobikomServer, request: pytest.FixtureRequest) -> Iterator[Kobikom]:
    """A whole private Kobikom for this test, closed at its end."""
    space = _open(kobikom_server, request.node)
    try:
        yield space
    finally:
        space.close()


_TURKISH_LETTERS: Final = str.maketrans("ığüşöçİĞÜŞÖÇ", "igusocIGUSOC")


def _plain(name: str) -> str:
    """A name in lower case whose letters have no marks: `ş` is `s`, `ı` is `i`."""
    marked = unicodedata.normalize("NFKD", name.translate(_TURKISH_LETTERS))
    return "".join([letter for letter in marked if not unicodedata.combining(letter)]).lower()


def _open(server: KobikomServer, item: pytest.Item) -> Kobikom:
    """A space whose name and seed are made of the test's name: the same alone or among other tests."""
    from kobikom_emulator.driver import ControlRefused

    digest = hashlib.sha256(item.nodeid.encode()).hexdigest()
    slug = re.sub(r"[^a-z0-9]+", "-", _plain(item.name).removeprefix("test_")).strip("-")[:40].rstrip("-")
    defaults: dict[str, Any] = {"seed": int(digest[:12], 16)}
    if clock := item.config.getini("kobikom_clock") or ("" if server.clock_start else START):
        defaults["clock"] = clock
    try:
        options = {**defaults, **_marker_options(item)}
    except ValueError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    try:
        try:
            return server.open(name="-".join(part for part in (slug, digest[:8]) if part), **options)
        except ControlRefused as refused:
            if refused.status != 409 or refused.field != "name":
                raise
            return server.open(**options)  # another run uses the same server: the server chooses a name
    except ControlRefused as refused:
        if refused.status not in (409, 422):
            raise
        source = "ini option kobikom_clock or marker kobikom" if refused.field.startswith("clock") else "marker kobikom"
        raise pytest.fail.Exception(f"{source}: {refused}", pytrace=False) from None


# the journal in the report of a failure


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Any:
    """Remember the spaces that fixtures of any name and scope return: a test that fails shows their journals."""
    value = yield
    module = sys.modules.get("kobikom_emulator.driver.space")  # not imported: no fixture can have returned a space
    if module is not None and isinstance(value, module.Kobikom):
        request.node.stash.setdefault(_SPACES, []).append(value)
    return value


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report: pytest.TestReport = yield
    spaces = [space for node in item.listchain() for space in node.stash.get(_SPACES, []) if not space.closed]
    if not spaces:
        return report
    from kobikom_emulator.pytest_days import look_at_days, scenario_sections

    if report.failed:
        for space in spaces:
            journal = _journal(space)
            report.sections.append(("kobikom journal", journal))
            item.user_properties.append((f"kobikom journal of {space.name}", journal))  # for JUnit XML
            report.sections += scenario_sections(space, call.excinfo)
    if report.when == "call" and (fired := look_at_days(report, spaces)):
        report.user_properties.append((_FIRED, fired))
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A line about the kinds of fault that the run played."""
    reports = [report for category in terminalreporter.stats.values() for report in category]
    played = [pair for each in reports for pair in getattr(each, "user_properties", ()) if pair[0] == _FIRED]
    if played:
        from kobikom_emulator.pytest_days import summary

        terminalreporter.write_line(f"kobikom faults {summary(kinds for _, kinds in played)}")


def _journal(space: Kobikom) -> str:
    from kobikom_emulator.driver import ControlRefused

    try:
        return space.journal_text()
    except (OSError, ControlRefused) as error:
        return f"the journal can't be read: {error}"
