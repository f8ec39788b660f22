"""How an adapter may fail before it has answered."""

from __future__ import annotations


class Hung(Exception):
    """No answer in time; the process was killed."""


class Gone(Exception):
    """The adapter ended, or raised, instead of answering; the text has the end of its standard error."""
