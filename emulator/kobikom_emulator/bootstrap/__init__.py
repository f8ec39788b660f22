"""The composition root: the only package that names adapters."""

from kobikom_emulator.bootstrap.blueprints import UnplayableScenario, blueprint_of
from kobikom_emulator.bootstrap.offline import explain_offline, explain_pull_offline
from kobikom_emulator.bootstrap.server import SHUTDOWN_GRACE, RunningServer, open_port, version
from kobikom_emulator.bootstrap.stores import build_shared_space, build_space, open_database, shared_database

__all__ = [
    "SHUTDOWN_GRACE",
    "RunningServer",
    "UnplayableScenario",
    "blueprint_of",
    "build_shared_space",
    "build_space",
    "explain_offline",
    "explain_pull_offline",
    "open_database",
    "open_port",
    "shared_database",
    "version",
]
