"""Effects on the results of a send: what is said of each recipient."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from paper_server.dialect import Result

from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Line, Scene

ECHO = "S-01 S-08 T-10"
IDS = "S-02 S-03"
Change = Callable[[Scene, Result], Result]


def each_result(change: Change, *, only: Callable[[Line], bool] = lambda _: True) -> Tell:
    """Change chosen results."""

    def tell(scene: Scene, choose: Choose) -> bool:
        chosen = {place for place in choose(scene.lines) if only(scene.lines[place])}
        changed = [change(scene, r) if place in chosen else r for place, r in enumerate(scene.results)]
        return changed != scene.results and scene.server.with_results(scene, changed)

    return tell


def _accepted(line: Line) -> bool:
    return line.message is not None


def _generated(line: Line) -> bool:
    return line.message is not None and not line.recipient.client_id.strip()


def _own(line: Line) -> bool:
    return bool(line.recipient.client_id.strip()) and line.result.status == 0


def _destination(change: Callable[[str], str]) -> Tell:
    return each_result(lambda _, r: replace(r, destination=change(r.destination)))


def _id(change: Callable[[str], str], only: Callable[[Line], bool] = _accepted) -> Tell:
    return each_result(lambda _, r: replace(r, message_id=change(r.message_id)), only=only)


def _status(status: int, only: Callable[[Line], bool]) -> Tell:
    return each_result(lambda _, r: replace(r, status=status), only=only)


def _normal(number: str) -> str:
    digits = number.removeprefix("+").removeprefix("00")
    return "90" + digits[-10:] if re.fullmatch(r"0?5\d{9}", digits) else digits


def _left_out(scene: Scene, choose: Choose) -> bool:
    gone = set(choose(scene.lines))
    left = [r for place, r in enumerate(scene.results) if place not in gone]
    return left != scene.results and bool(left) and scene.server.with_results(scene, left)


def _doubled(scene: Scene, choose: Choose) -> bool:
    doubled = set(choose(scene.lines))
    results = [r for place, r in enumerate(scene.results) for _ in range(2 if place in doubled else 1)]
    return results != scene.results and scene.server.with_results(scene, results)


def _empty_result(scene: Scene, _: Choose) -> bool:
    return bool(scene.lines) and scene.server.with_results(scene, [*scene.results, Result(0)])


def _swapped(scene: Scene, _: Choose) -> bool:
    results = [scene.results[-1], *scene.results[1:-1], scene.results[0]] if len(scene.results) > 1 else []
    return bool(results) and results != scene.results and scene.server.with_results(scene, results)


def _ids_swapped(scene: Scene, _: Choose) -> bool:
    accepted = scene.accepted
    if len(accepted) < 2:
        return False
    first, last = accepted[0].place, accepted[-1].place
    results = list(scene.results)
    results[first] = replace(results[first], message_id=scene.results[last].message_id)
    results[last] = replace(results[last], message_id=scene.results[first].message_id)
    return results != scene.results and scene.server.with_results(scene, results)


def _earlier_id(scene: Scene, choose: Choose) -> bool:
    """Give a generated id that an earlier message has; report and result agree."""
    told = False
    results = list(scene.results)
    for place in choose(scene.lines):
        line = scene.lines[place]
        earlier = scene.server.world.messages[: -len(scene.accepted) or None]
        if line.message is None or line.recipient.client_id.strip() or not earlier:
            continue
        scene.server.exchange_message(line.message, replace(line.message, id=earlier[-1].id))
        results[place] = replace(results[place], message_id=earlier[-1].id)
        told = True
    return told and scene.server.with_results(scene, results)


def _generated_for_own(scene: Scene, choose: Choose) -> bool:
    """Give a generated id instead of the client's, in the result and in the report."""
    told = False
    results = list(scene.results)
    for place in choose(scene.lines):
        line = scene.lines[place]
        if line.message is None or not line.recipient.client_id.strip():
            continue
        scene.server.world._last_id += 1
        ident = str(scene.server.world._last_id)
        scene.server.exchange_message(line.message, replace(line.message, id=ident))
        results[place] = replace(results[place], message_id=ident)
        told = True
    return told and scene.server.with_results(scene, results)


RESULT_EFFECTS: tuple[Effect, ...] = (
    effect("leaves out the result", "send", "S-01 S-20", _left_out, chooses=True),
    effect("writes the result twice", "send", "S-01", _doubled, chooses=True),
    effect("adds an empty result", "send", "S-01 S-02", _empty_result),
    effect("swaps the first and the last result", "send", "S-01 S-20 S-03", _swapped),
    effect("swaps the ids of two recipients", "send", f"{IDS} R-04 S-01", _ids_swapped),
    effect("answers status 1 for an accepted recipient", "send", "S-02 E", _status(1, _accepted), chooses=True),
    effect("answers status -7 for an accepted recipient", "send", "S-02 E", _status(-7, _accepted), chooses=True),
    effect(
        "answers 0 for a refused recipient",
        "send",
        "S-02 S-04 S-06 S-07 S-05 S-08 C-02",
        _status(0, lambda line: line.message is None),
        chooses=True,
    ),
    effect(
        "answers -99 for a refused recipient",
        "send",
        "S-04 S-05 S-06 S-07 S-08 C-02 E",
        _status(-99, lambda line: line.message is None),
        chooses=True,
    ),
    effect("leaves the id out", "send", IDS, _id(lambda _: ""), chooses=True),
    effect("echoes the id in capitals", "send", "S-03", _id(str.upper, _own), chooses=True),
    effect("echoes the id in small letters", "send", "S-03", _id(str.lower, _own), chooses=True),
    effect(
        "echoes the first 20 characters of the id",
        "send",
        "S-03",
        _id(lambda i: i[:20], _own),
        chooses=True,
        narrow=True,
    ),
    effect("cuts the last character of the id", "send", f"{IDS} R-04", _id(lambda i: i[:-1]), chooses=True),
    effect("puts an M before the id", "send", f"{IDS} R-04", _id(lambda i: "M" + i), chooses=True),
    effect("puts a blank behind the id", "send", f"{IDS} R-04 T-10", _id(lambda i: i + " "), chooses=True),
    effect("writes 0 before a generated id", "send", f"{IDS} R-04", _id(lambda i: "0" + i, _generated), chooses=True),
    effect(
        "collapses blanks in the id",
        "send",
        "S-03",
        _id(lambda i: re.sub(r"\s+", " ", i), _own),
        chooses=True,
        narrow=True,
    ),
    effect(
        "drops markup characters of the id",
        "send",
        "S-03",
        _id(lambda i: re.sub(r"[&<>\"']", "", i), _own),
        chooses=True,
        narrow=True,
    ),
    effect(
        "writes ? for letters of the id outside ASCII",
        "send",
        "S-03",
        _id(lambda i: i.encode("ascii", "replace").decode(), _own),
        chooses=True,
        narrow=True,
    ),
    effect("gives the id of an earlier message", "send", "S-02 R-03 R-04", _earlier_id, chooses=True),
    effect("gives a generated id instead of the client's", "send", "S-03 R-04", _generated_for_own, chooses=True),
    effect("echoes the number completed", "send", ECHO, _destination(_normal), chooses=True, narrow=True),
    effect(
        "echoes the number with a plus",
        "send",
        ECHO,
        _destination(lambda n: "+" + n.lstrip("+") if n else n),
        chooses=True,
    ),
    effect(
        "echoes the number without a plus",
        "send",
        ECHO,
        _destination(lambda n: n.lstrip("+")),
        chooses=True,
        narrow=True,
    ),
    effect("echoes the last ten digits", "send", ECHO, _destination(lambda n: n[-10:]), chooses=True),
    effect("echoes the number without its last digit", "send", ECHO, _destination(lambda n: n[:-1]), chooses=True),
    effect("echoes the number with a blank", "send", ECHO, _destination(lambda n: n + " " if n else n), chooses=True),
    effect("echoes digits only", "send", ECHO, _destination(lambda n: re.sub(r"\D", "", n)), chooses=True, narrow=True),
    effect("leaves the number out", "send", ECHO, _destination(lambda _: ""), chooses=True),
)
