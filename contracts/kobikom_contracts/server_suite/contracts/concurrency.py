"""Contracts with several requests at once: C-04, and R-03 and S-02 under load."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeVar

from kobikom_contracts import documents, reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import SEND_PATH, Send
from kobikom_contracts.http_client import Unreachable
from kobikom_contracts.http_connection import HttpAnswer, NoAnswer
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need

T = TypeVar("T")


def _at_once(session: ServerSession, calls: Sequence[Callable[[], T]]) -> list[T]:
    """Run every call in a thread of its own, all released together; their results in order."""
    barrier = threading.Barrier(len(calls))
    results: dict[int, T] = {}
    errors: list[BaseException] = []

    def run(index: int, call: Callable[[], T]) -> None:
        barrier.wait()
        try:
            results[index] = call()
        except BaseException as error:  # noqa: BLE001 - raised again in the calling thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    with session.http_client.transcript.together(), session.http_client.traffic.unmeasured():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for error in errors:
        if not isinstance(error, NoAnswer | Unreachable):
            raise error
        raise Violation("an answer to every parallel request", error)
    return [results[index] for index in range(len(calls))]


def _sent_at_once(session: ServerSession, sends: Sequence[Send]) -> list[HttpAnswer]:
    """The answers to sends that are posted together."""
    post = session.http_client.post
    answers = _at_once(session, [partial(session.ask, partial(post, SEND_PATH, send.body())) for send in sends])
    for send, http in zip(sends, answers, strict=True):
        session.look_at_send(send, http)
    return answers


@contract("C-04.1", needs=(Need.CREDIT, Need.EXCLUSIVE), credit=40)
def credit_is_conserved(session: ServerSession) -> None:
    """Parallel sends against a short account: accepted messages cost what was taken, never more."""
    unit = session.unit
    for _ in session.some(range(session.profile.rounds)):
        session.example()
        affordable = session.profile.threads
        session.set_credit(affordable * unit)
        session.spend(affordable * 2, affordable * 2)
        answers = _sent_at_once(session, [session.message(2) for _ in range(session.profile.threads)])
        statuses = [one.status for http in answers for one in reader.results(http.text)]
        left = session.balance()
        accepted = statuses.count("0")
        session.require(left >= 0, "a balance not below zero", str(left))
        session.expect(affordable * unit - accepted * unit, left, f"balance after {accepted} accepted")
        session.require(set(statuses) <= {"0", "-2"}, "0 or -2", str(statuses))


@contract("C-04.1", needs=(Need.EXCLUSIVE,), credit=40)
def parallel_sends_are_all_paid(session: ServerSession) -> None:
    """With enough credit every parallel send is accepted and paid exactly."""
    unit = session.unit
    before = session.balance()
    sends = [session.message(1) for _ in range(session.profile.threads)]
    session.spend(len(sends), len(sends))
    answers = _sent_at_once(session, sends)
    results = [one for http in answers for one in reader.results(http.text)]
    session.expect(["0"] * len(sends), [one.status for one in results], "statuses", statement="S-02.1")
    session.expect(len(sends), len({one.message_id for one in results}), "distinct ids", statement="S-02.5")
    session.expect(Decimal(len(sends)) * unit, before - session.balance(), "charge")


@contract("R-03.5", needs=(Need.DELIVERY,), credit=40)
def parallel_pulls_share(session: ServerSession) -> None:
    """Parallel pulls give each report to exactly one of them."""
    for _ in session.some(range(session.profile.rounds)):
        session.example()
        ids = [one.message_id for one in session.accepted(session.message(12, ids=True)).results]
        session.deliver()
        path = documents.pull_path(session.user, session.password, tuple(ids))
        answers = _at_once(
            session, [partial(session.ask, partial(session.http_client.get, path))] * session.profile.threads
        )
        for http in answers:
            session.look_at_pull(path, http)
        reported = sorted(one.id for http in answers for one in reader.reports(http.text))
        session.expect(sorted(ids), reported, "reports given by parallel pulls together")
