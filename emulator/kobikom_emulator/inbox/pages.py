"""The inbox's files over HTTP, in front of the control API: `/_emulator/` and `/_emulator/inbox/<file>`.

Files as they are in the package, no templates, nothing secret in them: the page asks the control API for everything,
with the token where one is set.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from kobikom_emulator.exchange import Answer

ROOT = "/_emulator"
FILES = f"{ROOT}/inbox/"
_BESIDE = f"{ROOT}/".removeprefix("/")
"""The page, relative to `/_emulator`: a proxy may have put a path before it."""

ASSETS = Path(__file__).parent / "assets"

TYPES = {
    ".html": "text/html; charset=UTF-8",
    ".js": "text/javascript; charset=UTF-8",
    ".css": "text/css; charset=UTF-8",
    ".svg": "image/svg+xml",
}

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
"""Nothing inline, nothing from elsewhere, no framing, and no way to make markup of a text."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class ControlHandler(Protocol):
    """Answers every request that is not for a file of the inbox: the control API."""

    async def answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer: ...


class Inbox:
    """Serves the page and its files, each read when it is first asked for, and passes everything else on."""

    def __init__(self, control: ControlHandler) -> None:
        self._control = control
        self._files: dict[str, bytes] = {}

    async def answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        path, _, query = target.partition("?")
        if path == ROOT:
            return Answer((), status=308, headers={"Location": _BESIDE + (f"?{query}" if query else "")})
        if path == f"{ROOT}/":
            return self._file("index.html", method)
        if path.startswith(FILES) and (name := path.removeprefix(FILES)) in self._names():
            return self._file(name, method)
        return await self._control.answer(method, target, body, headers)

    def _names(self) -> Mapping[str, bytes]:
        """The files there are, read once."""
        if not self._files:
            self._files = {file.name: file.read_bytes() for file in ASSETS.iterdir() if file.suffix in TYPES}
        return self._files

    def _file(self, name: str, method: str) -> Answer:
        if method not in ("GET", "HEAD"):
            return Answer((b"405: GET is for this resource\n",), status=405, headers={"Allow": "GET, HEAD"})
        return Answer((self._names()[name],), TYPES[Path(name).suffix], headers=HEADERS)
