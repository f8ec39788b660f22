"""Contracts of R-01 to R-07: pulling reports, and which account is given which report when."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import quote

from kobikom_contracts import documents, reader, strict_reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.dates import read_date
from kobikom_contracts.documents import PULL_PATH, Recipient
from kobikom_contracts.http_connection import HttpAnswer
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.operations import Pull
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need

NO_DATA = b"NO_DATA"


def _sent(session: ServerSession, count: int) -> list[str]:
    """The ids, chosen by the client, of so many accepted messages."""
    return [one.message_id for one in session.accepted(session.message(count, ids=True)).results]


@contract("R-01.1", needs=(Need.DELIVERY,), credit=8)
def pull_by_ids(session: ServerSession) -> None:
    """A pull names one message, or several separated by commas."""
    ids = _sent(session, 3)
    session.deliver()
    for named in (ids[:1], ids[1:]):
        session.example()
        got = session.pull(named).ids
        session.expect(sorted(named), sorted(got), f"reports of a pull that names {len(named)}")


@contract("R-01.3", needs=(Need.DELIVERY,), credit=8)
def pull_spellings(session: ServerSession) -> None:
    """With or without a slash after pull, parameter names in any case."""
    login = (quote(session.user), quote(session.password))
    forms = (
        "{path}/?kullanici={0}&parola={1}&MessageId={2}",
        "{path}?KULLANICI={0}&PAROLA={1}&MESSAGEID={2}",
        "{path}?messageId={2}&Parola={1}&Kullanici={0}",
    )
    ids = _sent(session, len(forms))
    session.deliver()
    for form, ident in zip(forms, ids, strict=True):
        session.example()
        got = reader.reports(session.get(form.format(*login, ident, path=PULL_PATH)).text)
        session.expect([ident], [one.id for one in got], f"reports of {form}")


@contract("R-02.1", "R-02.3", "R-02.4", needs=(Need.DELIVERY,), credit=8)
def report_document(session: ServerSession) -> None:
    """One message element a report, attributes in the documented order, no declaration."""
    ids = _sent(session, 3)
    pull = _first_full_pull(session, ids)
    closed = "</DeliveryReport>" in pull.http.text
    session.decide("report-close", closed, {"closed": True, "as-printed": False})
    for name in ("sentdate", "senddate"):
        if f"{name}=" in pull.http.text:
            session.decide("sent-attribute", name, {one: one for one in ("sentdate", "senddate")})
    faults = strict_reader.report_faults(pull.http.body, as_printed=not closed)
    session.require(not faults, "a DeliveryReport in well-formed XML", "; ".join(faults))


def _first_full_pull(session: ServerSession, ids: list[str]) -> Pull:
    """The first pull that holds all of them (they become final together)."""
    session.deliver()
    return session.pull(ids)


@contract("R-02.2", needs=(Need.OUTCOMES, Need.CLOCK), credit=6)
def oldest_first(session: ServerSession) -> None:
    """Reports come oldest first, by the time they became final."""
    late, later, ids = session.new_id(), session.new_id(), [session.new_id() for _ in range(2)]
    session.accepted(session.to([Recipient("905990000022", later)]))
    session.accepted(session.to([Recipient("905990000021", late)]))
    session.accepted(session.to([Recipient(session.gsm(i), ident) for i, ident in enumerate(ids)]))
    session.let_pass(61)
    got = session.pull((later, late, *ids)).ids
    # In which order those of one second come is open.
    session.expect((*sorted(ids), late, later), (*sorted(got[:2]), *got[2:]), "order of the reports")


@contract("R-02.2", needs=(Need.DELIVERY,), credit=8)
def reports_in_order(session: ServerSession) -> None:
    """No report stands before one that ended earlier; in which order those of one second come is open."""
    ids = _sent(session, 6)
    got = _first_full_pull(session, ids)
    dates = [read_date(one.donedate) for one in got.reports]
    ordered = all(a is not None and b is not None and a <= b for a, b in pairwise(dates))
    session.require(ordered, "donedates in order", str([one.donedate for one in got.reports]))
    session.expect(sorted(ids), sorted(got.ids), "reports", statement="R-06.2")


def _no_data(session: ServerSession, http: HttpAnswer, what: str, *, statement: str | None = None) -> None:
    """The answer is NO_DATA: the word by ``statement`` (the contract's own when None), the bytes by R-03.3."""
    session.require(b"NO_DATA" in http.body, f"{what}: {NO_DATA!r}", repr(http.body), statement=statement)
    session.expect(NO_DATA, http.body, what, statement="R-03.3")


@contract("R-03.1", "R-03.2", "R-03.3", needs=(Need.DELIVERY,), credit=8)
def reports_are_given_once(session: ServerSession) -> None:
    """Each report is given exactly once, then NO_DATA."""
    ids = _sent(session, 3)
    got = [one.id for one in session.collect(ids)]
    session.expect(sorted(ids), sorted(got), "reports given")
    for _ in range(2):
        again = session.pull(ids)
        session.expect((), again.ids, "reports given before and again")
        _no_data(session, again.http, "a second pull", statement="R-03.2")


@contract("R-03.4", "R-03.3")
def nothing_is_no_data(session: ServerSession) -> None:
    """A pull without any report answers the 7 bytes NO_DATA."""
    _no_data(session, session.pull((session.new_id(),)).http, "a pull of an unknown id")


@contract("R-03.1", "R-03.2", "R-03.3", needs=(Need.DELIVERY, Need.EXCLUSIVE), credit=8)
def unfiltered_pull_empties(session: ServerSession) -> None:
    """A pull without messageid gives everything that is final, once."""
    session.deliver()
    session.pull()
    ids = _sent(session, 3)
    session.deliver()
    got = session.pull()
    session.expect(set(ids), set(got.ids) & set(ids), "reports given")
    session.expect(len(set(got.ids)), len(got.ids), "reports given, each once")
    _no_data(session, session.pull().http, "a second pull", statement="R-03.2")


@contract("R-04.1", "R-04.3", needs=(Need.DELIVERY,), credit=8)
def named_reports_only(session: ServerSession) -> None:
    """With messageid only the named reports are given and consumed, unknown ids ignored."""
    answer = session.accepted(
        session.to([Recipient(session.gsm(0), session.new_id()), Recipient(session.gsm(1)), Recipient(session.gsm(2))])
    )
    mine, made, other = (one.message_id for one in answer.results)
    session.deliver()
    got = [one.id for one in session.collect((mine, made))]
    session.require(other not in got, "no report of the third, which was not named", got)
    session.require(mine in got, f"the report of {mine}", got)
    session.expect(sorted((mine, made)), sorted(got), "reports of the two named", statement="R-04.3")
    session.expect(
        [other], [one.id for one in session.collect((other,))], "reports of the third, not consumed by the first pull"
    )
    answer = session.accepted(session.message(ids=True))
    session.deliver()
    late = session.pull((session.new_id(), answer.results[0].message_id, "yok"))
    named = (answer.results[0].message_id,)
    session.expect(named, late.ids, "reports of one named beside unknown ids", statement="R-04.3")


@contract("R-04.2", needs=(Need.DELIVERY, Need.EXCLUSIVE), credit=4)
def empty_list_names_nothing(session: ServerSession) -> None:
    """A pull with an empty messageid is given no report and consumes none."""
    ids = _sent(session, 2)
    session.deliver()
    for named in ((), ("", "")):
        session.example()
        session.expect((), session.pull(named).ids, f"reports of a pull with messageid={','.join(named)}")
    session.expect(sorted(ids), sorted(one.id for one in session.collect(ids)), "reports still there")


@contract("R-05.1", needs=(Need.DELIVERY, Need.SECOND), credit=4)
def reports_of_ones_own(session: ServerSession) -> None:
    """Another account sees neither by name nor without names what this account sent."""
    user, password = session.second_account()
    ids = _sent(session, 2)
    session.deliver()
    for named in (tuple(ids), None):
        if named is None and session.target.lacks(Need.EXCLUSIVE):
            continue
        session.example()
        http = session.get(documents.pull_path(user, password, named))
        seen = {one.id for one in reader.reports(http.text)} & set(ids)
        session.expect(set(), seen, "reports another account was given")
    session.expect(sorted(ids), sorted(one.id for one in session.collect(ids)), "reports still the owner's")


@contract("R-06.2", needs=(Need.OUTCOMES, Need.CLOCK), credit=4)
def report_when_final(session: ServerSession) -> None:
    """A report exists from the moment its message is final, not before."""
    ident = session.new_id()
    session.accepted(session.to([Recipient("905990000021", ident)]))
    session.let_pass(8)
    session.expect((), session.pull((ident,)).ids, "reports of a pull 8 s into a delivery of 10 s")
    session.let_pass(3)
    session.expect((ident,), session.pull((ident,)).ids, "reports after 11 s")


@contract("R-06.1", "R-06.2", needs=(Need.DELIVERY,), credit=4)
def donedate_has_come(session: ServerSession) -> None:
    """No report is given whose donedate lies after the pull; every message gets one."""
    ids = _sent(session, 2)
    got = session.collect(ids)
    session.expect(sorted(ids), sorted(one.id for one in got), "reports", statement="R-06.2")
    for one in got:
        done = read_date(one.donedate)
        if done is None:
            raise Violation("a donedate", repr(one.donedate), statement="R-08.2")
        now = session.turkish_now()
        session.require((done - now).total_seconds() < 300, f"a donedate not after {now}", one.donedate)


@contract("R-07.1", "R-07.2", wrong_logins=1)
def refused_pulls(session: ServerSession) -> None:
    """A missing user is 10, a missing password 11, a wrong pair 5: the bare number."""
    for user, password, code in (
        (None, session.password, 10),
        ("", session.password, 10),
        (None, None, 10),
        (session.user, None, 11),
        (session.user, "", 11),
        (session.user, session.password + "x", 5),
        (session.user + "x", session.password, 5),
    ):
        session.example()
        http = session.get(documents.pull_path(user, password))
        body = http.text.strip()
        shown = int(body) if re.fullmatch(r"-?[0-9]{1,9}", body, re.ASCII) else body
        session.decide("pull-refusal", shown, {"positive": code, "negative": -code})
        session.expect(body, http.text, "the number alone", statement="R-07.2")


@contract("R-04.1", "R-04.3", needs=(Need.DELIVERY,), credit=6)
def names_match_exactly(session: ServerSession) -> None:
    """A report is named by its whole id, in its own case; an id stays good for days."""
    ident = session.new_id() + "AbCdEf"
    made = session.accepted(session.to([Recipient(session.gsm(0), ident), Recipient(session.gsm(1))])).results[1]
    session.deliver()
    for near in (ident.lower(), ident.upper(), ident[:-1], ident + "x", made.message_id[:-1], made.message_id + "0"):
        session.example()
        session.expect((), session.pull((near,)).ids, f"reports of a pull that names {near!r}")
    if session.has_clock:
        session.let_pass(3 * 86_400)
    got = sorted(one.id for one in session.collect((ident, made.message_id)))
    session.expect(sorted((ident, made.message_id)), got, "reports of the ids themselves", statement="R-04.3")


@contract("R-03.1", needs=(Need.DELIVERY,), credit=6, wrong_logins=1)
def refused_pulls_consume_nothing(session: ServerSession) -> None:
    """A pull with a wrong or missing password, and one of unknown ids, leaves every report where it is."""
    ids = _sent(session, 3)
    session.deliver()
    for user, password, named in (
        (session.user, session.password + "x", tuple(ids)),
        (session.user, None, tuple(ids)),
        (session.user, "", tuple(ids)),
        (session.user + "x", session.password, tuple(ids)),
        (session.user, session.password, (session.new_id(), "bilinmeyen")),
    ):
        http = session.get(documents.pull_path(user, password, named))
        got = [one.id for one in reader.reports(http.text)]
        right = (user, password) == (session.user, session.password)
        what = "reports of unknown ids" if right else f"reports for user {user!r}, password {password!r}"
        session.expect([], got, what, statement="R-04.1" if right else "R-07.1")
    session.expect(sorted(ids), sorted(one.id for one in session.collect(ids)), "reports after all of these pulls")
