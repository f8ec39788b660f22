"""Contracts of S-10 to S-12 and S-21: alphabets and parts, observed through the charge."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from kobikom_contracts.core.verdicts import NotCheckable
from kobikom_contracts.parts import GSM_DEFAULT, GSM_EXTENSION, Alphabet, fit
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need
from kobikom_contracts.strategies import people_texts, texts

CHARGED = (Need.EXCLUSIVE,)
EDGES = (("a", 160, 153), ("€", 80, 76), ("ş", 70, 67), ("😀", 35, 33))
TURKISH_EDGES = (
    ("ş", 155, 149),
    ("ğ", 155, 149),
    ("ç", 155, 149),
    ("İ", 155, 149),
    ("a", 160, 153),
)


def _charge_parts(session: ServerSession, expected: int, what: str, **fields: str) -> None:
    unit = session.unit
    charge = session.charge(session.with_fields(fields))
    session.expect(expected * unit, charge, f"charge for {what} ({expected} parts)")


@contract("S-10", needs=CHARGED, credit=80)
def part_boundaries(session: ServerSession) -> None:
    """A lone part and each of several hold what the documents say, to the character."""
    for turkish, edges in ((False, EDGES), (True, TURKISH_EDGES)):
        for char, one, each in edges:
            language = {"languageCode": "TR"} if turkish else {"datacoding": _coding(char)}
            for count, expected in ((one, 1), (one + 1, 2), (2 * each, 2), (2 * each + 1, 3)):
                session.example()
                what = f"{count} × {char!r}{' in Turkish' if turkish else ''}"
                _charge_parts(session, expected, what, metin=char * count, type="longSMS", **language)


def _coding(char: str) -> str:
    # What GSM 03.38 can't write is asked for as UCS-2, so that no reading of S-12 matters.
    return "" if char in GSM_DEFAULT | GSM_EXTENSION else "8"


@contract("S-10", needs=CHARGED, credit=160)
def parts_of_any_text(session: ServerSession) -> None:
    """Texts around every boundary, in every alphabet, cost what the arithmetic says."""

    def check(drawn: tuple[str, str, str]) -> None:
        text, language, kind = drawn
        laid = fit(text, turkish=bool(language))
        _charge_parts(session, laid.parts, repr(text), metin=text, type=kind, languageCode=language)

    body = st.tuples(st.sampled_from(list(Alphabet)), st.integers(1, 3)).flatmap(
        lambda pair: texts(pair[0], parts=pair[1])
    )
    drawn = st.tuples(
        body | people_texts(),
        st.sampled_from(("", "ES", "TR", "tr")),
        st.sampled_from(("longSMS", "longsms", "LONGSMS")),
    )
    session.for_all(drawn.filter(lambda t: _plain(t[0], t[1])), check)


def _plain(text: str, language: str) -> bool:
    """Texts whose charge no reading changes (S-12 is judged apart)."""
    shown = fit(text, turkish=bool(language))
    return shown == fit(text, turkish=bool(language), replace=True)


@contract("S-11", needs=CHARGED, credit=12)
def long_text_without_longsms(session: ServerSession) -> None:
    """A long text without longSMS is cut to one part, or split, or refused with -23."""
    for text in ("a" * 161, "ş" * 71, "b" * 400):
        session.example()
        unit = session.unit
        before = session.balance()
        answer = session.submit(session.message(metin=text, datacoding=_coding(text[0])))
        charge = before - session.balance()
        session.decide(
            "long-text",
            (set(answer.statuses), charge),
            {
                "cut": ({"0"}, unit),
                "split": ({"0"}, fit(text).parts * unit),
                "refuse": ({"-23"}, Decimal(0)),
            },
        )


@contract("S-12", needs=CHARGED, credit=30)
def datacoding_and_language(session: ServerSession) -> None:
    """Datacoding 8 and 24 mean UCS-2; ES and TR bring the Turkish tables; nothing else does."""
    for fields, text, expected in (
        ({"datacoding": "8"}, "a" * 71, 2),
        ({"datacoding": "24"}, "a" * 71, 2),
        ({"datacoding": "0"}, "a" * 160, 1),
        ({"datacoding": "240"}, "a" * 160, 1),
        ({"languageCode": "ES"}, "ş" * 155, 1),
        ({"languageCode": "TR"}, "ş" * 155, 1),
        ({"languageCode": "es"}, "ş" * 155, 1),
        ({"languageCode": "DE"}, "a" * 160, 1),
        ({"languageCode": "TR", "datacoding": "8"}, "ş" * 71, 2),
    ):
        session.example()
        _charge_parts(
            session,
            expected,
            f"{len(text)} × {text[0]!r} with {fields}",
            metin=text,
            type="longSMS",
            **fields,
        )


@contract("S-12", needs=CHARGED, credit=8)
def unencodable_characters(session: ServerSession) -> None:
    """One character outside the alphabet makes the text UCS-2, or becomes a question mark."""
    unit = session.unit
    for text, language in (("a" * 99 + "中", ""), ("ş" * 71, ""), ("ş" * 71, "DE")):
        session.example()
        charge = session.charge(session.message(metin=text, type="longSMS", languageCode=language))
        session.decide("unencodable", charge, {"ucs2": 2 * unit, "question-mark": unit})


@contract("S-21", needs=(Need.MESSAGES,), credit=40)
def text_arrives_as_written(session: ServerSession) -> None:
    """The inbox shows every character XML can carry, line ends and blanks included."""
    control = session.target.control
    assert control is not None, "Need.MESSAGES means there is one"

    def check(text: str) -> None:
        answer = session.accepted(session.message(metin=text, type="longSMS", datacoding="8"))
        shown = control.message_text(answer.results[0].message_id)
        if shown is None:
            raise NotCheckable("the control API shows no text of the message")
        session.expect(text, shown, "text in the inbox")

    for text in (" a  b ", "a\nb", "a\r\nb", "a\tb", "<b>&amp;</b>", "ı İ 😀", "%41+%20"):
        session.example()
        check(text)
    session.for_all(people_texts(), check, examples=10)
