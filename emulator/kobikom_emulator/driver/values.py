"""What the control API says about a space, as values. Times are aware datetimes, amounts Decimal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one number. `id` is the generated id, `message_id` the one its customer sees.

    `to` is the MSISDN, `submitted_as` what was written. `status` is scheduled, sent or final as of when it was asked;
    `report` is waiting, ready or given. `gsm_error` is None until the message is final (R-10).
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
    def read(cls, said: Mapping[str, Any]) -> Self:
        return cls(
            id=said["id"],
            message_id=said["message_id"],
            user=said["user"],
            title=said["title"],
            to=said["to"],
            submitted_as=said["submitted_as"],
            text=said["text"],
            flash=said["flash"],
            status=said["status"],
            gsm_error=said.get("gsm_error"),
            submitted_at=datetime.fromisoformat(said["submitted_at"]),
            sent_at=datetime.fromisoformat(said["sent_at"]),
            done_at=datetime.fromisoformat(said["done_at"]),
            parts=said["parts"],
            cost=Decimal(said["cost"]),
            report=said["report"],
        )


@dataclass(frozen=True, slots=True)
class Report:
    """How a message ended, or is about to. `state` is waiting (not final yet), ready (nobody pulled it) or given."""

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
    """An account as it is now. `credit` is what can be spent, `price` that of a part where `prices` has none."""

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
    def read(cls, said: Mapping[str, Any]) -> Self:
        return cls(
            user=said["user"],
            password=said["password"],
            credit=Decimal(said["credit"]),
            currency=said["currency"],
            titles=tuple(said["titles"]),
            price=Decimal(said["price"]),
            prices={network: Decimal(price) for network, price in said["prices"].items()},
            coverage=tuple(said["coverage"]),
            push_url=said["push_url"],
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the journal. `kind` is request, push or http; `outcome` is one word, `code` the first status code
    that is not 0.

    `request`, `answer`, `intended` and `explanation` are as `GET …/journal` shows them. `answer` is what went over the
    wire, None for a push that got no answer: `error` says why. `intended` is the answer before fault rules altered it,
    None where none did. `curl` repeats the request.
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
    def read(cls, said: Mapping[str, Any]) -> Self:
        return cls(
            id=said["id"],
            kind=said["kind"],
            at=datetime.fromisoformat(said["at"]),
            operation=said["operation"],
            user=said["user"],
            outcome=said["outcome"],
            code=said["code"],
            request=said["request"],
            answer=said["answer"],
            intended=said["intended"],
            error=said["error"],
            explanation=said["explanation"],
            faults=tuple(said["faults"]),
            curl=said["curl"],
        )
