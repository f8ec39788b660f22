"""A handle on a whole server: open spaces in it, list them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Self

from kobikom_emulator.driver.space import DEFAULT, Kobikom
from kobikom_emulator.driver.transport import InProcess, InProcessEmulator, OverHttp, Transport, ask, segment


class KobikomServer:
    """A server, in this process or elsewhere. `url` is what stands before `/api/sendsms/xml/`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.url = transport.url

    @classmethod
    def at(cls, url: str, *, token: str = "") -> Self:
        """A server in another process, by its address; `token` is its `control.token`. ValueError: no such address."""
        return cls(OverHttp(url, token=token))

    @classmethod
    def of(cls, emulator: InProcessEmulator) -> Self:
        """An `Emulator` of this process."""
        return cls(InProcess(emulator))

    def __repr__(self) -> str:
        return f"<KobikomServer {self.url}>"

    def open(
        self,
        *,
        name: str = "",
        seed: int | None = None,
        clock: str | Mapping[str, Any] | None = None,
        accounts: Sequence[Mapping[str, Any]] | None = None,
        readings: Mapping[str, str] | None = None,
        magic_numbers: bool | None = None,
        delivery: Mapping[str, Any] | None = None,
        limits: Mapping[str, int] | None = None,
        faults: Sequence[Mapping[str, Any]] | None = None,
        **more: Any,
    ) -> Kobikom:
        """Open a space; what is left out is as the server's settings say.

        `clock` is an instant with its zone, at which the clock stands still, or what `POST …/clock` takes, or
        "running". `readings` by name, with dashes or underscores. `more` are the other fields of `POST /spaces`:
        `account_defaults`, `messages`, `retention`, `steps`, `webhooks` (give each a `secret`: a generated one is not
        shown later). `ControlRefused` if one is wrong or in use.
        """
        choices = {"seed": seed, "accounts": accounts, "magic_numbers": magic_numbers, "delivery": delivery}
        body = {
            field: value
            for field, value in {**choices, "limits": limits, "faults": faults, **more}.items()
            if value is not None
        }
        if name:
            body["name"] = name
        if clock is not None:
            running, standing = {"freeze": False}, {"set": clock, "freeze": True}
            body["clock"] = running if clock == "running" else standing if isinstance(clock, str) else clock
        if readings:
            body["readings"] = {name.replace("_", "-"): value for name, value in readings.items()}
        return Kobikom(self._transport, ask(self._transport, "POST", "/spaces", body))

    @cached_property
    def clock_start(self) -> str:
        """`clock.start` of the server's settings, at which the clock of a new space stands; "" where it runs."""
        clock = self.space().beginning["clock"]
        return str(clock["at"]) if clock["frozen"] and clock["at"] else ""

    def space(self, name: str = DEFAULT) -> Kobikom:
        """A space that is open already."""
        return Kobikom(self._transport, ask(self._transport, "GET", f"/spaces/{segment(name)}"))

    @property
    def spaces(self) -> list[str]:
        """The names of the open spaces."""
        return [space["name"] for space in ask(self._transport, "GET", "/spaces")["spaces"]]

    def close(self) -> None:
        """Close the connections to the server; it keeps running."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
