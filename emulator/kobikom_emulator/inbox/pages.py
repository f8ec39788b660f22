"""The inbox's files over HTTP, in front of the control API: `/_emulator/` and `/_emulator/inbox/<file>`.

Files as they are in the package, no templates, nothing secret in them: the page asks the control API for everything,
with the token where one is set.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import msgspec

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
    "Vary": "Accept-Encoding",
}


class ControlHandler(Protocol):
    """Answers every request that is not for a file of the inbox: the control API."""

    async def answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer: ...


class Asset(msgspec.Struct, frozen=True, gc=False):
    """A file as it is, and compressed. `tag` is its ETag without quotes."""

    content_type: str
    plain: bytes
    gzipped: bytes
    tag: str


class Inbox:
    """Serves the page and its files, all read when the first is asked for, and passes everything else on."""

    def __init__(self, control: ControlHandler) -> None:
        self._control = control
        self._assets: Mapping[str, Asset] = {}

    async def answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        path, _, query = target.partition("?")
        if path == ROOT:
            return Answer((), status=308, headers={"Location": _BESIDE + (f"?{query}" if query else "")})
        if path == f"{ROOT}/":
            return self._file("index.html", method, headers)
        if path.startswith(FILES) and (name := path.removeprefix(FILES)) in self._all():
            return self._file(name, method, headers)
        return await self._control.answer(method, target, body, headers)

    def _all(self) -> Mapping[str, Asset]:
        """The files there are, by name relative to their folder."""
        if not self._assets:
            self._assets = _read()
        return self._assets

    def _file(self, name: str, method: str, headers: Mapping[str, str]) -> Answer:
        if method not in ("GET", "HEAD"):
            return Answer((b"405: GET is for this resource\n",), status=405, headers={"Allow": "GET, HEAD"})
        asset = self._all()[name]
        gzipped = _accepts_gzip(headers.get("Accept-Encoding", ""))
        tag = f'"{asset.tag}-gzip"' if gzipped else f'"{asset.tag}"'
        known = [each.strip().removeprefix("W/") for each in headers.get("If-None-Match", "").split(",")]
        if tag in known:
            return Answer((), asset.content_type, status=304, headers=HEADERS | {"ETag": tag})
        if gzipped:
            encoded = HEADERS | {"ETag": tag, "Content-Encoding": "gzip"}
            return Answer((asset.gzipped,), asset.content_type, headers=encoded)
        return Answer((asset.plain,), asset.content_type, headers=HEADERS | {"ETag": tag})


def _read() -> Mapping[str, Asset]:
    # Most servers of a test run serve no page: these modules are loaded with the first.
    import gzip
    import hashlib

    assets = {}
    for file in ASSETS.rglob("*"):
        if file.suffix in TYPES:
            plain = file.read_bytes()
            name = file.relative_to(ASSETS).as_posix()
            tag = hashlib.sha256(plain).hexdigest()[:16]
            assets[name] = Asset(TYPES[file.suffix], plain, gzip.compress(plain, mtime=0), tag)
    return assets


def _accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding names gzip, other than with `q=0`."""
    for coding in header.split(","):
        name, _, parameters = coding.partition(";")
        if name.strip().lower() == "gzip":
            return parameters.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
