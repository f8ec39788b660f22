"""A headless Chromium and an emulator for it; the tests are skipped, with the reason, where there is none.

Playwright drives the system's browser: nothing is downloaded but axe-core, from npm by name, into .venv.
"""

import contextlib
import http.client
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar, NoReturn
from urllib.parse import urlsplit

import pytest

from kobikom_emulator import Emulator

ROOT = Path(__file__).resolve().parents[2]
AXE = "4.14.1"
START = "2026-01-31T09:00:00+03:00"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


def leave_out(why: str) -> NoReturn:
    """Skip, and say why; under KOBIKOM_BROWSER=required nothing is left out, but fails."""
    if os.environ.get("KOBIKOM_BROWSER") == "required":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser; closed with the module, because Playwright's loop and others' do not go together."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        leave_out("the inbox was not tested in a browser: no chromium, chromium-browser or google-chrome in PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    home = ROOT / ".venv" / "npm"
    script = home / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        npm = shutil.which("npm")
        if npm is None:
            leave_out("accessibility was not tested: there is neither axe-core nor npm to install it")
        # Several workers may install it at once: each into a folder of its own, and the first to be ready is kept.
        own = home.with_name(f"npm-{os.getpid()}")
        own.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(own), f"axe-core@{AXE}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ})
        with contextlib.suppress(OSError):
            own.rename(home)
        shutil.rmtree(own, ignore_errors=True)
        if not script.exists():
            leave_out(f"accessibility was not tested: npm could not install axe-core: {done.stderr[-200:]}")
    return script.read_text(encoding="utf-8")


class Site:
    """An emulator and pages that look at it. Whatever a page complains about is kept, and held against the test."""

    narrow: ClassVar = NARROW

    def __init__(self, emulator: Emulator, browser: Any) -> None:
        self.emulator = emulator
        self.url = emulator.url
        self.browser = browser
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self._contexts: list[Any] = []

    def open(self, query: str = "", *, size: dict[str, int] | None = None, ready: bool = True, **context: Any) -> Any:
        """A page of a context of its own."""
        made = self.browser.new_context(viewport=size or WIDE, locale=context.pop("locale", "en-GB"), **context)
        made.set_default_timeout(6_000)
        self._contexts.append(made)
        page = made.new_page()
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        page.goto(f"{self.url}/_emulator/{query}")
        if ready:
            page.wait_for_selector(".state.live")
        return page

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            self.complaints.append(text)

    def _asked(self, request: Any) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.url).netloc:
            self.foreign.append(request.url)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the emulator; JSON where it is some, else text."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        try:
            content = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
            headers = {"Content-Type": "application/json"} if path.startswith("/_emulator") else {}
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        json_too = answer.getheader("Content-Type", "").startswith("application/json") and text
        return json.loads(text) if json_too else text

    def send(
        self, text: str = "Merhaba", *to: str, fields: str = "", user: str = "test", password: str = "test"
    ) -> str:
        """Post a send; the answer. `text` is XML already."""
        numbers = "\n".join(f"<gsm>{number}</gsm>" for number in to or ("905321234567",))
        answer: str = self.ask(
            "POST",
            "/api/sendsms/xml/",
            f"<SMS><dogrulama><kullanici>{user}</kullanici><parola>{password}</parola></dogrulama>\n"
            f"<mesajiniz>\n<metin>{text}</metin>\n{fields}\n<alicilar>\n{numbers}\n</alicilar></mesajiniz></SMS>",
        )
        return answer

    def space(self, path: str = "", method: str = "GET", body: Any = None) -> Any:
        """Ask the control API about the default space."""
        return self.ask(method, f"/_emulator/spaces/default{path}", body)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def site(chromium: Any) -> Iterator[Site]:
    """An emulator with a frozen clock, and nothing in it."""
    with Emulator(seed=1, clock={"start": START}) as emulator:
        opened = Site(emulator, chromium)
        try:
            yield opened
        finally:
            opened.close()
        assert ([], []) == (opened.complaints, opened.foreign)


@pytest.fixture
def site_of(chromium: Any) -> Callable[[Emulator], Site]:
    return lambda emulator: Site(emulator, chromium)
