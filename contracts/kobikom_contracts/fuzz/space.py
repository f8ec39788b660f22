"""A fresh space for one run of the command: opened, put on its day, looked at, closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kobikom_contracts.control import Control, ControlError

START = "2026-01-31T09:00:00+03:00"
"""When the clock of a space stands still at first."""

ENTRIES = 1000
"""Journal entries and messages that are looked at."""


@dataclass(frozen=True)
class Seen:
    """What the emulator saw in a run: requests oldest first, messages oldest first, and how often each kind of fault
    fired (steps that were done as `step`).
    """

    entries: tuple[Mapping[str, Any], ...] = ()
    messages: tuple[Mapping[str, Any], ...] = ()
    fired: Mapping[str, int] = field(default_factory=dict)

    @property
    def operations(self) -> frozenset[str]:
        """The operations that were requested."""
        return frozenset(entry["operation"] for entry in self.entries)


@dataclass(frozen=True)
class Space:
    """An open space. `environment` is what the command is given."""

    control: Control
    view: Mapping[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        """Where the command finds the service, and the control API of its space."""
        account = self.view["accounts"][0]
        return {
            "KOBIKOM_URL": self.view["base_url"],
            "KOBIKOM_USER": account["user"],
            "KOBIKOM_PASSWORD": account["password"],
            "KOBIKOM_CONTROL": f"{self.control.root}/spaces/{self.view['name']}",
        }

    def play(self, document: Mapping[str, Any]) -> None:
        """Put the space on a day; `ControlError` where the server does not know such a day."""
        _ask(self.control, "POST", f"/spaces/{self.view['name']}/scenario", document)

    def seen(self) -> Seen:
        """What the emulator saw until now."""
        path = f"/spaces/{self.view['name']}"
        entries = _ask(self.control, "GET", f"{path}/journal?limit={ENTRIES}")["entries"]
        messages = _ask(self.control, "GET", f"{path}/messages?limit={ENTRIES}")["messages"]
        faults = _ask(self.control, "GET", f"{path}/faults")
        fired = dict(faults["fired"])
        if steps := faults.get("steps"):
            fired["step"] = sum(step["done"] for step in steps)
        return Seen(tuple(entries[::-1]), tuple(messages[::-1]), fired)


@contextmanager
def fresh_space(url: str, *, token: str = "", clock: str = START, seed: int = 0) -> Iterator[Space]:
    """A new space of the server, closed afterwards. `clock` is an instant at which it stands, or `running`."""
    control = Control(url, token=token)
    wanted: dict[str, Any] = {"seed": seed}
    if clock != "running":
        wanted["clock"] = {"set": clock, "freeze": True}
    view = _ask(control, "POST", "/spaces", wanted)
    try:
        yield Space(control, view)
    finally:
        control.call("DELETE", f"/spaces/{view['name']}")


def _ask(control: Control, method: str, path: str, body: object | None = None) -> Any:
    status, answer = control.call(method, path, body)
    if status >= 400:
        detail = answer.get("detail") if isinstance(answer, dict) else answer
        raise ControlError(f"{method} {control.root}{path}: HTTP {status} {detail}")
    return answer
