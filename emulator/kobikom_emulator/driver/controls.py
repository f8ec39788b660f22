"""The clock and the faults of a space."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Self

Ask = Callable[..., Any]
"""`ask(method, path, body, wait=…)`: a request to the control API, `path` below the space; the JSON of its answer."""


class ClockControl:
    """The time of the space: dates, delivery, validity, schedules and pushes follow it."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def now(self) -> datetime:
        """The space's time, aware."""
        return datetime.fromisoformat(self._ask("GET", "/clock")["now"])

    @property
    def frozen(self) -> bool:
        return bool(self._ask("GET", "/clock")["frozen"])

    @property
    def ended(self) -> bool:
        """Whether the time has come to the end of the year 9998, where it stays until it is set back."""
        return bool(self._ask("GET", "/clock")["ended"])

    def advance(self, by: float | timedelta) -> datetime:
        """Move forward by seconds or a timedelta; the new time."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        return self._change(advance=seconds)

    def set(self, instant: datetime | str) -> datetime:
        """Set an instant with its zone, an earlier one too; the new time."""
        return self._change(set=instant if isinstance(instant, str) else instant.isoformat())

    def freeze(self) -> datetime:
        """Stop the time; the time at which it stands."""
        return self._change(freeze=True)

    def run(self, *, rate: float | None = None) -> datetime:
        """Let the time run, `rate` seconds of the space for each real second; the time now."""
        return self._change(freeze=False) if rate is None else self._change(freeze=False, rate=rate)

    def _change(self, **change: Any) -> datetime:
        return datetime.fromisoformat(self._ask("POST", "/clock", change)["now"])


class Fault:
    """An armed rule. `matched` and `fired` are read from the server each time; the end of a `with` block disarms it."""

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

    def wait_until_held(self, count: int = 1, *, timeout: float = 5.0) -> int:
        """Return once it holds `count` answers, as `stall_next` arms it to; how many.

        `ControlRefused` (408) after `timeout` real seconds, (404) as soon as it is disarmed.
        """
        body = {"count": count, "timeout": timeout}
        return int(self._ask("POST", f"/faults/{self.id}/held", body, wait=timeout)["held"])

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
    """The fault rules of the space. Each method arms one and returns it."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def arm(
        self,
        effect: Mapping[str, Any],
        *,
        match: Mapping[str, Any] | None = None,
        when: Mapping[str, Any] | None = None,
    ) -> Fault:
        """Arm any rule, written as for `POST …/faults`; `ControlRefused` if it is invalid or could never match."""
        rule = {"effect": effect, "match": match or {}, "when": when or {}}
        return Fault(self._ask, self._ask("POST", "/faults", rule))

    def fail_next(self, code: int, *, times: int = 1, operation: str = "send", **match: str) -> Fault:
        """Let the next `times` requests fail with a status code.

        With `to`, a pattern on numbers, only those recipients fail and the others are accepted. `text`, `title` and
        `user` are conditions too.
        """
        scope = "recipient" if "to" in match else "request"
        effect = {"kind": "status", "code": code, "scope": scope}
        return self.arm(effect, match={"operation": operation, **match}, when={"times": times})

    def lose_next_answer(self, *, times: int = 1, operation: str = "send", **match: str) -> Fault:
        """Carry the next request out and charge for it, but close the connection without an answer."""
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

    def stall_next(self, *, times: int = 1, operation: str = "send", **match: str) -> Fault:
        """Carry the next request out, but hold its answer until the client gives up or `Kobikom.release` is called."""
        return self._next({"kind": "stall", "moment": "after"}, times, operation, match)

    def armed(self) -> list[Fault]:
        """The rules that are armed, in the order in which they are tried."""
        return [Fault(self._ask, armed) for armed in self._ask("GET", "/faults")["faults"]]

    def clear(self) -> None:
        """Disarm every rule, and the steps of scenarios that have not come."""
        self._ask("DELETE", "/faults")
