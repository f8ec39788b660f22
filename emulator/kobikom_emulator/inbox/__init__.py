"""The inbox: a web page under `/_emulator/` that shows every message and why, on the control API alone."""
