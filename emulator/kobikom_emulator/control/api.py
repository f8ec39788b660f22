"""The control API as a whole: its operations, and how a request gets to one."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from kobikom_emulator.control import controls, events, journal, ledger, messages, openapi
from kobikom_emulator.control.accounts import AccountDesk
from kobikom_emulator.control.guard import Guard
from kobikom_emulator.control.models import (
    Accounts,
    AccountTerms,
    AccountView,
    ArmedView,
    ClockRequest,
    ClockView,
    Done,
    DrainRequest,
    EntryDetail,
    FaultList,
    Health,
    JournalPage,
    JournalQuery,
    Ledger,
    LedgerQuery,
    Matches,
    MessageDetail,
    MessagePage,
    MessagesQuery,
    OutcomeRequest,
    PreviewView,
    Pulse,
    ReadingList,
    Scenario,
    SpaceList,
    SpaceRequest,
    SpaceView,
    SummaryPage,
    WaitRequest,
)
from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import Call, Handler, Operation, Router, as_json, read_query
from kobikom_emulator.control.spaces import SpaceDesk
from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.operations.state import State
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry
from kobikom_emulator.space.space import Space

ROOT = "/_emulator"
_WITHOUT_CHANGE = frozenset({"waitForMessages", "drain", "previewFault"})
_SPACE = f"{ROOT}/spaces/{{space}}"

_HOST = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)

SpaceHandler = Callable[[Space, Call], Awaitable[Answer]]


class ControlApi:
    """Answers requests under `/_emulator/`. `version` is the distribution's; `base_url` the server's own URL,
    `run` a word that tells this run of the server from others.
    """

    def __init__(self, spaces: SpaceRegistry, *, version: str, base_url: str, guard: Guard, run: str = "") -> None:
        self._spaces = spaces
        self._version = version
        self._run = run
        self._guard = guard
        self.base_url = base_url
        self._router = Router(self._operations())
        self._document: Answer | None = None

    async def answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Answer one request; whatever is wrong with it is a problem document."""
        path, _, query = target.partition("?")
        try:
            if path != f"{ROOT}/health":
                self._guard.check(method, headers)
            operation, parameters = self._router.find(method, path.rstrip("/"))
            call = Call(parameters, read_query(query, operation.query), body, self._url_for(headers))
            return await operation.handler(call)
        except Problem as problem:
            return problem.answer()

    def _url_for(self, headers: Mapping[str, str]) -> str:
        """The server's URL as this client knows it: in a container the server's own idea of it is of no use outside."""
        host = headers.get("Host", "")
        return f"http://{host}" if _HOST.fullmatch(host) else self.base_url

    def _in_space(self, handler: SpaceHandler, *, changes: bool) -> Handler:
        async def handle(call: Call) -> Answer:
            name = call.path.get("space", DEFAULT)
            space = self._spaces.named(name)
            if space is None:
                raise Problem(404, f"there is no space {name!r}")
            answer = await handler(space, call)
            if changes:
                space.changed.notify()
            return answer

        return handle

    async def _health(self, _: Call) -> Answer:
        return as_json(Health("ok", self._version))

    async def _events(self, space: Space, _: Call) -> Answer:
        return events.answer(space, server=self._run, is_open=lambda: self._spaces.named(space.name) is space)

    async def _openapi(self, _: Call) -> Answer:
        if self._document is None:
            self._document = as_json(openapi.document(self._router.operations, version=self._version))
        return self._document

    def _operations(self) -> list[Operation]:
        spaces, accounts = SpaceDesk(self._spaces), AccountDesk(self._spaces)

        def on(
            method: str,
            path: str,
            handler: SpaceHandler,
            name: str,
            summary: str,
            answers: Mapping[int, Any],
            **more: Any,
        ) -> Operation:
            changes = method != "GET" and name not in _WITHOUT_CHANGE
            found = {400, *more.pop("problems", ())} | ({422} if "body" in more else set())
            problems = tuple(sorted(found | ({404} if "{" in path else set())))
            return Operation(
                method, path, self._in_space(handler, changes=changes), name, summary, answers,
                problems=problems, **more,
            )  # fmt: skip

        account = f"{_SPACE}/accounts/{{user}}"
        message = f"{_SPACE}/messages/{{message}}"
        return [
            Operation("GET", f"{ROOT}/health", self._health, "health", "Whether the emulator answers.", {200: Health},
                      (400,)),
            Operation(
                "GET", f"{ROOT}/openapi.json", self._openapi, "openapi", "This document.", {200: dict[str, Any]},
                (400,),
            ),
            Operation(
                "GET", f"{ROOT}/spaces", spaces.list, "listSpaces", "The open spaces.", {200: SpaceList}, (400,),
            ),
            Operation(
                "POST", f"{ROOT}/spaces", spaces.open, "openSpace", "Open a private Kobikom.", {201: SpaceView},
                (400, 409, 422), body=SpaceRequest,
            ),
            on("GET", _SPACE, spaces.show, "showSpace", "A space.", {200: SpaceView}),
            on("DELETE", _SPACE, spaces.close, "closeSpace", "Close a space.", {204: None}, problems=(409,)),
            on("POST", f"{_SPACE}/reset", spaces.reset, "resetSpace", "Begin a space anew.", {200: Done}),
            on("GET", f"{_SPACE}/state", spaces.take, "takeState", "A space as one value.", {200: State}),
            on("PUT", f"{_SPACE}/state", spaces.put, "putState", "Make a space what a state says.", {200: Done},
               body=State, problems=(409,)),
            on("POST", f"{_SPACE}/state", controls.play, "playScenario", "Let a scenario begin.", {200: Done},
               body=Scenario),
            on("GET", f"{_SPACE}/accounts", accounts.list, "listAccounts", "The accounts.", {200: Accounts}),
            on("GET", account, accounts.show, "showAccount", "An account as it is now.", {200: AccountView}),
            on("PUT", account, accounts.put, "putAccount", "Open an account, or set all of its terms.",
               {200: AccountView, 201: AccountView}, body=AccountTerms, problems=(409,)),
            on("PATCH", account, accounts.patch, "patchAccount", "Change terms of an account.", {200: AccountView},
               body=AccountTerms),
            on("DELETE", account, accounts.delete, "closeAccount", "Close an account.", {204: None}),
            on("GET", f"{_SPACE}/messages", messages.list_messages, "listMessages", "Messages, newest first.",
               {200: MessagePage}, query=MessagesQuery),
            on("POST", f"{_SPACE}/messages/wait", messages.wait, "waitForMessages", "Wait for messages that match.",
               {200: Matches}, body=WaitRequest, problems=(408,)),
            on("GET", message, messages.show_message, "showMessage", "A message in detail.", {200: MessageDetail}),
            on("POST", f"{message}/outcome", messages.force_outcome, "forceOutcome", "Decide how a message ends.",
               {200: MessageDetail}, body=OutcomeRequest, problems=(409,)),
            on("POST", f"{_SPACE}/drain", messages.drain, "drain", "Wait until nothing is under way.", {200: Done},
               body=DrainRequest, problems=(408,)),
            on("GET", f"{_SPACE}/clock", controls.show_clock, "showClock", "The time of a space.", {200: ClockView}),
            on("POST", f"{_SPACE}/clock", controls.turn_clock, "turnClock", "Move the time of a space.",
               {200: ClockView}, body=ClockRequest),
            on("GET", f"{_SPACE}/faults", controls.list_faults, "listFaults", "The armed rules.", {200: FaultList}),
            on("POST", f"{_SPACE}/faults", controls.arm_fault, "armFault", "Arm a rule.", {201: ArmedView}, body=Rule),
            on("DELETE", f"{_SPACE}/faults", controls.clear_faults, "clearFaults", "Disarm every rule.", {204: None}),
            on("DELETE", f"{_SPACE}/faults/{{fault}}", controls.disarm_fault, "disarmFault", "Disarm a rule.",
               {204: None}),
            on("POST", f"{_SPACE}/faults/preview", controls.preview_fault, "previewFault",
               "Which requests a rule would have matched.", {200: PreviewView}, body=Rule),
            on("GET", f"{_SPACE}/readings", controls.list_readings, "listReadings", "The readings.",
               {200: ReadingList}),
            on("PATCH", f"{_SPACE}/readings", controls.change_readings, "changeReadings", "Choose readings.",
               {200: ReadingList}, body=dict[str, str]),
            on("GET", f"{_SPACE}/journal", journal.page, "readJournal", "What was asked, answered and why.",
               {200: JournalPage}, query=JournalQuery),
            on("GET", f"{_SPACE}/journal/{{entry}}", journal.show, "showEntry", "An entry of the journal.",
               {200: EntryDetail}),
            on("GET", f"{_SPACE}/requests", journal.summaries, "listRequests", "The journal in short.",
               {200: SummaryPage}, query=JournalQuery),
            on("GET", f"{_SPACE}/ledger", ledger.show, "showLedger", "Charges and refunds, newest first.",
               {200: Ledger}, query=LedgerQuery),
            on("GET", f"{_SPACE}/events", self._events, "followEvents", "Server-sent events: one after each change.",
               {200: Pulse}, content_type="text/event-stream"),
            # Short ways to the default space.
            on("GET", f"{ROOT}/journal", journal.page, "readDefaultJournal", "The journal of the default space.",
               {200: JournalPage}, query=JournalQuery),
            on("POST", f"{ROOT}/reset", spaces.reset, "resetDefault", "Begin the default space anew.", {200: Done}),
        ]  # fmt: skip
