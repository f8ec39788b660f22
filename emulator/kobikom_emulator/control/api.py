"""Health, journal and reset: the first pieces of the control API.

Errors are problem documents (RFC 9457). May be imported by server and bootstrap.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from kobikom_emulator.gateway.answer import Answer
from kobikom_emulator.gateway.journal import rendered
from kobikom_emulator.gateway.spaces import Spaces

_NEWEST = 100


class ControlApi:
    """Answers requests under `/_emulator/`. `version` is the distribution's; `base_url` goes into the journal's curl
    lines.
    """

    def __init__(self, spaces: Spaces, *, version: str) -> None:
        self._spaces = spaces
        self._version = version
        self.base_url = "http://127.0.0.1:8080"

    async def answer(self, method: str, target: str, body: bytes) -> Answer:
        path, _, query = target.partition("?")
        routes = {"/_emulator/health": "GET", "/_emulator/journal": "GET", "/_emulator/reset": "POST"}
        allowed = routes.get(path.rstrip("/"))
        if allowed is None:
            return problem(404, f"there is no {path}; try {', '.join(routes)}")
        if method != allowed:
            return problem(405, f"{path} takes {allowed}", headers={"Allow": allowed})
        match path.rstrip("/").rpartition("/")[2]:
            case "health":
                return as_json({"status": "ok", "version": self._version})
            case "reset":
                await self._spaces.default.reset()
                return as_json({"status": "reset"})
            case _:
                return self._journal(query)

    def _journal(self, query: str) -> Answer:
        """`?limit=N` entries (100), newest first; `total` counts those forgotten too."""
        asked = dict(parse_qsl(query, keep_blank_values=True))
        limit = asked.pop("limit", str(_NEWEST))
        if asked:
            return problem(400, f"there is no parameter {next(iter(asked))!r}; the journal takes limit")
        if not (limit.isascii() and limit.isdigit()):
            return problem(400, f"limit is a whole number, not {limit!r}")
        journal = self._spaces.default.journal
        entries = islice(reversed(list(journal)), int(limit))
        return as_json(
            {
                "space": self._spaces.default.name,
                "total": journal.written,
                "entries": [rendered(entry, base_url=self.base_url) for entry in entries],
            }
        )


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer((msgspec.json.encode(value) + b"\n",), "application/json", status)


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """A problem document: what is wrong and what would do."""
    document = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return Answer((msgspec.json.encode(document) + b"\n",), "application/problem+json", status, headers or {})
