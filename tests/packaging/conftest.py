"""Fixtures for the packaging tests: a clean environment, a package index, a running server.

The tests marked ``fresh`` create their own environments. They share one xdist group, so that they
run one after the other in one worker. One of them runs script/test; inside that run they are
skipped, because otherwise it would start itself without end.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INNER = "SCRIPT_TEST_INNER_RUN"  # not KOBIKOM_...: those are the emulator's settings
OURS = re.compile(r"KOBIKOM_|PYTEST_|COV_|COVERAGE_|PYTHONPATH$|PYTHONHOME$|VIRTUAL_ENV$")

BALANCE_QUERY = b"<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the fresh tests in one group, and skip them in the run that one of them starts."""
    for item in items:
        if item.get_closest_marker("fresh"):
            item.add_marker(pytest.mark.xdist_group("fresh"))
            if os.environ.get(INNER):
                item.add_marker(pytest.mark.skip(reason="this is the run inside a fresh test"))


@pytest.fixture(scope="session")
def clean_environment() -> dict[str, str]:
    """The environment variables without those of this test run."""
    kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    own = Path(sys.executable).parent
    kept["PATH"] = os.pathsep.join(part for part in kept.get("PATH", "").split(os.pathsep) if Path(part) != own)
    return kept


@pytest.fixture(scope="session")
def package_index(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip the test unless pip, as it is configured, can download one small pinned package."""
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pin = next(line for line in pins if line.startswith("iniconfig=="))
    folder = tmp_path_factory.mktemp("probe")
    command = ["download", "--quiet", "--no-deps", "--no-cache-dir", "--retries", "0"]
    probe = subprocess.run(
        [sys.executable, "-m", "pip", *command, "--timeout", "20", "--dest", str(folder), pin],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    if probe.returncode != 0:
        pytest.skip(f"no package index available: pip could not download {pin}")


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that printed its ready line."""

    url: str
    process: subprocess.Popen[str]

    def balance(self) -> bytes:
        """Ask for the balance of the default account, as a client would."""
        return self._answer(BALANCE_QUERY)

    def send(self) -> bytes:
        """Send one message from the default account."""
        login = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"
        message = "<mesajiniz><metin>Merhaba</metin><alicilar><gsm>905352220087</gsm></alicilar></mesajiniz>"
        return self._answer(f"<SMS>{login}{message}</SMS>".encode())

    def _answer(self, body: bytes) -> bytes:
        request = urllib.request.Request(f"{self.url}/api/sendsms/xml/", data=body)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())


@pytest.fixture
def serving() -> Callable[..., object]:
    """A context manager that runs a server and stops it with SIGTERM at the end."""
    return _serving


@contextmanager
def _serving(command: list[str], *, env: dict[str, str], cwd: Path) -> Iterator[Serving]:
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watchdog = threading.Timer(300, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            ready = re.fullmatch(r"kobikom-emulator listening on (http://\S+)\n", line)
            if ready is None:
                process.kill()
                pytest.fail(f"printed {line!r}, then: {process.communicate()[1]}")
            yield Serving(url=ready.group(1), process=process)
        finally:
            watchdog.cancel()
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
