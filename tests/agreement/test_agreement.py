"""Three witnesses of one protocol: what emulator, client and contracts each wrote down for themselves agrees.

Each comparison names a lone dissenter. A witness is left out only while its module is absent.
"""

import importlib
from collections.abc import Callable, Mapping
from importlib import resources
from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

EMULATOR, CLIENT, CONTRACTS = "kobikom_emulator", "kobikom_client", "kobikom_contracts"


def module(name: str) -> ModuleType | None:
    """A witness's module; None only if it does not exist."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as absent:
        if absent.name is not None and name.startswith(absent.name):
            return None
        raise


def agree(said: Mapping[str, Any]) -> None:
    """Fail, naming who stands alone, unless all say the same."""
    values = list(said.values())
    if all(value == values[0] for value in values):
        return
    alone = [name for name, value in said.items() if sum(value == other for other in values) == 1]
    dissenter = alone[0] if len(alone) == 1 else "nobody alone"
    pytest.fail(f"dissenter: {dissenter}\n" + "\n".join(f"{name}: {value!r}" for name, value in said.items()))


def witnesses(modules: Mapping[str, str], say: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """What each witness that is there says; at least two, or there is nothing to compare."""
    said = {}
    for name, path in modules.items():
        found = module(path)
        if found is not None:
            said[name] = say[name](found)
    if len(said) < 2:
        pytest.skip("fewer than two witnesses are there yet")
    return said


def schema_values(schema: str, element: str) -> set[str]:
    """The values that a RELAX NG schema of the contracts allows for an element or attribute."""
    text = (resources.files(CONTRACTS) / "schemas" / schema).read_bytes()
    space = "{http://relaxng.org/ns/structure/1.0}"
    root = etree.fromstring(text)
    return {
        value.text or ""
        for named in root.iter(f"{space}element", f"{space}attribute")
        if named.get("name") == element
        for value in named.iter(f"{space}value")
    }


def test_a_lone_dissenter_is_named() -> None:
    """The comparison itself can fail, and says who."""
    with pytest.raises(pytest.fail.Exception, match="dissenter: b"):
        agree({"a": 1, "b": 2, "c": 1})
    with pytest.raises(pytest.fail.Exception, match="nobody alone"):
        agree({"a": 1, "b": 2})
    agree({"a": 1, "b": 1})


def test_status_codes() -> None:
    """The page's sixteen codes (E)."""
    agree(
        witnesses(
            {EMULATOR: "kobikom_emulator.protocol.codes", CLIENT: "kobikom_client.values", CONTRACTS: CONTRACTS},
            {
                EMULATOR: lambda codes: {int(code) for code in codes.Code},
                CLIENT: lambda values: {int(code) for code in values.Code},
                CONTRACTS: lambda _: {int(value) for value in schema_values("send-answer.rng", "status")},
            },
        )
    )


def test_report_statuses() -> None:
    """The eleven words (R-09)."""
    agree(
        witnesses(
            {EMULATOR: "kobikom_emulator.domain.delivery", CLIENT: "kobikom_client.values", CONTRACTS: CONTRACTS},
            {
                EMULATOR: lambda delivery: {str(status) for status in delivery.Status},
                CLIENT: lambda values: {str(status) for status in values.Status},
                CONTRACTS: lambda _: schema_values("delivery-report.rng", "status"),
            },
        )
    )


def test_readings() -> None:
    """Names, clauses, values and defaults of the ambiguities."""
    agree(
        witnesses(
            {EMULATOR: "kobikom_emulator.protocol.readings", CONTRACTS: "kobikom_contracts.clause_table"},
            {
                EMULATOR: lambda readings: [
                    (each.name, each.clause, tuple(each.values)) for each in readings.CATALOGUE
                ],
                CONTRACTS: lambda table: [tuple(row) for row in table.READINGS],
            },
        )
    )


def test_clauses_and_their_sources() -> None:
    """Every clause with the same source marks; E carries none in the protocol, so each may mark it as it likes."""
    agree(
        witnesses(
            {EMULATOR: "kobikom_emulator.journal.clauses", CONTRACTS: "kobikom_contracts.clause_table"},
            {
                EMULATOR: lambda m: {c.id: c.sources.replace(", ", "") for c in m.CLAUSES.values() if c.id != "E"},
                CONTRACTS: lambda table: {row[0]: row[1] for row in table.ROWS if row[0] != "E"},
            },
        )
    )


def test_magic_numbers() -> None:
    """The numbers that end in the eleven statuses (R-09)."""
    agree(
        witnesses(
            {EMULATOR: "kobikom_emulator.domain.magic", CONTRACTS: "kobikom_contracts.server_suite.contracts.delivery"},
            {
                EMULATOR: lambda magic: {str(magic.MAGIC[n].status): n for n in sorted(magic.MAGIC)[:11]},
                CONTRACTS: lambda delivery: dict(delivery.MAGIC),
            },
        )
    )


def test_alphabets() -> None:
    """Which characters take one septet and which two, in each of the four candidates (S-10, S-12)."""
    names = ["gsm", "turkish-single", "turkish-locking", "turkish-both"]

    def of_emulator(alphabets: Any) -> dict[str, tuple[set[str], set[str]]]:
        tables = zip(names, list(alphabets.Alphabet)[:4], strict=True)
        return {
            name: (set(alphabets.TABLES[each].singles), set(alphabets.TABLES[each].escaped)) for name, each in tables
        }

    def of_client(alphabet: Any) -> dict[str, tuple[set[str], set[str]]]:
        return {
            name: (set(basic) - {"\x1b"}, set(extra.values()) - set(basic))
            for name, (basic, extra) in {
                "gsm": (alphabet.DEFAULT, alphabet.EXTENSION),
                "turkish-single": (alphabet.DEFAULT, alphabet.TURKISH_SHIFT),
                "turkish-locking": (alphabet.TURKISH_LOCKING, alphabet.EXTENSION),
                "turkish-both": (alphabet.TURKISH_LOCKING, alphabet.TURKISH_SHIFT),
            }.items()
        }

    def of_contracts(parts: Any) -> dict[str, tuple[set[str], set[str]]]:
        return {str(each.alphabet): (set(each.basic), set(each.escaped) - set(each.basic)) for each in parts.CANDIDATES}

    agree(
        witnesses(
            {
                EMULATOR: "kobikom_emulator.domain.alphabets",
                CLIENT: "kobikom_client.alphabet",
                CONTRACTS: "kobikom_contracts.parts",
            },
            {EMULATOR: of_emulator, CLIENT: of_client, CONTRACTS: of_contracts},
        )
    )


LETTERS = st.sampled_from("aZ@€^ığĞşŞİçÇüß[]~|\f\n\r日😀é¤èìØ")
LONG = st.one_of(
    st.text(LETTERS, max_size=200),
    st.tuples(LETTERS, st.integers(0, 500), st.text(LETTERS, max_size=3)).map(lambda t: t[0] * t[1] + t[2]),
)


@given(LONG, st.booleans())
@example("€" * 77 + "x" * 2, True)
@example("ş" * 155, True)
@example("x" * 152 + "€" + "x" * 200, False)
@example("😀" * 34, False)
def test_part_arithmetic(text: str, turkish: bool) -> None:
    """The same pieces of any text, with and without the national tables (S-10, S-12)."""

    def of_emulator(segments: Any) -> list[str]:
        made = segments.segment_text(
            text,
            ucs2=False,
            turkish=turkish,
            concatenate=True,
            long_text=segments.LongText.CUT,
            unencodable=segments.Unencodable.UCS2,
        )
        return list(made.parts)

    agree(
        witnesses(
            {
                EMULATOR: "kobikom_emulator.domain.segments",
                CLIENT: "kobikom_client.alphabet",
                CONTRACTS: "kobikom_contracts.parts",
            },
            {
                EMULATOR: of_emulator,
                CLIENT: lambda m: list(m.divide(text, (*m.PLAIN, *(m.TURKISH if turkish else ()))).texts),
                CONTRACTS: lambda m: list(m.fit(text, turkish=turkish).pieces),
            },
        )
    )


@given(st.integers(0, 1000))
def test_binary_parts(length: int) -> None:
    """How many parts octets take (S-14)."""
    agree(
        witnesses(
            {
                EMULATOR: "kobikom_emulator.domain.segments",
                CLIENT: "kobikom_client.alphabet",
                CONTRACTS: "kobikom_contracts.parts",
            },
            {
                EMULATOR: lambda m: len(
                    m.segment_binary(bytes(length), concatenate=True, long_text=m.LongText.CUT).parts
                ),
                CLIENT: lambda m: m.divide_binary(bytes(length)).count,
                CONTRACTS: lambda m: m.octet_parts(length, split=True),
            },
        )
    )
