"""A handle on a whole server: opens spaces in it."""

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
        """A server that runs elsewhere, by its address; `token` if its control API wants one."""
        return cls(OverHttp(url, token=token))

    @classmethod
    def of(cls, emulator: InProcessEmulator) -> Self:
        """An emulator of this process (`with Emulator() as emulator`)."""
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
        """Open a space; the server chooses what is left out.

        `clock` is an instant with its zone, at which the clock stands still, or what `POST …/clock` takes, or
        "running". `readings` by name, with dashes or underscores. `ControlRefused` if a value is wrong or in use.
        """
        wanted: dict[str, Any] = {"magic_numbers": magic_numbers}
        if name:
            wanted["name"] = name
        if seed is not None:
            wanted["seed"] = seed
        if clock is not None and clock != "running":
            wanted["clock"] = {"set": clock, "freeze": True} if isinstance(clock, str) else dict(clock)
        if accounts is not None:
            wanted["accounts"] = [dict(each) for each in accounts]
        if readings:
            wanted["readings"] = {each.replace("_", "-"): value for each, value in readings.items()}
        return Kobikom(self._transport, ask(self._transport, "POST", "/spaces", wanted))

    def space(self, name: str = DEFAULT) -> Kobikom:
        """A space that is open already."""
        return Kobikom(self._transport, ask(self._transport, "GET", f"/spaces/{segment(name)}"))

    @property
    def spaces(self) -> list[str]:
        """The names of the open spaces."""
        return [each["name"] for each in ask(self._transport, "GET", "/spaces")["spaces"]]

    def close(self) -> None:
        """Close the connections; the server goes on."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
