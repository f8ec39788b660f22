"""Where the vendor's pushes arrive: the emulator's port for pushes, without a socket."""

from __future__ import annotations

from fuzz_power.service.service import NotificationService
from kobikom_emulator.ports import PushResponse, PushResult


class Receiver:
    """Takes the vendor's pushes to whichever service is there at the time. The emulator's port `Pusher`."""

    def __init__(self) -> None:
        self.service: NotificationService | None = None
        self.crashes: list[str] = []

    async def push(self, url: str, body: bytes) -> PushResult:
        if self.service is None:
            return PushResult(error="there is no receiver")
        try:
            status = self.service.receive_push(body)
        except Exception as error:  # noqa: BLE001  # a web framework answers so
            self.crashes.append(repr(error))
            status = 500
        return PushResult(response=PushResponse(status, (), b""))

    def address_problem(self, url: str) -> str:
        return ""

    async def close(self) -> None:
        return None
