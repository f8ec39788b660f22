"""Deviations of S-01 to S-09, S-20, S-22: recipients, ids, titles."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from paper_server.dialect import Result, send_answer
from paper_server.httpd import Request, Response

from deviant_servers.controlled_server import ControlledServer
from deviant_servers.deviation import (
    Deviation,
    answer_instead,
    change_answer,
    change_request,
    change_results,
    code,
    has,
    operation,
    replacing,
    results,
    substituting,
)
from deviant_servers.proxy import Upstream

GENERATED = re.compile(r"[0-9]{17,18}")


def _short_ids(server: ControlledServer) -> None:
    server.world._last_id = 10**16


def _one_id_for_all(rows: list[Result]) -> list[Result]:
    first = rows[0].message_id
    return rows if len(rows) < 30 else [replace(r, message_id=first) for r in rows]


def _all_generated(rows: list[Result]) -> list[Result]:
    mixed = any(GENERATED.fullmatch(r.message_id) for r in rows)
    return [replace(r, message_id="100000000000099999") for r in rows] if mixed else rows


def _status(old: int, new: int, message_id: str | None = None) -> Any:
    def change(rows: list[Result]) -> list[Result]:
        return [
            replace(r, status=new, message_id=r.message_id if message_id is None else message_id)
            if r.status == old
            else r
            for r in rows
        ]

    return change_results(change)


def _spread(status: int) -> Any:
    """One recipient's failure is said of all."""

    def change(rows: list[Result]) -> list[Result]:
        hit = any(r.status == status for r in rows) and len(rows) > 1
        return [replace(r, status=status, message_id="") for r in rows] if hit else rows

    return change_results(change)


def _renamed(pattern: str, new: str) -> Any:
    """Some numbers are taken for others, the echo stays honest."""

    def middleware(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
        asked = re.findall(rb">([^<>]*)</gsm>", request.body)
        answer = ask(replace(request, body=substituting(pattern, new)(request.body)))
        if operation(request) != "send" or len(asked) != len(results(answer.body)):
            return answer
        told_as = [replace(r, destination=a.decode()) for r, a in zip(results(answer.body), asked, strict=True)]
        return replace(answer, body=send_answer(told_as))

    return middleware


def _never_twice(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
    seen: set[bytes] = set()

    def once(gsm: re.Match[bytes]) -> bytes:
        known = gsm[0] in seen
        seen.add(gsm[0])
        return b"" if known else gsm[0]

    return ask(replace(request, body=re.sub(rb"<gsm>[^<]*</gsm>", once, request.body)))


def _paid_once(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
    answer = _never_twice(ask, request, memory)
    rows = results(answer.body)
    if operation(request) == "send" and request.body.count(b"</gsm>") == 2 and len(rows) == 1:
        other = replace(rows[0], message_id=str(int(rows[0].message_id) + 10**16))
        return replace(answer, body=send_answer([*rows, other]))
    return answer


def _blanks_kept(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
    asked = [one.decode() for one in re.findall(rb"<gsm>([^<]*)</gsm>", request.body)]
    answer = ask(request)
    rows = results(answer.body)
    if operation(request) != "send" or len(rows) != len(asked):
        return answer
    body = send_answer([replace(r, destination=a) for r, a in zip(rows, asked, strict=True)])
    return replace(answer, body=body)


def _first_block(body: bytes) -> bytes:
    head, mark, rest = body.partition(b"</mesajiniz>")
    return head + mark + b"</SMS>" if b"<mesajiniz>" in rest else body


def _same_ids_fail(rows: list[Result]) -> list[Result]:
    failed = {r.message_id for r in rows if r.status == -33}
    return [replace(r, status=-33) if r.message_id in failed else r for r in rows]


def _empties_fail(ask: Upstream, request: Request, _: dict[str, Any]) -> Response:
    answer = ask(request)
    empties = len(re.findall(rb"<gsm>\s*</gsm>|<gsm/>", request.body))
    rows = results(answer.body)
    if operation(request) == "send" and empties and rows[0].status == 0:
        return replace(answer, body=send_answer([*rows, *[Result(-13)] * empties]))
    return answer


def _reordered(rows: list[Result]) -> list[Result]:
    return sorted(rows, key=lambda r: r.destination.lstrip("+0"), reverse=True)


DEVIATIONS = (
    Deviation(
        "S-01.1",
        "answers in the order of the numbers",
        change_results(_reordered),
        also=frozenset({"S-02", "S-03", "S-05", "S-06"}),
    ),
    Deviation(
        "S-01.3",
        "drops the plus from the echo",
        change_results(lambda f: [replace(r, destination=r.destination.lstrip("+")) for r in f]),
        also=frozenset({"S-06"}),
    ),
    Deviation(
        "S-01.3",
        "echoes numbers in international form",
        change_results(lambda f: [replace(r, destination=re.sub("^00", "", r.destination)) for r in f]),
    ),
    Deviation("S-01.4", "keeps white space around the echo", _blanks_kept),
    Deviation(
        "S-01.1",
        "leaves out the last of several results",
        change_results(lambda f: f[:-1] if len(f) > 2 else f),
        also=frozenset({"R-03", "S-02", "S-05", "S-06", "T-10"}),
    ),
    Deviation(
        "S-01.2",
        "writes a plus before plain numbers",
        change_results(lambda f: [replace(r, destination=re.sub("^9", "+9", r.destination)) for r in f]),
        also=frozenset({"S-22"}),
    ),
    Deviation(
        "S-02.1",
        "leaves generated ids out",
        change_results(lambda f: [replace(r, message_id=GENERATED.sub("", r.message_id)) for r in f]),
        also=frozenset({"S-22"}),
    ),
    Deviation("S-02.4", "makes ids of 17 digits", configure=_short_ids),
    Deviation(
        "S-02.5",
        "makes one id for a large send",
        change_results(_one_id_for_all),
        also=frozenset({"R-03", "R-04", "S-03"}),
    ),
    Deviation(
        "S-02.4",
        "prefixes its ids",
        change_results(lambda f: [replace(r, message_id=re.sub(r"^(\d{18})$", r"M\1", r.message_id)) for r in f]),
        also=frozenset({"R-03", "R-04", "S-03"}),
    ),
    Deviation(
        "S-03.1",
        "writes client ids in capitals",
        change_results(lambda f: [replace(r, message_id=r.message_id.upper()) for r in f]),
        also=frozenset({"R-03", "R-04"}),
    ),
    Deviation("S-03.4", "refuses ids with a comma", answer_instead(has(',1">'), code(-23))),
    Deviation(
        "S-03.2",
        "cuts client ids to 50 characters",
        change_results(lambda f: [replace(r, message_id=r.message_id[:50]) for r in f]),
    ),
    Deviation(
        "S-03.3",
        "makes ids of its own when some are missing",
        change_results(_all_generated),
        also=frozenset({"R-03", "R-04", "S-02", "S-22"}),
    ),
    Deviation(
        "S-03.2",
        "cuts ids in reports",
        change_answer(substituting(r'id="([^"]{40})[^"]*"', r'id="\1"'), "pull"),
        also=frozenset({"R-03", "R-04"}),
    ),
    Deviation("S-04.1", "sends duplicates", _status(-33, 0), also=frozenset({"C-01"})),
    Deviation("S-04.1", "answers -23 to duplicates", _status(-33, -23)),
    Deviation(
        "S-04.1", "refuses the first of duplicates too", change_results(_same_ids_fail), also=frozenset({"C-01"})
    ),
    Deviation(
        "S-05.1",
        "answers -22 to a send without recipients",
        answer_instead(
            lambda r: (
                b"<mesajiniz" in r.body
                and not re.search(rb"<gsm[^>]*>\s*[^<\s]", r.body)
                and r.body.endswith(b"</SMS>")
                and b"<parola>test<" in r.body
            ),
            code(-22),
        ),
    ),
    Deviation("S-05.3", "answers -13 to an empty gsm", _empties_fail),
    Deviation("S-06.2", "sends to landlines", _renamed(r">90212(\d{7})<", r">90532\1<")),
    Deviation(
        "S-06.2", "refuses all recipients because of one bad number", _spread(-13), also=frozenset({"C-01", "S-08"})
    ),
    Deviation("S-06.1", "answers -34 to bad numbers", _status(-13, -34)),
    Deviation("S-06.3", "makes ids for failed recipients", _status(-13, -13, "100000000000000001")),
    Deviation("S-07.1", "answers -34 to foreign numbers", _status(-3, -34)),
    Deviation("S-07.2", "answers -13 to foreign numbers", _status(-3, -13)),
    Deviation("S-07.3", "sends abroad", _status(-3, 0, "100000000000000002")),
    Deviation("S-07.2", "refuses all recipients because of one foreign number", _spread(-3)),
    Deviation("S-08.1", "does not know 0090", _renamed(r">0090", ">x90"), also=frozenset({"S-01"})),
    Deviation("S-08.1", "does not know bare national numbers", _renamed(r">(5\d{9})<", r">x\1<")),
    Deviation("S-09.2", "accepts a title of any length", change_request(replacing("ABCDEFGHIJKL", "Kobikom"))),
    Deviation("S-09.2", "refuses unknown titles with -34", answer_instead(has(">Yabanci<"), code(-34))),
    Deviation("S-09.2", "accepts some unknown titles only", change_request(replacing(">Yabanci<", ">Kobikom<"))),
    Deviation("S-09.1", "knows the first title only", answer_instead(has("<baslik>DEMO<"), code(-34))),
    Deviation("S-09.3", "refuses an empty title", answer_instead(has("<baslik></baslik>"), code(-34))),
    Deviation("S-20.1", "sends the first block only", change_request(_first_block), also=frozenset({"S-01", "S-06"})),
    Deviation(
        "S-20.1",
        "answers the last block first",
        change_results(lambda f: f[::-1] if f and f[0].message_id.startswith("kc") and len(f) > 1 else f),
        also=frozenset({"R-04", "S-01", "S-02", "S-03", "S-04"}),
    ),
    Deviation("S-22.1", "sends once to the same number", _never_twice, also=frozenset({"S-01"})),
    Deviation("S-22.1", "charges once for the same number", _paid_once, also=frozenset({"C-01", "R-03"})),
)
