"""The clauses for clients.

The protocol is written for servers; what a client must do follows from it. Each clause here names the
clauses of the protocol from which it follows, and has their source marks unless it has marks of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kobikom_contracts.clauses import CLAUSES, Clause, Source, Statement, UnknownName


@dataclass(frozen=True, slots=True)
class ClientClause(Clause):
    """One clause for clients (``K-01``), of one statement with the same id.

    ``derived`` are the ids of the clauses of the protocol that it follows from.
    """

    derived: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What a client must do."""
        return self.subject

    @property
    def source(self) -> str:
        """The marks and where they come from, as printed: ``D, O (T-01, R-01)``."""
        return f"{', '.join(self.sources)} ({', '.join(self.derived)})"


_ROWS: tuple[tuple[str, str, str] | tuple[str, str, str, str], ...] = (
    # -- what a client writes ------------------------------------------------------------------
    (
        "K-01",
        "T-01 R-01",
        "Sends and queries are POSTed to /api/sendsms/xml/, pulls are GETs of …/pull; nothing else is asked for.",
    ),
    (
        "K-02",
        "T-04 T-09",
        "Requests are valid HTTP: one Host, and a Content-Length that counts octets, not characters.",
    ),
    (
        "K-03",
        "T-02 T-05 A-04",
        "A request's body is one well-formed document in an encoding that it declares, or UTF-8.",
    ),
    (
        "K-04",
        "S-21 T-02",
        "Every text arrives as it was given: &, <, >, quotes, %, + and entities included.",
    ),
    ("K-05", "S-21", "Line ends of a text arrive as they were given, a carriage return included."),
    (
        "K-06",
        "A-01 A-02 A-03 R-01",
        "User name and password arrive exactly as given, in documents and in a pull's address.",
    ),
    (
        "K-07",
        "S-05 S-13 S-14 S-15 S-16 S-17",
        "Only documented fields are written, each in its documented form.",
    ),
    (
        "K-08",
        "S-09 S-13 S-15 S-16",
        "Title, flash, delay and validity are written as they were asked for, none unasked.",
    ),
    (
        "K-09",
        "S-01 S-03 S-22",
        "Each recipient is written once for each time it was given, with its own message id and no other's.",
    ),
    ("K-10", "S-03 S-04", "A message id that the client makes itself is never used twice."),
    (
        "K-11",
        "S-10 S-11",
        "A text longer than one part is sent with type longSMS; no text is shortened.",
    ),
    (
        "K-12",
        "S-12",
        "A text outside the default alphabet is sent with languageCode (Turkish) or datacoding 8 (the rest).",
    ),
    # -- how it reads the answers to sends ----------------------------------------------------
    (
        "K-13",
        "S-01 S-02 S-03 S-06",
        "A result belongs to the recipient that its destination names; each recipient has one, in the order given.",
    ),
    (
        "K-14",
        "S-06 S-07 C-02",
        "A recipient that was refused is reported with its code, apart from those accepted.",
    ),
    (
        "K-15",
        "A-01 A-02 A-03 A-05",
        "A send that was refused as a whole is reported as refused, with its code.",
    ),
    (
        "K-16",
        "T-08 T-09 T-10",
        "An answer is read whole however it arrives: by length, in chunks, up to the close, in "
        "pieces, on a kept connection, under another content type.",
    ),
    ("K-17", "S-01 R-02 H-01", "An answer is read whole however large it is."),
    ("K-18", "S-01 E", "When an answer leaves out a recipient, the send's fate is reported as unknown."),
    (
        "K-19",
        "S-02 C-01",
        "When no answer comes after a send was written, its fate is reported as unknown.",
    ),
    ("K-20", "S-02 T-09", "A send's answer that is cut short is reported as unknown fate."),
    (
        "K-21",
        "S-02 T-08",
        "A send's answer that can't be read, an HTML error page among them, is reported as unknown fate.",
    ),
    (
        "K-22",
        "S-01 S-22 C-01",
        "A send that may have gone out is never sent again unasked.",
    ),
    (
        "K-23",
        "T-08",
        "When no connection can be made, the failure is one of transport, because nothing was sent.",
    ),
    ("K-24", "T-08", "A client that was given a timeout waits no longer, however slowly the answer comes in."),
    (
        "K-25",
        "E",
        "The answer printed with a stray < and a missing <result> is read, or left as unknown fate; never misread.",
    ),
    # -- reports -------------------------------------------------------------------------------
    (
        "K-26",
        "R-02 R-03 R-09 R-10",
        "Every report in a complete answer reaches the caller, with its id, status and gsmerror.",
    ),
    ("K-27", "R-08", "Report dates are read padded or not, as Turkey's local time."),
    ("K-28", "R-03", "NO_DATA means no reports; it is not a failure."),
    ("K-29", "R-07", "A refused pull, 5, 10 or 11 with or without a minus, is reported as such."),
    (
        "K-30",
        "R-03",
        "A pull whose answer is lost, cut or unreadable is a failure, not an empty list of reports.",
    ),
    ("K-31", "R-04 R-01", "A pull by ids names exactly those ids; one of no ids pulls nothing."),
    ("K-32", "R-03", "Reports are pulled only when asked for: a pull consumes them."),
    (
        "K-33",
        "R-02",
        "A delivery report printed without its closing tag is read like any other.",
    ),
    # -- queries -------------------------------------------------------------------------------
    ("K-34", "H-01", "Titles are listed by group, alphanumeric and numeric, letter for letter."),
    ("K-35", "B-01 C-04", "A balance is exact to the last digit, with its currency."),
    ("K-36", "A-06", "A refused query is reported as refused, with its code."),
    (
        "K-37",
        "H-01 B-01 T-08",
        "A query whose answer can't be read is a failure, never a value that the server did not send.",
    ),
    ("K-38", "T-04 T-08", "A failed call does not change the result of the next one."),
    # -- what nothing but our own judgement says: with marks of their own ---------------------------
    ("K-39", "T-08", "A call that nobody answers ends by itself, whether or not it was given a timeout.", "I"),
    ("K-40", "S-10 S-12", "A text of the default alphabet is not sent as UCS-2 where that takes more parts.", "I"),
    (
        "K-41",
        "T-01 T-08 A-03",
        "A redirected send or query is not reported as done, and the login is not sent to another address.",
        "I",
    ),
    # -- pushed reports ------------------------------------------------------------------------
    ("K-42", "S-19 R-02", "A pushed report reaches the caller like one that was pulled, closed or not."),
    (
        "K-43",
        "S-19",
        "A push is acknowledged with 2xx, also when it is repeated and when its message is unknown.",
        "A",
    ),
)


def _build() -> Mapping[str, ClientClause]:
    built = {}
    for ident, origins, sentence, *own in _ROWS:
        derived = tuple(origins.split())
        marks = {Source(mark) for mark in own} or {mark for origin in derived for mark in CLAUSES[origin].sources}
        ordered = tuple(mark for mark in Source if mark in marks)
        built[ident] = ClientClause(ident, sentence, (Statement(ident, ordered, sentence),), derived=derived)
    return built


CLIENT_CLAUSES: Mapping[str, ClientClause] = _build()
"""Every clause for clients by id, in the order they are reported."""


def select_client(wanted: Iterable[str]) -> tuple[str, ...]:
    """Ids named by ``wanted``: clauses for clients, or clauses of the protocol they follow from.

    Raises :class:`~kobikom_contracts.clauses.UnknownName` for a name that is neither.
    """
    chosen: set[str] = set()
    for name in (w.strip().upper() for w in wanted):
        named = {c.id for c in CLIENT_CLAUSES.values() if name in (c.id, c.area, *c.derived)}
        if not named:
            raise UnknownName(f"no client clause {name!r}; there are {', '.join(CLIENT_CLAUSES)}")
        chosen |= named
    return tuple(ident for ident in CLIENT_CLAUSES if ident in chosen)
