"""Law: public Hypothesis strategies for Kobikom's API. Imports documents, parts and reader values.

Requests, near-valid requests, answers, reports, texts by alphabet and length, MSISDNs by outcome.
Everything here is drawn from the protocol alone and may be used in anybody's tests::

    from hypothesis import given
    from kobikom_contracts import strategies as kobikom

    @given(text=kobikom.texts(kobikom.Alphabet.UCS2, parts=2))
    def test_long_unicode(text): ...
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kobikom_contracts import parts as arithmetic
from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.parts import GSM_DEFAULT, GSM_EXTENSION, Alphabet
from kobikom_contracts.reader import Report, Result, send_layout

__all__ = [
    "STATUSES",
    "Alphabet",
    "Spelling",
    "answers",
    "blocks",
    "foreign_msisdns",
    "invalid_msisdns",
    "magic_msisdns",
    "message_ids",
    "msisdns",
    "near_valid_bodies",
    "offsets",
    "people_texts",
    "report_documents",
    "reports",
    "sends",
    "spellings",
    "texts",
    "turkish_msisdns",
]

STATUSES = (
    "NOT_SENT",
    "SENT",
    "NOT_DELIVERED",
    "DELIVERED",
    "NOT_ALLOWED",
    "INVALID_DESTINATION_ADDRESS",
    "INVALID_SOURCE_ADDRESS",
    "ROUTE_NOT_AVAILABLE",
    "NOT_ENOUGH_CREDITS",
    "REJECTED",
    "INVALID_MESSAGE_FORMAT",
)
"""The statuses of a delivery report (R-09), in the order of the vendor's page."""

_OPERATORS = ("530", "532", "535", "537", "539", "541", "542", "544", "546", "551", "552", "554")
_XML_TEXT = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cn", "Co"),
    min_codepoint=0x20,
    exclude_characters="\ufffe\uffff\x7f\x85",
)


# -- numbers -------------------------------------------------------------------------------------


def turkish_msisdns(*, forms: bool = False) -> SearchStrategy[str]:
    """Turkish mobile numbers as ``905XXXXXXXXX``; with ``forms`` in every lenient form of S-08."""
    plain = st.tuples(st.sampled_from(_OPERATORS), st.integers(0, 9_999_999)).map(
        lambda pair: f"90{pair[0]}{pair[1]:07d}"
    )
    if not forms:
        return plain
    return plain.flatmap(lambda n: st.sampled_from((n, "+" + n, "00" + n, "0" + n[2:], n[2:])))


def foreign_msisdns() -> SearchStrategy[str]:
    """Valid mobile numbers outside Turkey: -3 under the default coverage (S-07)."""
    return st.sampled_from(
        (
            "447911123456",
            "4915123456789",
            "33612345678",
            "393312345678",
            "34612345678",
            "994501234567",
        )
    )


def invalid_msisdns() -> SearchStrategy[str]:
    """What is no number of a mobile operator: -13 (S-06)."""
    landline = st.integers(0, 9_999_999).map(lambda n: f"90212{n:07d}")
    unassigned = st.integers(100, 9_999_999).map(lambda n: f"90599{n:07d}")
    return st.one_of(
        st.sampled_from(
            (
                "abc",
                "12",
                "90532997572",
                "9053299757251",
                "90 532 997 57 25",
                "90532-9975725",
                "905329975x25",
                "++905329975725",
                "0",
            )
        ),
        landline,
        unassigned,
    )


def magic_msisdns(status: str | None = None) -> SearchStrategy[str]:
    """The emulator's own numbers that end in a status (any when None); no other server's."""
    numbers = {name: f"905990000{index:03d}" for index, name in enumerate(STATUSES, 1)}
    return st.sampled_from(tuple(numbers.values())) if status is None else st.just(numbers[status])


def msisdns(outcome: int = 0) -> SearchStrategy[str]:
    """Numbers by the code they get: 0 accepted, -3 out of coverage, -13 none."""
    return {0: turkish_msisdns(), -3: foreign_msisdns(), -13: invalid_msisdns()}[outcome]


# -- texts ---------------------------------------------------------------------------------------


def _alphabet_chars(alphabet: Alphabet) -> SearchStrategy[str]:
    writable = sorted(GSM_DEFAULT - {"\r", "\n"})
    match alphabet:
        case Alphabet.GSM:
            return st.sampled_from(writable) | st.sampled_from(sorted(GSM_EXTENSION - {"\f"}))
        case Alphabet.TURKISH_SINGLE:
            return st.sampled_from(writable) | st.sampled_from("ĞİŞçğış")
        case Alphabet.TURKISH_LOCKING:
            return st.sampled_from(sorted(arithmetic.TURKISH_LOCKING - {"\r", "\n"}))
        case Alphabet.TURKISH_BOTH:
            return st.sampled_from("ĞİŞçğışabc") | st.sampled_from("{}€[]")
        case Alphabet.UCS2:
            return st.sampled_from("abcşğıЖ中") | st.just("😀")


def texts(alphabet: Alphabet = Alphabet.GSM, *, parts: int = 1) -> SearchStrategy[str]:
    """Texts of characters of an alphabet, at and around the boundary of ``parts`` parts.

    Lengths sit on either side of where the next part begins, so a charge off by one shows.
    """
    how = {c.alphabet: c for c in (*arithmetic.CANDIDATES, arithmetic.UCS2)}[alphabet]
    edge = how.one if parts == 1 else how.each * parts
    return st.tuples(
        st.lists(_alphabet_chars(alphabet), min_size=1, max_size=6),
        st.sampled_from((edge // 2, edge - 2, edge - 1, edge, edge + 1)),
    ).map(lambda pair: _stretched("".join(pair[0]), pair[1]))


def _stretched(seed: str, length: int) -> str:
    return (seed * (length // len(seed) + 1))[:length]


def people_texts() -> SearchStrategy[str]:
    """Realistic Turkish texts (Faker, tr_TR): a greeting with a name, a town and an amount."""
    from faker import Faker

    def write(seed: int) -> str:
        fake = Faker("tr_TR")
        fake.seed_instance(seed)
        return (
            f"Sayın {fake.name()}, {fake.city()} şubemizden {fake.random_int(1, 9999)} TL "
            f"tutarında işleminiz onaylanmıştır. {fake.company()}"
        )

    return st.integers(0, 2**32 - 1).map(write)


def message_ids() -> SearchStrategy[str]:
    """Client message ids: any length, any printable characters, not blank, no comma (R-01)."""
    return st.text(
        st.characters(
            min_codepoint=0x21,
            max_codepoint=0x17F,
            exclude_characters=",\x7f\x85\xa0",
            exclude_categories=("Cc", "Zs"),
        ),
        min_size=1,
        max_size=40,
    )


def offsets() -> SearchStrategy[str]:
    """IleriTarih values of the documented form (S-15), such as ``4d3h2m1s``."""
    numbers = ("", *map(str, range(10)))
    pieces = [st.sampled_from([n and n + unit for n in numbers]) for unit in "dhms"]
    return st.tuples(*pieces).map("".join)


# -- requests ------------------------------------------------------------------------------------


def blocks(*, recipients: int = 3) -> SearchStrategy[Block]:
    """One ``<mesajiniz>`` that is accepted under every reading: own ids, plain numbers."""
    return st.builds(
        lambda numbers, text, flash: Block(
            tuple(Recipient(n) for n in numbers), {"metin": text, "flash": flash, "type": "longSMS"}
        ),
        st.lists(turkish_msisdns(), min_size=1, max_size=recipients, unique=True),
        st.sampled_from((Alphabet.GSM, Alphabet.UCS2)).flatmap(texts),
        st.sampled_from(("", "0", "1")),
    )


def sends(user: str, password: str) -> SearchStrategy[Send]:
    """Whole sends of one to three blocks."""
    return st.lists(blocks(), min_size=1, max_size=3).map(lambda found: Send(user, password, tuple(found)))


def near_valid_bodies(user: str, password: str) -> SearchStrategy[bytes]:
    """Request bodies one mutation away from a valid one: cut, doubled, flipped, spliced."""
    body = sends(user, password).map(lambda send: send.body())

    def mutate(pair: tuple[bytes, tuple[str, int, bytes]]) -> bytes:
        data, (kind, where, junk) = pair
        at = where % len(data)
        return {
            "cut": data[:at],
            "drop": data[:at] + data[at + 1 :],
            "insert": data[:at] + junk + data[at:],
            "double": data[: at + 1] + data[at:],
            "flip": data[:at] + bytes([data[at] ^ 0x80]) + data[at + 1 :],
        }[kind]

    change = st.tuples(
        st.sampled_from(("cut", "drop", "insert", "double", "flip")),
        st.integers(0, 10_000),
        st.sampled_from((b"&", b"<", b">", b"\x00", b"\xff", b"]]>", b"&#0;", b"<!--", b"%3C", b"+")),
    )
    return st.tuples(body, change).map(mutate)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to spell a simple send: case of names, order of elements, unknown tags between."""

    upper: tuple[bool, ...]
    order: tuple[int, ...]
    unknown: bool

    def xml(self, user: str, password: str, gsm: str, message_id: str) -> str:
        """The send, spelled this way."""

        def name(word: str, index: int) -> str:
            return word.upper() if self.upper[index] else word.lower()

        def tag(word: str, index: int, inner: str, attributes: str = "") -> str:
            spelled = name(word, index)
            return f"<{spelled}{attributes}>{inner}</{spelled}>"

        login = [tag("parola", 0, escape(password)), tag("kullanici", 1, escape(user))]
        ident = f" {name('messageId', 2)}={quoteattr(message_id)}"
        fields = [
            tag("metin", 3, "Merhaba"),
            tag("alicilar", 4, tag("gsm", 5, gsm, ident)),
            tag("flash", 6, "0"),
            tag("dataCoding", 7, ""),
            "<bilinmeyen a='1'>x<y/></bilinmeyen>" if self.unknown else "",
        ]
        inner = "".join(fields[index] for index in self.order)
        message = tag("mesajiniz", 8, inner)
        credentials = tag("dogrulama", 9, "".join(login if self.upper[0] else login[::-1]))
        top = message + credentials if self.upper[9] else credentials + message
        return tag("SMS", 10, top)


def spellings() -> SearchStrategy[Spelling]:
    """Every way to spell a simple send that T-07 calls the same."""
    return st.builds(
        Spelling,
        st.tuples(*[st.booleans()] * 11),
        st.permutations(range(5)).map(tuple),
        st.booleans(),
    )


# -- answers -------------------------------------------------------------------------------------


def answers(*, results: int = 4) -> SearchStrategy[tuple[bytes, tuple[Result, ...]]]:
    """Send answers as documented: the bytes, and the results a client must find in them."""
    code = st.sampled_from(("0", "-1", "-2", "-3", "-13", "-33", "-99"))
    one = st.tuples(code, st.integers(10**17, 10**18 - 1), turkish_msisdns()).map(
        lambda t: Result(t[0], str(t[1]) if t[0] == "0" else "", t[2])
    )

    def render(found: list[Result]) -> tuple[bytes, tuple[Result, ...]]:
        text = send_layout(tuple(found)).replace("?><results>", "?>\n<results>\n")
        text = text.replace("<result>", "<result>\n").replace("</result>", "</result>\n")
        return (text + "\n").encode(), tuple(found)

    return st.lists(one, min_size=1, max_size=results).map(render)


def reports() -> SearchStrategy[Report]:
    """Reports of every status, dates unpadded, gsmerror 0 for success."""
    date = st.datetimes().map(lambda t: f"{t.year:04d}/{t.month}/{t.day} {t.hour}:{t.minute}:{t.second}")

    def build(ident: str, when: str, status: str, error: int) -> Report:
        return Report(ident, when, when, status, str(0 if status in STATUSES[:2] + STATUSES[3:4] else error))

    return st.builds(
        build,
        message_ids(),
        date,
        st.sampled_from(STATUSES),
        st.sampled_from((1, 27, 31, 32, 34, 256, 500, 2048, 4101)),
    )


def report_documents(*, most: int = 4) -> SearchStrategy[tuple[bytes, tuple[Report, ...]]]:
    """Pull answers as documented: the bytes, and the reports in them (none: ``NO_DATA``)."""

    def render(found: list[Report]) -> tuple[bytes, tuple[Report, ...]]:
        if not found:
            return b"NO_DATA", ()
        rows = "".join(
            f'<message id="{escape(r.id, {chr(34): "&quot;"})}" sentdate="{r.sentdate}"'
            f' donedate="{r.donedate}" status="{r.status}" gsmerror="{r.gsmerror}"/>\n'
            for r in found
        )
        return f"<DeliveryReport>\n{rows}</DeliveryReport>\n".encode(), tuple(found)

    return st.lists(reports(), max_size=most, unique_by=lambda r: r.id).map(render)
