"""Law: the servers that are compared, the emulator among them, each started the way its users start it."""
