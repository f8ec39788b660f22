"""Law: makes ``python -m kobikom_emulator`` the same as the command; nobody imports it."""

from kobikom_emulator.cli import main

if __name__ == "__main__":
    main()
