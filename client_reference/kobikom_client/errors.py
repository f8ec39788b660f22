"""Errors: one tree. Each branch is a different thing to do next. Imports `values` only.

    KobikomError            everything this package raises on purpose
    ├── InvalidRequest      can't be put on the wire, nothing was written: fix the call
    ├── Refused             the server said no to the whole request: read `code`
    │   └── BadCredentials  … for the user name or the password (-5, -10, -11)
    ├── TransportError      no answer of this API; nothing went out, nothing was consumed:
    │                       safe to repeat
    ├── MalformedAnswer     a question (titles, balance) or a push can't be read: safe to repeat
    ├── UnknownFate         a send was written, its answer never came or can't be read:
    │                       NEVER repeat it blindly, the messages may have gone out
    └── LostReports         a pull was written, its answer is cut or unreadable: `reports` has what
                            could be read, the rest may be gone, as each is given once (R-03)

InvalidRequest is a ValueError, too. A refusal of some recipients is no error but a `Result` each;
see `Receipt.refused`. No message or repr in this tree contains a password, no `__cause__` either.
"""

from __future__ import annotations

from .values import Code, Progress, Report, meaning


class KobikomError(Exception):
    """Base of the tree; every error answers the same questions.

    `code`         the server's code, if it gave one
    `http_status`  the answer's HTTP status, where that is the news
    `progress`     of a send: who was answered, is unknown, was not tried
    `reports`      of a pull: those that arrived
    `body`         the raw answer, for a post-mortem; kept out of messages, as it may echo secrets
    """

    def __init__(
        self,
        why: str,
        *,
        code: int | None = None,
        http_status: int | None = None,
        progress: Progress | None = None,
        reports: tuple[Report, ...] = (),
        body: bytes = b"",
    ) -> None:
        super().__init__(why)
        self.code = code
        self.http_status = http_status
        self.progress = progress or Progress()
        self.reports = reports
        self.body = body

    @property
    def may_have_gone_out(self) -> bool:
        """Whether any message of this send left, or may have left, towards a recipient."""
        answered = any(result.accepted for result in self.progress.results)
        return answered or bool(self.progress.unknown)


class InvalidRequest(KobikomError, ValueError):
    """The request can't be written as the page asks; nothing went out."""


class Refused(KobikomError):
    """The server refused the whole request (A-05, A-06, R-07): `code` says why."""


class BadCredentials(Refused):
    """Refused for the user name or the password."""


class TransportError(KobikomError):
    """No answer of this API came, and the request had no effect."""


class MalformedAnswer(KobikomError):
    """The answer to a question without effects can't be read."""


class UnknownFate(KobikomError):
    """The send was written and may have gone out; `progress.unknown` says to whom."""


class LostReports(KobikomError):
    """The pull may have consumed reports that did not arrive; `reports` holds those that did."""


def refusal(code: int, *, progress: Progress | None = None, body: bytes = b"") -> Refused:
    """The error for a refused request."""
    credentials = code in (Code.BAD_CREDENTIALS, Code.BAD_USER, Code.BAD_PASSWORD)
    kind = BadCredentials if credentials else Refused
    why = f"refused with {int(code)}: {meaning(code)}"
    return kind(why, code=code, progress=progress, body=body)
