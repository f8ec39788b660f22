"""Runs the command `kobikom-emulator` for `python -m kobikom_emulator`."""

from kobikom_emulator.cli import main

if __name__ == "__main__":
    main()
