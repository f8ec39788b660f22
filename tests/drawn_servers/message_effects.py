"""Effects on accepted messages: what is stored of them, and what happens to them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from xml.sax.saxutils import escape, unescape

from paper_server.numbers import DELIVERED
from paper_server.world import Message

from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Scene

FATE = "R-03 R-06 R-01 R-04 R-11 S-03 S-15 S-16 S-18 S-20 S-22 R-09"
Change = Callable[[Scene, Message], Message]


def _messages(change: Change) -> Tell:
    """Change chosen accepted messages."""

    def tell(scene: Scene, choose: Choose) -> bool:
        told = False
        for place in choose(scene.lines):
            line = scene.lines[place]
            if line.message is None:
                continue
            changed = change(scene, line.message)
            if changed != line.message:
                scene.server.exchange_message(line.message, changed)
                line.message = changed
                told = True
        return told

    return tell


def _text(change: Callable[[str], str]) -> Tell:
    """Store another text than was sent."""

    def changed(_: Scene, message: Message) -> Message:
        pieces = message.order.parts
        if any(isinstance(piece, bytes) for piece in pieces):
            return message
        text = "".join(map(str, pieces))
        other = change(text)
        return message if other == text else replace(message, order=replace(message.order, parts=(other,)))

    return _messages(changed)


def _without(pattern: str, instead: str = "") -> Tell:
    compiled = re.compile(pattern)
    return _text(lambda text: compiled.sub(instead, text))


def _normal_form(form: str) -> Tell:
    return _text(lambda text: unicodedata.normalize(form, text))  # type: ignore[arg-type]


def _text_of_another(scene: Scene, choose: Choose) -> bool:
    """Store the text of the first block for chosen recipients."""
    first = next((line.message for line in scene.accepted), None)
    if first is None:
        return False

    def changed(_: Scene, message: Message) -> Message:
        return message if message.order.parts == first.order.parts else replace(message, order=first.order)

    return _messages(changed)(scene, choose)


def _lost(scene: Scene, choose: Choose) -> bool:
    """Send nothing, though the result says so and the charge is taken."""
    chosen = [line.message for place in choose(scene.lines) if (line := scene.lines[place]).message is not None]
    for message in chosen:
        for account in scene.server.world.accounts.values():
            account.waiting = [one for one in account.waiting if one is not message]
        scene.server.pusher.tasks = [task for task in scene.server.pusher.tasks if task.message is not message]
    return bool(chosen)


def _two_reports(scene: Scene, choose: Choose) -> bool:
    """Write the report of chosen recipients twice."""
    chosen = [line.message for place in choose(scene.lines) if (line := scene.lines[place]).message is not None]
    waiting = [] if scene.account is None else scene.account.waiting
    doubled = [message for message in chosen if any(one is message for one in waiting)]
    waiting += [message for message in doubled if message is not None]
    return bool(doubled)


def _to_another_account(scene: Scene, choose: Choose) -> bool:
    """Give the reports of chosen recipients to another account."""
    others = [one for one in scene.server.world.accounts.values() if one is not scene.account]
    if not others or scene.account is None:
        return False
    chosen = [scene.lines[place].message for place in choose(scene.lines)]
    moved = [one for one in scene.account.waiting if any(one is message for message in chosen)]
    scene.account.waiting = [one for one in scene.account.waiting if not any(one is other for other in moved)]
    others[-1].waiting += moved
    return bool(moved)


def _pushed(change: Callable[[Scene, list[object]], None]) -> Tell:
    """Change the pushes of chosen recipients."""

    def tell(scene: Scene, choose: Choose) -> bool:
        chosen = [scene.lines[place].message for place in choose(scene.lines)]
        tasks = [task for task in scene.server.pusher.tasks if any(task.message is one for one in chosen)]
        if not tasks or scene.account is None:
            return False
        change(scene, tasks)  # type: ignore[arg-type]
        return True

    return tell


def _push_lost(scene: Scene, tasks: list[object]) -> None:
    scene.server.pusher.tasks = [one for one in scene.server.pusher.tasks if one not in tasks]


def _push_twice(scene: Scene, tasks: list[object]) -> None:
    scene.server.pusher.tasks += [replace(task) for task in tasks]  # type: ignore[type-var]


def _push_and_pull(scene: Scene, tasks: list[object]) -> None:
    assert scene.account is not None
    scene.account.waiting += [task.message for task in tasks]  # type: ignore[attr-defined]


def _push_and_name_another(scene: Scene, tasks: list[object]) -> None:
    for task in tasks:
        task.message = replace(task.message, id=task.message.id + "0")  # type: ignore[attr-defined]


def _push_late(scene: Scene, tasks: list[object]) -> None:
    for task in tasks:
        task.due += timedelta(minutes=30)  # type: ignore[attr-defined]


def _push_to_a_decoded_url(scene: Scene, tasks: list[object]) -> None:
    for task in tasks:
        task.url = re.sub(r"\?.*", "", task.url)  # type: ignore[attr-defined]


def _final_at(change: Callable[[Scene, Message], timedelta]) -> Tell:
    """Make chosen messages final at another time."""

    def changed(scene: Scene, message: Message) -> Message:
        done = message.submitted + change(scene, message)
        return replace(message, done=done)

    return _messages(changed)


def _delayed(message: Message) -> bool:
    return message.order.sent_for > message.submitted


def _at_once(_: Scene, m: Message) -> Message:
    done = m.submitted + timedelta(seconds=1)
    return replace(m, done=done, status="DELIVERED", gsmerror=0) if _delayed(m) else m


def _delayed_twice(_: Scene, m: Message) -> Message:
    return replace(m, done=m.done + (m.order.sent_for - m.submitted)) if _delayed(m) else m


def _never_expires(_: Scene, m: Message) -> Message:
    return replace(m, status=DELIVERED.status, gsmerror=0) if m.gsmerror == 4101 else m


def _without_appid(_: Scene, m: Message) -> Message:
    return replace(m, order=replace(m.order, appid="")) if m.order.appid else m


def _appid_small(_: Scene, m: Message) -> Message:
    return replace(m, order=replace(m.order, appid=m.order.appid.lower()))


MESSAGE_EFFECTS: tuple[Effect, ...] = tuple(
    effect(name, "send", clauses, tell, chooses=True, narrow=clauses in ("S-21", "S-18", "S-19"))
    for name, clauses, tell in (
        ("stores the text trimmed", "S-21", _text(str.strip)),
        ("stores the text without blanks at its end", "S-21", _text(str.rstrip)),
        ("stores the text without blanks at its beginning", "S-21", _text(str.lstrip)),
        ("stores one blank for several", "S-21", _without(r"[ ]{2,}", " ")),
        ("stores blanks for all white space", "S-21", _without(r"[\t\n\r]", " ")),
        ("stores blanks for tabs", "S-21", _without(r"\t", " ")),
        ("stores line ends as LF", "S-21", _without(r"\r\n?", "\n")),
        ("stores line ends as CR LF", "S-21", _without(r"(?<!\r)\n", "\r\n")),
        ("stores the text without line ends", "S-21", _without(r"[\r\n]+")),
        ("stores blanks for U+00A0", "S-21", _without("\u00a0", " ")),
        ("stores the text without zero width characters", "S-21", _without("[\u200b-\u200d\u2060\ufeff]")),
        ("stores the text without bidirectional marks", "S-21", _without("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")),
        ("stores straight quotes for typographic ones", "S-21", _without("[\u2018-\u201b]", "'")),
        ("stores straight double quotes", "S-21", _without("[\u201c-\u201f]", '"')),
        ("stores a hyphen for dashes", "S-21", _without("[\u2010-\u2015]", "-")),
        ("stores ? for characters over U+FFFF", "S-21", _without("[\U00010000-\U0010ffff]", "?")),
        (
            "stores the text without combining marks",
            "S-21",
            _text(lambda t: "".join(c for c in t if not unicodedata.combining(c))),
        ),
        ("stores the text in form NFC", "S-21", _normal_form("NFC")),
        ("stores the text in form NFD", "S-21", _normal_form("NFD")),
        ("stores the text in form NFKC", "S-21", _normal_form("NFKC")),
        ("stores markup escaped", "S-21", _text(escape)),
        ("stores markup unescaped twice", "S-21", _text(unescape)),
        ("stores the text without tags", "S-21", _without(r"<[^>]*>")),
        ("stores the text without markup characters", "S-21", _without("[&<>]")),
        ("stores quotes behind a backslash", "S-21", _without(r"(['\"\\])", r"\\\1")),
        ("stores the text without quotes", "S-21", _without("['\"]")),
        (
            "stores Latin letters for Turkish ones",
            "S-21",
            _text(lambda t: t.translate(str.maketrans("ğışĞİŞ", "gisGIS"))),
        ),
        ("stores E for the euro sign", "S-21", _without("\u20ac", "E")),
        ("stores blanks for plus signs", "S-21", _without(r"\+", " ")),
        ("stores the text percent-decoded", "S-21", _without("%[0-9A-Fa-f]{2}", "?")),
        ("stores line ends for U+0085 and U+2028", "S-21", _without("[\u0085\u2028\u2029]", "\n")),
        ("stores the text in capitals", "S-21", _text(str.upper)),
        ("stores the text without its last character", "S-21 S-10 S-11", _text(lambda t: t[:-1])),
        ("stores the first 160 characters", "S-21 S-10 S-11", _text(lambda t: t[:160])),
        ("stores the first 300 characters", "S-21 S-10 S-11", _text(lambda t: t[:300])),
        ("stores an advertisement behind the text", "S-21", _text(lambda t: t + " B001")),
        ("stores the text of the first block", "S-20 S-21", _text_of_another),
        ("sends nothing", FATE, _lost),
        ("writes two reports", "R-03 S-19", _two_reports),
        ("gives the report to another account", f"R-05 {FATE}", _to_another_account),
        ("reports under another id", f"S-03 {FATE}", _messages(lambda _, m: replace(m, id=m.id + "0"))),
        ("reports under an id in capitals", f"S-03 {FATE}", _messages(lambda _, m: replace(m, id=m.id.upper()))),
        ("forgets the appid", "S-18", _messages(_without_appid)),
        ("takes the appid as small letters", "S-18", _messages(_appid_small)),
        ("sends at once what is scheduled", "S-15 R-11 R-06", _messages(_at_once)),
        ("waits twice as long as scheduled", "S-15 R-11", _messages(_delayed_twice)),
        ("delivers after the validity", "S-16 R-11", _messages(_never_expires)),
        ("loses the push", "S-19", _pushed(_push_lost)),
        ("pushes twice", "S-19", _pushed(_push_twice)),
        ("pushes and leaves the report for a pull", "S-19", _pushed(_push_and_pull)),
        ("pushes another id", "S-19", _pushed(_push_and_name_another)),
        ("pushes half an hour late", "S-19", _pushed(_push_late)),
        ("pushes to the URL without its query", "S-19", _pushed(_push_to_a_decoded_url)),
    )
)
