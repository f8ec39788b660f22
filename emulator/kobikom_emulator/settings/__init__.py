"""Every setting as one model, filled from defaults, a TOML file, the environment and flags, in this order."""

from kobikom_emulator.domain.terms import AccountSettings, DeliveryOutcome, DeliverySettings
from kobikom_emulator.settings.describe import described
from kobikom_emulator.settings.layer import BadSettings, Layer
from kobikom_emulator.settings.layers import Loaded, load, serve_defaults
from kobikom_emulator.settings.model import Settings
from kobikom_emulator.settings.sources import from_environment, from_file, from_flags, variable_of

__all__ = [
    "AccountSettings",
    "BadSettings",
    "DeliveryOutcome",
    "DeliverySettings",
    "Layer",
    "Loaded",
    "Settings",
    "described",
    "from_environment",
    "from_file",
    "from_flags",
    "load",
    "serve_defaults",
    "variable_of",
]
