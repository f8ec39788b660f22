"""What a client may write. The requests of every other contract are judged in the same way; these make sure
that what is easily written wrong is asked for."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec.structs import replace

from kobikom_contracts.client_suite import hard_values, strategies
from kobikom_contracts.client_suite.adapter_protocol import Call, Capability, Failed, Kind, Options, Send, Sent, To
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.rendering import as_json
from kobikom_contracts.client_suite.scripts import SendAnswers
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.wire_rules import needless_ucs2
from kobikom_contracts.core.verdicts import Violation

_LETTERS = ("şğıİĞÇ", "Ж", "é", "中文", "😀", "[]{}€", "ascii")


@contract("K-01", "K-02", "K-03", "K-07")
def requests_as_documented(session: ClientSession) -> None:
    """Each operation of the client is written as documented."""
    calls = strategies.calls(session.capabilities)
    if Capability.SEND in session.capabilities:
        calls.append(strategies.message(text="Güle güle, şeker çocuğum"))
    for call in calls:
        session.example()
        session.call(call)
        if not session.exchanges:
            session.blame(Violation("a request on the wire", "none", statement="K-01"))


@contract("K-04", needs=(Capability.SEND,))
def texts_arrive(session: ClientSession) -> None:
    """A text of any characters that XML carries, at its ends as well, is written unchanged."""
    for _, text in hard_values.one_of_each_class():
        session.example()
        _accept(session, strategies.message(text=text))
    session.for_all(
        strategies.sends(session.capabilities, text=hard_values.texts(), most=2), lambda call: _accept(session, call)
    )


@contract("K-05", needs=(Capability.SEND,))
def line_ends_arrive(session: ClientSession) -> None:
    """LF, CR and CR LF are written as they were given."""
    ends = st.lists(st.sampled_from(("\n", "\r", "\r\n")), min_size=1, max_size=3)
    text = ends.map(lambda drawn: "a" + "b".join(drawn) + "c")
    session.for_all(strategies.sends(text=text, most=1), lambda call: _accept(session, call), examples=8)


@contract("K-03", "K-04", needs=(Capability.SEND,))
def what_xml_cannot_carry(session: ClientSession) -> None:
    """A character that XML cannot carry makes no document malformed, and takes nothing else of the text with it."""
    for text in ("a\x00b", "a\x0bb", "a\x1bb", "a\uffffb", "Merhaba \x02 dünya", "\x1b[1mMerhaba\x1b[0m"):
        session.example()
        outcome = session.call(strategies.message(text=text))
        if isinstance(outcome, Failed) and session.exchanges and session.clean:
            session.failed(outcome, Kind.REFUSED)


@contract("K-06")
def credentials_arrive(session: ClientSession) -> None:
    """User and password are written unchanged, whatever characters they have."""

    def check(drawn: tuple[str, str, Call]) -> None:
        user, password, call = drawn
        session.call(replace(call, user=user, password=password))
        if not session.exchanges:
            session.blame(Violation("a request on the wire", "none"))

    for call in strategies.calls(session.capabilities):
        session.example()
        check(("u&<>ş", 'p+%2B#=?&< "', call))
    drawn = st.tuples(
        strategies.credentials(), strategies.credentials(), st.sampled_from(strategies.calls(session.capabilities))
    )
    session.for_all(drawn, check)


@contract("K-08", "K-07", needs=(Capability.SEND,))
def options_as_asked(session: ClientSession) -> None:
    """Title, flash, delay and validity are written exactly when they were asked for, with Turkish letters, too."""
    titles = st.sampled_from(("Kobikom", "TEST", "905321234567", "A & B", None))
    if Capability.FLASH in session.capabilities:
        session.example()
        _accept(session, replace(strategies.message(text="Güle güle, şeker çocuğum"), options=Options(flash=True)))
    text = st.sampled_from(("Merhaba", "Güle güle, şeker çocuğum", "Привет"))
    calls = st.builds(
        lambda call, title, options: replace(call, title=title, options=options),
        strategies.sends(text=text, most=1),
        titles,
        strategies.options(session.capabilities),
    )
    session.for_all(calls, lambda call: _accept(session, call))


@contract("K-09", needs=(Capability.SEND,))
def recipients_as_given(session: ClientSession) -> None:
    """Each recipient is written with its own message id; a number given twice is written twice."""

    def check(drawn: tuple[Send, bool]) -> None:
        call, twice = drawn
        if twice:
            first = To(call.recipients[0].gsm)
            call = replace(call, recipients=(*call.recipients, first))
        _accept(session, call)

    sends = strategies.sends(session.capabilities, ident=hard_values.idents())
    session.for_all(st.tuples(sends, st.booleans()), check)


@contract("K-09", needs=(Capability.SEND,))
def numbers_as_people_write_them(session: ClientSession) -> None:
    """A number written with blanks, dashes, a plus or a leading 0 is written as the same number, or refused."""
    for number in hard_values.WRITTEN_NUMBERS:
        session.example()
        outcome = session.call(strategies.message(number), SendAnswers().plain)
        if isinstance(outcome, Failed) and not session.exchanges:
            session.failed(outcome, Kind.REFUSED)


@contract("K-10", needs=(Capability.SEND,))
def own_ids_differ(session: ClientSession) -> None:
    """Message ids that the client makes itself are new in every send, for every recipient and after a restart."""
    for number in range(4):
        session.example()
        if number == 3 and not session.restart():
            return
        _accept(session, strategies.message("905329975725", "905329975726"))


@contract("K-11", needs=(Capability.SEND,))
def long_texts(session: ClientSession) -> None:
    """Texts around and over one part are written in full, the long ones with type longSMS."""
    plain = st.sampled_from((159, 160, 161, 306, 500)).map(lambda n: "a" * n)
    # None of these letters is in the default alphabet, in which the texts would be shorter.
    other = st.tuples(st.sampled_from(("ş", "Ж")), st.sampled_from((150, 161, 400)))
    text = plain | other.map(lambda pair: pair[0] * pair[1])
    session.for_all(strategies.sends(text=text, most=1), lambda call: _accept(session, call), examples=10)


@contract("K-12", needs=(Capability.SEND,))
def alphabets_are_named(session: ClientSession) -> None:
    """A text outside the default alphabet is sent with languageCode or datacoding."""
    for letters in _LETTERS:
        session.example()
        _accept(session, strategies.message(text=letters))


@contract("K-40", needs=(Capability.SEND,))
def plain_texts_are_cheap(session: ClientSession) -> None:
    """A text of ASCII letters is not sent as UCS-2, in which it takes more parts."""
    for length in (80, 150, 300):
        session.example()
        _accept(session, strategies.message(text="Merhaba! " * (length // 9)))
        for block in (block for send in session.written_sends() for block in send.blocks):
            for fault in needless_ucs2(block):
                session.blame(fault)


def _accept(session: ClientSession, call: Send) -> None:
    """Make a send that the server accepts; the client must report success unless it wrote something wrong."""
    outcome = session.call(call, SendAnswers().plain)
    if not isinstance(outcome, Sent) and session.clean:
        kind = outcome.error.kind.value if isinstance(outcome, Failed) else "another outcome"
        cause = f"a send that was accepted is reported as {kind}"
        session.blame(Violation("a send that succeeds", as_json(outcome), cause=cause))
