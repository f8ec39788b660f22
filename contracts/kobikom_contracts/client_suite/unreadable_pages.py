"""Bodies that are no answer of this API."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kobikom_contracts.client_suite.answers import HTML_ERROR


@dataclass(frozen=True, slots=True)
class UnreadablePage:
    """A body that is not an answer of this API, with its HTTP status."""

    status: str
    body: bytes
    content_type: str = "text/html"


def unreadable_pages(*, statuses: tuple[str, ...]) -> SearchStrategy[UnreadablePage]:
    """HTML pages, XML of another API, JSON, an empty body, random bytes."""
    bodies = st.sampled_from(
        (
            HTML_ERROR.encode(),
            b"<html><body>0</body></html>",
            b'<?xml version="1.0"?><error><code>0</code></error>',
            b'{"status": 0}',
            b"",
            b"OK",
            b"\x00\xff\xfe\x00" * 8,
            b'<?xml version="1.0" encoding="UTF-8"?>\n',
            "<h1>Sunucu hatası: şu an çalışmıyor</h1>".encode("iso-8859-9"),
        )
    )
    return st.builds(UnreadablePage, st.sampled_from(statuses), bodies, st.just("text/html"))
