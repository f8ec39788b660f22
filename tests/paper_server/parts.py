"""How many parts a text or a binary message needs (S-10, S-11, S-12, S-14)."""

from dataclasses import dataclass

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_COMMON = "@£$¥éùò\nÇ\rÅåΔ_ΦΓΛΩΠΨΣΘΞßÉ !\"#¤%&'()*+,-./0123456789:;<=>?ÄÖÑÜ§äöñüà" + _LETTERS + _LETTERS.upper()
DEFAULT = frozenset(_COMMON + "èìØøÆæ¡¿")
EXTENSION = frozenset("\f^{}\\[~]|€")
TURKISH_SINGLE = EXTENSION | frozenset("ĞİŞçğış")
TURKISH_DEFAULT = frozenset(_COMMON + "€ıĞğŞşİç")


@dataclass(frozen=True, slots=True)
class Alphabet:
    """One way to write a text: characters of one and of two units, capacities in units."""

    name: str
    one: frozenset[str] | None  # None: UCS-2, every character can be written
    two: frozenset[str]
    single: int
    multi: int

    def units(self, char: str) -> int | None:
        """Units this character takes; None when it cannot be written."""
        if self.one is None:
            return 2 if ord(char) > 0xFFFF else 1
        if char in self.one:
            return 1
        return 2 if char in self.two else None


PLAIN = Alphabet("gsm", DEFAULT, EXTENSION, 160, 153)
TURKISH = (
    PLAIN,
    Alphabet("gsm+tr-single", DEFAULT, TURKISH_SINGLE, 155, 149),
)
"""S-10 under `turkish-table=single`."""
UCS2 = Alphabet("ucs2", None, frozenset(), 70, 67)
LOCKING = Alphabet("gsm+tr-locking", TURKISH_DEFAULT, EXTENSION, 155, 149)
BOTH = Alphabet("gsm+tr-both", TURKISH_DEFAULT, TURKISH_SINGLE, 152, 146)


def _candidates(table: str, *, turkish: bool) -> tuple[Alphabet, ...]:
    """The alphabets that a text may be written in; the earlier wins a tie."""
    if not turkish:
        return (PLAIN,)
    more = {"single": (), "fewest": (LOCKING, BOTH), "locking": (LOCKING, BOTH)}[table]
    return (*(TURKISH[:1] if table == "locking" else TURKISH), *more)


def _filled(text: str, alphabet: Alphabet, capacity: int) -> list[str]:
    """The text cut greedily into pieces of at most `capacity` units; a character is never split."""
    pieces, current, used = [], "", 0
    for char in text:
        units = alphabet.units(char)
        assert units is not None
        if used + units > capacity:
            pieces.append(current)
            current, used = "", 0
        current += char
        used += units
    return [*pieces, current]


def _writes(alphabet: Alphabet, text: str) -> bool:
    return all(alphabet.units(char) is not None for char in text)


def _pieces(text: str, alphabet: Alphabet) -> list[str]:
    whole = _filled(text, alphabet, alphabet.single)
    return whole if len(whole) == 1 else _filled(text, alphabet, alphabet.multi)


def split_text(
    text: str, *, unicode: bool, turkish: bool, long: bool, table: str = "single", question_mark: bool = False
) -> tuple[str, list[str]]:
    """Alphabet name and the parts sent. Without `long` only one part goes (S-11 `cut`)."""
    candidates = (UCS2,) if unicode else _candidates(table, turkish=turkish)
    options = [a for a in candidates if _writes(a, text)]
    if not options and question_mark:
        text = "".join(c if any(a.units(c) is not None for a in candidates) else "?" for c in text)
        options = [a for a in candidates if _writes(a, text)]
    best = min(options or [UCS2], key=lambda alphabet: len(_pieces(text, alphabet)))  # a tie: the earlier
    pieces = _pieces(text, best)
    if long or len(pieces) == 1:
        return best.name, pieces
    return best.name, max((_filled(text, a, a.single)[:1] for a in options or [UCS2]), key=lambda kept: len(kept[0]))


def split_binary(octets: bytes, *, long: bool) -> list[bytes]:
    """Parts of 140 octets alone, 134 when several (S-14). Without `long` only the first 140 go."""
    if len(octets) <= 140 or not long:
        return [octets[:140]]
    return [octets[at : at + 134] for at in range(0, len(octets), 134)]
