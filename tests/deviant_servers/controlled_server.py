"""The paper server with a clock that can be moved and the part of the control API that the judge uses.

It follows the description of the control API, so that the judge can set credit, create accounts, move
time, read messages and arm faults without the emulator.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from paper_server import Account, PaperServer
from paper_server.dialect import Result, send_answer
from paper_server.httpd import Request, Response, plain
from paper_server.orders import read_order
from paper_server.request_document import read
from paper_server.world import Message

from deviant_servers.pusher import Pusher

START = datetime.fromisoformat("2026-01-31T09:00:00+03:00")
SPACE = "/_emulator/spaces/default/"


class ControlledServer(PaperServer):
    """A paper server that answers ``/_emulator/…`` beside the vendor's paths."""

    def __init__(self, customer: Account = Account(), **options: Any) -> None:  # noqa: B008 - only ever copied
        self.now = START
        self.faults: list[dict[str, Any]] = []
        self.customer = customer
        super().__init__([_copy(customer)], clock=lambda: self.now, **options)
        self.pusher = Pusher(self.world)

    def respond(self, request: Request) -> Response:
        """The control API's answers, or the vendor's under armed faults."""
        if request.target.startswith("/_emulator/"):
            return self.control(request)
        if self.faults and request.method == "POST":
            fault = self.faults.pop(0)
            return self.faulty(request, fault["effect"])
        answer = super().respond(request)
        self.pusher.collect()
        return answer

    def faulty(self, request: Request, effect: dict[str, Any]) -> Response:
        """A send answered with a provoked code."""
        correct = super().respond(request)
        if effect["scope"] == "request":
            return replace(correct, body=send_answer([Result(effect["code"])], self.readings))
        block = next(read(request.body).all("mesajiniz"))
        numbers = [r.number for r in read_order(block, titles=("Kobikom",), now=self.now).recipients]
        return replace(correct, body=send_answer((Result(effect["code"], "", n) for n in numbers), self.readings))

    def control(self, request: Request) -> Response:
        """One call of the control API."""
        body = json.loads(request.body) if request.body else {}
        if request.target == "/_emulator/health":
            return _json({"status": "ok"})
        what, _, rest = request.target.removeprefix(SPACE).partition("/")
        name = unquote(rest)
        match request.method, what:
            case (("PATCH" | "PUT"), "accounts"):
                self.account(name, body)
            case "POST", "clock":
                self.now += timedelta(seconds=body.get("advance", 0))
                self.now = datetime.fromisoformat(body.get("set", self.now.isoformat()))
                self.pusher.run(self.now)
            case "DELETE", "accounts":
                del self.world.accounts[name]
            case "POST", "drain":
                self.pusher.run(self.now)
            case "POST", "reset":
                self.world.accounts = {self.customer.user: _copy(self.customer)}
            case "POST", "faults":
                self.faults.append(body)
            case "DELETE", "faults":
                self.faults.clear()
            case "GET", _:
                return self.look(what, name)
            case _:
                return plain(404)
        return _json({})

    def account(self, name: str, body: dict[str, Any]) -> None:
        """Create an account, or change the credit of one."""
        credit = Decimal(body["credit"])
        if "password" in body:
            titles = tuple(body["titles"])
            self.world.accounts[name] = _copy(self.customer, user=name, password=body["password"], titles=titles)
        self.world.accounts[name].credit = credit

    def look(self, what: str, name: str) -> Response:
        """Everything that GET shows: lists, the clock, a message."""
        if what == "clock":
            return _json({"now": self.now.isoformat()})
        if what == "messages" and name:
            messages = [m for m in self.world.messages if m.id == name]
            return _json(self.shown(messages[0])) if messages else plain(404)
        if what == "accounts" and name in self.world.accounts:
            return _json({"user": name, "credit": str(self.world.accounts[name].credit)})
        return _json([]) if what in {"accounts", "faults", "messages"} else plain(404)

    def shown(self, message: Message) -> dict[str, Any]:
        """A message as the control API shows it."""
        return {
            "id": message.id,
            "to": message.number,
            "text": "".join(map(str, message.order.parts)),
        }


def _copy(account: Account, **changes: Any) -> Account:
    """An account with nothing waiting."""
    return replace(account, waiting=[], refunds=[], used_ids=set(), **changes)


def _json(value: object) -> Response:
    return Response(200, json.dumps(value).encode(), {"Content-Type": "application/json"})
