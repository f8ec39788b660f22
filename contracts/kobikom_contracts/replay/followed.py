"""Reports and balances of a replay, compared by their meaning across exchanges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from kobikom_contracts import reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.dates import printed, read_date
from kobikom_contracts.documents import Send
from kobikom_contracts.reader import Report
from kobikom_contracts.replay.differences import Compared
from kobikom_contracts.replay.replayer import Replayed
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.server_suite.audit.meaning import PullRequest
from kobikom_contracts.server_suite.audit.soundness import BALANCE
from kobikom_contracts.strategies.msisdns import STATUSES
from kobikom_contracts.trace.exchanges import JudgedExchange
from kobikom_contracts.trace.features import features

_CHARGED = {"S-11.1": "S-11.1", "S-13.1": "S-13.3", "S-14.1": "S-14.3", "S-10.3": "S-10.4", "S-12.5": "S-12.5"}
"""Kinds of messages, with the statement by which their parts are counted."""
NEAR = timedelta(seconds=3)
"""How much later or earlier an event may be in a replay, beside what the requests were late."""


@dataclass(slots=True)
class Followed:
    """What the exchanges before say of the next. ``ids``: the target's id for each that the recorded server made.

    ``moved``: the target's clock goes on as that of the recording did. ``price``: what a part costs at the target, in
    parts of what it cost in the recording.
    """

    ids: dict[str, str]
    moved: bool
    price: Fraction = Fraction(1)
    _balances: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    _accepted: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    """The kinds of each send of a user of which a recipient was accepted since the last balance."""
    _offsets: dict[str, str] = field(default_factory=dict)
    """ileriTarih of each message by its id in the recording, where it has one."""

    def differences(self, one: Compared) -> Iterator[Violation]:
        """What differs in the reports or the balance of the next pair."""
        then, now = one.then, one.now
        user = then.decoded.user or ""
        if then.operation == "send" and "0" in (*then.statuses, *now.statuses):
            self._accepted[user].append(features(then.recorded, then.request))
            self._keep_offsets(then)
        if then.http is None or now.http is None or (then.http.status, now.http.status) != (200, 200):
            return
        if then.operation == BALANCE and "<bakiye" in then.http.text and "<bakiye" in now.http.text:
            yield from self._balance(user, then, now)
        if isinstance(then.request, PullRequest):
            yield from self._pulled(one)

    def _balance(self, user: str, then: JudgedExchange, now: JudgedExchange) -> Iterator[Violation]:
        shown = [_amount(one) for one in (then, now)]
        if shown[0] is None or shown[1] is None:
            return
        before, self._balances[user] = self._balances.get(user), (shown[0], shown[1])
        accepted = self._accepted.pop(user, [])
        if before is None:
            return
        fell = (before[0] - shown[0], before[1] - shown[1])
        if Fraction(fell[0]) * self.price != Fraction(fell[1]):
            statement = _of_charge(accepted) if accepted and fell[1] else "C-05.1" if accepted else "C-03.1"
            wanted = f"a balance that is {float(Fraction(fell[0]) * self.price):.3f} less than before"
            yield Violation(wanted, f"{fell[1]:.3f} less", statement=statement)

    def _keep_offsets(self, then: JudgedExchange) -> None:
        assert then.http is not None or not then.statuses, "statuses are those of an answer"
        if then.http is None or not isinstance(then.request, Send):
            return
        for block, _, result in echo.pairs(then.request, reader.results(then.http.text)) or ():
            if offset := block.fields.get("ileriTarih", "").strip():
                self._offsets[result.message_id] = offset

    # -- reports -------------------------------------------------------------------------------------------

    def _pulled(self, one: Compared) -> Iterator[Violation]:
        then, now = one.answers
        before, after = reader.reports(then.text), reader.reports(now.text)
        if not before and not after:
            yield from _numbers(then.text, now.text)
            return
        wanted = {self.ids.get(row.id, row.id): row for row in before}
        found = {row.id: row for row in after}
        if missing := [ident for ident in wanted if ident not in found]:
            expected, shown = f"the report of {missing[0]!r}", f"none, and {len(after)} others"
            offset = self._offsets.get(wanted[missing[0]].id, "")
            statement = ("S-15.3" if offset == "1s" else "S-15.1") if offset else _of_missing(one, missing, found)
            yield Violation(expected, shown, statement=statement)
        elif more := [ident for ident in found if ident not in wanted]:
            yield Violation(f"{len(before)} reports", f"one more, of {more[0]!r}", statement=_of_more(one))
        for ident, row in wanted.items():
            if ident in found:
                yield from self._row(one, row, found[ident])
        common = [ident for ident in wanted if ident in found]
        if common != [ident for ident in found if ident in wanted] and _differing_times(before):
            yield Violation("reports in the order of the recording", "in another", statement="R-02.2")
        if "<" in now.text:
            yield from _document(then.text, now.text)

    def _row(self, one: Compared, before: Report, after: Report) -> Iterator[Violation]:
        if before.status != after.status:
            ended = "R-11.2" if before.gsmerror == "4101" else "R-09.2"
            statement = ended if after.status in STATUSES else "R-09.1"
            yield Violation(f"status {before.status} of {after.id!r}", after.status, statement=statement)
        elif before.gsmerror != after.gsmerror:
            statement = {"DELIVERED": "R-10.1", "NOT_SENT": "R-10.3"}.get(before.status, "R-10.2")
            statement = "R-11.2" if before.gsmerror == "4101" else statement
            yield Violation(f"gsmerror {before.gsmerror} of {after.id!r}", after.gsmerror, statement=statement)
        times = list(self._dates(one, before, after))
        if times:
            yield times[0]
            return
        for text, shown in ((before.sentdate, after.sentdate), (before.donedate, after.donedate)):
            if _form(text) and not _form(text) & _form(shown):
                yield Violation(f"a date written like {text}", shown, statement="R-08.4" if _form(shown) else "R-08.2")
                return

    def _dates(self, one: Compared, before: Report, after: Report) -> Iterator[Violation]:
        dates = [[read_date(text) for text in (row.sentdate, row.donedate)] for row in (before, after)]
        (sent, done), (sent_now, done_now) = dates
        if sent is None or done is None or sent_now is None or done_now is None:
            return
        yield from self._times(one, (sent, done), (sent_now, done_now), after.id)

    def _times(
        self, one: Compared, then: tuple[datetime, datetime], now: tuple[datetime, datetime], ident: str
    ) -> Iterator[Violation]:
        """Compare how long a message took, and how long ago it was sent where the target's clock goes on alike."""
        took, takes = then[1] - then[0], now[1] - now[0]
        if takes < timedelta(0) <= took:
            yield Violation(f"a donedate {took} after sentdate", f"{-takes} before it", statement="R-12.1")
            return
        if self.moved and abs(took - takes) > NEAR:
            late = takes > took
            yield Violation(
                f"a donedate {took} after sentdate", f"{takes} after it", statement="R-06.1" if late else "R-11.1"
            )
        if one.now.at is None or not self.moved:
            return
        ago, ago_now = (one.then.at or one.then.recorded.begun_at) - then[0], one.now.at - now[0]
        if abs(ago - ago_now) > NEAR:
            hours = abs((ago - ago_now).total_seconds()) / 3600
            is_zone = abs(hours - round(hours)) < 0.01 and 1 <= round(hours) <= 14
            statement = "R-08.1" if is_zone else "R-12.1"
            yield Violation(
                f"a sentdate {ago} before the pull of {ident!r}", f"{ago_now} before it", statement=statement
            )


def _of_charge(sends: list[tuple[str, ...]]) -> str:
    """The statement that says what a send costs, where one send alone was charged."""
    if len(sends) != 1:
        return "C-01.1"
    return next((_CHARGED[kind] for kind in sends[0] if kind in _CHARGED), "C-01.1")


def price_of(pairs: Iterable[Replayed]) -> Fraction:
    """How much more a part costs at the target: as most of the balances show."""
    before: dict[str, tuple[Decimal, Decimal]] = {}
    ratios: Counter[Fraction] = Counter()
    for pair in pairs:
        if pair.then.operation != BALANCE or pair.then.http is None or pair.now.http is None:
            continue
        user, then, now = pair.then.decoded.user or "", _amount(pair.then), _amount(pair.now)
        if then is None or now is None:
            continue
        last = before.get(user, (then, now))
        before[user] = (then, now)
        if last[0] > then and last[1] > now:
            ratios[Fraction(last[1] - now) / Fraction(last[0] - then)] += 1
    return max(ratios, key=lambda ratio: (ratios[ratio], ratio == 1), default=Fraction(1))


def _amount(one: JudgedExchange) -> Decimal | None:
    assert one.http is not None, "only answers are compared"
    shown = (reader.element(one.http.text, "miktar") or "").strip()
    forms = amounts.forms_of(shown)
    return amounts.value(shown, forms[0] if len(forms) == 1 else None) if forms else None


def _numbers(then: str, now: str) -> Iterator[Violation]:
    """Answers without reports: NO_DATA, or the number of a refusal."""
    if then == now:
        return
    if "NO_DATA" in then:
        statement = "R-03.3" if "NO_DATA" in now else "R-03.2"
    elif then.strip() == now.strip():
        statement = "R-07.2"
    else:
        statement = "R-07.1"
    yield Violation(repr(then[:80]), repr(now[:200]), statement=statement)


def _of_missing(one: Compared, missing: list[str], found: dict[str, Report]) -> str:
    request = one.then.request
    assert isinstance(request, PullRequest), "only pulls have reports"
    kinds = features(one.then.recorded, request)
    if any(ident.startswith(other) and other for ident in missing for other in found):
        return "S-03.2"
    if any(other.casefold() == ident.casefold() for ident in missing for other in found):
        return "S-03.1"
    if request.appid:
        return "S-18.1"
    if request.ids is not None and len(request.ids) > len(missing):
        return "R-04.3"
    if "R-01.3" in kinds and not found:
        return "R-01.3"
    return "R-04.3" if request.ids else "R-03.1"


def _of_more(one: Compared) -> str:
    request = one.then.request
    assert isinstance(request, PullRequest), "only pulls have reports"
    if request.appid:
        return "S-18.1"
    if request.ids is not None:
        return "R-04.1" if request.ids else "R-04.2"
    return "R-03.1"


def _form(text: str) -> set[str]:
    moment = read_date(text)
    return set() if moment is None else {name for name, shown in printed(moment).items() if shown == text}


def _differing_times(rows: tuple[Report, ...]) -> bool:
    return len({row.donedate for row in rows}) > 1


def _document(then: str, now: str) -> Iterator[Violation]:
    """How the document is written: its closing tag, the name of an attribute."""
    closed = ["</DeliveryReport>" in text for text in (then, now)]
    if closed[0] != closed[1]:
        yield Violation("a closing tag as in the recording", repr(now[-60:]), statement="R-02.3")
    named = ["senddate=" in text for text in (then, now)]
    if named[0] != named[1]:
        yield Violation("the attribute of the recording", repr(now[:120]), statement="R-02.4")
