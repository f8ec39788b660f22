"""Law: what a deviation is, and the few ways to tell a lie; the lies themselves stand elsewhere."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from paper_server.dialect import Result, send_answer
from paper_server.httpd import Request, Response

from teeth.controlled import Controlled
from teeth.front import HONEST, Front, Manners, Middleware, Upstream

Change = Callable[[bytes], bytes]
Test = Callable[[Request], bool]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One lie: the clause that must catch it, a sentence, and others it can't help breaking too.

    ``tell`` lies in front (a middleware), ``manners`` on the wire, ``spoil`` inside the server.
    """

    clause: str
    lie: str
    tell: Middleware | None = None
    manners: Manners = HONEST
    spoil: Callable[[Controlled], None] | None = None
    patch: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
    also: frozenset[str] = field(default_factory=frozenset)

    @property
    def id(self) -> str:
        """For test names."""
        return f"{self.clause} {self.lie}"

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        """The URL of a server that tells this lie."""
        with self.patch():
            server = Controlled()
            if self.spoil is not None:
                self.spoil(server)
            front = Front(server.respond, self.tell, self.manners, {"server": server})
            with front.listening():
                yield front.url


def operation(request: Request) -> str:
    """send, titles, balance or pull."""
    if "/pull" in request.target:
        return "pull"
    lowered = request.body.lower()
    if b"<basliklar" in lowered:
        return "titles"
    return "balance" if b"<bakiye" in lowered else "send"


def has(*words: str) -> Test:
    """True of a request whose target or body holds any of the words."""
    return lambda r: any(w.encode() in r.body or w in r.target for w in words)


def always(_: Request) -> bool:
    """True of any request."""
    return True


def code(number: int) -> bytes:
    """The refusal document with a code."""
    return send_answer([Result(number)])


def instead(test: Test, answer: bytes | int, **headers: str) -> Middleware:
    """Answer something else when a request is so: a body, or an HTTP status."""

    def tell(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        if not test(request):
            return ask(request)
        if isinstance(answer, int):
            return Response(answer, b"", headers)
        return Response(200, answer, {"Content-Type": "text/csv;charset= UTF-8", **headers})

    return tell


def heard(change: Change, test: Test = always) -> Middleware:
    """Hear another body than was sent."""

    def tell(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        return ask(replace(request, body=change(request.body)) if test(request) else request)

    return tell


def aimed(change: Callable[[str], str], test: Test = always) -> Middleware:
    """Hear another target (path and query) than was asked for."""

    def tell(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        return ask(replace(request, target=change(request.target)) if test(request) else request)

    return tell


def told(change: Change, which: str = "", *, only: Callable[[bytes], bool] | None = None) -> Middleware:
    """Tell another body than the honest one, of one operation (or of any)."""

    def tell(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        if which not in ("", operation(request)) or (only is not None and not only(answer.body)):
            return answer
        return replace(answer, body=change(answer.body))

    return tell


def status_for(test: Callable[[bytes], bool], status: int) -> Middleware:
    """Say an honest answer under another HTTP status."""

    def tell(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        return replace(answer, status=status) if test(answer.body) else answer

    return tell


def twice(test: Test) -> Middleware:
    """Do some requests twice, as a careless retry would."""

    def tell(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        if test(request):
            ask(request)
        return ask(request)

    return tell


def mapped(change: Callable[[list[Result]], list[Result]], which: str = "send") -> Middleware:
    """Tell other results than the honest ones of a send."""

    def tell(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        if operation(request) != which or b"<result>" not in answer.body:
            return answer
        return replace(answer, body=send_answer(change(results(answer.body))))

    return tell


def results(body: bytes) -> list[Result]:
    """The results in an honest send answer."""
    row = re.compile(r"<status>(-?\d+)</status><messageid>(.*?)</messageid><destination>(.*?)</d", re.DOTALL)
    return [Result(int(s), _plain(i), _plain(d)) for s, i, d in row.findall(body.decode())]


def _plain(text: str) -> str:
    for name, char in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("amp", "&")):
        text = text.replace(f"&{name};", char)
    return text.replace("&#13;", "\r").replace("&#10;", "\n").replace("&#9;", "\t")


def swap(old: str, new: str) -> Change:
    """Replace some bytes, wherever they stand."""
    return lambda body: body.replace(old.encode(), new.encode())


def resub(pattern: str, new: str) -> Change:
    """Replace by regular expression."""
    compiled = re.compile(pattern.encode(), re.DOTALL)
    return lambda body: compiled.sub(new.encode(), body)
