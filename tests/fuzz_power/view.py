"""What the service recorded and what the space saw, read once and put side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from fuzz_power.service.records import Alarm, Notice, ReportRow, Tables
from fuzz_power.shop_day import Evidence, Shop
from kobikom_emulator.driver import Entry, Message

ONE_PART = 70
"""Shorter texts fit one part in every alphabet."""
REPORTED_ID = re.compile(r'<message\s[^<>]*?\bid="([^"]*)"[^<>]*?/>')


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The end of a run.

    ``tables`` is what the service saved, ``lost_text`` what was cut off, by message, ``reported_statuses`` what reports
    said, by id; ``grouped``: whether amounts are in whole units.
    """

    tables: Tables
    alarms: tuple[Alarm, ...]
    messages: tuple[Message, ...]
    journal: tuple[Entry, ...]
    evidence: Evidence
    lost_text: Mapping[str, str]
    reported_statuses: Mapping[str, str]
    grouped: bool

    @classmethod
    def of(cls, shop: Shop) -> View:
        messages = tuple(shop.space.messages)
        details = {m.id: shop.space.detail(m) for m in messages if len(m.text) > ONE_PART}
        journal = tuple(shop.space.journal)
        return cls(
            tables=shop.service.saved,
            alarms=tuple(shop.service.alarms),
            messages=messages,
            journal=journal,
            evidence=shop.evidence,
            lost_text={key: str(detail["lost"]) for key, detail in details.items() if detail["lost"]},
            reported_statuses=dict(_reported_statuses(journal)),
            grouped=shop.space.readings["amount"] == "grouped",
        )

    @property
    def notices(self) -> list[Notice]:
        return list(self.tables.notices.values())

    def copies(self, notice: Notice) -> list[Message]:
        """The messages that the vendor accepted of a notice; texts are different from each other."""
        return [m for m in self.messages if m.to == notice.number and m.text == notice.text]

    def notice(self, message: Message) -> Notice | None:
        for notice in self.notices:
            if notice.number == message.to and notice.text == message.text:
                return notice
        return None

    def rows(self, message: Message) -> list[ReportRow]:
        return [row for row in self.tables.reports if row.wire_id == message.message_id]

    def alarmed(self, key: str) -> bool:
        return any(key in alarm.about for alarm in self.alarms)

    def entries(self, operation: str) -> Iterator[Entry]:
        return (entry for entry in self.journal if entry.operation == operation and entry.kind != "http")


def _reported_statuses(journal: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """The id and the status of each report that went over the wire; a rule may have altered it."""
    for entry in journal:
        body = str(entry.request["body"]) if entry.kind == "push" else sent_body(entry)
        for element in re.findall(r"<message\s[^<>]*/>", body):
            found = re.search(r'\bid="([^"]*)".*\bstatus="([^"]*)"', element)
            if found:
                yield unescape(found[1]), found[2]


def sent_body(entry: Entry) -> str:
    """What the client got of an answer; nothing of one that was held until it gave up."""
    return str(entry.answer["body"]) if entry.answer and "stall" not in str(entry.faults) else ""


def intended_ids(entry: Entry) -> list[str]:
    """The ids of the reports that an answer would have held without faults."""
    answer = entry.intended or entry.answer
    return [unescape(found) for found in REPORTED_ID.findall(str(answer["body"]))] if answer else []


def arrived_whole(entry: Entry) -> bool:
    """Whether the client got a whole answer, and the one that the server meant."""
    answer = entry.answer
    damaged = any(kind in str(entry.faults) for kind in ("garbage", "http", "stall"))
    return bool(answer and answer["sent"] == "whole" and answer["status"] == 200 and not damaged)
