"""Effects on credit, balances and titles."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from paper_server.dialect import balance_answer, titles_answer

from drawn_servers.byte_effects import body
from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Scene

CHARGE = "C-01 C-03 C-04 C-05 S-10 S-13 S-22 S-20"
ALL = "send titles balance pull"


def _changed_by(scene: Scene, amount: Decimal) -> bool:
    """Change the credit of the asking account, unless it would become negative."""
    account = scene.account
    if account is None or account.credit + amount < 0 or not amount:
        return False
    before, account.credit = account.credit, account.credit + amount
    return scene.server.visible(before, account.credit)


def _charge(share: Decimal) -> Tell:
    """Charge accepted recipients that many times their price in addition."""

    def tell(scene: Scene, choose: Choose) -> bool:
        chosen = [scene.lines[place].message for place in choose(scene.lines)]
        return _changed_by(scene, -share * sum((one.cost for one in chosen if one), Decimal(0)))

    return tell


def _always_charge(amount: str) -> Tell:
    return lambda scene, _: _changed_by(scene, Decimal(amount))


def _one_part(scene: Scene, choose: Choose) -> bool:
    """Charge one part, whatever the length."""
    account = scene.account
    chosen = [one for place in choose(scene.lines) if (one := scene.lines[place].message) is not None]
    return account is not None and _changed_by(scene, sum((one.cost - account.price for one in chosen), Decimal(0)))


def _one_recipient(scene: Scene, _: Choose) -> bool:
    """Charge the first recipient only."""
    costs = [line.message.cost for line in scene.accepted if line.message is not None]
    return _changed_by(scene, sum(costs[1:], Decimal(0)))


def _last_charge_lost(scene: Scene, _: Choose) -> bool:
    """Give back what the last send but this was charged, as a lost update does."""
    account = scene.account
    before = None if account is None else scene.past.undo.get(account.user)
    if account is None or before is None or scene.credit_before >= before:
        return False
    return _changed_by(scene, before - scene.credit_before)


def _balance(change: Callable[[Decimal], Decimal]) -> Tell:
    def tell(scene: Scene, _: Choose) -> bool:
        if scene.refused or scene.account is None:
            return False
        amount = change(scene.account.credit)
        return scene.server.with_body(scene, balance_answer(amount, scene.account.currency, scene.server.readings))

    return tell


def _text(change: Callable[[str], str]) -> Tell:
    """Write an amount otherwise."""
    pattern = re.compile(rb"(?<=<miktar>).*(?=</miktar>)")
    return body(lambda octets: pattern.sub(lambda found: change(found[0].decode()).encode(), octets))


def _currency(change: Callable[[str], str]) -> Tell:
    pattern = re.compile(rb"(?<=<kur>).*(?=</kur>)")
    return body(lambda octets: pattern.sub(lambda found: change(found[0].decode()).encode(), octets))


def _before_the_last_send(scene: Scene, _: Choose) -> bool:
    old = None if scene.account is None else scene.past.balances.get(scene.account.user)
    return old is not None and not scene.refused and scene.server.with_body(scene, old)


def _titles(change: Callable[[list[str]], list[str]]) -> Tell:
    def tell(scene: Scene, _: Choose) -> bool:
        if scene.refused or scene.account is None:
            return False
        titles = change(list(scene.account.titles))
        return scene.server.with_body(scene, titles_answer(titles, scene.server.readings))

    return tell


def _groups_swapped(octets: bytes) -> bytes:
    return re.sub(rb"normal|sayisal", lambda f: b"sayisal" if f[0] == b"normal" else b"normal", octets)


def _of_another(scene: Scene, _: Choose) -> bool:
    others = [one for one in scene.server.world.accounts.values() if one is not scene.account]
    if scene.refused or not others:
        return False
    return scene.server.with_body(scene, titles_answer(others[-1].titles, scene.server.readings))


def _one_group_left_out(octets: bytes) -> bytes:
    return re.sub(rb"\s*<(sayisal|normal)></\1>", b"", octets)


CREDIT_EFFECTS: tuple[Effect, ...] = (
    effect("charges double", "send", CHARGE, _charge(Decimal(1)), chooses=True, needs_difference=True),
    effect("charges one and a half", "send", CHARGE, _charge(Decimal("0.5")), chooses=True, needs_difference=True),
    effect("charges nothing", "send", CHARGE, _charge(Decimal(-1)), chooses=True),
    effect("charges half", "send", CHARGE, _charge(Decimal("-0.5")), chooses=True, needs_difference=True),
    effect("charges one part whatever the length", "send", CHARGE, _one_part, chooses=True),
    effect("charges one recipient only", "send", CHARGE, _one_recipient),
    effect("takes 1 more", "send", CHARGE, _always_charge("-1")),
    effect("takes 0.001 more", "send", CHARGE, _always_charge("-0.001")),
    effect("takes 1 less", "send", CHARGE, _always_charge("1")),
    effect("charges 1", "titles balance pull", "C-01 C-03 C-04", _always_charge("-1")),
    effect("charges 0.001", "titles balance pull", "C-01 C-03 C-04", _always_charge("-0.001")),
    effect("gives credit of 1", ALL, "C-01 C-03 C-04", _always_charge("1")),
    effect("undoes the charge before", "send", CHARGE, _last_charge_lost),
    effect(
        "rounds the amount down to a whole",
        "balance",
        "B-01 C-04 C-05",
        _balance(lambda a: a.to_integral_value(ROUND_DOWN)),
    ),
    effect(
        "rounds the amount up to a whole",
        "balance",
        "B-01 C-04 C-05",
        _balance(lambda a: a.to_integral_value(ROUND_UP)),
    ),
    effect(
        "cuts the amount to one place",
        "balance",
        "B-01 C-04 C-05",
        _balance(lambda a: a.quantize(Decimal("0.1"), ROUND_DOWN)),
    ),
    effect("tells 1 more", "balance", "C-04 C-05 B-01", _balance(lambda a: a + 1)),
    effect("tells 0.001 less", "balance", "C-04 C-05 B-01", _balance(lambda a: a - Decimal("0.001"))),
    effect("tells the balance of the query before", "balance", "C-05 C-04 C-01", _before_the_last_send),
    effect("writes a comma in the amount", "balance", "B-01", _text(lambda t: t.replace(".", ","))),
    effect("writes a zero before the amount", "balance", "B-01", _text(lambda t: "0" + t)),
    effect("writes a plus before the amount", "balance", "B-01", _text(lambda t: "+" + t)),
    effect("writes a minus before the amount", "balance", "B-01 C-04", _text(lambda t: "-" + t)),
    effect("writes a zero behind the amount", "balance", "B-01", _text(lambda t: t + "0" if "." in t else t + ".0000")),
    effect(
        "writes the amount with two places",
        "balance",
        "B-01",
        _text(lambda t: f"{Decimal(t):.2f}" if t.count(".") < 2 else t),
    ),
    effect(
        "writes the amount in powers of ten",
        "balance",
        "B-01",
        _text(lambda t: f"{Decimal(t):E}" if t.count(".") < 2 else t),
    ),
    effect("writes no amount", "balance", "B-01", _text(lambda _: "")),
    effect("writes the currency small", "balance", "B-01", _currency(str.lower)),
    effect(
        "writes another currency",
        "balance",
        "B-01",
        _currency(lambda c: "USD" if c != "USD" else "TRY"),
        needs_difference=True,
    ),
    effect("writes TL for the currency", "balance", "B-01", _currency(lambda _: "TL")),
    effect("swaps the groups of titles", "titles", "H-01", body(_groups_swapped), narrow=True),
    effect(
        "puts every title into normal",
        "titles",
        "H-01",
        body(
            lambda b: re.sub(rb"(</normal>)\s*<sayisal>(.+)</sayisal>", rb"\2\1<sayisal></sayisal>", b, flags=re.DOTALL)
        ),
        narrow=True,
    ),
    effect("leaves the last title out", "titles", "H-01", _titles(lambda t: t[:-1]), needs_difference=True),
    effect("adds a title", "titles", "H-01", _titles(lambda t: [*t, "EK"]), needs_difference=True),
    effect("lists a title twice", "titles", "H-01", _titles(lambda t: [*t, *t[:1]])),
    effect(
        "writes titles in capitals",
        "titles",
        "H-01",
        _titles(lambda t: [one.upper() for one in t]),
        needs_difference=True,
    ),
    effect("leaves an empty group out", "titles", "H-01", body(_one_group_left_out), narrow=True),
    effect("lists the titles of another account", "titles", "H-01", _of_another, narrow=True),
)
