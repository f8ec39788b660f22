"""A third server: what the vendor's page prints, to the letter, and nothing that it does not say.

It exists so that a judge of servers can be tried against something that makes none of the project's choices.
"""

from .server import PageLiteralServer

__all__ = ["PageLiteralServer"]
