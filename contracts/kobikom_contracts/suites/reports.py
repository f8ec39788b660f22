"""Law: contracts of R-01 to R-07: pulling reports, and who gets which when."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import quote

from kobikom_contracts import documents, reader
from kobikom_contracts.contract import contract
from kobikom_contracts.dialogue import Pull
from kobikom_contracts.documents import PULL_PATH, Recipient
from kobikom_contracts.lab import Lab
from kobikom_contracts.moments import read_date
from kobikom_contracts.target import Need
from kobikom_contracts.verdicts import Violation

NO_DATA = b"NO_DATA"


def _sent(lab: Lab, count: int) -> list[str]:
    """Ids of so many accepted messages, client-made."""
    return [one.message_id for one in lab.accepted(lab.message(count, ids=True)).results]


@contract("R-01", needs=(Need.DELIVERY,), credit=8)
def pull_spellings(lab: Lab) -> None:
    """With or without a slash after pull, parameter names in any case."""
    login = (quote(lab.user), quote(lab.password))
    forms = (
        "{path}?kullanici={0}&parola={1}&messageid={2}",
        "{path}/?kullanici={0}&parola={1}&MessageId={2}",
        "{path}?KULLANICI={0}&PAROLA={1}&MESSAGEID={2}",
        "{path}?messageId={2}&Parola={1}&Kullanici={0}",
    )
    ids = _sent(lab, len(forms))
    lab.deliver()
    for form, ident in zip(forms, ids, strict=True):
        lab.example()
        got = reader.reports(lab.get(form.format(*login, ident, path=PULL_PATH)).text)
        lab.expect([ident], [one.id for one in got], f"reports of {form}")


@contract("R-02", needs=(Need.DELIVERY,), credit=8)
def report_document(lab: Lab) -> None:
    """One message element a report, attributes in the documented order, no declaration."""
    ids = _sent(lab, 3)
    pull = _first_full_pull(lab, ids)
    closed = "</DeliveryReport>" in pull.http.text
    lab.decide("report-close", closed, {"closed": True, "as-printed": False})
    faults = reader.report_faults(pull.http.body, as_printed=not closed)
    lab.require(not faults, "a document valid by delivery-report.rng, in byte order", "; ".join(faults))


def _first_full_pull(lab: Lab, ids: list[str]) -> Pull:
    """The first pull that holds all of them (they become final together)."""
    lab.deliver()
    return lab.pull(ids)


@contract("R-02", needs=(Need.OUTCOMES, Need.CLOCK), credit=6)
def oldest_first(lab: Lab) -> None:
    """Reports come oldest first, by the time they became final."""
    late, later, ids = lab.new_id(), lab.new_id(), [lab.new_id() for _ in range(2)]
    lab.accepted(lab.to([Recipient("905990000022", later)]))
    lab.accepted(lab.to([Recipient("905990000021", late)]))
    lab.accepted(lab.to([Recipient(lab.gsm(i), ident) for i, ident in enumerate(ids)]))
    lab.let_pass(61)
    lab.expect((*ids, late, later), lab.pull((later, late, *ids)).ids, "order of the reports")


@contract("R-02", needs=(Need.DELIVERY,), credit=8)
def acceptance_order_breaks_ties(lab: Lab) -> None:
    """Reports that became final together come in the order the messages were accepted."""
    ids = _sent(lab, 6)
    got = _first_full_pull(lab, ids)
    dates = [read_date(one.donedate) for one in got.reports]
    ordered = all(a is not None and b is not None and a <= b for a, b in pairwise(dates))
    lab.require(ordered, "donedates in order", str([one.donedate for one in got.reports]))
    if len({one.donedate for one in got.reports}) == 1 and len(got.ids) == len(ids):
        lab.expect(tuple(ids), got.ids, "order of the reports")


@contract("R-03", needs=(Need.DELIVERY,), credit=8)
def reports_are_given_once(lab: Lab) -> None:
    """Each report is given exactly once, then NO_DATA."""
    ids = _sent(lab, 3)
    got = [one.id for one in lab.collect(ids)]
    lab.expect(sorted(ids), sorted(got), "reports given")
    for _ in range(2):
        lab.expect(NO_DATA, lab.pull(ids).http.body, "a second pull")


@contract("R-03")
def nothing_is_no_data(lab: Lab) -> None:
    """A pull without any report answers the 7 bytes NO_DATA."""
    lab.expect(NO_DATA, lab.pull((lab.new_id(),)).http.body, "a pull of an unknown id")


@contract("R-03", needs=(Need.DELIVERY, Need.EXCLUSIVE), credit=8)
def unfiltered_pull_empties(lab: Lab) -> None:
    """A pull without messageid gives everything that is final, once."""
    lab.deliver()
    lab.pull()
    ids = _sent(lab, 3)
    lab.deliver()
    got = lab.pull()
    lab.expect(set(ids), set(got.ids) & set(ids), "reports given")
    lab.expect(len(set(got.ids)), len(got.ids), "reports given, each once")
    lab.expect(NO_DATA, lab.pull().http.body, "a second pull")


@contract("R-04", needs=(Need.DELIVERY,), credit=8)
def named_reports_only(lab: Lab) -> None:
    """With messageid only the named reports are given and consumed, unknown ids ignored."""
    answer = lab.accepted(lab.to([Recipient(lab.gsm(0), lab.new_id()), Recipient(lab.gsm(1)), Recipient(lab.gsm(2))]))
    mine, made, other = (one.message_id for one in answer.results)
    lab.deliver()
    got = lab.collect((mine, made))
    lab.expect(sorted((mine, made)), sorted(one.id for one in got), "reports of the two named")
    late = lab.pull((lab.new_id(), other, "yok"))
    lab.expect((other,), late.ids, "reports of the third, named beside unknown ids")


@contract("R-05", needs=(Need.DELIVERY, Need.SECOND), credit=4)
def reports_of_ones_own(lab: Lab) -> None:
    """Another account sees neither by name nor without names what this account sent."""
    user, password = lab.second_account()
    ids = _sent(lab, 2)
    lab.deliver()
    for named in (tuple(ids), None):
        if named is None and lab.target.lacks(Need.EXCLUSIVE):
            continue
        lab.example()
        http = lab.get(documents.pull_path(user, password, named))
        seen = {one.id for one in reader.reports(http.text)} & set(ids)
        lab.expect(set(), seen, "reports another account was given")
    lab.expect(sorted(ids), sorted(one.id for one in lab.collect(ids)), "reports still the owner's")


@contract("R-06", needs=(Need.OUTCOMES, Need.CLOCK), credit=4)
def report_when_final(lab: Lab) -> None:
    """A report exists from the moment its message is final, not before."""
    ident = lab.new_id()
    lab.accepted(lab.to([Recipient("905990000021", ident)]))
    lab.let_pass(8)
    lab.expect(NO_DATA, lab.pull((ident,)).http.body, "a pull 8 s into a delivery of 10 s")
    lab.let_pass(3)
    lab.expect((ident,), lab.pull((ident,)).ids, "reports after 11 s")


@contract("R-06", needs=(Need.DELIVERY,), credit=4)
def donedate_has_come(lab: Lab) -> None:
    """No report is given whose donedate lies after the pull; every message gets one."""
    ids = _sent(lab, 2)
    got = lab.collect(ids)
    lab.expect(sorted(ids), sorted(one.id for one in got), "reports")
    for one in got:
        done = read_date(one.donedate)
        if done is None:
            raise Violation("a donedate", repr(one.donedate), clause="R-08")
        now = lab.turkish_now()
        lab.require((done - now).total_seconds() < 300, f"a donedate not after {now}", one.donedate)


@contract("R-07")
def refused_pulls(lab: Lab) -> None:
    """A missing user is 10, a missing password 11, a wrong pair 5: the bare number."""
    for user, password, code in (
        (None, lab.password, 10),
        ("", lab.password, 10),
        (None, None, 10),
        (lab.user, None, 11),
        (lab.user, "", 11),
        (lab.user, lab.password + "x", 5),
        (lab.user + "x", lab.password, 5),
    ):
        lab.example()
        http = lab.get(documents.pull_path(user, password))
        body = http.text
        shown = body if not re.fullmatch(r"-?[0-9]+", body) else int(body)
        lab.decide("pull-refusal", shown, {"positive": code, "negative": -code})
