"""Law: what a client may put on the wire. Every request of every other rule is judged the same way;
these see to it that what is easily got wrong is asked for.
"""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec.structs import replace

from kobikom_contracts.bench import draws
from kobikom_contracts.bench.desk import Desk
from kobikom_contracts.bench.protocol import Call, Capability, Failed, Kind, Send, Sent, To
from kobikom_contracts.bench.rule import rule
from kobikom_contracts.bench.telling import Teller
from kobikom_contracts.verdicts import Violation

_LETTERS = ("şğıİĞÇ", "Ж", "é", "中文", "😀", "[]{}€", "ascii")


@rule("K-01", "K-02", "K-03", "K-07")
def requests_as_documented(desk: Desk) -> None:
    """Each thing the client can do is written as the page has it."""
    calls = draws.calls(desk.able)
    if Capability.SEND in desk.able:
        calls.append(draws.message(text="Güle güle, şeker çocuğum"))
    for call in calls:
        desk.example()
        desk.call(call)
        if not desk.exchanges:
            raise Violation("a request on the wire", "none", clause="K-01")


@rule("K-04", needs=(Capability.SEND,))
def texts_arrive(desk: Desk) -> None:
    """A text of markup, quotes, entities, percent signs and foreign letters arrives unchanged."""
    desk.forall(draws.sends(desk.able, text=draws.texts(), most=2), lambda call: _accept(desk, call))


@rule("K-05", needs=(Capability.SEND,))
def line_ends_arrive(desk: Desk) -> None:
    """LF, CR and both together arrive as they were given."""
    ends = st.lists(st.sampled_from(("\n", "\r", "\r\n")), min_size=1, max_size=3)
    text = ends.map(lambda found: "a" + "b".join(found) + "c")
    desk.forall(draws.sends(text=text, most=1), lambda call: _accept(desk, call), examples=8)


@rule("K-03", needs=(Capability.SEND,))
def what_xml_cannot_carry(desk: Desk) -> None:
    """A character that XML can't carry makes no broken document, whatever the client does."""
    for text in ("a\x00b", "a\x0bb", "a\x1bb", "a\uffffb"):
        desk.example()
        outcome = desk.call(draws.message(text=text))
        if isinstance(outcome, Failed) and desk.exchanges:
            desk.failed(outcome, Kind.REFUSED)


@rule("K-06")
def credentials_arrive(desk: Desk) -> None:
    """User name and password arrive whatever characters they have."""

    def check(drawn: tuple[str, str, Call]) -> None:
        user, password, call = drawn
        desk.call(replace(call, user=user, password=password))
        if not desk.exchanges:
            raise Violation("a request on the wire", "none")

    for call in draws.calls(desk.able):
        desk.example()
        check(("u&<>ş", 'p+%2B#=?&< "', call))
    drawn = st.tuples(draws.credentials(), draws.credentials(), st.sampled_from(draws.calls(desk.able)))
    desk.forall(drawn, check)


@rule("K-08", "K-07", needs=(Capability.SEND,))
def options_as_asked(desk: Desk) -> None:
    """Title, flash, delay and validity are on the wire exactly when they were asked for."""
    titles = st.sampled_from(("Kobikom", "TEST", "905321234567", "A & B", None))
    calls = st.builds(
        lambda call, title, options: replace(call, title=title, options=options),
        draws.sends(most=1),
        titles,
        draws.options(desk.able),
    )
    desk.forall(calls, lambda call: _accept(desk, call))


@rule("K-09", needs=(Capability.SEND,))
def recipients_as_given(desk: Desk) -> None:
    """Each recipient is written with its own message id; a number given twice is written twice."""

    def check(drawn: tuple[Send, bool]) -> None:
        call, twice = drawn
        if twice:
            first = To(call.recipients[0].gsm)
            call = replace(call, recipients=(*call.recipients, first))
        _accept(desk, call)

    desk.forall(st.tuples(draws.sends(desk.able), st.booleans()), check)


@rule("K-10", needs=(Capability.SEND,))
def own_ids_differ(desk: Desk) -> None:
    """Ids that the client gives of its own are new in every send and for every recipient."""
    for _ in range(3):
        desk.example()
        _accept(desk, draws.message("905329975725", "905329975726"))


@rule("K-11", needs=(Capability.SEND,))
def long_texts(desk: Desk) -> None:
    """Texts around and over one part are written whole, the long ones with type longSMS."""
    plain = st.sampled_from((159, 160, 161, 306, 500)).map(lambda n: "a" * n)
    # Each of these would be one part too many if it were taken for the default alphabet.
    other = st.tuples(st.sampled_from(("ş", "Ж")), st.sampled_from((150, 161, 400)))
    text = plain | other.map(lambda pair: pair[0] * pair[1])
    desk.forall(draws.sends(text=text, most=1), lambda call: _accept(desk, call), examples=10)


@rule("K-12", needs=(Capability.SEND,))
def alphabets_are_named(desk: Desk) -> None:
    """A text that the default alphabet can't write is sent with what makes it writable."""
    for letters in _LETTERS:
        desk.example()
        _accept(desk, draws.message(text=letters))


def _accept(desk: Desk, call: Send) -> None:
    """A send that a server in good order accepts."""
    outcome = desk.call(call, Teller().plain)
    if not isinstance(outcome, Sent):
        raise Violation("a send that succeeds", outcome)
