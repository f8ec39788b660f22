"""Law: contracts that need several requests at once: C-04, and R-03 and S-02 under it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeVar

from kobikom_contracts import documents, reader
from kobikom_contracts.contract import contract
from kobikom_contracts.documents import SEND_PATH
from kobikom_contracts.lab import Lab
from kobikom_contracts.target import Need
from kobikom_contracts.verdicts import Violation
from kobikom_contracts.wire import NoAnswer

T = TypeVar("T")


def _at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Run every call in a thread of its own, all released together; their results in order."""
    gate = threading.Barrier(len(calls))
    found: dict[int, T] = {}
    errors: list[Exception] = []

    def run(index: int, call: Callable[[], T]) -> None:
        gate.wait()
        try:
            found[index] = call()
        except (NoAnswer, OSError, ValueError) as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise Violation("an answer to every parallel request", errors[0])
    return [found[index] for index in range(len(calls))]


@contract("C-04", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=40)
def credit_is_conserved(lab: Lab) -> None:
    """Parallel sends against a short account: accepted messages cost what was taken, never more."""
    unit = lab.unit
    for _ in range(lab.profile.rounds):
        lab.example()
        affordable = lab.profile.threads
        lab.set_credit(affordable * unit)
        bodies = [lab.message(2).body() for _ in range(lab.profile.threads)]
        lab.spend(affordable * 2, affordable * 2)
        answers = _at_once([partial(lab.wire.post, SEND_PATH, body) for body in bodies])
        statuses = [one.status for http in answers for one in reader.results(http.text)]
        left = lab.balance()
        accepted = statuses.count("0")
        lab.require(left >= 0, "a balance not below zero", str(left))
        lab.expect(affordable * unit - accepted * unit, left, f"balance after {accepted} accepted")
        lab.require(set(statuses) <= {"0", "-2"}, "0 or -2", str(statuses))


@contract("C-04", needs=(Need.EXCLUSIVE,), credit=40)
def parallel_sends_are_all_paid(lab: Lab) -> None:
    """With enough credit every parallel send is accepted and paid exactly."""
    unit = lab.unit
    before = lab.balance()
    bodies = [lab.message(1).body() for _ in range(lab.profile.threads)]
    lab.spend(len(bodies), len(bodies))
    answers = _at_once([partial(lab.wire.post, SEND_PATH, body) for body in bodies])
    results = [one for http in answers for one in reader.results(http.text)]
    lab.expect(["0"] * len(bodies), [one.status for one in results], "statuses", clause="S-02")
    lab.expect(len(bodies), len({one.message_id for one in results}), "distinct ids", clause="S-02")
    lab.expect(Decimal(len(bodies)) * unit, before - lab.balance(), "charge")


@contract("R-03", needs=(Need.DELIVERY,), credit=40)
def parallel_pulls_share(lab: Lab) -> None:
    """Parallel pulls give each report to exactly one of them."""
    for _ in range(lab.profile.rounds):
        lab.example()
        ids = [one.message_id for one in lab.accepted(lab.message(12, ids=True)).results]
        lab.deliver()
        path = documents.pull_path(lab.user, lab.password, tuple(ids))
        answers = _at_once([partial(lab.wire.get, path)] * lab.profile.threads)
        given = sorted(one.id for http in answers for one in reader.reports(http.text))
        lab.expect(sorted(ids), given, "reports given by parallel pulls together")
