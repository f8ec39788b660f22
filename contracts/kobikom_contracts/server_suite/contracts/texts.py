"""Contracts of S-10 to S-12 and S-21: alphabets and parts, observed through the charge."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from kobikom_contracts.core.verdicts import NotCheckable
from kobikom_contracts.parts import GSM_DEFAULT, GSM_EXTENSION, Alphabet, TurkishTable, fit
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need
from kobikom_contracts.strategies import people_texts, texts

CHARGED = (Need.EXCLUSIVE,)
TURKISH_CODES = frozenset({"ES", "TR"})
EDGES = (("a", 160, 153), ("€", 80, 76), ("ş", 70, 67), ("😀", 35, 33))
TURKISH_EDGES = (
    ("ş", 155, 149),
    ("ş", 77, 74),
    ("ğ", 155, 149),
    ("ç", 155, 149),
    ("İ", 155, 149),
    ("a", 160, 153),
)
NOT_LOCKING = "ş" + "¡" * 150
"""One part with the single shift table; the locking table lacks its second character."""


def _charge_parts(session: ServerSession, text: str, *, statement: str | None = None, **fields: str) -> None:
    """Compare the charge for a text with the parts it has, under every reading of the Turkish tables.

    ``statement``: the one that another charge breaks, when it is not the contract's or the reading's own.
    """
    unit = session.unit
    charge = session.charge(session.with_fields({**fields, "metin": text}))
    turkish = fields.get("languageCode", "").upper() in TURKISH_CODES and fields.get("datacoding", "") in ("", "0")
    ucs2 = fields.get("datacoding") in ("8", "24")
    parts = {str(table): fit(text, turkish=turkish, table=table, ucs2=ucs2).parts for table in TurkishTable}
    if len(set(parts.values())) > 1:
        charges = {table: unit * count for table, count in parts.items()}
        session.decide("turkish-table", charge, charges, statement=statement)
    else:
        count = parts["fewest"]
        what = f"charge for {len(text)} characters {text[:1]!r} with {fields} ({count} parts)"
        session.expect(unit * count, charge, what, statement=statement)


@contract("S-10.1", needs=CHARGED, credit=4)
def a_part_of_160(session: ServerSession) -> None:
    """A text of 160 characters costs what a short one costs."""
    for kind in ("", "longSMS"):
        session.example()
        _charge_parts(session, "a" * 160, type=kind)


@contract("S-10.3", credit=12)
def long_sms_accepted(session: ServerSession) -> None:
    """With type longSMS a text over 160 characters is accepted."""
    for count in session.some((161, 400)):
        session.example()
        session.accepted(
            session.message(metin="a" * count, type="longSMS"), f"{count} characters with longSMS accepted"
        )


@contract("S-10.2", "S-10.4", "S-10.5", "S-10.6", needs=CHARGED, credit=160)
def part_boundaries(session: ServerSession) -> None:
    """A lone part and each of several hold what the standard says, to the character."""
    cases = [
        ("S-10.2" if count <= one + 1 else "S-10.5" if char in "€😀" else "S-10.4", char * count, language)
        for turkish, edges in ((False, EDGES), (True, TURKISH_EDGES))
        for char, one, each in edges
        for language in ({"languageCode": "TR"} if turkish else {"datacoding": _coding(char)},)
        for count in (one, one + 1, 2 * each, 2 * each + 1)
    ]
    for statement, text, language in session.some(cases, by=lambda case: case[0]):
        session.example()
        _charge_parts(session, text, statement=statement, type="longSMS", **language)
    session.example()
    _charge_parts(session, NOT_LOCKING, statement="S-10.6", type="longSMS", languageCode="TR")


def _coding(char: str) -> str:
    # What GSM 03.38 can't write is asked for as UCS-2, so that no reading of S-12 matters.
    return "" if char in GSM_DEFAULT | GSM_EXTENSION else "8"


@contract("S-10.4", "S-10.2", "S-10.6", "S-10.7", needs=CHARGED, credit=160)
def parts_of_any_text(session: ServerSession) -> None:
    """Texts around every boundary, in every alphabet, cost what the arithmetic says."""

    def check(drawn: tuple[str, str, str]) -> None:
        text, language, kind = drawn
        _charge_parts(session, text, type=kind, languageCode=language)

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
    """Texts whose charge no reading of S-12 changes (it is judged apart)."""
    turkish = bool(language)
    return all(
        fit(text, turkish=turkish, table=table) == fit(text, turkish=turkish, table=table, replace=True)
        for table in TurkishTable
    )


@contract("S-11.1", needs=CHARGED, credit=12)
def long_text_without_longsms(session: ServerSession) -> None:
    """A long text without longSMS is cut to one part, or split, or refused with -23."""
    for text in session.some(("a" * 161, "ş" * 71, "b" * 400)):
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


@contract("S-12.1", "S-12.3", "S-12.4", credit=12)
def alphabets_accepted(session: ServerSession) -> None:
    """Datacoding 8, languageCode ES and languageCode TR are accepted."""
    for statement, fields in (
        ("S-12.1", {"datacoding": "8"}),
        ("S-12.3", {"languageCode": "ES"}),
        ("S-12.4", {"languageCode": "TR"}),
    ):
        session.example()
        send = session.with_fields({"metin": "Işık söndü", **fields})
        session.accepted(session.submit(send), f"a message with {fields} accepted", statement=statement)


@contract("S-12.6", "S-12.2", "S-13.2", "S-10.2", needs=CHARGED, credit=30)
def datacoding_and_language(session: ServerSession) -> None:
    """Datacoding 8 and 24 mean UCS-2; ES and TR bring the Turkish tables; nothing else does."""
    cases: tuple[tuple[str, dict[str, str], str], ...] = (
        ("S-10.2", {"datacoding": "8"}, "a" * 71),
        ("S-12.2", {"datacoding": "24"}, "a" * 71),
        ("S-10.2", {"datacoding": "0"}, "a" * 160),
        ("S-13.2", {"datacoding": "240"}, "a" * 160),
        # 77 of them are one part under every reading of the tables.
        ("S-12.6", {"languageCode": "ES"}, "ş" * 77),
        ("S-12.6", {"languageCode": "TR"}, "ş" * 77),
        ("S-12.6", {"languageCode": "es"}, "ş" * 77),
        ("S-12.6", {"languageCode": "DE"}, "a" * 160),
        ("S-12.6", {"languageCode": "TR", "datacoding": "8"}, "ş" * 71),
    )
    for statement, fields, text in session.some(cases, by=lambda case: case[0]):
        session.example()
        _charge_parts(session, text, statement=statement, type="longSMS", **fields)


@contract("S-12.5", needs=CHARGED, credit=8)
def unencodable_characters(session: ServerSession) -> None:
    """One character outside the alphabet makes the text UCS-2, or becomes a question mark."""
    unit = session.unit
    for text, language in session.some((("a" * 99 + "中", ""), ("ş" * 71, ""), ("ş" * 71, "DE"))):
        session.example()
        charge = session.charge(session.message(metin=text, type="longSMS", languageCode=language))
        session.decide("unencodable", charge, {"ucs2": 2 * unit, "question-mark": unit})


@contract("S-21.1", needs=(Need.MESSAGES,), credit=40)
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

    for text in session.some((" a  b ", "a\nb", "a\r\nb", "a\tb", "<b>&amp;</b>", "ı İ 😀", "%41+%20")):
        session.example()
        check(text)
    session.for_all(people_texts(), check, examples=10)
