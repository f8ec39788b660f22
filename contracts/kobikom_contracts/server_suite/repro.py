"""Writes a violation as a program that repeats its requests; it needs the standard library only.

The program sends the same bytes again, with the password taken from the environment, and prints the
recorded answers beside the present ones.
"""

from __future__ import annotations

from pathlib import Path

from kobikom_contracts.core.report.text import masked
from kobikom_contracts.core.verdicts import Outcome, Run, Verdict

TEMPLATE = '''#!/usr/bin/env python3
"""{clause}: {sentence}

Expected: {expected}
Found:    {found}

Repeats the requests that showed it, those to the control API included. Usage: python {name} [HOST:PORT]
(KOBIKOM_PASSWORD holds the account's password.)
"""

import os
import socket
import sys
import time

TARGET = {target!r}
EXCHANGES = [
{exchanges}
]


def ask(host: str, port: int, request: bytes) -> bytes:
    with socket.create_connection((host, port), 10) as connection:
        connection.sendall(request)
        if b"Connection: close" not in request:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while data := connection.recv(65536):
            answer += data
    return answer


def with_password(request: bytes, password: bytes) -> bytes:
    """Put the password in, and the length of the body right."""
    head, blank, body = request.replace(b"***", password).partition(b"\\r\\n\\r\\n")
    lines = [
        b"Content-Length: %d" % len(body) if line.lower().startswith(b"content-length:") else line
        for line in head.split(b"\\r\\n")
    ]
    return b"\\r\\n".join(lines) + blank + body


def main() -> None:
    target = sys.argv[1] if len(sys.argv) > 1 else TARGET
    host, _, port = target.rpartition(":")
    password = os.environ.get("KOBIKOM_PASSWORD", "test").encode()
    print({summary!r})
    for request, before, seconds in EXCHANGES:
        if not request:
            print("...", seconds, "s pass")
            time.sleep(seconds)
            continue
        now = ask(host.strip("[]"), int(port), with_password(request, password))
        print(">", request.decode("utf-8", "backslashreplace"))
        print("< then:", before.decode("utf-8", "backslashreplace"))
        print("< now: ", now.decode("utf-8", "backslashreplace"))
        print()


if __name__ == "__main__":
    main()
'''


def write_repros(run: Run, folder: Path) -> list[Path]:
    """Write one file for each violated (or differing) clause; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for verdict in run.verdicts:
        if verdict.outcome in {Outcome.VIOLATED, Outcome.DIFFERS}:
            path = folder / f"repro_{verdict.clause.id.lower().replace('-', '_')}.py"
            path.write_text(_program(run, verdict, path.name), encoding="utf-8")
            written.append(path)
    return written


def _program(run: Run, verdict: Verdict, name: str) -> str:
    exchanges = "\n".join(
        f"    (\n        {masked(one.sent)!r},\n        {masked(one.received)!r},\n"
        f"        {one.seconds if not one.sent else 0.0},\n    ),"
        for one in verdict.exchanges
    )
    flat = {"expected": str(verdict.expected), "found": str(verdict.found)}
    safe = {
        key: value.replace("\\", "\\\\").replace('"""', "'''").encode("ascii", "backslashreplace")
        for key, value in flat.items()
    }
    return TEMPLATE.format(
        clause=verdict.statement.id if verdict.statement else verdict.clause.id,
        sentence=verdict.statement.sentence if verdict.statement else verdict.clause.subject,
        expected=safe["expected"].decode(),
        found=safe["found"].decode(),
        name=name,
        target=_authority(run.target),
        exchanges=exchanges,
        summary=f"{verdict.clause.id}: expected {verdict.expected}; found {verdict.found}",
    )


def _authority(url: str) -> str:
    rest = url.partition("://")[2].partition("/")[0]
    return rest if rest.rpartition(":")[0] else f"{rest}:80"
