"""Days on which reports are wrong or pushed wrongly, and those on which messages end in other ways."""

from collections.abc import Iterator
from typing import Any

from kobikom_contracts.catalogue.day import Day, day_of_fault
from kobikom_contracts.scenario import Scenario
from kobikom_contracts.scenario_words import EFFECTS, FINAL_STATUSES

ENDS: dict[str, list[dict[str, Any]]] = {
    **{f"all-{status.lower().replace('_', '-')}": [{"status": status, "after": 1}] for status in FINAL_STATUSES[1:]},
    "at-once": [{"status": "DELIVERED", "after": 0}],
    "after-two-hours": [{"status": "DELIVERED", "after": 7200}],
    "after-two-days": [{"status": "DELIVERED", "after": 2 * 86_400}],
    "mixed": [{"status": status, "after": 1} for status in ("DELIVERED", "NOT_DELIVERED", "REJECTED")],
    "some-late": [{"status": "DELIVERED", "after": 1}, {"status": "DELIVERED", "after": 7200}],
}


def wrong_reports() -> Iterator[Day]:
    """Reports that come twice, of messages nobody sent, with a status nobody documented."""
    for effect in EFFECTS["reports"]:
        # All day: a pull that has no reports counts as one.
        different = effect["change"] != "unknown-status"
        yield day_of_fault(f"reports-{effect['change']}", effect, "pull", times=None, different=different)


def pushed_wrongly() -> Iterator[Day]:
    """Pushes that come twice, late, out of order, unclosed, or before the answer to their send."""
    for effect in EFFECTS["push"]:
        change = effect["change"]
        name = f"push-{change}"
        if change != "before-answer":
            yield day_of_fault(name.removeprefix("push-"), effect, "push", different=True)
            continue
        # All day: the first send may be one without pushes. Only messages that are final at once are pushed so early.
        at_once = {"outcomes": ENDS["at-once"]}
        yield day_of_fault(name, effect, "send", times=None, different=True, delivery=at_once)


def endings() -> Iterator[Day]:
    """Messages that end in another way than DELIVERED after a second."""
    for name, outcomes in ENDS.items():
        yield Day(f"outcome-{name}", "outcome", Scenario(delivery={"outcomes": outcomes}), different=True)
