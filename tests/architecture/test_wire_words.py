"""The Turkish words of the wire stay in the codecs and in the translation module."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "emulator/kobikom_emulator"
WIRE_WORDS = frozenset(
    """
    kullanici parola dogrulama mesaj mesajlar mesajiniz alicilar gsm baslik basliklar metin bakiye sayisal miktar
    ileritarih tip sms
    """.split()
)


def words(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the text of every name and string of a module, docstrings apart."""
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield getattr(node, "lineno", 0), name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.alias(name=name, asname=asname):
                yield node.lineno, asname or name
            case ast.Constant(value=str(text)) if node not in docstrings:
                yield node.lineno, text


def wire_words(tree: ast.AST) -> list[tuple[int, str]]:
    """A name is a wire word as a whole or between underscores; a string has one between any other characters."""
    return [
        (line, word)
        for line, text in words(tree)
        for word in re.findall(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+", text.replace("gsm_error", ""))
        if word.lower() in WIRE_WORDS
    ]


@pytest.mark.parametrize("path", sorted((PACKAGE / "gateway").rglob("*.py")), ids=lambda path: path.stem)
def test_the_gateway_speaks_no_wire_words(path: Path) -> None:
    """No name and no string of the gateway is a word of the vendor's documents."""
    assert [] == wire_words(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "source",
    [
        "request.kullanici",
        "def f(mesaj): ...",
        "path = '/SMS/dogrulama'",
        "f(gsm=1)",
        "import x as metin",
        "BaslikRule()",
    ],
)
def test_a_wire_word_is_noticed(source: str) -> None:
    """As an attribute, an argument, part of a string, a keyword, an alias, part of a class's name."""
    assert 1 <= len(wire_words(ast.parse(source)))


def test_docstrings_and_the_gsm_error_are_no_wire_words() -> None:
    """Docstrings may cite the wire; `gsm_error` is the domain's field."""
    assert [] == wire_words(ast.parse('"""About `<gsm>`."""\nplan.gsm_error'))
