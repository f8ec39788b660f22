"""Judges recordings: every statement of the protocol, by the exchanges that show it."""
