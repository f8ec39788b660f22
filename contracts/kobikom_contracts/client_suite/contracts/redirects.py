"""What a client does when it is sent to another address."""

from __future__ import annotations

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Balance, Call, Failed, Send, Titles
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.http_values import Ending, Received, Reply
from kobikom_contracts.client_suite.scripted_server import Script
from kobikom_contracts.client_suite.scripts import SendAnswers
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.written_requests import WrittenSend, read_request
from kobikom_contracts.core.verdicts import NotCheckable, Violation
from kobikom_contracts.documents import SEND_PATH
from kobikom_contracts.reader import Result

_STATUSES = (
    *("301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"),
)


@contract("K-41")
def redirects_are_no_success(session: ClientSession) -> None:
    """A send or query that is redirected fails, whatever the other address answers, which never gets the login."""
    calls = [call for call in strategies.calls(session.capabilities) if isinstance(call, Send | Titles | Balance)]
    if not calls:
        raise NotCheckable("the adapter claims neither sends nor queries")
    for status in _STATUSES:
        for call in calls:
            session.example()
            _redirect(session, call, status)


def _redirect(session: ClientSession, call: Call, status: str) -> None:
    """One call that is answered with a redirect to a server that answers everything as accepted."""
    elsewhere = session.elsewhere
    elsewhere.script = _accepting(call)
    head = (
        f"HTTP/1.1 {status}\r\nLocation: {elsewhere.url}{SEND_PATH}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    outcome = session.call(call, lambda *_: Reply(head.encode(), Ending.CLOSE))
    followed = elsewhere.take()
    elsewhere.raise_error()
    session.exchanges += [request.exchange() for request in followed]
    carried = [one for one in followed if call.password.encode() in one.body + one.target.encode()]
    if carried:
        found = f"{carried[0].method} to another address with user and password, after {status}"
        session.blame(Violation("no login at another address", found, statement="K-41", cause="a redirect is followed"))
    elif not isinstance(outcome, Failed):
        first = f"{followed[0].method} {followed[0].path} after {status}" if followed else f"nothing after {status}"
        found = f"success after {first}"
        session.blame(Violation("a failure", found, statement="K-41", cause="a redirect is reported as success"))


def _accepting(call: Call) -> Script:
    """A script that answers like a server that accepted the call, also when it was not asked for it."""

    def script(request: Received) -> Reply:
        written = read_request(request).written
        if isinstance(call, Send):
            rows = [Result("0", "100000000000000000", to.gsm) for to in call.recipients]
            sent = SendAnswers().results(written) if isinstance(written, WrittenSend) else rows
            return answers.carried(request, answers.send_answer(sent))
        if isinstance(call, Balance):
            return answers.carried(request, answers.balance_answer("18.532"))
        return answers.carried(request, answers.title_answer(["Kobikom"], []))

    return script
