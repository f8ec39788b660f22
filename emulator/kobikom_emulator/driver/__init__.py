"""Handles for tests: `KobikomServer` on a server, `Kobikom` on a space in it.

They send requests to the control API, of an `Emulator` in this process or of a server in another one, and need the
standard library alone. The pytest plugin, `testing` and `containers` give them to tests.
"""

from __future__ import annotations

from kobikom_emulator.driver.controls import ClockControl, Fault, FaultControl
from kobikom_emulator.driver.failures import NotAsExpected
from kobikom_emulator.driver.played import Played
from kobikom_emulator.driver.server import KobikomServer
from kobikom_emulator.driver.space import Kobikom
from kobikom_emulator.driver.transport import ControlRefused
from kobikom_emulator.driver.values import Account, Entry, LedgerLine, Message, Report
from kobikom_emulator.driver.webhooks import Webhook, WebhookControl

__all__ = [
    "Account",
    "ClockControl",
    "ControlRefused",
    "Entry",
    "Fault",
    "FaultControl",
    "Kobikom",
    "KobikomServer",
    "LedgerLine",
    "Message",
    "NotAsExpected",
    "Played",
    "Report",
    "Webhook",
    "WebhookControl",
]
