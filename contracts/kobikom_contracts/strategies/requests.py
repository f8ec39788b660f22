"""Strategies for whole requests: valid, nearly valid, and spelled in unusual ways."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.parts import Alphabet
from kobikom_contracts.strategies.msisdns import turkish_msisdns
from kobikom_contracts.strategies.texts import texts


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
    return st.lists(blocks(), min_size=1, max_size=3).map(lambda drawn: Send(user, password, tuple(drawn)))


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
