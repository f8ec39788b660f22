"""Makes requests and reads answers without I/O, for use with any HTTP library.

    request = codec.send_request(account, Message("Merhaba"), [Recipient("905329975725")])
    # … transmit request.method, request.url, request.headers and request.body yourself …
    results = codec.read_send(codec.Answer(status=200, body=body), recipients)

An `Answer` also holds what went wrong during the exchange. The read functions raise the error of
`errors` that fits it.
"""

from .build import (
    Request,
    balance_request,
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
