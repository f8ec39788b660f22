"""The control API under `/_emulator/`: JSON over the gateway's operations, for tests and people."""
