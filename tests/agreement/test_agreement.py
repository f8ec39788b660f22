"""Three witnesses of one protocol: what emulator, client and contracts each wrote down for themselves agrees.

Each comparison names a lone dissenter.
"""

import json
from collections.abc import Mapping
from importlib import resources
from itertools import pairwise
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

import kobikom_client.alphabet as client_alphabet
import kobikom_client.results as client_values
import kobikom_contracts.clauses as contracts_clauses
import kobikom_contracts.learning.readings as contracts_readings
import kobikom_contracts.parts as contracts_parts
import kobikom_contracts.server_suite.contracts.delivery as contracts_delivery
import kobikom_emulator.cli as emulator_cli
import kobikom_emulator.domain.alphabets as emulator_alphabets
import kobikom_emulator.domain.delivery as emulator_delivery
import kobikom_emulator.domain.magic as emulator_magic
import kobikom_emulator.domain.segments as emulator_segments
import kobikom_emulator.journal.statements as emulator_statements
import kobikom_emulator.protocol.codes as emulator_codes
import kobikom_emulator.protocol.readings as emulator_readings

EMULATOR, CLIENT, CONTRACTS = "kobikom_emulator", "kobikom_client", "kobikom_contracts"
CANDIDATES = ("gsm", "turkish-single", "turkish-locking", "turkish-both")
"""The four alphabets of septets, in the order in which each witness lists them (S-12)."""


def agree(said: Mapping[str, Any]) -> None:
    """Fail, naming who stands alone, unless all say the same."""
    values = list(said.values())
    if all(value == values[0] for value in values):
        return
    alone = [name for name, value in said.items() if sum(value == other for other in values) == 1]
    dissenter = alone[0] if len(alone) == 1 else "nobody alone"
    pytest.fail(f"dissenter: {dissenter}\n" + "\n".join(f"{name}: {value!r}" for name, value in said.items()))


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
        {
            EMULATOR: {int(code) for code in emulator_codes.Code},
            CLIENT: {int(code) for code in client_values.Code},
            CONTRACTS: {int(value) for value in schema_values("send-answer.rng", "status")},
        }
    )


def test_report_statuses() -> None:
    """The eleven words (R-09)."""
    agree(
        {
            EMULATOR: {str(status) for status in emulator_delivery.Status},
            CLIENT: {str(status) for status in client_values.Status},
            CONTRACTS: schema_values("delivery-report.rng", "status"),
        }
    )


def test_readings() -> None:
    """Names, clauses, values and defaults of the ambiguities."""
    agree(
        {
            EMULATOR: {one.name: (one.clause, tuple(one.values)) for one in emulator_readings.CATALOGUE},
            CONTRACTS: {one.name: (one.clause, one.values) for one in contracts_clauses.READING_BY_NAME.values()},
        }
    )


def test_learned_readings() -> None:
    """`readings --json` prints what the contracts learn: names, clauses, defaults, and values with a meaning."""
    printed = CliRunner().invoke(emulator_cli.commands, ["readings", "--json"])
    agree(
        {
            EMULATOR: {
                row["name"]: (
                    row["clause"],
                    row["default"],
                    tuple(one["value"] for one in row["values"] if one["meaning"]),
                )
                for row in json.loads(printed.output)
            },
            CONTRACTS: {
                one.name: (one.clause, one.default, tuple(value for value, meaning in one.values.items() if meaning))
                for one in contracts_readings.READINGS.values()
            },
        }
    )


def test_statements_and_their_marks() -> None:
    """Every statement of every clause, with the same marks."""
    agree(
        {
            EMULATOR: {one.id: one.mark for one in emulator_statements.STATEMENTS.values()},
            CONTRACTS: {one.id: one.source for one in contracts_clauses.STATEMENTS.values()},
        }
    )


def test_magic_numbers() -> None:
    """The numbers that end in the eleven statuses (R-09)."""
    agree(
        {
            EMULATOR: {str(emulator_magic.MAGIC[n].status): n for n in sorted(emulator_magic.MAGIC)[:11]},
            CONTRACTS: dict(contracts_delivery.MAGIC),
        }
    )


def emulator_alphabet(name: str) -> emulator_alphabets.Alphabet:
    return list(emulator_alphabets.Alphabet)[CANDIDATES.index(name)]


def client_candidate(name: str) -> client_alphabet.Alphabet:
    return (*client_alphabet.PLAIN, *client_alphabet.TURKISH)[CANDIDATES.index(name)]


def contracts_candidate(name: str) -> contracts_parts.Candidate:
    return next(each for each in contracts_parts.CANDIDATES if str(each.alphabet) == name)


@pytest.mark.parametrize("name", CANDIDATES)
def test_alphabets(name: str) -> None:
    """Which characters take one septet and which two, in each of the four candidates (S-10, S-12)."""
    table = emulator_alphabets.TABLES[emulator_alphabet(name)]
    basic, extension = client_alphabet._TABLES[client_candidate(name)]
    candidate = contracts_candidate(name)
    agree(
        {
            EMULATOR: (set(table.singles), set(table.escaped)),
            CLIENT: (set(basic) - {"\x1b"}, set(extension.values()) - set(basic)),
            CONTRACTS: (set(candidate.basic), set(candidate.escaped) - set(candidate.basic)),
        }
    )


@pytest.mark.parametrize("name", [*CANDIDATES, "ucs2", "binary"])
def test_part_sizes(name: str) -> None:
    """What a lone part and each of several hold, of every alphabet, also where no text ever shows it (S-10, S-14)."""
    named = dict(zip([*CANDIDATES, "ucs2", "binary"], emulator_alphabets.Alphabet, strict=True))
    room = emulator_alphabets.ROOM[named[name]]
    alphabet = client_candidate(name) if name in CANDIDATES else client_alphabet.Alphabet(name)
    lone = {"ucs2": contracts_parts.UCS2.one, "binary": contracts_parts.BINARY_ONE}
    each = {"ucs2": contracts_parts.UCS2.each, "binary": contracts_parts.BINARY_EACH}
    for candidate in contracts_parts.CANDIDATES:
        lone[str(candidate.alphabet)], each[str(candidate.alphabet)] = candidate.one, candidate.each
    agree(
        {
            EMULATOR: (room.alone, room.among),
            CLIENT: client_alphabet._CAPACITY[alphabet],
            CONTRACTS: (lone[name], each[name]),
        }
    )


LETTERS = st.sampled_from("aZ@€^ığĞşŞİçÇüß[]~|\f\n\r日😀é¤èìØ")
LONG = st.one_of(
    st.text(LETTERS, max_size=200),
    st.tuples(LETTERS, st.integers(0, 500), st.text(LETTERS, max_size=3)).map(lambda t: t[0] * t[1] + t[2]),
)


def emulator_segmentation(text: str, **more: Any) -> emulator_segments.Segmentation:
    segmentation = emulator_segments.segment_text(
        text,
        **{"ucs2": False, "turkish": False, "concatenate": True} | more,
        long_text=emulator_segments.LongText.CUT,
        unencodable=emulator_segments.Unencodable.UCS2,
    )
    assert isinstance(segmentation, emulator_segments.Segmentation)
    return segmentation


@given(LONG, st.sampled_from(["fewest", "single", "locking"]))
@example("ş¡", "locking")
@example("èş", "locking")
@example("ş" * 155, "single")
def test_turkish_tables(text: str, table: str) -> None:
    """The same pieces of a Turkish text under every reading of the tables (S-10)."""
    emulated = emulator_segmentation(text, turkish=True, turkish_table=emulator_segments.TurkishTable(table))
    contracted = contracts_parts.fit(text, turkish=True, table=contracts_parts.TurkishTable(table))
    agree({EMULATOR: list(emulated.parts), CONTRACTS: list(contracted.pieces)})


@given(LONG, st.booleans())
@example("€" * 77 + "x" * 2, True)
@example("ş" * 155, True)
@example("x" * 152 + "€" + "x" * 200, False)
@example("😀" * 34, False)
def test_part_arithmetic(text: str, turkish: bool) -> None:
    """The same pieces of any text, with and without the national tables (S-10, S-12)."""
    candidates = (*client_alphabet.PLAIN, *(client_alphabet.TURKISH if turkish else ()))
    agree(
        {
            EMULATOR: list(emulator_segmentation(text, turkish=turkish).parts),
            CLIENT: list(client_alphabet.divide(text, candidates).texts),
            CONTRACTS: list(contracts_parts.fit(text, turkish=turkish).pieces),
        }
    )


@given(LONG)
@example("x" * 71)
@example("x" * 66 + "😀😀")
def test_part_arithmetic_of_ucs2(text: str) -> None:
    """The same pieces where UCS-2 is asked for (S-10, S-12)."""
    agree(
        {
            EMULATOR: list(emulator_segmentation(text, ucs2=True).parts),
            CLIENT: list(client_alphabet.divide(text, (client_alphabet.Alphabet.UCS2,)).texts),
            CONTRACTS: list(contracts_parts.fit(text, ucs2=True).pieces),
        }
    )


@pytest.mark.parametrize("name", CANDIDATES)
@given(text=st.text("aZ^[\n", max_size=20).map(lambda pattern: (pattern * 200)[:450]))
def test_part_arithmetic_of_each_alphabet(name: str, text: str) -> None:
    """The same pieces in each alphabet, also with both Turkish tables, which never need fewer parts (S-12)."""
    draft = emulator_segments._Septets(text, emulator_alphabet(name))
    laid = contracts_parts._lay(text, contracts_candidate(name))
    assert laid is not None
    agree(
        {
            EMULATOR: [draft.piece(start, end) for start, end in pairwise((0, *draft.ends()))],
            CLIENT: list(client_alphabet.divide(text, (client_candidate(name),)).texts),
            CONTRACTS: list(laid.pieces),
        }
    )


@given(st.integers(0, 1000))
@example(140)
@example(141)
@example(268)
@example(269)
def test_binary_parts(length: int) -> None:
    """How many parts octets take (S-14)."""
    segmentation = emulator_segments.segment_binary(
        bytes(length), concatenate=True, long_text=emulator_segments.LongText.CUT
    )
    assert isinstance(segmentation, emulator_segments.Segmentation)
    agree(
        {
            EMULATOR: len(segmentation.parts),
            CLIENT: client_alphabet.divide_binary(bytes(length)).count,
            CONTRACTS: contracts_parts.octet_parts(length, split=True),
        }
    )
