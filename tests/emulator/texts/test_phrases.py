"""Texts for people: each has a Turkish one, and values are written as the language writes them."""

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import kobikom_emulator
from kobikom_emulator.phrases import Phrase, in_language, preferred
from kobikom_emulator.phrases.turkish import TURKISH
from kobikom_emulator.phrases.turkish_readings import READINGS
from kobikom_emulator.protocol.readings import CATALOGUE

SOURCES = Path(kobikom_emulator.__file__).parent
TEXT_ARGUMENTS = {"expected", "found", "hint"}
RAISES_TEXTS = {"Note", "Refusal", "Observation", "NotMobile", "Diagnosis"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a plain name in the sources, with its place."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield f"{path.relative_to(SOURCES)}:{node.lineno}", node


MADE_AGAIN = {"journal/kept.py"}
"""Where phrases are made of what a file kept of them."""


def templates() -> dict[str, str]:
    """Every template in the sources, with the place of one use."""
    found: dict[str, str] = {}
    for place, call in calls():
        if getattr(call.func, "id", "") == "Phrase" and place.partition(":")[0] not in MADE_AGAIN:
            template = call.args[0]
            assert isinstance(template, ast.Constant), f"{place}: the template of a phrase is not written out"
            found.setdefault(template.value, place)
    return found


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_no_phrase_lacks_a_turkish_text() -> None:
    """The Turkish table has exactly the templates of the sources."""
    in_sources = templates()
    assert len(in_sources) > 150
    assert {} == {template: place for template, place in in_sources.items() if template not in TURKISH}
    assert set() == set(TURKISH) - set(in_sources)


def test_a_turkish_text_has_the_same_values() -> None:
    """No value of a phrase gets lost or is misspelled in its translation."""
    assert [] == [template for template, turkish in TURKISH.items() if names(template) != names(turkish)]


def test_no_explanation_is_written_without_a_phrase() -> None:
    """What explains a request is a phrase, not a literal or an f-string, which would be English in Turkish too."""
    bare = []
    for place, call in calls():
        if getattr(call.func, "id", "") not in RAISES_TEXTS:
            continue
        for keyword in call.keywords:
            literal = isinstance(keyword.value, ast.JoinedStr) or (
                isinstance(keyword.value, ast.Constant) and bool(keyword.value.value)
            )
            if keyword.arg in TEXT_ARGUMENTS and literal:
                bare.append(place)
        if getattr(call.func, "id", "") != "Note":  # the path of a note is no text
            bare += [place for argument in call.args if isinstance(argument, ast.JoinedStr)]
    assert [] == [place for place in bare if not place.startswith(("protocol/envelope", "protocol/decode"))]


def test_a_phrase_is_its_english_text() -> None:
    """So that it can be compared, measured and stored like any other text."""
    phrase = Phrase("at most {count} recipients", count=3)
    assert "at most 3 recipients" == phrase
    assert len("at most 3 recipients") == len(phrase)


@pytest.mark.parametrize(
    ("value", "english", "turkish"),
    [
        (9999, "9999", "9999"),
        (10_000, "10,000", "10.000"),
        (Decimal("12.500"), "12.500", "12,500"),
        (Decimal("10000.5"), "10,000.5", "10.000,5"),
        (1.5, "1.5", "1,5"),
        (2.0, "2", "2"),
        ("1.5", "1.5", "1.5"),
        (Phrase("none"), "none", "yok"),
    ],
)
def test_values_are_written_as_the_language_writes_them(value: object, english: str, turkish: str) -> None:
    """Numbers have the marks of the language; texts of the request stay as they are; a phrase is said in it."""
    phrase = Phrase("{credit} left", credit=value)
    assert f"{english} left" == in_language(phrase, "en")
    assert f"{turkish} kaldı" == in_language(phrase, "tr")


def test_braces_of_a_request_are_no_fields() -> None:
    """A value is never read as a template."""
    assert "user {password}" == Phrase("user {user}", user="{password}")
    assert "{password} kullanıcısı" == in_language(Phrase("user {user}", user="{password}"), "tr")


def test_a_text_without_phrase_is_the_same_everywhere() -> None:
    """Such as what a request held."""
    assert "'Acme'" == in_language("'Acme'", "tr")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("tr", "tr"),
        ("tr-TR,tr;q=0.9,en-US;q=0.8", "tr"),
        ("en-US,en;q=0.9,tr;q=0.8", "en"),
        ("de,tr;q=0.5,en;q=0.4", "tr"),
        ("tr;q=0", "en"),
        ("tr;q=x", "en"),
        ("de", "en"),
        ("*", "en"),
        ("tr_TR.UTF-8", "tr"),
        ("TR", "tr"),
        ("C.UTF-8", "en"),
        ("trv", "en"),
    ],
)
def test_the_preferred_language(header: str, language: str) -> None:
    """Of an Accept-Language header by its qualities, and of the name of a locale."""
    assert language == preferred(header)


def test_the_tables_are_imported_when_they_are_wanted() -> None:
    """A server starts without statements, diagnoses and Turkish texts."""
    program = (
        "import sys, kobikom_emulator.bootstrap\n"
        "late = ('phrases.turkish', 'phrases.turkish_readings', 'journal.statements', 'protocol.diagnosis')\n"
        "print([name for name in late if f'kobikom_emulator.{name}' in sys.modules])\n"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "[]\n" == printed.stdout


def test_no_reading_lacks_a_turkish_text() -> None:
    """Question, page and every value, in the order of the catalogue; what the page prints is in both."""
    assert [each.name for each in CATALOGUE] == list(READINGS)
    for ambiguity in CATALOGUE:
        turkish = ambiguity.in_language("tr")
        assert list(ambiguity.values) == list(turkish.values), ambiguity.name
        assert ambiguity.question != turkish.question
        for quote in re.findall(r"“([^”]*)”", ambiguity.page):
            assert quote in turkish.page, ambiguity.name
        assert ambiguity.in_language("en") is ambiguity
