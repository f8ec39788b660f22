"""Effects on what a report says: its id, its dates, its status and gsmerror."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from paper_server.dialect import Report, printed_date
from paper_server.readings import VALUES
from paper_server.world import Message

from drawn_servers.effects import Choose, Effect, Tell, effect
from drawn_servers.scene import Scene

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


def _dates(change: Callable[[str], str]) -> Tell:
    """Write both dates otherwise."""
    return _report(lambda _, one, __: replace(one, sentdate=change(one.sentdate), donedate=change(one.donedate)))


def _twelve_hours(date: str) -> str:
    day, _, time = date.partition(" ")
    hour, _, rest = time.partition(":")
    return f"{day} {int(hour) - 12 if int(hour) > 12 else hour}:{rest}"


REPORT_FIELD_EFFECTS: tuple[Effect, ...] = (
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
    effect("writes dates of twelve hours", "pull", DATES, _dates(_twelve_hours), chooses=True),
    effect("writes dates without seconds", "pull", DATES, _dates(lambda d: d.rpartition(":")[0]), chooses=True),
    effect("writes years of two digits", "pull", DATES, _dates(lambda d: d[2:]), chooses=True),
    effect("writes dates with a zone", "pull", DATES, _dates(lambda d: d + "+03:00"), chooses=True),
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
