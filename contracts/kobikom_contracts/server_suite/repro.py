"""Writes a violation as a program that repeats its requests and says whether the fault is still there.

The program is :mod:`replay`, which needs the standard library only, with the exchanges in it. Passwords are left
to the environment: they never stand in the file, nor does anything that tells them.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from kobikom_contracts.core.verdicts import Outcome, Run, Verdict
from kobikom_contracts.transcript import Exchange

_PLACES = {
    "xml": re.compile(rb"(?i)(<parola>)([^<]*)(?=</parola>)"),
    "url": re.compile(rb"(?i)((?:[?&]|\b)parola=|%3Cparola%3E)((?:(?!%3C)[^&\s])*)()"),
    "utf-16-le": re.compile(b"(" + "<parola>".encode("utf-16-le") + b")((?:[^<].)*)()", re.DOTALL),
}
"""Where a password stands in a request, by the way it is written there."""
_SOURCES = ("answer_shapes.py", "replay.py")
_FUTURE = "from __future__ import annotations\n"
_IMPORT = re.compile(r"from kobikom_contracts\.server_suite\.answer_shapes import \([^)]*\)\n")
"""The program is of two modules; in a repro file the one stands in the place of its import in the other."""
_EMPTY = 'RECORDED: dict[str, Any] = json.loads(\'{"target": "", "sentence": "", "exchanges": []}\')'


def write_repros(run: Run, folder: Path, *, password: str, second: str = "") -> list[Path]:
    """Write one file for each violated (or differing) clause that has exchanges; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for verdict in run.verdicts:
        if verdict.outcome in {Outcome.VIOLATED, Outcome.DIFFERS} and verdict.exchanges:
            path = folder / f"repro_{verdict.clause.id.lower().replace('-', '_')}.py"
            path.write_text(_program(run, verdict, password, second), encoding="utf-8")
            written.append(path)
    return written


def _program(run: Run, verdict: Verdict, password: str, second: str) -> str:
    name = verdict.statement.id if verdict.statement else verdict.clause.id
    sentence = verdict.statement.sentence if verdict.statement else verdict.clause.subject
    recorded = {
        "target": "{0.scheme}://{0.netloc}".format(urlsplit(run.target)),
        "sentence": f"{name} {sentence} Expected {verdict.expected}; found {verdict.found}",
        "exchanges": [_exchange(one, password, second) for one in verdict.exchanges],
    }
    shapes, program = (files(__package__).joinpath(one).read_text(encoding="utf-8") for one in _SOURCES)
    source = _IMPORT.sub(lambda _: shapes.partition(_FUTURE)[2].strip() + "\n", program)
    data = "\n".join(_lines(json.dumps(recorded, indent=1)))
    return "#!/usr/bin/env python3\n" + source.replace(_EMPTY, f"RECORDED: dict[str, Any] = json.loads(\n{data}\n)")


def _lines(text: str) -> list[str]:
    """A text as string literals, one a line."""
    return [f"    {line!r}" for line in text.split("\n")]


def _exchange(one: Exchange, password: str, second: str) -> dict[str, Any]:
    return {
        "to": one.to,
        "sent": sealed(one.sent, password, second).decode("latin-1"),
        "received": one.received.decode("latin-1"),
        "seconds": one.seconds,
        "at": one.at,
        "group": one.group,
        "setup": one.setup,
        "half_closed": one.half_closed,
        "still_open": one.still_open,
    }


def sealed(request: bytes, password: str, second: str = "") -> bytes:
    """A request in which names stand for the passwords, and for what the suite makes of them."""
    for form, place in _PLACES.items():
        names = _names(password, second, form)

        def seal(match: re.Match[bytes], names: dict[bytes, bytes] = names) -> bytes:
            known = [secret for secret in names if secret and match[2].startswith(secret)]
            exact = names.get(match[2])
            if exact is not None:
                return match[1] + exact
            longest = max(known, key=len, default=b"")
            return match[1] + names.get(longest, b"") + match[2][len(longest) :]

        request = place.sub(seal, request)
    return request


def _names(password: str, second: str, form: str) -> dict[bytes, bytes]:
    """What stands for each secret, longest first, in one way of writing it."""
    secrets = {"second": second, "password:swapcase": password.swapcase(), "password": password}
    # What is short of one character is a password that the suite tried, unless nothing is left of it.
    exact = {"password:shortened": password[:-1]} if len(password) > 1 else {}
    return {
        _written(text, written): f"{{{{{name}|{written}}}}}".encode()
        for written in (("xml-url", "url") if form == "url" else (form,))
        for name, text in {**exact, **secrets}.items()
        if text
    }


def _written(text: str, form: str) -> bytes:
    if form == "utf-16-le":
        return text.encode("utf-16-le")
    text = escape(text) if form.startswith("xml") else text
    return (quote(text, safe="") if form.endswith("url") else text).encode()
