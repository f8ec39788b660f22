"""The vendor's page and its examples, as they are stored beside this module."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
PAGE = (FOLDER / "kobikom-sms-api.txt").read_text(encoding="utf-8")
LINES = PAGE.split("\n")

NO_BREAK_SPACE = "\u00a0"


class Example(NamedTuple):
    """One example: the lines of the page it stands on, counted from 1, its name and its text without the last line
    end.
    """

    first: int
    last: int
    name: str
    text: str


def _example(file: Path) -> Example:
    first, last, name = file.stem.split("-", 2)
    return Example(int(first), int(last), name, file.read_bytes().decode().removesuffix("\n"))


EXAMPLES = {(example := _example(file)).name: example for file in sorted((FOLDER / "examples").iterdir())}


def text(name: str) -> str:
    """An example as the page prints it."""
    return EXAMPLES[name].text


def numbered_blocks() -> list[tuple[int, int]]:
    """First and last line of every code block: the page prints the numbers of its lines, 1 to n, before each."""
    blocks = []
    at = 0
    while at < len(LINES):
        count = 0
        while LINES[at + count] == str(count + 1):
            count += 1
        if count:
            blocks.append((at + count + 1, at + 2 * count))
        at += max(1, 2 * count)
    return blocks


def head_and_body(name: str) -> tuple[dict[str, str], str]:
    """The header lines of a printed answer by name, and its body."""
    head, body = re.split(r"\n(?=<\?xml)", text(name), maxsplit=1)
    return dict(line.split(": ", 1) for line in head.split("\n")), body


def request_bytes(head: str, body: bytes | None = None) -> bytes:
    """A request with a printed head, which lacks the version of HTTP: everything else goes out as it is printed."""
    first, *fields = text(head).removeprefix("Request\n").split("\n")
    if body is not None:
        fields.append(f"Content-Length: {len(body)}")
    return "\r\n".join([f"{first} HTTP/1.1", *fields, "", ""]).encode() + (body or b"")


def spaced(printed: str) -> str:
    """A text with blanks for U+00A0, and without the white space that only breaks lines inside of a tag."""
    plain = printed.replace(NO_BREAK_SPACE, " ")
    return re.sub(r"<[^>]*>", lambda tag: re.sub(r"\s*/>", "/>", " ".join(tag[0].split())), plain)
