"""Reads a report that the server POSTs to a `push_url` (S-19).

Answer a push with 2xx only after its reports are stored: the server repeats a push that was answered
otherwise, and a pull never returns a report that was pushed.
"""

from .codec import read_push as read

__all__ = ["read"]
