"""Effects on reports: which are given, when, to whom, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from paper_server.dialect import Report, printed_date
from paper_server.readings import VALUES
from paper_server.world import Account, Message

from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Scene

ONCE = "R-03 R-04 R-01"
LOST = "R-03 R-04 R-06 R-01 S-03 S-18 S-20 R-11 S-15 S-22 R-02"
DATES = "R-08 R-12 R-06"


def _report(change: Callable[[Scene, Report, Message], Report]) -> Tell:
    """Change chosen reports of an answer."""

    def tell(scene: Scene, choose: Choose) -> bool:
        chosen = set(choose(scene.reports))
        pairs = zip(scene.reports, scene.pulled, strict=True)
        reports = [change(scene, one, m) if place in chosen else one for place, (one, m) in enumerate(pairs)]
        return reports != scene.reports and scene.server.with_reports(scene, reports)

    return tell


def _ident(change: Callable[[str], str]) -> Tell:
    return _report(lambda _, one, __: replace(one, id=change(one.id)))


def _sent(seconds: int) -> Tell:
    return _report(lambda s, one, m: replace(one, sentdate=s.printed(m.submitted + timedelta(seconds=seconds))))


def _utc(scene: Scene, one: Report, message: Message) -> Report:
    """Write both dates in UTC."""
    return replace(one, sentdate=_in_utc(scene, message.submitted), donedate=_in_utc(scene, message.done))


def _in_utc(scene: Scene, moment: object) -> str:
    local = moment.astimezone(UTC).replace(tzinfo=ZoneInfo("Europe/Istanbul"))  # type: ignore[attr-defined]
    return scene.printed(local)


def _other_form(scene: Scene, one: Report, message: Message) -> Report:
    """Write both dates in another form than the server's others."""
    usual = scene.server.readings
    other = next(form for form in VALUES["dates"] if form != usual.dates)
    readings = replace(usual, dates=other)
    return replace(
        one, sentdate=printed_date(message.submitted, readings), donedate=printed_date(message.done, readings)
    )


def _month_first(scene: Scene, one: Report, _: Message) -> Report:
    def turned(date: str) -> str:
        year, month, day = date.partition(" ")[0].split("/")
        return f"{year}/{day}/{month} {date.partition(' ')[2]}"

    return replace(one, sentdate=turned(one.sentdate), donedate=turned(one.donedate))


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
    effect("writes the id in capitals", "pull", "S-03 R-04", _ident(str.upper), chooses=True),
    effect("cuts the last character of the id", "pull", "S-03 R-04", _ident(lambda i: i[:-1]), chooses=True),
    effect(
        "writes the first 20 characters of the id", "pull", "S-03", _ident(lambda i: i[:20]), chooses=True, narrow=True
    ),
    effect(
        "drops markup characters of the id",
        "pull",
        "S-03",
        _ident(lambda i: "".join(c for c in i if c not in "&<>\"'")),
        chooses=True,
        narrow=True,
    ),
    effect(
        "writes the number for the id",
        "pull",
        "S-03 R-04",
        _report(lambda _, r, m: replace(r, id=m.number)),
        chooses=True,
    ),
    effect("sets sentdate a second late", "pull", DATES, _sent(1), chooses=True),
    effect("sets sentdate a minute early", "pull", DATES, _sent(-60), chooses=True),
    effect("sets sentdate a day late", "pull", DATES, _sent(86400), chooses=True),
    effect(
        "sets sentdate to the time of looking",
        "pull",
        DATES,
        _report(lambda s, r, _: replace(r, sentdate=s.printed(s.now))),
        chooses=True,
    ),
    effect(
        "sets donedate to an hour after the time of looking",
        "pull",
        DATES,
        _report(lambda s, r, _: replace(r, donedate=s.printed(s.now + timedelta(hours=1)))),
        chooses=True,
    ),
    effect(
        "sets donedate before sentdate",
        "pull",
        DATES,
        _report(lambda s, r, m: replace(r, donedate=s.printed(m.submitted - timedelta(seconds=1)))),
        chooses=True,
    ),
    effect("writes dates in UTC", "pull", DATES, _report(_utc), chooses=True),
    effect("writes dates in another form", "pull", DATES, _report(_other_form), chooses=True),
    effect("writes day before month", "pull", DATES, _report(_month_first), chooses=True),
    effect(
        "writes dates with hyphens",
        "pull",
        DATES,
        _report(
            lambda _, r, __: replace(r, sentdate=r.sentdate.replace("/", "-"), donedate=r.donedate.replace("/", "-"))
        ),
        chooses=True,
    ),
    effect(
        "leaves donedate empty",
        "pull",
        f"{DATES} R-02",
        _report(lambda _, r, __: replace(r, donedate="")),
        chooses=True,
    ),
    effect(
        "writes the status small",
        "pull",
        "R-09",
        _report(lambda _, r, __: replace(r, status=r.status.lower())),
        chooses=True,
    ),
    effect(
        "writes the status EXPIRED",
        "pull",
        "R-09",
        _report(lambda _, r, __: replace(r, status="EXPIRED")),
        chooses=True,
    ),
    effect(
        "writes a gsmerror of 1 beside DELIVERED",
        "pull",
        "R-10",
        _report(lambda _, r, __: replace(r, gsmerror=1) if r.status == "DELIVERED" else r),
        chooses=True,
    ),
    effect("writes a gsmerror of -1", "pull", "R-10", _report(lambda _, r, __: replace(r, gsmerror=-1)), chooses=True),
    effect(
        "writes a gsmerror of 0 beside a failure",
        "pull",
        "R-10",
        _report(lambda _, r, __: replace(r, gsmerror=0) if r.gsmerror else r),
        chooses=True,
        narrow=True,
    ),
)
