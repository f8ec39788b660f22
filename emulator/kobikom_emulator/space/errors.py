"""Why a space cannot be opened or changed."""

from __future__ import annotations


class NameTaken(ValueError):
    """A space of this name is open already."""


class UserTaken(ValueError):
    """A user that belongs to another space: users are unique on the server, they are how a request finds its space."""

    def __init__(self, user: str, owner: str) -> None:
        super().__init__(f"user {user!r} belongs to space {owner!r}")
        self.user = user


class ServerStopping(RuntimeError):
    """The server stops: nothing is waited for any more."""


class SpaceClosed(LookupError):
    """The space was closed: nothing of it can be changed any more."""
