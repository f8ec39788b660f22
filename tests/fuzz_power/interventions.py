"""What happens on a day while a request is in flight, or between two steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fuzz_power.service.transport import Answer
from fuzz_power.shop_day import ProcessEnds, Shop


def in_flight(action: Callable[[Shop], None], text: str) -> Callable[[Shop], None]:
    """Do something once, as soon as the vendor accepted the messages with a text and before their answer is read."""

    def prepare(shop: Shop) -> None:
        def once(body: bytes) -> None:
            if text.removesuffix("*") in body.decode("utf-8", "replace"):
                shop.service.transport.in_flight = lambda _: None
                shop.space.wait_for(text=text, timeout=30)
                action(shop)

        shop.service.transport.in_flight = once

    return prepare


def stall(shop: Shop) -> None:
    shop.evidence.answers_unseen = True
    raise TimeoutError


def end_the_process(shop: Shop) -> None:
    shop.evidence.answers_unseen = True
    raise ProcessEnds


def second_worker(shop: Shop) -> None:
    shop.service.work()


def push_now(shop: Shop) -> None:
    """Push the report of a password before the answer of its send is read."""
    message = shop.space.find(text="Giriş kodunuz 482913")[0]
    take(shop, report_document(message.message_id, "DELIVERED", "2026/3/3 10:1:0"), message.message_id)


def push_an_unknown_status(shop: Shop) -> None:
    take(shop, report_document("4712", "EXPIRED", "2026/3/3 10:1:0"), "4712")


def take(shop: Shop, body: bytes, *ids: str) -> None:
    """Push a document, and note what is not saved at once."""
    try:
        shop.service.receive_push(body)
    except KeyError as error:
        shop.evidence.crashes.append(repr(error))
    missing = set(ids) - {row.wire_id for row in shop.service.saved.reports}
    if missing:
        shop.evidence.crashes.append(f"no report of {missing} after it was pushed")


def report_document(wire_id: str, status: str, done: str) -> bytes:
    element = f'<message id="{wire_id}" sentdate="2026/3/3 10:0:0" donedate="{done}" status="{status}" gsmerror="0"/>'
    return f"<DeliveryReport>\n{element}\n</DeliveryReport>".encode()


def after(step: str, action: Callable[[Shop], None]) -> Callable[[Shop], None]:
    """Do something once, after the first step of a name."""

    def prepare(shop: Shop) -> None:
        def between(name: str) -> None:
            if name == step:
                shop.between = lambda _: None
                action(shop)

        shop.between = between

    return prepare


def restart(shop: Shop) -> None:
    shop.service.restart()


def push_again(shop: Shop) -> None:
    """The vendor's retry: its own push was acknowledged, and comes again."""
    for entry in shop.space.journal:
        if entry.kind == "push":
            shop.service.receive_push(str(entry.request["body"]).encode())


def push_an_older_one(shop: Shop) -> None:
    wire_id = shop.space.find(text="Giriş kodunuz 482913")[0].message_id
    shop.service.receive_push(report_document(wire_id, "NOT_DELIVERED", "2026/3/3 10:0:30"))


def push_two(shop: Shop) -> None:
    """One push with the reports of both Anna's and Burak's messages."""
    ids = [message.message_id for message in shop.space.find(text="Bahar*")[:2]]
    documents = [report_document(wire_id, "DELIVERED", "2026/3/3 10:1:0").decode() for wire_id in ids]
    take(shop, "\n".join(documents).encode(), *ids)


def push_during_the_pull(shop: Shop) -> None:
    """While the first pull is in flight, a push is saved."""

    def action(_: bytes) -> None:
        shop.service.transport.in_flight = lambda _: None
        shop.service.receive_push(report_document("4711", "DELIVERED", "2026/3/3 10:1:0"))

    def between(name: str) -> None:
        if name == "work" and shop.space.clock.now().minute == 40:
            shop.service.transport.in_flight = action
        if name == "collect" and "4711" not in {row.wire_id for row in shop.service.saved.reports}:
            shop.evidence.crashes.append("a pushed report that was saved is gone")

    shop.between = between


def poor_on_both_days(shop: Shop) -> None:
    """The credit is short on the second day, too: it is gone when the morning begins."""

    def between(name: str) -> None:
        if name == "advance" and shop.evidence.second_day is None and shop.evidence.nights:
            shop.space.account(credit="20")

    shop.between = between


def lost_pulls_on_both_days(shop: Shop) -> None:
    def between(name: str) -> None:
        if name == "advance" and shop.evidence.second_day is None and shop.evidence.nights:
            shop.space.faults.lose_next_answer(operation="pull")

    shop.between = between


def proxy_error(shop: Shop) -> None:
    """A proxy answers the first campaign with 502 after the vendor accepted it."""
    transport = shop.service.transport
    post = transport.post

    def answer_502(document: str) -> Answer:
        answer = post(document)
        if "Bahar" in document:
            shop.evidence.answers_unseen = True
            transport.post = post  # type: ignore[method-assign]
            return replace(answer, status=502, content_type="text/html", body=b"<h1>502 Bad Gateway</h1>")
        return answer

    transport.post = answer_502  # type: ignore[method-assign]
