"""The codec: bytes out, bytes in, no I/O. Use it with any HTTP library; imports values, errors,
alphabet only.

    request = codec.send_request(account, Message("Merhaba"), [Recipient("905329975725")])
    # … put request.method, request.url, request.headers, request.body on the wire yourself …
    results = codec.read_send(codec.Answer(status=200, body=body), recipients)

An `Answer` also says what went wrong on the way; the readers turn that into the right error of the
tree.
"""

from .build import (
    Request,
    balance_request,
    endpoint,
    parts,
    reports_request,
    send_request,
    titles_request,
)
from .read import Answer, read_balance, read_push, read_reports, read_send, read_titles

__all__ = [
    "Answer",
    "Request",
    "balance_request",
    "endpoint",
    "parts",
    "read_balance",
    "read_push",
    "read_reports",
    "read_send",
    "read_titles",
    "reports_request",
    "send_request",
    "titles_request",
]
