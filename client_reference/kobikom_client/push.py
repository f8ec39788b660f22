"""Push: reading the report the server POSTs to a `pushurl` (S-19). Pure; imports codec only.

Answer a push with any 2xx only after its reports are safely kept: the server repeats it otherwise,
and a pushed report is never given to a pull.
"""

from .codec import read_push as read

__all__ = ["read"]
