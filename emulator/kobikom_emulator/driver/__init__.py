"""What tests hold in their hands: a handle on a space, over the control API.

Behind the pytest plugin, `testing` and the container. Needs the standard library alone, so that it also drives a server
in another process. May be imported by pytest_plugin, testing, containers and users.
"""

from __future__ import annotations

from kobikom_emulator.driver.levers import ClockLever, Fault, FaultLever
from kobikom_emulator.driver.server import KobikomServer
from kobikom_emulator.driver.space import Kobikom
from kobikom_emulator.driver.transport import ControlRefused
from kobikom_emulator.driver.values import Account, Entry, Message, Report
from kobikom_emulator.driver.wording import NotAsExpected

__all__ = [
    "Account",
    "ClockLever",
    "ControlRefused",
    "Entry",
    "Fault",
    "FaultLever",
    "Kobikom",
    "KobikomServer",
    "Message",
    "NotAsExpected",
    "Report",
]
