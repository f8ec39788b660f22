"""A store in the memory of the process; its contents are lost when the process ends."""

from kobikom_emulator.storage.memory.store import MemoryStore

__all__ = ["MemoryStore"]
