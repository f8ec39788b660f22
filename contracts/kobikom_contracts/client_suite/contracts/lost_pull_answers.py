"""What a client must report about pulls whose answers are lost, cut or unreadable: no report may disappear."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite import unreadable_pages as pages
from kobikom_contracts.client_suite.adapter_protocol import Capability, Kind
from kobikom_contracts.client_suite.answers import Carriage, Framing
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.expected_reports import expect_only
from kobikom_contracts.client_suite.http_values import Ending, Received, Reply
from kobikom_contracts.client_suite.scripts import Answer, always
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.reader import Report

_PULL = (Capability.REPORTS,)
_LOST = (Kind.UNKNOWN_FATE, Kind.MALFORMED)
_WHAT = "a pull whose answer is lost"
_WHEN = ("2010/8/2 14:55:10", "2010/8/2 14:55:16")


@contract("K-30", needs=_PULL)
def lost_pulls(session: ClientSession) -> None:
    """A pull without an answer is a failure, although a second one would get NO_DATA."""
    for ending in (Ending.CLOSE, Ending.RESET):
        for beginning in (b"", b"HTTP/1.1 200 OK\r\n"):
            session.example()
            outcome = session.call(strategies.pull(), _first_pull_only(Reply(beginning, ending)))
            session.failed(outcome, *_LOST, what=_WHAT)


@contract("K-30", needs=_PULL)
def cut_pulls(session: ClientSession) -> None:
    """A pull's answer cut inside its document is a failure; the reports that arrived may be given."""

    def check(drawn: tuple[tuple[Report, ...], float, Framing]) -> None:
        reports, share, framing = drawn

        def short(request: Received, _: object) -> Reply:
            body = answers.report_document(reports)
            how = framing
            if request.version == "HTTP/1.0" and how is Framing.CHUNKED:
                how = Framing.LENGTH
            at = int((len(body) - len(b"</DeliveryReport>\n")) * share)
            if how is Framing.CLOSE:  # a shorter cut would look like the page's own example
                at = _inside(body, at)
            return answers.cut(request, body, at, how, Ending.CLOSE)

        outcome = session.call(strategies.pull(), short)
        session.failed(outcome, *_LOST, what=_WHAT)
        expect_only(session, reports, outcome)

    drawn = st.tuples(strategies.batches(), st.floats(0, 1, exclude_max=True), st.sampled_from(Framing))
    session.for_all(drawn, check)


@contract("K-30", needs=_PULL)
def pulls_cut_inside_a_letter(session: ClientSession) -> None:
    """A cut between the octets of one letter does not damage the reports before it."""
    session.example()
    reports = [Report(f"sipariş-{n}", *_WHEN, "DELIVERED", "0") for n in range(3)]
    body = answers.report_document(reports)
    at = body.rindex("ş".encode()) + 1

    def short(request: Received, _: object) -> Reply:
        return answers.cut(request, body, at, Framing.LENGTH, Ending.CLOSE)

    outcome = session.call(strategies.pull(), short)
    session.failed(outcome, *_LOST, what=_WHAT)
    expect_only(session, reports, outcome)


def _inside(body: bytes, at: int) -> int:
    """The nearest offset up to ``at`` that is inside a tag or before the first report."""
    while body[:at].rstrip().endswith((b"/>", b"</DeliveryReport>")):
        at -= 1
    return at


@contract("K-30", needs=_PULL)
def unreadable_pulls(session: ClientSession) -> None:
    """HTML, other documents or random bytes instead of reports are a failure."""

    def check(page: pages.UnreadablePage) -> None:
        carriage = Carriage(content_type=page.content_type)
        outcome = session.call(
            strategies.pull(),
            always(page.body, carriage, status=page.status),
        )
        ways = _LOST if page.status.startswith("200") else (*_LOST, Kind.TRANSPORT)
        session.failed(outcome, *ways, what=_WHAT)

    session.for_all(pages.unreadable_pages(statuses=("200 OK", "500 Internal Server Error", "404 Not Found")), check)


def _first_pull_only(reply: Reply) -> Answer:
    """Answer the first pull with this reply and any later one with NO_DATA."""
    pulls: list[Received] = []

    def answer(request: Received, _: object) -> Reply:
        pulls.append(request)
        return reply if len(pulls) == 1 else answers.carried(request, b"NO_DATA")

    return answer
