"""The servers that are compared, including the emulator, each started as its users start it."""
