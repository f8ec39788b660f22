"""The keys of rows: `contents << 40 | number`. So the rows of a space lie together, in the order of acceptance."""

from __future__ import annotations

SHIFT = 40
"""The bits of a key that are the number of a message, push or line of the ledger."""

MOST = (1 << SHIFT) - 1
"""The highest number."""
