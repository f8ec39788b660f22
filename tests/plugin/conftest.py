"""For the tests of plugin and driver: a server, functions that send and pull, a pytest run inside the test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

import kobikom_emulator.control.api  # noqa: F401  # loaded once, not again in each run inside a test
from kobikom_emulator import Emulator
from kobikom_emulator.driver import Kobikom, KobikomServer

ROOT = Path(__file__).resolve().parents[2]

SENDER = """
from urllib.request import ProxyHandler, build_opener

def body(space, *, to="905329975725", text="Kodunuz 1234", title="Kobikom", more=""):
    return (
        f"<SMS><dogrulama><kullanici>{space.user}</kullanici><parola>{space.password}</parola></dogrulama><mesajiniz>"
        f"<baslik>{title}</baslik><metin>{text}</metin>{more}<alicilar>"
        + "".join(f"<gsm>{number}</gsm>" for number in to.split())
        + "</alicilar></mesajiniz></SMS>"
    ).encode()

def send(space, **words):
    at = space.url + "/api/sendsms/xml/"
    with build_opener(ProxyHandler({})).open(at, body(space, **words), timeout=30) as answer:
        return answer.read().decode()

def pull(space):
    at = f"{space.url}/api/sendsms/xml/pull?kullanici={space.user}&parola={space.password}"
    with build_opener(ProxyHandler({})).open(at, timeout=30) as answer:
        return answer.read().decode()
"""


@pytest.fixture(scope="session")
def words() -> dict[str, Callable[..., str]]:
    """The functions of the sender by name."""
    names: dict[str, Callable[..., str]] = {"ProxyHandler": ProxyHandler, "build_opener": build_opener}
    exec(SENDER, names)
    return names


@pytest.fixture
def send(words: dict[str, Callable[..., str]]) -> Callable[..., str]:
    """Send with a space's credentials at the plain URL; the answer's text."""
    return words["send"]


@pytest.fixture
def pull(words: dict[str, Callable[..., str]]) -> Callable[..., str]:
    """Pull reports with a space's credentials at the plain URL; the answer's text."""
    return words["pull"]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator({"push": {"allow": "any"}}) as running:
        yield running


@pytest.fixture(params=["in-process", "http"])
def server(request: pytest.FixtureRequest, emulator: Emulator) -> Iterator[KobikomServer]:
    """The same server twice: called directly, and over HTTP."""
    handle = KobikomServer.of(emulator) if request.param == "in-process" else KobikomServer.at(emulator.url)
    with handle:
        yield handle


@pytest.fixture
def space(server: KobikomServer) -> Iterator[Kobikom]:
    """A new space with a frozen clock."""
    with server.open(seed=7, clock="2026-01-31T09:00:00+03:00") as opened:
        yield opened


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder for a run of its own, which knows our plugin and no other that happens to be installed."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "emulator"), str(ROOT / "contracts")]))
    monkeypatch.setenv("PYTEST_PLUGINS", "kobikom_emulator.pytest_plugin")
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "KOBIKOM_URL", "KOBIKOM_CONTROL__TOKEN"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(sender=SENDER)
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = -p no:cacheprovider\n")
    return pytester
