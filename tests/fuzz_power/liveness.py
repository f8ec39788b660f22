"""What has to succeed, so that a service that always fails keeps no promise: good days, and days that only differ."""

from __future__ import annotations

from collections.abc import Iterator

from fuzz_power.view import View


def a_good_day_succeeds(view: View) -> Iterator[str]:
    """On the ordinary day everything is accepted and reported, and nothing that was refused waits any longer."""
    second = view.evidence.second_day
    if second is None:
        return
    for notice in view.notices:
        if notice.state == "opted-out":
            continue
        if notice.created >= second:
            if notice.state != "accepted" or not view.copies(notice):
                yield f"{notice.key} is {notice.state} on an ordinary day"
            elif not any(row.key == notice.key for row in view.tables.reports):
                yield f"{notice.key} has no report on an ordinary day"
        elif notice.state == "queued" and notice.next_try <= view.evidence.nights[-1]:
            yield f"{notice.key} still waits"
    if view.evidence.checks[-1].row is None:
        yield "the balance is not known on an ordinary day"


def a_different_day_succeeds(view: View) -> Iterator[str]:
    """Where nothing failed, everything is accepted and nothing crashes; readings, outcomes, clocks may be any."""
    for crash in view.evidence.crashes:
        yield f"a step crashed: {crash.strip().splitlines()[-1]}"
    for notice in view.notices:
        if notice.state == "expired" and view.evidence.clock_jumps:
            continue
        if notice.state not in ("accepted", "opted-out"):
            yield f"{notice.key} is {notice.state} although nothing failed"
