"""Wording: an exception of an HTTP library in a few words that can't contain a URL, hence no
password.
"""

from __future__ import annotations


def describe(error: Exception) -> str:
    """Its kind, and the system's message if the system raised it."""
    cause = getattr(error, "os_error", error)  # aiohttp keeps the system's error there
    detail = f": {cause.strerror}" if isinstance(cause, OSError) and cause.strerror else ""
    return "timed out" if isinstance(error, TimeoutError) else f"{type(error).__name__}{detail}"
