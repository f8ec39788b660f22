"""The errors of this package. Each class tells the caller what to do next.

    KobikomError            base of every error that this package raises
    ├── InvalidRequest      the request can't be written; nothing was sent: fix the call
    ├── Refused             the server refused the whole request: read `code`
    │   └── BadCredentials  refused because of the user name or the password (-5, -10, -11)
    ├── TransportError      no answer of this API; the request had no effect: safe to repeat
    ├── MalformedAnswer     an answer to titles or balance, or a push, can't be read: safe to repeat
    ├── UnknownOutcome      a send was written, but its answer is missing or can't be read: do NOT
    │                       repeat it without checking, the messages may have been sent
    └── LostReports         a pull was written, but its answer is cut or can't be read: `reports` has
                            the readable ones; the others may be lost, as each is given once (R-03)

InvalidRequest is also a ValueError. When only some recipients are refused, no error is raised; see
`Receipt.refused`. No message, repr or `__cause__` of these errors contains a password.
"""

from __future__ import annotations

from .results import Code, Progress, Report, meaning


class KobikomError(Exception):
    """Base class. Every error has these attributes:

    `code`         the server's result code; None if it gave none
    `http_status`  the HTTP status of the answer, where it explains the error; otherwise None
    `progress`     of a send: which recipients were answered, are unknown or were not tried
    `reports`      of a pull: the reports that arrived
    `body`         the raw answer, for debugging. It is not part of the message, because a server may
                   repeat the password in it
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        http_status: int | None = None,
        progress: Progress | None = None,
        reports: tuple[Report, ...] = (),
        body: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.http_status = http_status
        self.progress = progress or Progress()
        self.reports = reports
        self.body = body

    @property
    def may_have_gone_out(self) -> bool:
        """Whether any message of this send was sent, or may have been sent."""
        accepted = any(result.accepted for result in self.progress.results)
        return accepted or bool(self.progress.unknown)


class InvalidRequest(KobikomError, ValueError):
    """The request can't be written in the form the page asks for; nothing was sent."""


class Refused(KobikomError):
    """The server refused the whole request (A-05, A-06, R-07); `code` is the reason.

    The message names all that the code may mean: the page can be understood in several ways.
    """


class BadCredentials(Refused):
    """The server refused the user name or the password (A-01, A-02, A-03). Servers differ in whether a wrong one
    is -5, as opposed to a missing one, or has the code of the missing one (reading login-codes).
    """


class TransportError(KobikomError):
    """No answer of this API was received, and the request had no effect."""


class MalformedAnswer(KobikomError):
    """The answer to titles or balance, or a pushed report, can't be read."""


class UnknownOutcome(KobikomError):
    """The send was written and may have been processed; `progress.unknown` lists its recipients."""


class LostReports(KobikomError):
    """The pull may have consumed reports that did not arrive; `reports` holds those that did."""


def refusal(code: int, *, progress: Progress | None = None, body: bytes = b"") -> Refused:
    """The error for a request that the server refused with `code`."""
    credentials = code in (Code.BAD_CREDENTIALS, Code.BAD_USER, Code.BAD_PASSWORD)
    error_type = BadCredentials if credentials else Refused
    return error_type(f"refused with {int(code)}: {meaning(code)}", code=code, progress=progress, body=body)
