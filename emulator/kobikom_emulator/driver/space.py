"""A handle on one space: its messages, reports, clock, faults, accounts, ledger and journal."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol, Self
from urllib.parse import urlencode

from kobikom_emulator.driver import failures
from kobikom_emulator.driver.controls import ClockControl, Fault, FaultControl
from kobikom_emulator.driver.coroutines import KobikomCoroutines
from kobikom_emulator.driver.messages import PAGE, SpaceMessages
from kobikom_emulator.driver.played import Played, fired_kinds
from kobikom_emulator.driver.transport import ControlRefused, Transport, ask_space, read_file, segment
from kobikom_emulator.driver.values import Account, Entry, LedgerLine
from kobikom_emulator.driver.webhooks import WebhookControl

DEFAULT = "default"


class HasDocument(Protocol):
    """A scenario as `kobikom_contracts.scenarios()` draws it."""

    def document(self) -> Mapping[str, Any]: ...


class Kobikom(SpaceMessages):
    """A whole private Kobikom. Code under test gets `base_url`, `user` and `password`.

    The credentials lead to this space at the server's plain `url` too. Conditions on messages are `to`, `title` and
    `text` (patterns, in which `*` and `?` are wild: `90532*`, `*1234*`), `status` and `user`; all of them have to hold.
    A number is found however it is written. An unknown condition is a TypeError, a wrong value `ControlRefused`.

    As a context manager it closes the space, and adds the journal to an exception that leaves the block.
    """

    def __init__(self, transport: Transport, view: Mapping[str, Any]) -> None:
        self.name: str = view["name"]
        self.seed: int = view["seed"]
        self.url = transport.url
        self.base_url = self.url if self.name == DEFAULT else f"{self.url}/s/{self.name}"
        accounts = [Account.read(each) for each in view["accounts"]]
        self.user = accounts[0].user if accounts else ""
        self.password = accounts[0].password if accounts else ""
        # The parts do not refer to the handle: without a reference cycle the connections close with the last reference.
        self._ask = partial(ask_space, transport, self.name)
        self.clock = ClockControl(self._ask)
        self._read_file = partial(read_file, transport, self.name)
        self.faults = FaultControl(self._ask)
        self.scenario: Mapping[str, Any] | None = None
        self.closed = False
        self._playing: str | None = None
        self._played: list[Played] = []
        self._counted: Mapping[str, int] = {}
        self._recent: deque[Mapping[str, Any]] = deque(maxlen=10)

    def __repr__(self) -> str:
        return f"<Kobikom {self.base_url} user={self.user!r}>"

    @property
    def aio(self) -> KobikomCoroutines:
        """The methods that may take long, as coroutines."""
        return KobikomCoroutines(self)

    def lose_next_answer(self) -> Fault:
        """Carry the next send out and charge for it, but close the connection without an answer. More: `faults`."""
        return self.faults.lose_next_answer()

    def release(self, count: int = 1, *, timeout: float = 5.0) -> int:
        """Let the answers go that faults of the kind `stall` hold, as soon as `count` are held; how many went.

        `ControlRefused` (408) after `timeout` real seconds.
        """
        body = {"count": count, "timeout": timeout}
        return int(self._ask("POST", "/faults/release", body, wait=timeout)["released"])

    def close_connections(self) -> int:
        """Close every open connection of the clients, without the answers that are not sent yet, as a restart of the
        service does; how many were open.
        """
        return int(self._ask("DELETE", "/connections")["closed"])

    @property
    def fired(self) -> dict[str, int]:
        """How often each kind of fault did something since the space was reset; `step` counts steps that were done."""
        return fired_kinds(self._ask("GET", "/faults"))

    def take_played(self) -> list[Played]:
        """The scenarios that were played since this was called before, with what fired in each."""
        self._keep_played()
        played, self._played = self._played, []
        return played

    def _keep_played(self) -> None:
        """Note what fired in the scenario that was played last, before it is gone."""
        if self._playing is not None:
            name, self._playing = self._playing, None
            fired = self.fired
            new = {kind: count - self._counted.get(kind, 0) for kind, count in fired.items()}
            self._played.append(Played(name, new))
            self._counted = fired

    @property
    def beginning(self) -> Mapping[str, Any]:
        """What the space began with, and a reset restores: clock, readings, limits, delivery, faults, …"""
        beginning: Mapping[str, Any] = self._ask("GET", "")["beginning"]
        return beginning

    @property
    def webhooks(self) -> WebhookControl:
        """Addresses that events of the space are posted to: add, list and remove them."""
        return WebhookControl(self._ask)

    # accounts, ledger, readings, journal

    def account(self, user: str = "", **terms: Any) -> Account:
        """The account (the first one unless `user` names another), after changing the terms that are given.

        Terms: password, credit, currency, titles, price, prices, coverage, delivery, push_url. With terms, a user that
        the space does not have is opened.
        """
        path = f"/accounts/{segment(user or self.user)}"
        if not terms:
            return Account.read(self._ask("GET", path))
        body = json.loads(json.dumps(terms, default=str))
        try:
            return Account.read(self._ask("PATCH", path, body))
        except ControlRefused as refused:
            if refused.status != 404 or not user:
                raise
            return Account.read(self._ask("PUT", path, body))

    @property
    def ledger(self) -> list[LedgerLine]:
        """Everything that changed the credit of the accounts, oldest first."""
        return [LedgerLine.read(view) for view in self._pages("/ledger", "lines", {})][::-1]

    @property
    def readings(self) -> dict[str, str]:
        """The chosen reading of each ambiguous place of the vendor's page, by name."""
        return {reading["name"]: reading["value"] for reading in self._ask("GET", "/readings")["readings"]}

    def set_readings(self, **readings: str) -> None:
        """Choose readings, from the next request on: `set_readings(long_text="split")`."""
        self._ask("PATCH", "/readings", {name.replace("_", "-"): value for name, value in readings.items()})

    @property
    def journal(self) -> list[Entry]:
        """The requests and pushes that are kept, with their answers and explanations, oldest first."""
        entries: list[Entry] = []
        before = ""
        while True:
            page = self._ask("GET", f"/journal?limit={PAGE}{before}")["entries"]
            entries += [Entry.read(view) for view in page]
            if len(page) < PAGE:
                return entries[::-1]
            before = f"&before={page[-1]['id']}"

    def journal_text(self) -> str:
        """The journal as text: a line an entry, with clause and place under each refusal."""
        lines = failures.journal_lines(self.journal)
        return "\n".join([f"space {self.name}, {self.base_url}, user {self.user}", *(lines or ["no request"])])

    def export_journal(self, format: Literal["jsonl", "har"] = "jsonl") -> bytes:  # noqa: A002  # the API's word
        """The journal as a file without passwords, oldest first: JSON Lines, or an HTTP archive that browsers read."""
        return self._read_file(f"/journal?format={format}")

    def export_ledger(self, user: str = "") -> bytes:
        """The ledger as a CSV file with a line of names, newest first: of all accounts, or of one."""
        return self._read_file(f"/ledger?{urlencode({'format': 'csv'} | ({'user': user} if user else {}))}")

    # the space as a whole

    def scenario_text(self) -> str:
        """The scenario that was played last, as the text of a scenario file; "" if none was."""
        return "".join(self.scenario_texts(1))

    def scenario_texts(self, count: int) -> list[str]:
        """The `count` scenarios that were played last (ten at most), different ones only, as the texts of files."""
        texts = [json.dumps(each, indent=2, ensure_ascii=False, default=str) for each in list(self._recent)[-count:]]
        return list(dict.fromkeys(texts))

    def state(self) -> dict[str, Any]:
        """The whole space as one JSON value, without its journal."""
        return dict(self._ask("GET", "/state"))

    def restore(self, state: Mapping[str, Any]) -> None:
        """Replace everything in the space by a state that `state()` returned."""
        self._ask("PUT", "/state", state)

    def play(
        self, scenario: Mapping[str, Any] | HasDocument | str | Path, *, reset: bool = True, **inputs: Any
    ) -> None:
        """Reset the space, so that each example of a property test starts alike, and apply a scenario.

        A scenario is what `kobikom_contracts.scenarios()` draws, its JSON document (a mapping or text), or a file: its
        path. `inputs` are what the test drew besides, for its file: `play(scenario, text=text, numbers=numbers)`.
        """
        document = _document(scenario)
        if inputs:
            plain = json.loads(json.dumps(inputs, default=str))
            document = {**document, "inputs": {**document.get("inputs", {}), **plain}}
        if reset:
            self.reset()
        self._keep_played()
        self._ask("POST", "/scenario", document)
        self.scenario = document
        self._recent.append(document)
        self._playing = document.get("name", "")

    def reset(self) -> None:
        """Forget messages, ledger, faults and journal; accounts, clock, readings and configured faults are as when the
        space was opened.
        """
        self._keep_played()
        self._ask("POST", "/reset")
        self._counted = {}

    def close(self) -> None:
        """Close the space and forget everything in it. The default space stays open."""
        if not self.closed and self.name != DEFAULT:
            self.closed = True
            self._ask("DELETE", "")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Exception):
            error.add_note(f"kobikom journal\n{self.journal_text()}")
        self.close()


def _document(scenario: Mapping[str, Any] | HasDocument | str | Path) -> Mapping[str, Any]:
    if isinstance(scenario, str) and not scenario.lstrip().startswith("{"):
        scenario = Path(scenario)
    if isinstance(scenario, Path):
        scenario = scenario.read_text("utf-8")
    if isinstance(scenario, str):
        document: Mapping[str, Any] = json.loads(scenario)
        return document
    return scenario if isinstance(scenario, Mapping) else scenario.document()
