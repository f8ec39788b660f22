"""Checks the wording rules that a program can check: module docstrings and phrases that CONTRIBUTING.md rules out."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    "emulator",
    "contracts",
    "client_reference",
    "tests",
    "examples",
    "clients",
    "benchmarks",
    "mutation",
    "script",
    "docs",
)
PAGES = ("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md")
SUFFIXES = {".py", ".md", ".js", ".mjs", ".html", ".php", ".cs", ".java", ".sh"}

# The sentences of the clauses, and the page that is generated from them.
NOT_CONVERTED = ("contracts/kobikom_contracts/clause_table.py", "docs/protocol.md", "docs/proof.md")

# A module says what it is for. What it may import is stated once, in pyproject.toml.
MODULE_DOCSTRING = re.compile(
    r"\ALaw:|\bmay (?:be imported|import)\b|\bimported by\b|\bimports? (?:neither|only|nothing)\b"
    r"|\b(?:no|any)body imports\b",
    re.IGNORECASE,
)

# Phrases that a reader has to decode, and what to write instead.
PHRASES = {
    r"anew": "again",
    r"whoever|whosoever": "name the caller or the component",
    r"(?:is|are|was|were|be|been) told": "gets, is given, is set, is reported",
    r"told apart": "distinguished",
    r"(?:is|was|are|were|be) heard(?: of)?": "is received, is reported, is raised",
    r"(?:comes|came|becomes|became) of (?!age)": "happens to, results from",
    r"for ever": "forever, without end",
    r"has not(?=[.,;:)])": "lacks",
    r"spoil(?:s|t|ed)?": "damages, damaged, invalid",
    r"lest": "so that ... not",
    r"whence|hence|thereof|therein|thereby|wherein|whereby|heretofore": "say it in two sentences",
    r"at stake|bad day|daily bread|a matter of taste": "state it literally",
    r"(?<!there\s)is no (?:cursor|answer|error|list|number|date|url|account|title|space|way)": "is not valid",
    r"runs? dry|went before": "is used up, came before",
    r"trespass(?:es)?|guilt|guilty|innocen(?:t|ce)": "violation, valid",
    r"as (?:it|they) stands?\b|as it is told": "unchanged, literally",
    r"teller|greet(?:s|ing)?|hurr(?:y|ies)|(?:front|back) door": "name the component",
}
# A space in the table matches a line break, too.
BANNED = re.compile(r"\b(?:" + "|".join(PHRASES).replace(" ", r"\s+") + r")\b", re.IGNORECASE)

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
PROSE_TOKENS = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def sources() -> Iterator[tuple[str, str]]:
    """The path and the text of each program, script and page that is checked."""
    paths = [ROOT / page for page in PAGES]
    for folder in FOLDERS:
        paths += sorted(path for path in (ROOT / folder).rglob("*") if path.is_file())
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if path.suffix not in SUFFIXES and not name.startswith("script/"):
            continue
        if not name.startswith(NOT_CONVERTED) and path != Path(__file__):
            yield name, path.read_text(encoding="utf-8")


def prose(source: str) -> Iterator[tuple[int, str]]:
    """Each comment and string of a Python source with its line; docstrings and messages are strings."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in PROSE_TOKENS:
            yield token.start[0], token.string


def phrases_in(text: str, *, first_line: int) -> list[tuple[int, str]]:
    """The banned phrases in a text, each with its line."""
    return [
        (first_line + text.count("\n", 0, match.start()), " ".join(match.group().split()))
        for match in BANNED.finditer(text)
    ]


def banned_phrases(source: str) -> list[tuple[int, str]]:
    """The banned phrases in the comments, strings and names of functions and classes of a Python source."""
    definitions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, DEFINITIONS)]
    names = [(node.lineno, node.name.replace("_", " ")) for node in definitions]
    return [match for line, text in [*prose(source), *names] for match in phrases_in(text, first_line=line)]


def test_no_module_docstring_states_who_imports_it() -> None:
    """No module docstring begins with "Law:" or repeats the import rules of pyproject.toml."""
    violations = [
        f"{name}: {match.group()}"
        for name, source in sources()
        if name.endswith(".py")
        if (match := MODULE_DOCSTRING.search(ast.get_docstring(ast.parse(source)) or ""))
    ]
    assert [] == violations


def test_no_text_contains_a_banned_phrase() -> None:
    """Docstrings, comments and messages contain none of the phrases in the table above."""
    violations = [
        f"{name}:{line}: {phrase}"
        for name, source in sources()
        for line, phrase in (banned_phrases(source) if name.endswith(".py") else phrases_in(source, first_line=1))
    ]
    assert [] == violations


@pytest.mark.parametrize(
    ("docstring", "violates"),
    [
        ("Law: sends a message.", True),
        ("Sends a message. May be imported by the gateway.", True),
        ("Sends a message. Imports only the domain.", True),
        ("Sends a message; nobody imports it.", True),
        ("Checks which modules a package imports.", False),
        ("Sends a message, which the law of large numbers allows.", False),
    ],
)
def test_statements_about_imports_are_recognized(docstring: str, violates: bool) -> None:
    """The check finds each kind of statement about imports and accepts other sentences."""
    assert violates == bool(MODULE_DOCSTRING.search(docstring))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""Starts the server anew."""', [(1, "anew")]),
        ("x = 1\n# whoever calls this", [(2, "whoever")]),
        ('raise ValueError("the server is\\n told so")', []),
        ('"""One line.\n\n    The caller is\n    told so.\n    """', [(3, "is told")]),
        ('f"{name} is no cursor of a message"', [(1, "is no cursor")]),
        ('f"there is no space {name}"', []),
        ("anew = 1", []),
        ("def test_it_starts_anew() -> None: ...", [(1, "anew")]),
        ('"""The rate is no longer reached; the test is repeated for every user."""', []),
    ],
)
def test_banned_phrases_are_recognized(source: str, expected: list[tuple[int, str]]) -> None:
    """The check reads comments, docstrings, messages and names of functions, also across a line break, and no code."""
    assert expected == banned_phrases(source)
