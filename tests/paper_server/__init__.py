"""A second, deliberately naive Kobikom server, written from the clauses alone.

It exists so that a judge of servers can be tried against something that shares no code with the
emulator: plain, slow, standard library only.
"""

from .claims import CLAIMS, DOES_NOT_CLAIM, LIMITS, READINGS
from .server import PaperServer
from .world import Account

__all__ = ["CLAIMS", "DOES_NOT_CLAIM", "LIMITS", "READINGS", "Account", "PaperServer"]
