"""What tests hold in their hands: a handle on a space, over the control API.

Behind the pytest plugin, `testing` and the container. Needs the standard library alone, so that it also drives a server
in another process.
"""

from __future__ import annotations

from kobikom_emulator.driver.controls import ClockControl, Fault, FaultControl
from kobikom_emulator.driver.failure_messages import NotAsExpected
from kobikom_emulator.driver.server import KobikomServer
from kobikom_emulator.driver.space import Kobikom
from kobikom_emulator.driver.transport import ControlRefused
from kobikom_emulator.driver.values import Account, Entry, Message, Report

__all__ = [
    "Account",
    "ClockControl",
    "ControlRefused",
    "Entry",
    "Fault",
    "FaultControl",
    "Kobikom",
    "KobikomServer",
    "Message",
    "NotAsExpected",
    "Report",
]
