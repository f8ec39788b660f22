"""The statements of the protocol: ids, marks and both languages."""

import re
from pathlib import Path

import kobikom_emulator
from kobikom_emulator.journal.statements import STATEMENTS, clauses
from kobikom_emulator.protocol.readings import CATALOGUE

SOURCES = Path(kobikom_emulator.__file__).parent
MARKS = {"D", "O", "A", "I", "D, O", "D, A", "A, O", "A, I"}


def test_the_statements_of_a_clause_are_numbered() -> None:
    """From 1, without gaps, and all 59 clauses have some."""
    assert 59 == len(clauses())
    for clause, statements in clauses().items():
        assert [f"{clause}.{number}" for number in range(1, len(statements) + 1)] == [each.id for each in statements]


def test_every_statement_has_its_own_mark() -> None:
    """One letter, or two where the specification gives both for the same statement."""
    assert set() == {each.mark for each in STATEMENTS.values()} - MARKS


def test_no_statement_lacks_a_turkish_text() -> None:
    """One sentence in each language, no two of them the same."""
    for statement in STATEMENTS.values():
        assert statement.sentence.endswith("."), statement.id
        assert statement.turkish.endswith("."), statement.id
    both = [text for each in STATEMENTS.values() for text in (each.sentence, each.turkish)]
    assert len(both) == len(set(both))


def test_every_reading_is_named_by_a_statement() -> None:
    """A statement of its clause names the setting, in both languages."""
    unnamed = [
        each.name
        for each in CATALOGUE
        if not any(each.name in s.sentence and each.name in s.turkish for s in clauses()[each.clause])
    ]
    assert [] == unnamed


def test_the_sources_cite_statements_that_exist() -> None:
    """Every id of a statement that a module writes is one; nothing that becomes a finding cites a clause alone."""
    cited: dict[str, str] = {}
    for path in SOURCES.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "statements" not in path.parts:
            cited |= dict.fromkeys(re.findall(r"\"([TASCRHB]-\d\d\.\d+|E\.\d)\"", text), path.name)
        bare = re.findall(r"(?:Note\(\s*(?:Kind\.\w+,)?\s*|Diagnosis\(\s*|Code\.\w+, )\"([TASCRHB]-\d\d|E)\"", text)
        assert [] == bare, path
    assert len(cited) > 30
    assert {} == {each: place for each, place in cited.items() if each not in STATEMENTS}
