"""Effects on which reports are given, when, to whom and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from paper_server.world import Account, Message

from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Scene

ONCE = "R-03 R-04 R-01"
LOST = "R-03 R-04 R-06 R-01 S-03 S-18 S-20 R-11 S-15 S-22 R-02"


def _order(change: Callable[[Sequence[int]], list[int]]) -> Tell:
    """Give the reports in another order, which must not be oldest first."""

    def tell(scene: Scene, _: Choose) -> bool:
        places = change(range(len(scene.reports)))
        dones = [scene.pulled[place].done for place in places]
        if dones == sorted(dones):
            return False
        return scene.server.with_reports(scene, [scene.reports[place] for place in places])

    return tell


def _left_out(scene: Scene, choose: Choose) -> bool:
    """Consume chosen reports without giving them."""
    gone = set(choose(scene.reports))
    left = [one for place, one in enumerate(scene.reports) if place not in gone]
    return left != scene.reports and scene.server.with_reports(scene, left)


def _twice_at_once(scene: Scene, choose: Choose) -> bool:
    twice = set(choose(scene.reports))
    reports = [one for place, one in enumerate(scene.reports) for _ in range(2 if place in twice else 1)]
    return reports != scene.reports and scene.server.with_reports(scene, reports)


def _again(when: Callable[[Scene], Callable[[object], bool]]) -> Tell:
    """Give chosen reports a second time, to a pull that comes later."""

    def tell(scene: Scene, choose: Choose) -> bool:
        account = scene.account
        messages = [scene.pulled[place] for place in choose(scene.reports)]
        if account is None or not messages:
            return False

        def put_back() -> bool:
            account.waiting += messages
            return account.user in scene.server.world.accounts

        scene.server.later.append((when(scene), put_back))
        return False

    return tell


def _pulls_later(count: int) -> Callable[[Scene], Callable[[object], bool]]:
    def when(scene: Scene) -> Callable[[object], bool]:
        due = scene.past.requests["pull"] + count - 1
        return lambda server: scene.past.requests["pull"] >= due

    return when


def _time_later(seconds: int) -> Callable[[Scene], Callable[[object], bool]]:
    def when(scene: Scene) -> Callable[[object], bool]:
        due = scene.now + timedelta(seconds=seconds)
        return lambda server: scene.server.now >= due

    return when


def _loses(choose_of: Callable[[Account], list[Message]]) -> Tell:
    """Lose reports that are waiting."""

    def tell(scene: Scene, _: Choose) -> bool:
        account = scene.account
        lost = [] if account is None else choose_of(account)
        for message in lost:
            account.waiting = [one for one in account.waiting if one is not message]  # type: ignore[union-attr]
        return bool(lost)

    return tell


def _gives_more(which: Callable[[Scene, Message], bool]) -> Tell:
    """Give further reports of the account, which are consumed."""

    def tell(scene: Scene, _: Choose) -> bool:
        account = scene.account
        if account is None or scene.refused:
            return False
        more = [m for m in account.waiting if m.done <= scene.now and which(scene, m)]
        account.waiting = [m for m in account.waiting if m not in more]
        messages = sorted([*scene.pulled, *more], key=lambda m: m.done)
        reports = [scene.report(m) for m in messages]
        scene.pulled = messages
        return bool(more) and scene.server.with_reports(scene, reports)

    return tell


def _appid(scene: Scene) -> str:
    return scene.query.get("appid", "").strip()


def _of_another_account(scene: Scene, _: Choose) -> bool:
    """Give the reports of another account, too."""
    for other in scene.server.world.accounts.values():
        due = [m for m in other.waiting if m.done <= scene.now]
        if other is not scene.account and due and not scene.refused and scene.account is not None:
            other.waiting = [m for m in other.waiting if m not in due]
            return scene.server.with_reports(scene, [*scene.reports, *map(scene.report, due)])
    return False


REPORT_EFFECTS: tuple[Effect, ...] = (
    effect("leaves out the report", "pull", LOST, _left_out, chooses=True),
    effect("gives the report twice at once", "pull", ONCE, _twice_at_once, chooses=True),
    effect("gives the report again at the next pull", "pull", ONCE, _again(_pulls_later(1)), chooses=True),
    effect("gives the report again two pulls later", "pull", ONCE, _again(_pulls_later(2)), chooses=True),
    effect("gives the report again five pulls later", "pull", ONCE, _again(_pulls_later(5)), chooses=True),
    effect("gives the report again a minute later", "pull", ONCE, _again(_time_later(60)), chooses=True),
    effect("gives the report again two hours later", "pull", ONCE, _again(_time_later(7200)), chooses=True),
    effect("loses the oldest waiting report", "send titles balance pull", LOST, _loses(lambda a: a.waiting[:1])),
    effect("loses the newest waiting report", "titles balance pull", LOST, _loses(lambda a: a.waiting[-1:])),
    effect("loses all waiting reports", "titles balance pull", LOST, _loses(lambda a: list(a.waiting))),
    effect(
        "gives what the ids do not name",
        "pull",
        "R-04",
        _gives_more(lambda s, m: bool(s.named) and m.order.appid == _appid(s)),
    ),
    effect(
        "gives ids that begin like a named one",
        "pull",
        "R-04",
        _gives_more(lambda s, m: any(m.id.startswith(n) for n in s.named) and m.order.appid == _appid(s)),
        narrow=True,
    ),
    effect(
        "gives ids of another case than the named",
        "pull",
        "R-04",
        _gives_more(lambda s, m: m.id.lower() in [n.lower() for n in s.named] and m.order.appid == _appid(s)),
        narrow=True,
    ),
    effect(
        "gives reports of any appid",
        "pull",
        "S-18",
        _gives_more(
            lambda s, m: (
                m.order.appid != _appid(s) and (not s.named or m.id in s.named) and s.query.get("messageid") != ""
            )
        ),
        narrow=True,
    ),
    effect("gives the reports of another account", "pull", "R-05", _of_another_account, narrow=True),
    effect("gives the reports newest first", "pull", "R-02", _order(lambda p: list(reversed(p))), narrow=True),
    effect(
        "swaps the first and the last report",
        "pull",
        "R-02",
        _order(lambda p: [*p[-1:], *p[1:-1], *(p[:1] if len(p) > 1 else ())]),
        narrow=True,
    ),
)
