"""Describes an exception of an HTTP library without quoting it: its text may contain the URL, and so the password."""

from __future__ import annotations


def describe(error: Exception) -> str:
    """The exception's class, and the operating system's message if there is one."""
    cause = getattr(error, "os_error", error)  # aiohttp keeps the operating system's error there
    detail = f": {cause.strerror}" if isinstance(cause, OSError) and cause.strerror else ""
    return "timed out" if isinstance(error, TimeoutError) else f"{type(error).__name__}{detail}"
