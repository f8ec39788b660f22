"""The clock and the faults of a space."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Self

Ask = Callable[..., Any]
"""`ask(method, path below the space, body)`: the JSON that the control API answers."""


class ClockControl:
    """The time of the space: it reaches every date, plan, validity, schedule and push."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def now(self) -> datetime:
        """The space's time, aware."""
        return datetime.fromisoformat(self._ask("GET", "/clock")["now"])

    @property
    def frozen(self) -> bool:
        return bool(self._ask("GET", "/clock")["frozen"])

    def advance(self, by: float | timedelta) -> datetime:
        """Move forward by seconds or a timedelta; the new time."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        return self._turn(advance=seconds)

    def set(self, instant: datetime | str) -> datetime:
        """Stand at an instant with its zone, earlier ones included; the new time."""
        return self._turn(set=instant if isinstance(instant, str) else instant.isoformat())

    def freeze(self) -> datetime:
        return self._turn(freeze=True)

    def run(self, *, rate: float | None = None) -> datetime:
        """Let it run on, at `rate` seconds of the space a real second."""
        return self._turn(freeze=False) if rate is None else self._turn(freeze=False, rate=rate)

    def _turn(self, **wanted: Any) -> datetime:
        return datetime.fromisoformat(self._ask("POST", "/clock", wanted)["now"])


class Fault:
    """An armed rule. `matched` and `fired` are asked anew each time; as a context manager it is disarmed at the end."""

    def __init__(self, ask: Ask, armed: Mapping[str, Any]) -> None:
        self._ask = ask
        self.id: int = armed["id"]
        self.rule: Mapping[str, Any] = armed["rule"]

    @property
    def matched(self) -> int:
        """How many requests it matched."""
        return int(self._view()["matched"])

    @property
    def fired(self) -> int:
        """How often it did something."""
        return int(self._view()["fired"])

    def disarm(self) -> None:
        self._ask("DELETE", f"/faults/{self.id}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.disarm()

    def _view(self) -> Mapping[str, Any]:
        for armed in self._ask("GET", "/faults")["faults"]:
            if armed["id"] == self.id:
                return dict(armed)
        raise LookupError(f"fault {self.id} is not armed any more")


class FaultControl:
    """What goes wrong in the space, how often and for whom. Each method arms a rule and gives it back."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def arm(
        self,
        effect: Mapping[str, Any],
        *,
        match: Mapping[str, Any] | None = None,
        when: Mapping[str, Any] | None = None,
    ) -> Fault:
        """Arm any rule, in the control API's words; `ControlRefused` if it could never do anything."""
        rule = {"effect": effect, "match": match or {}, "when": when or {}}
        return Fault(self._ask, self._ask("POST", "/faults", rule))

    def fail_next(self, code: int, *, times: int = 1, operation: str = "send", **match: str) -> Fault:
        """Let the next requests (`times` of them) fail with a status code.

        With `to`, a glob on numbers, only those recipients fail, the others go on. `text`, `title` and `user` narrow it
        down too.
        """
        scope = "recipient" if "to" in match else "request"
        effect = {"kind": "status", "code": code, "scope": scope}
        return self.arm(effect, match={"operation": operation, **match}, when={"times": times})

    def lose_next_answer(self, *, times: int = 1, operation: str = "send", **match: str) -> Fault:
        """Carry the next request out, charge for it, and close the connection without an answer."""
        return self._next({"kind": "drop", "moment": "after"}, times, operation, match)

    def drop_next(self, *, times: int = 1, operation: str = "send", **match: str) -> Fault:
        """Close the connection of the next request without carrying it out."""
        return self._next({"kind": "drop", "moment": "before"}, times, operation, match)

    def delay_next(self, seconds: float, *, times: int = 1, operation: str = "send", **match: str) -> Fault:
        """Answer the next request late, by real seconds."""
        return self._next({"kind": "delay", "seconds": seconds}, times, operation, match)

    def http_error_next(self, status: int, *, times: int = 1, operation: str = "send", **match: str) -> Fault:
        """Answer the next request with an HTTP error instead of carrying it out."""
        return self._next({"kind": "http", "status": status}, times, operation, match)

    def _next(self, effect: Mapping[str, Any], times: int, operation: str, match: Mapping[str, str]) -> Fault:
        return self.arm(effect, match={"operation": operation, **match}, when={"times": times})

    def armed(self) -> list[Fault]:
        return [Fault(self._ask, each) for each in self._ask("GET", "/faults")["faults"]]

    def clear(self) -> None:
        """Disarm everything."""
        self._ask("DELETE", "/faults")
