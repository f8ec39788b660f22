"""A store in the memory of the process: fast, and gone when it ends."""

from kobikom_emulator.storage.memory.store import MemoryStore

__all__ = ["MemoryStore"]
