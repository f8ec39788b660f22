"""The webhooks of a space, with what happened to their events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from kobikom_emulator.driver.controls import Ask


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that events are posted to, as of when it was asked for.

    Of its events `waiting` are still to be posted; `sent` were taken by the receiver, `failed` were not, `dropped` came
    while too many were waiting. `error` says why the last attempt failed, "" if it did not. `secret` signs the events;
    only `WebhookControl.add` gives it, elsewhere it is "".
    """

    id: int
    url: str
    events: tuple[str, ...]
    waiting: int
    sent: int
    failed: int
    dropped: int
    error: str
    secret: str

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        return cls(
            id=view["id"],
            url=view["url"],
            events=tuple(view["events"]),
            waiting=view["waiting"],
            sent=view["sent"],
            failed=view["failed"],
            dropped=view["dropped"],
            error=view["error"],
            secret=view.get("secret", ""),
        )

    def __repr__(self) -> str:
        """Without the secret: values end up in failure messages."""
        counts = ", ".join(f"{name}={getattr(self, name)}" for name in ("waiting", "sent", "failed", "dropped"))
        return f"<Webhook {self.id} {self.url} {counts}, error={self.error!r}>"


class WebhookControl:
    """The webhooks of the space."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def add(self, url: str, *, events: Sequence[str] = (), secret: str = "") -> Webhook:
        """Post what happens from now on to an address: events of these types, all four unless said. Without a `secret`
        the server generates one. `ControlRefused` (422) where that address may not be posted to, (409) beyond ten.
        """
        choices = {"events": list(events), "secret": secret}
        body = {"url": url} | {name: value for name, value in choices.items() if value}
        return Webhook.read(self._ask("POST", "/webhooks", body))

    def list(self) -> list[Webhook]:
        """The webhooks, in the order in which they were added."""
        return [Webhook.read(view) for view in self._ask("GET", "/webhooks")["webhooks"]]

    def remove(self, webhook: Webhook | int) -> None:
        """Remove a webhook (or its id) with the events that wait for it."""
        self._ask("DELETE", f"/webhooks/{webhook if isinstance(webhook, int) else webhook.id}")
