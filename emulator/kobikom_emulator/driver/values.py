"""Messages, reports, accounts, ledger lines and journal entries as values. Times are aware, amounts Decimal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one number. `id` is the generated id, `message_id` the one its customer sees.

    `to` is the MSISDN, `submitted_as` the number as it was written. `status` is scheduled, sent or a final status, as
    of when it was asked for; `report` is waiting, ready or given. `gsm_error` is None until it is final (R-10).
    """

    id: str
    message_id: str
    user: str
    title: str
    to: str
    submitted_as: str
    text: str
    flash: bool
    status: str
    gsm_error: int | None
    submitted_at: datetime
    sent_at: datetime
    done_at: datetime
    parts: int
    cost: Decimal
    report: str

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        return cls(
            id=view["id"],
            message_id=view["message_id"],
            user=view["user"],
            title=view["title"],
            to=view["to"],
            submitted_as=view["submitted_as"],
            text=view["text"],
            flash=view["flash"],
            status=view["status"],
            gsm_error=view.get("gsm_error"),
            submitted_at=datetime.fromisoformat(view["submitted_at"]),
            sent_at=datetime.fromisoformat(view["sent_at"]),
            done_at=datetime.fromisoformat(view["done_at"]),
            parts=view["parts"],
            cost=Decimal(view["cost"]),
            report=view["report"],
        )


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a message. `state` is waiting (not final yet), ready (not pulled yet) or given."""

    message_id: str
    to: str
    status: str
    gsm_error: int | None
    sent_at: datetime
    done_at: datetime
    state: str

    @classmethod
    def of(cls, message: Message) -> Self:
        return cls(
            message.message_id,
            message.to,
            message.status,
            message.gsm_error,
            message.submitted_at,
            message.done_at,
            message.report,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is now. `credit` is what can be spent; `price` is that of a part where `prices` has none."""

    user: str
    password: str
    credit: Decimal
    currency: str
    titles: tuple[str, ...]
    price: Decimal
    prices: Mapping[str, Decimal]
    coverage: tuple[str, ...]
    push_url: str

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        return cls(
            user=view["user"],
            password=view["password"],
            credit=Decimal(view["credit"]),
            currency=view["currency"],
            titles=tuple(view["titles"]),
            price=Decimal(view["price"]),
            prices={network: Decimal(price) for network, price in view["prices"].items()},
            coverage=tuple(view["coverage"]),
            push_url=view["push_url"],
        )


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A change of an account's credit. `kind` is opened or set (`amount` is the new credit), charge (`amount` was
    taken) or refund (`amount` was given back, C-03).

    `first_id` (the generated id), `title`, `messages` and `parts` (of one message) say which messages a charge or
    refund is for; `first_id` is None for the other kinds.
    """

    number: int
    at: datetime
    kind: str
    user: str
    amount: Decimal
    first_id: str | None
    title: str
    messages: int
    parts: int

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        return cls(
            number=view["number"],
            at=datetime.fromisoformat(view["at"]),
            kind=view["kind"],
            user=view["user"],
            amount=Decimal(view["amount"]),
            first_id=view["first_id"],
            title=view["title"],
            messages=view["messages"],
            parts=view["parts"],
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the journal. `kind` is request, push or http; `outcome` is one word; `code` is the first status code
    that is not 0, or 0, or None where there is no status code.

    `request`, `answer`, `intended` and `explanation` are as in `GET …/journal`. `answer` is what went over the wire,
    None for a push that got no answer: `error` says why. `intended` is the answer before fault rules altered it, None
    where none did. `curl` is a command that repeats the request.
    """

    id: int
    kind: str
    at: datetime
    operation: str
    user: str
    outcome: str
    code: int | None
    request: Mapping[str, Any]
    answer: Mapping[str, Any] | None
    intended: Mapping[str, Any] | None
    error: str
    explanation: Sequence[Mapping[str, Any]]
    faults: tuple[str, ...]
    curl: str

    @classmethod
    def read(cls, view: Mapping[str, Any]) -> Self:
        return cls(
            id=view["id"],
            kind=view["kind"],
            at=datetime.fromisoformat(view["at"]),
            operation=view["operation"],
            user=view["user"],
            outcome=view["outcome"],
            code=view["code"],
            request=view["request"],
            answer=view["answer"],
            intended=view["intended"],
            error=view["error"],
            explanation=view["explanation"],
            faults=tuple(view["faults"]),
            curl=view["curl"],
        )
