"""A client of the emulator's control API, for targets that have one. All of its field names stand here.

The control API is not judged. What it does not offer is a capability that the target lacks: contracts
that need it are not checkable.
"""

from __future__ import annotations

import json
import re
import time
from contextlib import closing
from datetime import datetime
from decimal import Decimal, InvalidOperation
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import SSLContext
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from kobikom_contracts.transcript import Exchange, Transcript

PROBES = {
    "accounts": "accounts",
    "clock": "clock",
    "messages": "messages",
    "faults": "faults",
}


class ControlError(Exception):
    """The control API cannot be used; the text says why in one line."""


class ControlUnreachable(ControlError):
    """Nobody answers at the control API's address."""


class Watcher(Protocol):
    """Called for everything that is changed through the control API."""

    def credit_was_set(self, user: str) -> None:
        """An account's credit was set."""

    def account_was_made(self, user: str) -> None:
        """An account was made or replaced."""

    def time_was_moved(self, seconds: int) -> None:
        """The clock was moved forward."""

    def faults_were_armed(self, armed: bool) -> None:
        """A fault rule was armed, or all were removed."""

    def everything_changed(self) -> None:
        """The space was reset."""


def server_of(url: str) -> str:
    """The base URL of a server, from the URL of its API, of one of its spaces or of its page. A path before these
    (behind a proxy) is kept; `ControlError` for anything but an http:// or https:// URL.
    """
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # an impossible port, a bracket that is not closed
        known = None
    if not known:
        raise ControlError(f"the control API's address {url!r} is not an http:// or https:// address")
    path = re.sub(r"(/s/[^/]+)?(/_emulator|/api/sendsms/xml)?$", "", parts.path.rstrip("/"))
    return f"{parts.scheme}://{parts.netloc}{path}"


class Control:
    """The control API at ``url`` (``http://host:port``), for one space; ``token`` is sent where it isn't empty.

    ``capabilities`` holds, after :meth:`probe`, any of ``reset``, ``accounts``, ``clock``,
    ``messages``, ``faults``.
    """

    def __init__(
        self, url: str, *, space: str = "default", token: str = "", timeout: float = 10.0, tls: SSLContext | None = None
    ) -> None:
        self.root = f"{server_of(url)}/_emulator"
        self.space = space
        self.timeout = timeout
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self.capabilities: frozenset[str] = frozenset()
        self.transcript: Transcript | None = None
        self.watcher: Watcher | None = None
        self._created: set[str] = set()
        self._armed = False
        self._base = urlsplit(self.root).path
        self._tls = tls

    def _connection(self) -> HTTPConnection:
        """A connection of its own for each call; never through a proxy that the environment names."""
        parts = urlsplit(self.root)
        host = parts.hostname or ""
        if parts.scheme == "https":
            return HTTPSConnection(host, parts.port, timeout=self.timeout, context=self._tls)
        return HTTPConnection(host, parts.port, timeout=self.timeout)

    def call(self, method: str, path: str, body: object | None = None) -> tuple[int, Any]:
        """One call; status and decoded JSON (None when there is none)."""
        data = None if body is None else json.dumps(body).encode()
        headers = self._headers | {"Connection": "close"}
        try:
            with closing(self._connection()) as connection:
                connection.request(method, self._base + path, data, headers)
                answer = connection.getresponse()
                status, text = answer.status, answer.read()
        except (OSError, HTTPException) as error:
            raise ControlUnreachable(f"control API at {self.root}: {error}") from None
        if self.transcript is not None:
            self.transcript.add(self._exchange(method, path, data or b"", status, text))
        try:
            return status, json.loads(text) if text else None
        except ValueError:
            return status, None

    def _exchange(self, method: str, path: str, data: bytes, status: int, answer: bytes) -> Exchange:
        """A call as an exchange of the transcript, so that it can be replayed."""
        parts = urlsplit(self.root)
        head = (
            f"{method} {parts.path}{path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
            "Connection: close\r\n\r\n"
        )
        origin = f"{parts.scheme}://{parts.netloc}"
        return Exchange(head.encode() + data, f"HTTP/1.1 {status}\r\n\r\n".encode() + answer, 0.0, origin, time.time())

    def _space(self, path: str) -> str:
        return f"/spaces/{quote(self.space, safe='')}/{path}"

    def _do(self, method: str, path: str, body: object | None = None) -> Any:
        status, answer = self.call(method, path, body)
        if status >= 400:
            raise ControlError(f"{method} {self.root}{path}: HTTP {status} {answer}")
        return answer

    def probe(self) -> frozenset[str]:
        """Find out what the API offers; raises :class:`ControlError` when it isn't there."""
        status, _ = self.call("GET", "/health")
        if status != 200:
            raise ControlError(f"{self.root}/health: HTTP {status}")
        answers = {name: self.call("GET", self._space(path))[0] for name, path in PROBES.items()}
        if {401, 403} & set(answers.values()):
            raise ControlError(f"{self.root} wants its token (--token, or KOBIKOM_CONTROL__TOKEN)")
        offered = {name for name, status in answers.items() if status == 200}
        if not offered and self.space != "default":
            raise ControlError(f"{self.root} has no space {self.space!r}")
        self.capabilities = frozenset(offered | {"reset"})
        return self.capabilities

    def reset(self) -> None:
        """Back to how the space started."""
        status, _ = self.call("POST", self._space("reset"))
        if status >= 400:
            self._do("POST", "/reset")
        if self.watcher is not None:
            self.watcher.everything_changed()

    def set_credit(self, user: str, credit: Decimal) -> None:
        """Set an account's credit, to three decimals."""
        self._do("PATCH", self._space(f"accounts/{quote(user, safe='')}"), {"credit": f"{credit:.3f}"})
        if self.watcher is not None:
            self.watcher.credit_was_set(user)

    def credit(self, user: str) -> Decimal | None:
        """An account's credit, exactly; None when the API does not show it."""
        status, answer = self.call("GET", self._space(f"accounts/{quote(user, safe='')}"))
        text = answer.get("credit") if status == 200 and isinstance(answer, dict) else None
        try:
            return Decimal(text) if isinstance(text, str) else None
        except InvalidOperation:
            return None

    def put_account(self, user: str, password: str, credit: Decimal, titles: list[str]) -> None:
        """Create (or replace) an account; :meth:`restore` deletes it again."""
        self._created.add(user)
        self._do(
            "PUT",
            self._space(f"accounts/{quote(user, safe='')}"),
            {"password": password, "credit": f"{credit:.3f}", "titles": titles},
        )
        if self.watcher is not None:
            self.watcher.account_was_made(user)

    def advance(self, seconds: int) -> None:
        """Move the space's clock forward."""
        self._do("POST", self._space("clock"), {"advance": seconds})
        if self.watcher is not None:
            self.watcher.time_was_moved(seconds)

    def restore(self, user: str, credit: Decimal | None, *, now: datetime | None) -> None:
        """Put credit and clock back to these values (None: leave it), delete created accounts, disarm faults."""
        self.watcher = None
        self.transcript = None
        if self._armed:
            self.disarm()
        for other in self._created:
            self.call("DELETE", self._space(f"accounts/{quote(other, safe='')}"))
        self._created.clear()
        if now is not None:
            self.call("POST", self._space("clock"), {"set": now.isoformat()})
        if credit is not None and "accounts" in self.capabilities:
            self.set_credit(user, credit)

    def now(self, *, recorded: bool = False) -> datetime | None:
        """What the space's clock shows; None when it has none or its answer holds no instant.

        The call is left out of the transcript, unless it is to be ``recorded``.
        """
        if "clock" not in self.capabilities:
            return None
        transcript = self.transcript
        if not recorded:
            self.transcript = None
        try:
            answer = self._do("GET", self._space("clock"))
        finally:
            self.transcript = transcript
        text = answer.get("now") if isinstance(answer, dict) else None
        try:
            return datetime.fromisoformat(text) if isinstance(text, str) else None
        except ValueError:
            return None

    def message_text(self, message_id: str) -> str | None:
        """The text of a message as the space shows it; None when it shows none."""
        text = (self.message(message_id) or {}).get("text")
        return text if isinstance(text, str) else None

    def message(self, message_id: str) -> dict[str, Any] | None:
        """A message as the space shows it; None when it shows none."""
        status, answer = self.call("GET", self._space(f"messages/{quote(message_id, safe='')}"))
        return answer if status == 200 and isinstance(answer, dict) else None

    def drained(self) -> bool:
        """Wait until the space has handled its answered pushes; False when it cannot tell."""
        status, _ = self.call("POST", self._space("drain"))
        return status < 400

    def provoke(self, user: str, code: int, *, scope: str) -> None:
        """Arm a fault rule: the user's next send gets a code, as a whole (``request``) or for a ``recipient``."""
        rule = {
            "match": {"operation": "send", "user": user},
            "when": {"times": 1},
            "effect": {"kind": "status", "code": code, "scope": scope},
        }
        self._armed = True
        self._do("POST", self._space("faults"), rule)
        if self.watcher is not None:
            self.watcher.faults_were_armed(True)

    def disarm(self) -> None:
        """Remove every fault rule."""
        self._do("DELETE", self._space("faults"))
        if self.watcher is not None:
            self.watcher.faults_were_armed(False)
        self._armed = False
