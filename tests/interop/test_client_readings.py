"""The reference client under every value of every reading: what a caller gets, and what went over the wire."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from kobikom_client import (
    BadCredentials,
    BodyForm,
    Client,
    InvalidRequest,
    Message,
    Recipient,
    Refused,
    Titles,
    TurkishTable,
)
from kobikom_client.codec import parts
from kobikom_emulator import Emulator
from kobikom_emulator.protocol.readings import CATALOGUE

START = "2005-07-09T08:00:00+03:00"
NUMBER, OTHER = "905329975725", "905329975726"
TURKISH = "ş" * 100


class Service(NamedTuple):
    """An emulator under one value of a reading, and a client of it."""

    emulator: Emulator
    client: Client

    def login(self, user: str, password: str) -> Client:
        return Client(self.emulator.url, user, password)

    def texts(self) -> list[str]:
        """The text of each message as its recipient got it, from its parts; oldest first."""
        kobikom = self.emulator.kobikom
        return ["".join(part["text"] for part in kobikom.detail(sent)["segments"]) for sent in kobikom.messages]

    def wire(self) -> str:
        """Every answer that the emulator gave, head and body."""
        return "\n".join(repr(entry.answer) for entry in self.emulator.journal)


@contextmanager
def service(reading: str, value: str, credit: str = "18532") -> Iterator[Service]:
    settings: dict[str, Any] = {
        "seed": 1,
        "clock": {"start": START},
        "accounts": [{"user": "test", "password": "test", "credit": credit, "titles": ["Kobikom", "850"]}],
        "readings": {reading: value},
    }
    with Emulator(settings) as emulator:
        yield Service(emulator, Client(emulator.url, "test", "test"))


def refused_with(call: Callable[[], object]) -> tuple[int | None, str]:
    """The code of a refused request, and the words of its error."""
    with pytest.raises(Refused) as refused:
        call()
    assert not refused.value.may_have_gone_out
    return refused.value.code, str(refused.value).partition(": ")[2]


def codes(client: Client, *recipients: str | Recipient, text: Message | str = "Merhaba") -> list[int]:
    return [int(result.code) for result in client.send(text, recipients).results]


def undeclared_bytes(service: Service) -> object:
    """Turkish letters in every body form."""
    for form in BodyForm:
        Client(service.emulator.url, "test", "test", body_form=form).send("ağaç", NUMBER)
    return service.texts()


def every_answer(service: Service) -> object:
    """One answer of each kind."""
    receipt = service.client.send("Merhaba", [Recipient(NUMBER, "a"), "12345678901234567", Recipient(OTHER, "b")])
    service.emulator.clock.advance(2)
    return (
        [(int(result.code), result.message_id) for result in receipt.results],
        service.client.titles(),
        service.client.balance().amount,
        [(report.message_id, report.status) for report in service.client.reports()],
        service.client.reports(),
    )


def refused_send(service: Service) -> object:
    """A send that is refused as a whole."""
    client = service.login("test", "wrong")
    with pytest.raises(Refused) as refused:
        client.send("Merhaba", [NUMBER, OTHER])
    return refused.value.code, [(result.number, int(result.code)) for result in refused.value.progress.results]


def logins(service: Service) -> object:
    """A user who is missing or unknown, and a password that is missing or wrong, for sends, queries and pulls."""
    accounts = [("", "test"), ("nobody", "test"), ("test", ""), ("test", "wrong")]
    clients = [service.login(*account) for account in accounts]
    asked = {
        tuple(refused_with(call) for call in (c.titles, c.balance, lambda c=c: c.send("a", NUMBER))) for c in clients
    }
    assert all(len(set(answers)) == 1 for answers in asked)
    return [refused_with(c.titles)[0] for c in clients], [refused_with(c.reports)[0] for c in clients]


def generated_ids(service: Service) -> object:
    """The length of a generated id, by which the report is pulled."""
    (result,) = service.client.send("Merhaba", NUMBER).results
    assert result.message_id
    service.emulator.clock.advance(2)
    assert [result.message_id] == [report.message_id for report in service.client.reports([result.message_id])]
    return len(result.message_id)


def repeated_ids(service: Service) -> object:
    """An id twice in a request, and again in the next one."""
    first = codes(service.client, Recipient(NUMBER, "a"), Recipient(OTHER, "a"), Recipient(NUMBER, "b"))
    return first, codes(service.client, Recipient(NUMBER, "b"), Recipient(NUMBER, "c"))


def empty_numbers(service: Service) -> object:
    """An empty number is refused before anything is written."""
    with pytest.raises(InvalidRequest):
        service.client.send("Merhaba", [NUMBER, ""])
    return codes(service.client, NUMBER)


def short_numbers(service: Service) -> object:
    """A number with digits missing, beside another one and alone."""
    (result,) = service.client.send("Merhaba", "9053299757").results
    return codes(service.client, NUMBER, "9053299757"), [int(result.code)]


def number_forms(service: Service) -> object:
    """The five forms of one number."""
    forms = [NUMBER, f"+{NUMBER}", f"00{NUMBER}", "05329975725", "5329975725"]
    return codes(service.client, *forms)


def unknown_titles(service: Service) -> object:
    """A title of nobody's: refused, or reported."""
    try:
        service.client.send(Message("Merhaba", title="Nobody"), NUMBER)
    except Refused as refused:
        return refused.code
    service.emulator.clock.advance(2)
    return [report.status for report in service.client.reports()]


def title_codes(service: Service) -> object:
    """The code of an unknown title, and whether the error says that it may mean one."""
    code, words = refused_with(lambda: service.client.send(Message("Merhaba", title="Nobody"), NUMBER))
    return code, words.endswith("or a title that is not the account's")


def long_texts(service: Service) -> object:
    """Two parts arrive whole; with `long=False`, what the reading says."""
    service.client.send("a" * 200, NUMBER)
    assert ["a" * 200] == service.texts()
    try:
        service.client.send(Message("b" * 200, long=False), NUMBER)
    except Refused as refused:
        return refused.code
    return len(service.texts()[-1]), service.emulator.kobikom.messages[-1].parts


def turkish_tables(service: Service) -> object:
    """Turkish letters beyond one part of some table arrive whole, and cost the parts calculated for the table."""
    receipt = service.client.send(TURKISH, NUMBER)
    assert [TURKISH] == service.texts()
    cost = service.emulator.kobikom.messages[0].parts
    table = next(table for table in TurkishTable if table == service.emulator.kobikom.readings["turkish-table"])
    assert parts(Message(TURKISH), turkish_table=table).count == cost
    return receipt.parts, cost


def unencodable_texts(service: Service) -> object:
    """A text outside all GSM alphabets arrives as it was written, in the parts that the client calculated."""
    receipt = service.client.send("日本" * 40, NUMBER)
    return service.texts(), receipt.parts, service.emulator.kobikom.messages[0].parts


def long_validities(service: Service) -> object:
    """A validity over 48 hours."""
    try:
        return codes(service.client, NUMBER, text=Message("Merhaba", validity=timedelta(hours=72)))
    except Refused as refused:
        return refused.code


def short_credits(service: Service) -> object:
    """Credit for one of two recipients."""
    service.emulator.kobikom.account("test", credit="1")
    return codes(service.client, NUMBER, OTHER)


def dates(service: Service) -> object:
    """When a message was sent and done."""
    service.client.send("Merhaba", NUMBER)
    service.emulator.clock.advance(2)
    return [(report.sent_at, report.done_at) for report in service.client.reports()]


def refused_pulls(service: Service) -> object:
    """A pull with a wrong password."""
    return refused_with(service.login("test", "wrong").reports)[0]


def amounts(service: Service) -> object:
    """The printed amount of 18532, its value, the other value it can have, and its value with thousands."""
    balance, grouped = service.client.balance(), service.client.balance(grouped=True)
    return balance.printed, balance.amount, balance.other_amount, grouped.amount


_ANSWERS = (
    [(0, "a"), (-13, None), (0, "b")],
    Titles(("Kobikom",), ("850",)),
    Decimal(18530),
    [("a", "DELIVERED"), ("b", "DELIVERED")],
    (),
)
_SENT = datetime.fromisoformat(START)
_DATES = [(_SENT, _SENT + timedelta(seconds=1))]
_REFUSED = (-5, [(NUMBER, -5), (OTHER, -5)])
_WHOLE = ["日本" * 40]

Expected = Mapping[str, object]
OBSERVATIONS: Mapping[str, tuple[Callable[[Service], object], Expected]] = {
    "undeclared-bytes": (undeclared_bytes, {"refuse": ["ağaç"] * 3, "windows-1254": ["ağaç"] * 3}),
    "content-type": (every_answer, {"as-documented": _ANSWERS, "xml": _ANSWERS}),
    "answer-layout": (every_answer, {"lines": _ANSWERS, "compact": _ANSWERS}),
    "refusal-shape": (refused_send, {"single": _REFUSED, "per-recipient": _REFUSED}),
    "result-shape": (every_answer, {"well-formed": _ANSWERS, "as-printed": _ANSWERS}),
    "login-codes": (
        logins,
        {"missing": ([-10, -5, -11, -5], [-10, -5, -11, -5]), "wrong": ([-10, -10, -11, -11], [-10, -5, -11, -5])},
    ),
    "message-id": (generated_ids, {"15-digits": 15, "18-digits": 18, "10-digits": 10}),
    "duplicate-id": (
        repeated_ids,
        {
            "later-ones": ([0, -33, 0], [0, 0]),
            "whole-request": ([-33, -33, -33], [0, 0]),
            "account-history": ([0, -33, 0], [-33, 0]),
        },
    ),
    "empty-gsm": (empty_numbers, {"skip": [0], "refuse": [0]}),
    "short-number": (short_numbers, {"unknown": ([0, -13], [-13]), "incomplete": ([0, -6], [-6])}),
    "number-form": (number_forms, {"lenient": [0, 0, 0, 0, 0], "strict": [0, -13, -13, -13, -13]}),
    "unknown-title": (unknown_titles, {"refuse": -34, "accept": ["INVALID_SOURCE_ADDRESS"]}),
    "title-code": (title_codes, {code: (int(code), True) for code in ("-34", "-1", "-23", "-99")}),
    "long-text": (long_texts, {"cut": (160, 1), "split": (200, 2), "refuse": -23}),
    "turkish-table": (turkish_tables, {"fewest": (1, 1), "single": (1, 2), "locking": (1, 1)}),
    "unencodable": (unencodable_texts, {"ucs2": (_WHOLE, 2, 2), "question-mark": (_WHOLE, 2, 2)}),
    "long-validity": (long_validities, {"clamp": [0], "refuse": -23}),
    "short-credit": (short_credits, {"per-recipient": [0, -2], "whole-request": [-2, -2]}),
    "report-close": (every_answer, {"closed": _ANSWERS, "as-printed": _ANSWERS}),
    "sent-attribute": (dates, {"sentdate": _DATES, "senddate": _DATES}),
    "pull-refusal": (refused_pulls, {"positive": -5, "negative": -5}),
    "dates": (dates, {"unpadded": _DATES, "as-written": _DATES, "padded": _DATES}),
    "amount": (
        amounts,
        {
            "three-places": ("18532.000", Decimal(18532), None, Decimal(18532)),
            "shortest": ("18532", Decimal(18532), None, Decimal(18532)),
            "grouped": ("18.532", Decimal("18.532"), Decimal(18532), Decimal(18532)),
        },
    ),
}
"""For each reading, what to ask for and what the caller gets under each value."""

NOT_PROVOKED = frozenset({"undeclared-bytes", "empty-gsm", "unencodable"})
"""Readings about requests that this client never writes: no answer differs."""

SAME_TABLE_COST = frozenset({"turkish-table"})
"""Readings whose values need not differ for one text: `fewest` is `locking` for many Turkish letters."""


def test_every_reading_and_value_is_in_the_table() -> None:
    """The table above has every value of every reading that the emulator knows."""
    expected = {reading.name: list(reading.values) for reading in CATALOGUE}
    assert expected == {name: list(values) for name, (_, values) in OBSERVATIONS.items()}


@pytest.mark.parametrize("reading", OBSERVATIONS)
def test_a_caller_gets_what_each_value_says(reading: str) -> None:
    """The client returns or raises what the table says, whichever value the server follows; and the answers really
    differ from value to value, unless the client never writes what the reading is about.
    """
    observe, expected = OBSERVATIONS[reading]
    observed: dict[str, object] = {}
    seen: set[tuple[str, str]] = set()
    for value in expected:
        with service(reading, value) as running:
            observed[value] = observe(running)
            seen.add((repr(observed[value]), running.wire()))
    assert expected == observed
    if reading not in SAME_TABLE_COST:
        assert (1 if reading in NOT_PROVOKED else len(expected)) == len(seen)


VALUES = [(reading.name, value) for reading in CATALOGUE for value in reading.values]


@pytest.mark.parametrize("form", BodyForm)
@pytest.mark.parametrize(("reading", "value"), VALUES, ids=[f"{name}={value}" for name, value in VALUES])
def test_every_body_form_is_read_under_every_reading(reading: str, value: str, form: BodyForm) -> None:
    """A text with Turkish letters, markup and the signs of a form arrives unchanged from each body form (T-02)."""
    text = "Ağaç & <b> 50% + %41;\r\n=XML="
    with service(reading, value) as running:
        client = Client(running.emulator.url, "test", "test", body_form=form)
        assert [0] == codes(client, Recipient(NUMBER, "a & b"), text=text)
        assert ([text], ["a & b"]) == (running.texts(), [sent.message_id for sent in running.emulator.kobikom.messages])


@pytest.mark.parametrize("seed", range(20))
def test_readings_are_understood_in_any_combination(seed: int) -> None:
    """A send, a pull, the queries and a refusal are read when every reading has a value drawn at random."""
    draw = random.Random(seed)
    readings = {reading.name: draw.choice(list(reading.values)) for reading in CATALOGUE}
    with Emulator({"seed": 1, "clock": {"start": START}, "readings": readings}) as emulator:
        client = Client(emulator.url, "test", "test", body_form=draw.choice(list(BodyForm)))
        plus = 0 if readings["number-form"] == "lenient" else -13
        short = -6 if readings["short-number"] == "incomplete" else -13
        assert [0, plus, short] == codes(client, NUMBER, f"+{OTHER}", "9053299757", text="ağaç & çiçek")
        with pytest.raises(BadCredentials):
            Client(emulator.url, "test", "wrong").send("Merhaba", [NUMBER, OTHER])
        with pytest.raises(BadCredentials):
            Client(emulator.url, "test", "wrong").reports()
        emulator.clock.advance(2)
        sent = 1 if plus else 2
        reports = client.reports()
        assert [(_SENT, "DELIVERED")] * sent == [(report.sent_at, report.status) for report in reports]
        assert ("Kobikom", "TEST", "DEMO") == client.titles().alphanumeric
        assert Decimal(1000 - sent) == client.balance().amount
