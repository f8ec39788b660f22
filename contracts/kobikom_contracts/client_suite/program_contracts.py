"""What is judged of a program that is run against the judge's server, on the wire alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kobikom_contracts.client_suite.http_values import Ending, Reply
from kobikom_contracts.client_suite.program_session import LOST, ProgramSession
from kobikom_contracts.client_suite.scripts import CallScript
from kobikom_contracts.client_suite.strategies import PASSWORD, message
from kobikom_contracts.client_suite.wire_contracts import requests_as_documented, texts_as_documented
from kobikom_contracts.core.contract import Contract, contract_of
from kobikom_contracts.core.verdicts import NotCheckable, Violation
from kobikom_contracts.documents import SEND_PATH

Check = Callable[[ProgramSession], None]
_SILENCE = Reply(b"", Ending.SILENT)


def contract(*statements: str) -> Callable[[Check], Contract[ProgramSession]]:
    """Make a function of a :class:`ProgramSession` a contract of some clauses for clients, its own first."""
    return lambda check: contract_of(check, statements, needs=())


@contract("K-22")
def lost_answers(session: ProgramSession) -> None:
    """A send whose answer is lost is not sent again, wherever it stands in the program."""
    _need_sends(session)
    kinds = list(LOST)
    session.draw.shuffle(kinds)
    for number in range(max(len(kinds), session.profile.examples // 6)):
        kind = kinds[number % len(kinds)]
        script = session.one_bad_answer(session.draw.randrange(session.usual.total()), LOST[kind])
        _, sends = session.run(script)
        if script.given:
            session.sent_again(sends, session.usual, kind)


@contract("K-41")
def redirects(session: ProgramSession) -> None:
    """After a redirect the login is not sent to another address."""
    _need_sends(session)
    for status in ("302 Found", "307 Temporary Redirect", "308 Permanent Redirect"):
        to = f"Location: {session.elsewhere.url}{SEND_PATH}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        session.elsewhere.script = CallScript(message(), None)
        session.run(session.one_bad_answer(0, Reply(f"HTTP/1.1 {status}\r\n{to}".encode(), Ending.CLOSE)))
        followed = session.elsewhere.take()
        carried = [one for one in followed if PASSWORD.encode() in one.body + one.target.encode()]
        if carried:
            session.exchanges = [one.exchange() for one in carried]
            found = f"{carried[0].method} to another address with user and password, after {status}"
            violation = Violation(
                "no login at another address", found, statement="K-41", cause="a redirect is followed"
            )
            session.file(violation)


@contract("K-39", "K-22")
def silence(session: ProgramSession) -> None:
    """A program whose send nobody answers gives up, and does not send again."""
    _need_sends(session)
    script = session.one_bad_answer(0, _SILENCE)
    _, sends = session.run(script, silent=True)
    if script.given:
        session.sent_again(sends, session.usual, "silence")


def _need_sends(session: ProgramSession) -> None:
    if not session.usual:
        raise NotCheckable("no send was written to the judge's address")


PROGRAM_CONTRACTS: tuple[Contract[Any], ...] = (
    requests_as_documented,
    texts_as_documented,
    lost_answers,
    redirects,
    silence,
)
PROGRAM_CLAUSES = tuple(sorted({clause for contract in PROGRAM_CONTRACTS for clause in contract.clauses}))
