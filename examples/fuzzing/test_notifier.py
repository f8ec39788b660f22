"""Three properties of the notification service, each tested with generated failures of the provider."""

from __future__ import annotations

import contextlib
import os

import pytest
from hypothesis import HealthCheck, given, settings

from kobikom_contracts import Scenario, scenarios
from kobikom_emulator.driver import Kobikom

if os.environ.get("NOTIFIER") == "mended":
    from mended import MendedNotifier as Notifier
else:
    from notifier import Notifier

from notifier import ServiceDown

NUMBERS = ["905322542525", "905352220087"]

# The fixture is one space for all examples of a test; `play` resets it for each.
for_every_scenario = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def service(kobikom: Kobikom) -> Notifier:
    return Notifier(kobikom.base_url, kobikom.user, kobikom.password)


@for_every_scenario
@given(scenario=scenarios(operations=["send"], kinds=["drop", "http", "truncate"], credit=False, readings=False))
def test_no_message_is_sent_twice(kobikom: Kobikom, scenario: Scenario) -> None:
    """A customer gets at most one message, even if the answer is lost."""
    kobikom.play(scenario)
    with contextlib.suppress(ServiceDown):
        service(kobikom).notify(NUMBERS, "Siparişiniz yola çıktı")
    for number in NUMBERS:
        assert len(kobikom.find(to=number)) <= 1


@for_every_scenario
@given(scenario=scenarios(operations=["balance"], kinds=["status", "http", "drop"], credit=False, readings=False))
def test_no_report_is_lost(kobikom: Kobikom, scenario: Scenario) -> None:
    """Every report that the provider gave is stored: it gives each report once."""
    kobikom.play(scenario)
    notifier = service(kobikom)
    notifier.notify(NUMBERS, "Siparişiniz yola çıktı")
    kobikom.clock.advance(3 * 86_400)
    for _ in range(2):
        with contextlib.suppress(ServiceDown):
            notifier.collect()
    given_away = {report.message_id for report in kobikom.reports if report.state == "given"}
    assert given_away <= set(notifier.reports)


@for_every_scenario
@given(scenario=scenarios(operations=["send"], kinds=["status"], credit=False, readings=False))
def test_recorded_numbers_were_sent_to(kobikom: Kobikom, scenario: Scenario) -> None:
    """The table of sent messages contains only recipients that the provider accepted."""
    kobikom.play(scenario)
    notifier = service(kobikom)
    with contextlib.suppress(ServiceDown):
        notifier.notify(NUMBERS, "Siparişiniz yola çıktı")
    assert {message.to for message in kobikom.messages} >= set(notifier.sent)


def test_the_service_works_without_failures(kobikom: Kobikom) -> None:
    """A usual test without failures; it finds none of the bugs."""
    notifier = service(kobikom)
    notifier.notify(NUMBERS, "Siparişiniz yola çıktı")
    kobikom.clock.advance(2)
    notifier.collect()
    assert notifier.sent == NUMBERS
    assert list(notifier.reports.values()) == ["DELIVERED", "DELIVERED"]
    assert notifier.balance == "998.000"


if __name__ == "__main__":
    raise SystemExit(pytest.main([__file__]))
