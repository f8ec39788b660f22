"""Conditions on the traffic under which a lie takes effect, drawn with their numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from drawn_servers.characters import CLASSES
from drawn_servers.scene import Scene

Holds = Callable[[Scene], bool]
ALL = frozenset({"send", "titles", "balance", "pull", "unreadable"})
POSTS = ALL - {"pull"}
SEND, PULL = frozenset({"send"}), frozenset({"pull"})


@dataclass(frozen=True, slots=True)
class Condition:
    """When a lie takes effect: a phrase for its name, the operations it can hold for, clauses that forbid a difference.

    ``limits``: a server may refuse what exceeds a limit of its own, so that a refusal here is no lie.
    """

    name: str
    operations: frozenset[str]
    holds: Holds
    clauses: frozenset[str] = frozenset()
    limits: bool = False


ALWAYS = Condition("always", ALL, lambda _: True)
Maker = Callable[[random.Random], Condition]


def fixed(name: str, operations: frozenset[str], holds: Holds, *clauses: str, limits: bool = False) -> Maker:
    """A condition without numbers."""
    return lambda _: Condition(name, operations, holds, frozenset(clauses), limits)


def sized(
    phrase: str,
    operations: frozenset[str],
    numbers: tuple[int, ...],
    size: Callable[[Scene], int],
    *clauses: str,
    limits: bool = False,
) -> Maker:
    """A condition that a size is over a drawn number."""

    def make(draw: random.Random) -> Condition:
        number = draw.choice(numbers)
        return Condition(
            phrase.format(number), operations, lambda scene: size(scene) > number, frozenset(clauses), limits
        )

    return make


def _nth(draw: random.Random) -> Condition:
    number = draw.choice((1, 2, 3, 5, 8, 13, 21, 34))
    return Condition(
        f"the {number}. request of its operation",
        ALL,
        lambda scene: scene.past.requests[scene.operation] == number,
    )


def _every_nth(draw: random.Random) -> Condition:
    number = draw.choice((2, 3, 4, 7, 11))
    return Condition(
        f"every {number}. request of its operation",
        ALL,
        lambda scene: scene.past.requests[scene.operation] % number == 0,
    )


def _after(what: str, *clauses: str) -> Maker:
    return fixed(f"after {what}", ALL, lambda scene: what in scene.past.after, *clauses)


def _field(name: str, *clauses: str, value: str = ".+") -> Maker:
    pattern = re.compile(value, re.IGNORECASE | re.DOTALL)
    phrase = f"a {name}" + ("" if value == ".+" else f" of {value}")
    return fixed(phrase, SEND, lambda s: any(pattern.fullmatch(v) for v in s.values(name.lower())), *clauses)


def _text(draw: random.Random) -> Condition:
    name, found = draw.choice(tuple(CLASSES.items()))
    return Condition(
        f"a text with {name}", SEND, lambda s: any(found(line.text) for line in s.lines), frozenset({"S-21"})
    )


def _id(draw: random.Random) -> Condition:
    name = draw.choice(("markup characters", "quotes", "letters outside ASCII", "blanks inside", "punctuation"))
    pattern = {
        "markup characters": r"[&<>]",
        "quotes": r"[\"']",
        "letters outside ASCII": r"[^\x00-\x7f]",
        "blanks inside": r"\S\s+\S",
        "punctuation": r"[^\w\s]",
    }[name]
    return Condition(
        f"an id with {name}",
        frozenset({"send", "pull"}),
        lambda s: any(re.search(pattern, one) for one in _ids(s)),
        frozenset({"S-03", "R-04"}),
    )


def _ids(scene: Scene) -> list[str]:
    return [line.recipient.client_id for line in scene.lines] + scene.named + [one.id for one in scene.reports]


def _number_form(draw: random.Random) -> Condition:
    form = draw.choice((r"\+.*", r"00.*", r"0[1-9].*", r"5.*"))
    pattern = re.compile(form)
    return Condition(
        f"a number of the form {form}",
        SEND,
        lambda s: any(pattern.fullmatch(line.recipient.number) for line in s.lines),
        frozenset({"S-08", "S-01"}),
    )


def _body(pattern: bytes) -> Holds:
    compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return lambda scene: compiled.match(scene.request.body) is not None


def _contains(pattern: bytes, flags: int = 0) -> Holds:
    compiled = re.compile(pattern, flags)
    return lambda scene: compiled.search(scene.request.body) is not None


def _outstanding(scene: Scene) -> int:
    return 0 if scene.account is None else len(scene.account.waiting)


def _spent(scene: Scene) -> bool:
    return scene.account is not None and bool(scene.accepted) and scene.account.credit == 0


def _in_part(scene: Scene) -> bool:
    return bool(scene.accepted) and len(scene.accepted) < len(scene.lines)


def _used_before(scene: Scene) -> bool:
    return any(one.recipient.client_id in scene.past.used_ids for one in scene.lines if one.recipient.client_id.strip())


def _mixed(scene: Scene) -> bool:
    return len({bool(line.recipient.client_id) for line in scene.lines}) == 2


def _other_text_case(scene: Scene) -> bool:
    names = re.findall(rb"<(\w+)", scene.request.body)
    usual = {b"SMS", b"ValidityPeriod", b"ileriTarih", b"languageCode"}
    return any(name != name.lower() and name not in usual for name in names)


MAKERS: tuple[tuple[int, Maker], ...] = (
    (6, lambda _: ALWAYS),
    (3, _nth),
    (3, _every_nth),
    (4, _text),
    (2, _id),
    (2, _number_form),
    (1, fixed("an HTTP/1.0 request", ALL, lambda s: s.request.version == "HTTP/1.0", "T-04")),
    (1, fixed("a later request of a connection", ALL, lambda s: s.request.turn > 1, "T-04")),
    (1, fixed("no Content-Type", POSTS, lambda s: "content-type" not in s.request.headers, "T-03")),
    (1, fixed("a Content-Type", POSTS, lambda s: "content-type" in s.request.headers, "T-03")),
    (1, fixed("Expect: 100-continue", POSTS, lambda s: "expect" in s.request.headers, "T-04")),
    (1, fixed("a body that begins with XML=", POSTS, _body(rb"\s*XML="), "T-02")),
    (1, fixed("a url-encoded body", POSTS, _body(rb"\s*XML=%3C"), "T-02")),
    (1, fixed("a multipart body", POSTS, _body(rb"--"), "T-02")),
    (1, fixed("white space before the document", POSTS, _body(rb"\s"), "T-06")),
    (1, fixed("a declaration", POSTS, _contains(rb"<\?xml"), "T-05")),
    (1, fixed("a character reference", POSTS, _contains(rb"&#"), "T-06", "S-21")),
    (1, fixed("a CDATA section", POSTS, _contains(rb"<!\[CDATA"), "T-06", "S-21")),
    (1, fixed("tags in another case", POSTS, _other_text_case, "T-07")),
    (1, fixed("bytes over 0x7F in the body", POSTS, _contains(rb"[\x80-\xff]"), "T-05", "S-21")),
    (1, sized("a body over {} bytes", POSTS, (512, 1024, 4096, 16384), lambda s: len(s.request.body), limits=True)),
    (1, sized("an answer over {} bytes", ALL, (256, 1000, 4096), lambda s: len(s.response.body))),
    (2, sized("more than {} recipients", SEND, (1, 2, 5, 10, 50), lambda s: len(s.lines), "S-01", limits=True)),
    (2, sized("more than {} blocks", SEND, (1, 2), lambda s: len(s.blocks), "S-20")),
    (2, sized("more than {} reports waiting", ALL, (1, 5, 20, 100), _outstanding)),
    (
        1,
        sized("a text over {} characters", SEND, (60, 160, 300), lambda s: max([len(x.text) for x in s.lines] or [0])),
    ),
    (
        1,
        sized("an id over {} characters", SEND, (12, 20, 36, 64), lambda s: max(map(len, _ids(s)), default=0), "S-03"),
    ),
    (1, _field("appid", "S-18")),
    (1, _field("pushurl", "S-19")),
    (1, _field("flash", "S-13", value="1")),
    (1, _field("binary", "S-14")),
    (1, _field("ileriTarih", "S-15", "R-11")),
    (1, _field("ValidityPeriod", "S-16", "R-11")),
    (1, _field("languageCode", "S-12", "S-10")),
    (1, _field("datacoding", "S-12", "S-13")),
    (1, _field("type", "S-10", value="longsms")),
    (1, _field("baslik", "S-09")),
    (1, fixed("no baslik", SEND, lambda s: not s.values("baslik"), "S-09")),
    (1, fixed("ids of the client", SEND, lambda s: any(x.recipient.client_id for x in s.lines), "S-03")),
    (1, fixed("recipients with and without an id", SEND, _mixed, "S-03")),
    (1, fixed("an id that was used before", SEND, _used_before, "S-03", "S-04")),
    (1, fixed("a refused recipient beside accepted ones", SEND, _in_part, "S-06", "S-07", "S-04")),
    (1, fixed("credit that is exactly used up", SEND, _spent, "C-02", "C-04")),
    (1, fixed("a refused request", ALL, lambda s: s.refused)),
    (1, fixed("an accepted request", ALL, lambda s: not s.refused)),
    (2, fixed("a pull that names ids", PULL, lambda s: bool(s.named), "R-04")),
    (1, sized("a pull that names more than {} ids", PULL, (1, 2, 5), lambda s: len(s.named), "R-04")),
    (2, fixed("a pull that names none", PULL, lambda s: "messageid" not in s.query, "R-01")),
    (1, fixed("a pull with appid", PULL, lambda s: bool(s.query.get("appid")), "S-18", "R-01")),
    (1, sized("more than {} reports in the answer", PULL, (1, 2, 5, 20), lambda s: len(s.reports))),
    (1, fixed("nothing to pull", PULL, lambda s: s.response.body == b"NO_DATA", "R-03")),
    (1, fixed("a slash after pull", PULL, lambda s: "/pull/" in s.request.target, "R-01")),
    (1, _after("a refused login", "A-03", "R-07")),
    (1, _after("a refused recipient", "S-06")),
    (1, _after("a refused request")),
    (1, _after("a pull of unknown ids", "R-04")),
    (1, _after("the clock moved")),
    (
        1,
        fixed(
            "a request that was made before",
            ALL,
            lambda s: s.past.seen[s.request.body or s.request.target.encode()] > 1,
        ),
    ),
)
