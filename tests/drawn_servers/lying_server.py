"""The controlled paper server that tells one lie, and keeps count of how often the lie could be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from deviant_servers.controlled_server import ControlledServer
from paper_server import dialect
from paper_server.dialect import Report, Result
from paper_server.messages import Request, Response
from paper_server.numbers import Outcome
from paper_server.orders import Order, read_order
from paper_server.request_document import Node
from paper_server.world import Account, Message

from drawn_servers.scene import Line, Past, Scene, document_of, lines_of, operation_of, query_of

Telling = Callable[[Scene], bool]
"""Tells a lie if its condition holds; True when something changed that a client could see."""


class LyingServer(ControlledServer):
    """Honest but for ``telling``, which is called with every exchange after the honest server has answered.

    ``touched`` counts the exchanges that it changed.
    """

    def __init__(self, telling: Telling, **options: Any) -> None:
        super().__init__(**options)
        self.telling = telling
        self.touched = 0
        self.past = Past()
        self.later: list[tuple[Callable[[LyingServer], bool], Callable[[], bool]]] = []
        """What is still to be done to the state: when, and what; it says whether it changed anything."""
        self._replaced: list[Message] = []  # kept, so that no other message gets the identity of one of them
        self._results: list[Result] = []
        self._reports: list[Report] = []
        self._pulled: list[Message] = []
        honest_send, honest_pull = self.world.send, self.world.pull

        def send(account: Account, root: Node) -> list[Result]:
            self._results = honest_send(account, root)
            return self._results

        def pull(account: Account, ids: frozenset[str] | None, appid: str) -> list[Report]:
            waiting = list(account.waiting)
            self._reports = honest_pull(account, ids, appid)
            left = {id(one) for one in account.waiting}
            gone = [one for one in waiting if id(one) not in left]
            if self.readings.choices.ties_reversed:
                gone.reverse()
            self._pulled = sorted(gone, key=lambda one: one.done)
            return self._reports

        self.world.send, self.world.pull = send, pull  # type: ignore[method-assign]

    def respond(self, request: Request) -> Response:
        """The honest answer, or what the lie makes of it; control calls are always answered honestly."""
        if request.target.startswith("/_emulator/") or self.faults:
            if request.target.endswith("/clock") and request.method == "POST":
                self.past.after.add("the clock moved")
            return super().respond(request)
        self._do_what_is_due()
        scene = self._scene(request)
        self.past.requests[scene.operation] += 1
        self.past.requests["any"] += 1
        self.past.seen[request.body or request.target.encode()] += 1
        if self.telling(scene):
            self.touched += 1
        self._remember(scene)
        return scene.response

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def _do_what_is_due(self) -> None:
        due = [one for one in self.later if one[0](self)]
        self.later = [one for one in self.later if one not in due]
        for _, action in due:
            if action():
                self.touched += 1

    def _scene(self, request: Request) -> Scene:
        root = document_of(request)
        operation, query = operation_of(request, root), query_of(request)
        account = self._account(root, query, operation)
        credit = account.credit if account is not None else Decimal(0)
        waiting = list(account.waiting) if account is not None else []
        accepted, self._results, self._reports, self._pulled = len(self.world.messages), [], [], []
        response = super().respond(request)
        scene = Scene(self, request, operation, root, query, self.past, self.now, response, account, credit, waiting)
        scene.results, scene.reports, scene.pulled = list(self._results), list(self._reports), list(self._pulled)
        if root is not None and operation == "send":
            new = self.world.messages[accepted:]
            scene.lines = lines_of(root, scene.results, new, empty=self.readings.empty_gsm == "refuse")
        return scene

    def _account(self, root: Node | None, query: dict[str, str], operation: str) -> Account | None:
        user = query.get("kullanici", "")
        if operation != "pull":
            login = None if root is None else next(root.all("dogrulama"), None)
            user = "" if login is None else login.value("kullanici")
        return self.world.accounts.get(user.strip())

    def _remember(self, scene: Scene) -> None:
        past, account = self.past, scene.account
        statuses = {one.status for one in scene.results}
        if scene.refused:
            past.after.add("a refused request")
            if scene.response.body in (b"5", b"10", b"11") or b"<status>-5</status>" in scene.response.body:
                past.after.add("a refused login")
        if statuses - {0}:
            past.after.add("a refused recipient")
        known = {one.id for one in self.world.messages}
        if scene.operation == "pull" and set(scene.named) - known:
            past.after.add("a pull of unknown ids")
        past.answers[scene.operation] = scene.response.body
        if scene.accepted:
            past.sends.setdefault(scene.request.body, scene.response.body)
        past.used_ids |= {line.recipient.client_id for line in scene.lines}
        if account is None:
            return
        past.given += [(account, one) for one in scene.pulled]
        if scene.operation == "balance" and not scene.refused:
            past.balances[account.user] = scene.response.body
        if scene.accepted:
            past.undo[account.user] = scene.credit_before

    def would_answer(self, request: Request) -> Response:
        """The honest answer to a request, which leaves everything as it was."""
        world = self.world
        kept = {
            user: replace(one, waiting=list(one.waiting), refunds=list(one.refunds), used_ids=set(one.used_ids))
            for user, one in world.accounts.items()
        }
        messages, last = list(world.messages), world._last_id
        tasks, taken = list(self.pusher.tasks), set(self.pusher.taken)
        try:
            return super().respond(request)
        finally:
            for user, one in kept.items():
                account = world.accounts[user]
                account.credit, account.waiting, account.refunds = one.credit, one.waiting, one.refunds
                account.used_ids = one.used_ids
            world.messages, world._last_id = messages, last
            self.pusher.tasks, self.pusher.taken = tasks, taken

    # -- what lies do to the world -----------------------------------------------------------------

    def exchange_message(self, old: Message, new: Message) -> None:
        """Put another message in a message's place, wherever it is kept."""
        self._replaced.append(old)
        self.world.messages = [new if one is old else one for one in self.world.messages]
        for account in self.world.accounts.values():
            account.waiting = [new if one is old else one for one in account.waiting]
            account.refunds = [new if one is old else one for one in account.refunds]
        for task in self.pusher.tasks:
            if task.message is old:
                task.message = new
        if id(old) in self.pusher.taken:
            self.pusher.taken.add(id(new))

    def forget(self, message: Message) -> None:
        """Undo that a message was accepted, its charge aside."""
        self._replaced.append(message)
        self.world.messages = [one for one in self.world.messages if one is not message]
        for account in self.world.accounts.values():
            account.waiting = [one for one in account.waiting if one is not message]
            account.refunds = [one for one in account.refunds if one is not message]
        self.pusher.tasks = [task for task in self.pusher.tasks if task.message is not message]

    def accept(self, scene: Scene, line: Line, outcome: Outcome) -> Result:
        """Accept a recipient that was refused; the result of it."""
        account = scene.account
        assert account is not None
        order = read_order(line.block, titles=account.titles, now=self.now, readings=self.readings)
        account.credit -= account.price * len(order.parts)
        self.world._last_id += 1
        ident = line.recipient.client_id.strip() and line.recipient.client_id
        message = self._report(scene, line, order, outcome, ident or str(self.world._last_id))
        self.world.messages.append(message)
        return Result(0, message.id, line.recipient.number)

    def report_on(self, scene: Scene, line: Line) -> bool:
        """Give a report of a recipient that was refused."""
        if scene.account is None or scene.account.user not in self.world.accounts:
            return False
        order = read_order(line.block, titles=scene.account.titles, now=self.now, readings=self.readings)
        self._report(scene, line, order, Outcome("REJECTED", 500), line.recipient.client_id)
        return True

    def _report(self, scene: Scene, line: Line, order: Order, outcome: Outcome, ident: str) -> Message:
        assert scene.account is not None
        done = self.now + timedelta(seconds=outcome.after or 1)
        number, cost = line.recipient.number, scene.account.price * len(order.parts)
        message = Message(ident, number, order, cost, self.now, done, outcome.status, outcome.gsmerror)
        scene.account.waiting.append(message)
        return message

    def visible(self, amount: Decimal, other: Decimal) -> bool:
        """True when two amounts are written differently."""
        return dialect.printed_amount(amount, self.readings) != dialect.printed_amount(other, self.readings)

    def with_body(self, scene: Scene, body: bytes) -> bool:
        """Answer with another body; True when it is another."""
        changed = body != scene.response.body
        scene.response = replace(scene.response, body=body)
        return changed

    def with_results(self, scene: Scene, results: list[Result]) -> bool:
        """Answer with other results."""
        scene.results = results
        return self.with_body(scene, dialect.send_answer(results, self.readings))

    def with_reports(self, scene: Scene, reports: list[Report]) -> bool:
        """Answer with other reports."""
        scene.reports = reports
        return self.with_body(scene, dialect.reports_answer(reports, self.readings))
