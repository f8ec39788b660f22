"""Effects of a server that mixes up exchanges: earlier answers, other accounts, other blocks, later charges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from paper_server.dialect import balance_answer
from paper_server.world import Message

from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Scene

CHARGE = "C-01 C-03 C-04 C-05"
BLOCKS = "S-20 S-15 S-18 R-11 R-06"


def _last_answer(scene: Scene, _: Choose) -> bool:
    """Answer what the request before of this operation was answered."""
    last = scene.past.answers.get(scene.operation)
    return last is not None and scene.server.with_body(scene, last)


def _retry(scene: Scene, _: Choose) -> bool:
    """Take a send that came before for a retry: answer as then, and send nothing."""
    first = scene.past.sends.get(scene.request.body)
    if first is None or scene.account is None or not scene.accepted:
        return False
    for line in scene.accepted:
        if line.message is not None:
            scene.server.forget(line.message)
            scene.account.credit += line.message.cost
    scene.server.with_body(scene, first)
    return True


def _balance_of_another(scene: Scene, _: Choose) -> bool:
    others = [one for one in scene.server.world.accounts.values() if one is not scene.account]
    if scene.refused or not others or scene.account is None:
        return False
    answer = balance_answer(others[-1].credit, scene.account.currency, scene.server.readings)
    return scene.server.with_body(scene, answer)


def _charged_later(seconds: int) -> Tell:
    """Take the charge when time has passed."""

    def tell(scene: Scene, choose: Choose) -> bool:
        account, server = scene.account, scene.server
        chosen = [one for place in choose(scene.lines) if (one := scene.lines[place].message) is not None]
        cost = sum((one.cost for one in chosen), Decimal(0))
        if account is None or not cost:
            return False
        before, account.credit = account.credit, account.credit + cost
        due = scene.now + timedelta(seconds=seconds)

        def take() -> bool:
            account.credit = max(account.credit - cost, Decimal(0))
            return False

        server.later.append((lambda _: server.now >= due, take))
        return server.visible(before, account.credit)

    return tell


def _no_refund(scene: Scene, choose: Choose) -> bool:
    """Keep the charge of a message that is reported NOT_ALLOWED."""
    if scene.account is None:
        return False
    chosen = [scene.lines[place].message for place in choose(scene.lines)]
    kept = [one for one in scene.account.refunds if not any(one is message for message in chosen)]
    changed = len(kept) < len(scene.account.refunds)
    scene.account.refunds = kept
    return changed


def _refund(status: str) -> Tell:
    """Give the charge of messages with another final status back."""

    def tell(scene: Scene, choose: Choose) -> bool:
        chosen = [one for place in choose(scene.lines) if (one := scene.lines[place].message) is not None]
        failed = [one for one in chosen if one.status == status]
        if scene.account is not None:
            scene.account.refunds += failed
        return bool(failed)

    return tell


def _like_the_first_block(change: Callable[[Message, Message], Message]) -> Tell:
    """Treat chosen messages as if a field of the first block were theirs."""

    def tell(scene: Scene, choose: Choose) -> bool:
        first = next((line.message for line in scene.accepted), None)
        changed = False
        for place in choose(scene.lines):
            line = scene.lines[place]
            if line.message is None or first is None or line.block_number == 0:
                continue
            other = change(line.message, first)
            if other != line.message:
                scene.server.exchange_message(line.message, other)
                line.message, changed = other, True
        return changed

    return tell


def _appid(message: Message, first: Message) -> Message:
    return replace(message, order=replace(message.order, appid=first.order.appid))


def _schedule(message: Message, first: Message) -> Message:
    return replace(message, done=first.done, status=first.status, gsmerror=first.gsmerror)


def _shape(change: Callable[[str], str]) -> Tell:
    """Generate ids of another shape; result and report agree."""

    def tell(scene: Scene, choose: Choose) -> bool:
        results, changed = list(scene.results), False
        for place in choose(scene.lines):
            line = scene.lines[place]
            if line.message is not None and not line.recipient.client_id.strip():
                ident = change(line.message.id)
                scene.server.exchange_message(line.message, replace(line.message, id=ident))
                results[place] = replace(results[place], message_id=ident)
                changed = True
        return changed and scene.server.with_results(scene, results)

    return tell


MEMORY_EFFECTS: tuple[Effect, ...] = (
    effect("answers what the request before was answered", "send", "S-01 S-02 S-03 S-04 S-06 S-20", _last_answer),
    effect("answers what the request before was answered", "pull", "R-01 R-03 R-04 R-07", _last_answer),
    effect("takes a repeated send for a retry", "send", "S-22 C-01 C-04 C-05 R-03 S-02", _retry, narrow=True),
    effect("tells the balance of another account", "balance", "C-04 C-05 B-01 R-05", _balance_of_another, narrow=True),
    effect("takes the charge a second later", "send", CHARGE, _charged_later(1), chooses=True),
    effect("takes the charge an hour later", "send", CHARGE, _charged_later(3600), chooses=True),
    effect("keeps the charge of what is NOT_ALLOWED", "send", "C-03", _no_refund, chooses=True, narrow=True),
    effect(
        "gives the charge of NOT_DELIVERED back", "send", "C-03", _refund("NOT_DELIVERED"), chooses=True, narrow=True
    ),
    effect("gives the charge of REJECTED back", "send", "C-03", _refund("REJECTED"), chooses=True, narrow=True),
    effect(
        "gives the charge of NOT_ALLOWED back twice", "send", "C-03", _refund("NOT_ALLOWED"), chooses=True, narrow=True
    ),
    effect(
        "gives every block the appid of the first", "send", f"S-18 {BLOCKS}", _like_the_first_block(_appid), narrow=True
    ),
    effect("schedules every block like the first", "send", BLOCKS, _like_the_first_block(_schedule), narrow=True),
    effect("generates ids of 12 digits", "send", "S-02", _shape(lambda i: i[-12:].zfill(12)), chooses=True),
    effect("generates hexadecimal ids", "send", "S-02", _shape(lambda i: f"{int(i):x}"), chooses=True),
    effect("generates ids with hyphens", "send", "S-02", _shape(lambda i: f"{i[:-4]}-{i[-4:]}"), chooses=True),
)
