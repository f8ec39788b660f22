"""Every probe, and when it is of use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kobikom_contracts.documents import SEND_PATH, Block, Recipient, Send, pull_path
from kobikom_contracts.learning.inference.part_counts import CHARGED_READINGS
from kobikom_contracts.learning.probing import texts
from kobikom_contracts.learning.probing.charged_probes import charged, closing, long_text, short_credit
from kobikom_contracts.learning.probing.probe import Kind, Probe, Request, balance_query, message, post, title_query
from kobikom_contracts.learning.probing.situation import (
    OPENING,
    REPORTED,
    WITH_OWN_ID,
    Situation,
)

QUERIES = "title and balance queries"
UNDECLARED = "a body in windows-1254 that declares no encoding"
REPORTS = "pulls of the reports"
TIMED = "a message at a time that decides the form of dates"


def useful(situation: Situation) -> Iterator[Probe]:
    """The probes that may decide an open reading, or that another one needs; each at most once."""
    for probe in _PROBES:
        built = probe(situation)
        if built is not None and built.name not in situation.tried:
            yield built


# -- what costs nothing ----------------------------------------------------------------------------------------------


def _queries(now: Situation) -> Probe:
    decides = now.open("content-type", "answer-layout", "amount")
    return Probe(name=QUERIES, decides=decides, requests=(title_query(now.account), balance_query(now.account)))


def _pull_without_password(now: Situation) -> Probe | None:
    if not (decides := now.open("pull-refusal")):
        return None
    request = Request(pull_path(now.account.user, None), signed=False)
    return Probe(name="a pull without a password", decides=decides, requests=(request,))


def _undeclared(now: Situation) -> Probe | None:
    """Without a password: nothing is sent even if the service reads the bytes."""
    if not (decides := now.open("undeclared-bytes")):
        return None
    number = Recipient(now.account.incomplete_numbers[0])
    send = Send(now.account.user, "", (Block((number,), {"metin": "Günaydın, şube"}),))
    request = Request(SEND_PATH, send.xml().encode("windows-1254"), signed=False)
    return Probe(name=UNDECLARED, decides=decides, requests=(request,))


def _wrong_password(now: Situation) -> Probe | None:
    """To numbers that no phone has: nothing is sent even if the service ignores the password."""
    if not (decides := now.open("login-codes", "refusal-shape")):
        return None
    numbers = tuple(Recipient(number) for number in now.account.incomplete_numbers)
    send = Send(now.account.user, now.account.wrong_password, (Block(numbers, texts.ONE_PART),))
    return Probe(
        name="a send with a wrong password", decides=decides, requests=(Request(SEND_PATH, send.body(), signed=False),)
    )


def _incomplete_numbers(now: Situation) -> Probe | None:
    if not (decides := now.open("short-number", "result-shape")):
        return None
    send = message(now.account, *now.account.incomplete_numbers)
    return Probe(name="a send to two numbers that lack digits", decides=decides, requests=(post(send, parts=0),))


# -- what is refused, or costs a part --------------------------------------------------------------------------------


def _unknown_title(now: Situation) -> Probe | None:
    if not (decides := now.open("unknown-title", "title-code")) or "unknown-title" not in decides:
        return None
    titled = {**texts.ONE_PART, "baslik": now.account.unknown_title}
    send = post(message(now.account, now.account.recipients[0], fields=titled), parts=1)
    requests = (send, title_query(now.account))
    return Probe(
        name="a title that the account does not have", decides=decides, requests=requests, parts=1, refusable=True
    )


def _long_title(now: Situation) -> Probe | None:
    if not (decides := now.open("title-code")):
        return None
    titled = {**texts.ONE_PART, "baslik": now.account.long_title}
    send = post(message(now.account, now.account.recipients[0], fields=titled), parts=1)
    return Probe(name="a title that is too long", decides=decides, requests=(send,), parts=1, refusable=True)


def _opening(now: Situation) -> Probe | None:
    """The first ordinary message: others are compared with it."""
    wanted = now.open(*_NEEDS_A_MESSAGE, *(CHARGED_READINGS if now.exclusive else ("long-text",)))
    if now.opened or not wanted:
        return None
    plain = OPENING[0] in now.tried or not now.open("long-validity")
    fields = texts.ONE_PART if plain else {**texts.ONE_PART, "ValidityPeriod": "72:00"}
    decides = now.open("message-id") if plain else now.open("message-id", "long-validity")
    send = post(message(now.account, now.account.recipients[0], fields=fields), parts=1)
    balances = (balance_query(now.account),) if now.exclusive or now.open("amount") else ()
    return Probe(name=OPENING[plain], decides=decides, requests=(*balances, send, *balances), parts=1)


_NEEDS_A_MESSAGE = (
    "message-id", "long-validity", "duplicate-id", "empty-gsm", "number-form", "short-credit", "amount", *REPORTED,
)  # fmt: skip


def _several_forms(now: Situation) -> Probe | None:
    """An empty number, one with a plus sign, and an id twice: refusals of single recipients, which cost nothing."""
    wanted = now.open("duplicate-id", "empty-gsm", "number-form", "result-shape")
    if not now.opened or not wanted:
        return None
    account, ids = now.account, now.left["duplicate-id"]
    repeats = "duplicate-id" in wanted and "whole-request" in ids and WITH_OWN_ID[0] not in now.tried
    names_id = "duplicate-id" in wanted and not now.id_used
    if wanted == ("duplicate-id",) and not names_id:
        return None
    recipients = [Recipient(account.recipients[0], account.own_id if names_id else None)]
    if repeats:
        recipients.append(Recipient(account.recipients[-1], account.own_id))
    if "number-form" in wanted:
        recipients.append(Recipient(f"+{account.recipients[0]}"))
    elif repeats or wanted == ("result-shape",):
        recipients.append(Recipient(account.recipients[0]))
    parts = len(recipients)
    if "empty-gsm" in wanted:
        recipients.append(Recipient(""))
    narrows = {"duplicate-id": "whole-request"} if repeats and len(ids) > 2 else {}
    return Probe(
        name=WITH_OWN_ID[0 if repeats else 1],
        decides=tuple(name for name in wanted if name != "duplicate-id" or (repeats and len(ids) == 2)),
        narrows=narrows,
        requests=(post(message(account, *recipients), parts=parts),),
        parts=parts,
    )


def _id_used_before(now: Situation) -> Probe | None:
    if not now.id_used or not {"later-ones", "account-history"} <= set(now.left["duplicate-id"]):
        return None
    send = message(now.account, Recipient(now.account.recipients[0], now.account.own_id))
    return Probe(
        name="an id that an earlier request used",
        decides=("duplicate-id",),
        requests=(post(send, parts=1),),
        parts=1,
        refusable=True,
    )


# -- reports ---------------------------------------------------------------------------------------------------------


def _reports(now: Situation) -> Probe | None:
    decides = now.open(*REPORTED)
    if not now.outstanding or not (decides or now.exclusive):
        return None
    return Probe(name=REPORTS, decides=decides, kind=Kind.REPORTS)


def _timed(now: Situation) -> Probe | None:
    decides = now.open("dates")
    if not decides or not now.dates_differ:
        return None
    send = post(message(now.account, now.account.recipients[0]), parts=1)
    return Probe(name=TIMED, decides=decides, requests=(send,), parts=1, kind=Kind.TIMED)


_PROBES: tuple[Callable[[Situation], Probe | None], ...] = (
    _queries,
    _pull_without_password,
    _undeclared,
    _wrong_password,
    _incomplete_numbers,
    _unknown_title,
    _long_title,
    _opening,
    _several_forms,
    _id_used_before,
    charged("a text of many Turkish letters", "turkish-table", "single", texts.MANY_TURKISH_LETTERS),
    charged("a Turkish text that the locking table lacks", "turkish-table", "locking", texts.NOT_IN_LOCKING_TABLE),
    charged("a text with a letter of another alphabet", "unencodable", "ucs2", texts.UNENCODABLE),
    long_text,
    short_credit,
    closing,
    _reports,
    _timed,
)
