"""Conditions on what a server knows beside the request: its clock, the account, open connections, parts."""

from __future__ import annotations

from datetime import datetime

from paper_server.dialect import ISTANBUL

from drawn_servers.conditions import ALL, SEND, Maker, fixed, sized
from drawn_servers.scene import Scene


def _local(scene: Scene) -> datetime:
    return scene.now.astimezone(ISTANBUL)


def _credit_below(limit: int) -> Maker:
    return fixed(
        f"credit below {limit}", ALL, lambda s: s.account is not None and s.account.credit < limit, "C-02", "C-04"
    )


def _parts(scene: Scene) -> int:
    return max((len(line.message.order.parts) for line in scene.lines if line.message is not None), default=0)


def _alphabet(name: str) -> Maker:
    return fixed(
        f"a text in {name}",
        SEND,
        lambda s: any(line.message is not None and line.message.order.alphabet == name for line in s.lines),
        "S-10",
        "S-12",
    )


def _other_account(scene: Scene) -> bool:
    return scene.account is not None and scene.account.user != scene.server.customer.user


def _fraction(scene: Scene) -> bool:
    return scene.account is not None and scene.account.credit % 1 != 0


STATE_MAKERS: tuple[tuple[int, Maker], ...] = (
    (1, fixed("a day of one digit", ALL, lambda s: _local(s).day < 10, "R-08")),
    (1, fixed("a day of two digits", ALL, lambda s: _local(s).day > 9, "R-08")),
    (1, fixed("an hour of one digit", ALL, lambda s: _local(s).hour < 10, "R-08")),
    (1, fixed("an hour after noon", ALL, lambda s: _local(s).hour >= 12, "R-08")),
    (1, fixed("a month other than January", ALL, lambda s: _local(s).month > 1, "R-08")),
    (1, _credit_below(10)),
    (1, _credit_below(1000)),
    (1, fixed("credit that is no whole number", ALL, _fraction, "B-01", "C-04")),
    (2, fixed("an account other than the first", ALL, _other_account, "R-05")),
    (1, sized("more than {} accounts", ALL, (1, 2), lambda s: len(s.server.world.accounts), "R-05")),
    (2, sized("more than {} open connections", ALL, (1, 2, 4), lambda s: s.server.connections, "C-04", "R-03")),
    (1, sized("more than {} parts", SEND, (1, 2, 3), _parts, "S-10", "C-01")),
    (1, _alphabet("ucs2")),
    (1, _alphabet("gsm")),
    (1, _alphabet("binary")),
)
