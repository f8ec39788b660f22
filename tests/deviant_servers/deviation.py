"""A deviation: a server that breaks one statement, and the functions that change requests and answers for it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from paper_server.dialect import Result, send_answer
from paper_server.httpd import Request, Response

from deviant_servers.controlled_server import ControlledServer
from deviant_servers.proxy import CORRECT, HttpBehaviour, Middleware, Proxy, Upstream

Change = Callable[[bytes], bytes]
Test = Callable[[Request], bool]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A server that breaks one statement: the statement, what it does, and other clauses it breaks (``also``).

    ``middleware`` changes requests or answers, ``http`` the behaviour on the connection, ``configure``
    the server itself, and ``patch`` replaces a part of it for as long as it is served.
    """

    statement: str
    behaviour: str
    middleware: Middleware | None = None
    http: HttpBehaviour = CORRECT
    configure: Callable[[ControlledServer], None] | None = None
    patch: Callable[[], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
    also: frozenset[str] = field(default_factory=frozenset)

    @property
    def clause(self) -> str:
        """The clause of the statement."""
        return self.statement.partition(".")[0]

    @property
    def id(self) -> str:
        """The name of its test."""
        return f"{self.statement} {self.behaviour}"

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        """The URL of a server that behaves like this."""
        with self.patch():
            server = ControlledServer()
            if self.configure is not None:
                self.configure(server)
            proxy = Proxy(server.respond, self.middleware, self.http, {"server": server})
            with proxy.listening():
                yield proxy.url


def operation(request: Request) -> str:
    """The operation of a request: send, titles, balance or pull."""
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


def answer_instead(test: Test, answer: bytes | int, **headers: str) -> Middleware:
    """Answer some requests with a body, or an HTTP status, instead."""

    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        if not test(request):
            return ask(request)
        if isinstance(answer, int):
            return Response(answer, b"", headers)
        return Response(200, answer, {"Content-Type": "text/csv;charset= UTF-8", **headers})

    return middleware


def change_request(change: Change, test: Test = always) -> Middleware:
    """Give the server another body than was sent."""

    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        return ask(replace(request, body=change(request.body)) if test(request) else request)

    return middleware


def change_target(change: Callable[[str], str], test: Test = always) -> Middleware:
    """Give the server another target (path and query) than was asked for."""

    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        return ask(replace(request, target=change(request.target)) if test(request) else request)

    return middleware


def change_answer(change: Change, which: str = "", *, only: Callable[[bytes], bool] | None = None) -> Middleware:
    """Change the body of the answers to one operation (or to any)."""

    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        if which not in ("", operation(request)) or (only is not None and not only(answer.body)):
            return answer
        return replace(answer, body=change(answer.body))

    return middleware


def change_status(test: Callable[[bytes], bool], status: int) -> Middleware:
    """Change the HTTP status of some answers."""

    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        return replace(answer, status=status) if test(answer.body) else answer

    return middleware


def performed_twice(test: Test) -> Middleware:
    """Perform some requests twice, as a careless retry does."""

    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        if test(request):
            ask(request)
        return ask(request)

    return middleware


def change_results(change: Callable[[list[Result]], list[Result]], which: str = "send") -> Middleware:
    """Change the results of a send."""

    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        answer = ask(request)
        if operation(request) != which or b"<result>" not in answer.body:
            return answer
        return replace(answer, body=send_answer(change(results(answer.body))))

    return middleware


def results(body: bytes) -> list[Result]:
    """The results in a correct answer to a send."""
    row = re.compile(r"<status>(-?\d+)</status>\s*<messageid>(.*?)</messageid>\s*<destination>(.*?)</d", re.DOTALL)
    return [Result(int(s), _plain(i), _plain(d)) for s, i, d in row.findall(body.decode())]


def _plain(text: str) -> str:
    for name, char in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("amp", "&")):
        text = text.replace(f"&{name};", char)
    return text.replace("&#13;", "\r").replace("&#10;", "\n").replace("&#9;", "\t")


def replacing(old: str, new: str) -> Change:
    """Replace some bytes wherever they occur."""
    return lambda body: body.replace(old.encode(), new.encode())


def substituting(pattern: str, new: str) -> Change:
    """Replace by regular expression."""
    compiled = re.compile(pattern.encode(), re.DOTALL)
    return lambda body: compiled.sub(new.encode(), body)
