"""Inputs for a target: those of its corpus, changed in a few places, and drawn by Hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

CORPUS = Path(__file__).parent / "corpus"

WORDS = (
    b"<", b">", b"&", b"]]>", b"<!DOCTYPE x>", b"&#0;", b"\x00", b"\xff", b"\xc3\x9e", b'"', b"'", b"null", b"-1",
    b"1e999", b"9" * 30, b"\r\n\r\n", b"Content-Length: -1\r\n", b"{}", b"[[[[", b"<gsm>", b"</gsm>", b"messageid=",
    b"%zz", b"\xf0\x9f\x98\x80",
)  # fmt: skip


def corpus(target: str) -> list[bytes]:
    """The committed inputs of a target, in the order of their names."""
    return [file.read_bytes() for file in sorted((CORPUS / target).iterdir())]


@st.composite
def mutated(draw: st.DrawFn, inputs: Sequence[bytes]) -> bytes:
    """An input with up to four changes: something inserted, removed, repeated, overwritten, or taken from another."""
    data = bytearray(draw(st.sampled_from(inputs)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.integers(0, 20)))
        match draw(st.sampled_from(("insert", "overwrite", "remove", "repeat", "splice"))):
            case "insert":
                data[start:start] = draw(st.sampled_from(WORDS) | st.binary(max_size=8))
            case "overwrite":
                data[start:stop] = draw(st.binary(min_size=stop - start, max_size=stop - start))
            case "remove":
                del data[start:stop]
            case "repeat":
                data[start:start] = data[start:stop] * draw(st.integers(1, 50))
            case "splice":
                other = draw(st.sampled_from(inputs))
                data[start:] = other[draw(st.integers(0, len(other))) :]
    return bytes(data)
