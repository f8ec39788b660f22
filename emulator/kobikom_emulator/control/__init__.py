"""The control API under `/_emulator/`: JSON over the operations, for tests and the inbox."""
