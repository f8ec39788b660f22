"""A fake Kobikom: the SMS provider's XML API on your machine.

`Emulator` runs it inside a program; the command `kobikom-emulator serve` on its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kobikom_emulator.embed import Emulator as Emulator
    from kobikom_emulator.settings import BadSettings as BadSettings

__all__ = ["BadSettings", "Emulator"]


def __getattr__(name: str) -> Any:
    """Import on first use: `import kobikom_emulator` alone costs nothing."""
    if name == "Emulator":
        from kobikom_emulator.embed import Emulator

        return Emulator
    if name == "BadSettings":
        from kobikom_emulator.settings import BadSettings

        return BadSettings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
