"""Effects on refusals: which fault is judged first, and what a refused login is answered."""

from __future__ import annotations

import re
from dataclasses import replace

from paper_server.dialect import Result, send_answer

from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Scene

_LOGIN = re.compile(rb"<dogrulama>.*?</dogrulama>", re.DOTALL | re.IGNORECASE)


def _code(scene: Scene) -> int | None:
    """The code that refuses the whole request, None when it isn't refused."""
    found = re.search(rb"<status>(-\d+)</status>", scene.response.body)
    return int(found[1]) if scene.refused and found else None


def _other_fault_first(scene: Scene, _: Choose) -> bool:
    """Judge what else is wrong with a send before its login."""
    account = scene.server.world.accounts.get(scene.server.customer.user)
    if _code(scene) not in (-5, -10, -11) or account is None:
        return False
    login = f"<dogrulama><kullanici>{account.user}</kullanici><parola>{account.password}</parola></dogrulama>"
    body = _LOGIN.sub(login.encode(), scene.request.body, count=1)
    other = scene.server.would_answer(replace(scene.request, body=body))
    refused = re.search(rb"<status>(-\d+)</status>", other.body)
    return refused is not None and b"<status>0<" not in other.body and scene.server.with_body(scene, other.body)


def _code_instead(old: tuple[int, ...], new: int) -> Tell:
    def tell(scene: Scene, _: Choose) -> bool:
        if _code(scene) not in old:
            return False
        return scene.server.with_body(scene, send_answer([Result(new)], scene.server.readings))

    return tell


def _pull_code(old: bytes, new: bytes) -> Tell:
    return lambda s, _: s.response.body in (old, b"-" + old) and s.server.with_body(s, new)


ORDER_EFFECTS: tuple[Effect, ...] = (
    effect("judges other faults before the login", "send", "A-04 A-01 A-02 A-03", _other_fault_first, narrow=True),
    effect(
        "answers -22 for a wrong login",
        "send titles balance",
        "A-03 A-04 A-01 A-02",
        _code_instead((-5,), -22),
        narrow=True,
    ),
    effect(
        "answers -11 for a missing user",
        "send titles balance",
        "A-01 A-02 A-04",
        _code_instead((-10,), -11),
        narrow=True,
    ),
    effect(
        "answers -5 for a missing password", "send titles balance", "A-02 A-03", _code_instead((-11,), -5), narrow=True
    ),
    effect(
        "answers -23 for an unreadable body",
        "unreadable",
        "T-02 T-05 T-06 T-11 A-04",
        _code_instead((-22,), -23),
        narrow=True,
    ),
    effect("answers -23 for a wrong ileriTarih", "send", "S-15", _code_instead((-27,), -23), narrow=True),
    effect("answers -23 for missing numbers", "send", "S-05", _code_instead((-6,), -23), narrow=True),
    effect(
        "answers -27 for a broken field", "send", "S-17 S-16 S-14 S-11 S-09", _code_instead((-23,), -27), narrow=True
    ),
    effect("answers 5 for a missing user", "pull", "R-07 A-01", _pull_code(b"10", b"5"), narrow=True),
    effect("answers 11 for a wrong login", "pull", "R-07 A-03", _pull_code(b"5", b"11"), narrow=True),
    effect("answers NO_DATA for a wrong login", "pull", "R-07 A-03", _pull_code(b"5", b"NO_DATA"), narrow=True),
    effect("answers -5 and a line end for a wrong login", "pull", "R-07", _pull_code(b"5", b"5\n"), narrow=True),
)
