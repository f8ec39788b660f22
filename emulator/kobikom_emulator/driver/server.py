"""A handle on a whole server: open spaces in it, list them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        magic_numbers: bool = True,
    ) -> Kobikom:
        """Open a space; the server chooses the values that are left out.

        `clock` is an instant with its zone, at which the clock stands still, or what `POST …/clock` takes, or
        "running". `readings` by name, with dashes or underscores. `ControlRefused` if a value is wrong or in use.
        """
        body: dict[str, Any] = {"magic_numbers": magic_numbers}
        if name:
            body["name"] = name
        if seed is not None:
            body["seed"] = seed
        if clock is not None and clock != "running":
            body["clock"] = {"set": clock, "freeze": True} if isinstance(clock, str) else dict(clock)
        if accounts is not None:
            body["accounts"] = [dict(account) for account in accounts]
        if readings:
            body["readings"] = {name.replace("_", "-"): value for name, value in readings.items()}
        return Kobikom(self._transport, ask(self._transport, "POST", "/spaces", body))

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
