"""The exchanges of a run with its target: each is counted, sent, read, and looked at by the audit."""

from __future__ import annotations

import re
from abc import ABC
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kobikom_contracts import reader
from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.verdicts import Disturbed, NotCheckable, Violation
from kobikom_contracts.dates import ISTANBUL, printed, read_date
from kobikom_contracts.documents import PULL_PATH, SEND_PATH, Send
from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.http_connection import HttpAnswer, NoAnswer, TimedOut
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.audit import Audit, echo
from kobikom_contracts.server_suite.audit.meaning import PullRequest, Query, meaning, meaning_of_pull
from kobikom_contracts.server_suite.audit.messages import Clock
from kobikom_contracts.server_suite.logins import Login, login_in, login_in_query
from kobikom_contracts.server_suite.observed_readings import ReadingSession
from kobikom_contracts.server_suite.target import Need, Spending, Target

CONTENT_TYPES = {"as-documented": "text/csv;charset= UTF-8", "xml": "application/xml; charset=UTF-8"}
"""The label of answers under each value of the reading ``content-type`` (T-09)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a send: the HTTP answer, and the results read from it leniently."""

    http: HttpAnswer
    results: tuple[reader.Result, ...]

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses, in document order, as text."""
        return tuple(one.status for one in self.results)

    @property
    def accepted(self) -> bool:
        """True when there are results and every one is 0."""
        return bool(self.results) and set(self.statuses) == {"0"}

    def for_each(self, count: int) -> tuple[str, ...]:
        """The statuses of so many recipients: a refusal of the request (A-05) is that of each of them."""
        refusal = len(self.results) == 1 and not self.results[0].destination and self.statuses != ("0",)
        return self.statuses * count if refusal else self.statuses

    def __str__(self) -> str:
        if self.results:
            return f"statuses {', '.join(self.statuses)} in {self.http.text!r}"
        return f"HTTP {self.http.status} {self.http.text[:200]!r}"


class Exchanges(ReadingSession, ABC):
    """Requests as bytes and answers as values, every one of them audited."""

    def __init__(self, target: Target, http_client: HttpClient, *, profile: Profile, seed: int) -> None:
        super().__init__(target, profile=profile, seed=seed)
        self.http_client = http_client
        self.spending = Spending()
        self.audit = Audit()
        """What the exchanges of this run changed of the target."""
        self.price: Decimal | None = None
        """The price of one part, once it is known."""
        self.amount_form: str | None = None
        """The form of amounts that the target was seen to follow (reading ``amount``)."""
        self.statuses_seen: set[str] = set()
        """Every status that was answered (E)."""
        self.unprovoked: list[str] = []
        """Codes -1, -26 and -99 that were answered without a fault rule (E)."""
        self._began: datetime | None = None
        if target.control is not None:
            target.control.watcher = self.audit

    # -- sending -----------------------------------------------------------------------------------

    def submit_raw(
        self,
        body: bytes,
        recipients: int = 1,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        path: str = SEND_PATH,
        parts: int | None = None,
        means: Send | None = None,
    ) -> Answer:
        """Send a body as it is; ``recipients`` and ``parts`` are what it may cost.

        ``means``: the send that the body stands for, where it is not literal XML in UTF-8.
        """
        self.log_in(login_in(body))
        self.spend(recipients, recipients if parts is None else parts)
        answer = self.answer(self.ask(lambda: self.http_client.post(path, body, headers)))
        plain = not any("charset" in value for _, value in headers)
        meant = means or (meaning(body) if plain else None)
        self.look_at_send(meant if isinstance(meant, Send) else None, answer.http, literal=means is not None)
        return answer

    def spend(self, messages: int, parts: int) -> None:
        """Count what is about to be sent; raises :class:`NotCheckable` past the budget."""
        if messages and self.target.safe:
            raise NotCheckable("sends messages, and --safe was given")
        budget = self.target.budget
        if budget is not None and self.spending.parts + parts > budget:
            raise NotCheckable(f"would spend more than the budget of {budget} parts")
        self.spending.messages += messages
        self.spending.parts += parts

    def log_in(self, login: Login | None) -> None:
        """A request with this login is about to be sent."""

    def ask(self, call: Callable[[], HttpAnswer]) -> HttpAnswer:
        """Run one exchange; a target that does not answer HTTP violates the clause being judged."""
        try:
            return call()
        except TimedOut as error:
            self.audit.answer_was_lost()
            # The contract that met the first silence is the one to look at.
            if (silent := self.http_client.traffic.silent) > 1:
                raise Disturbed("silence", f"the target gives no whole answer: {silent} requests in a row") from None
            raise Violation("an HTTP answer", error) from None
        except NoAnswer as error:
            self.audit.answer_was_lost()
            raise Violation("an HTTP answer", error) from None

    def answer(self, http: HttpAnswer) -> Answer:
        """Read the answer to a send; codes that must not come unprovoked are remembered for E."""
        answer = Answer(http, reader.results(http.text))
        self.statuses_seen.update(answer.statuses)
        self.unprovoked += [status for status in answer.statuses if status in ("-1", "-26", "-99")]
        return answer

    def post(self, body: bytes, path: str = SEND_PATH) -> HttpAnswer:
        """The raw answer to a POST that sends no message."""
        self.log_in(login_in(body))
        http = self.ask(lambda: self.http_client.post(path, body))
        meant = meaning(body)
        if isinstance(meant, Query):
            self._look_at_query(meant, http)
        elif isinstance(meant, Send):
            self.look_at_send(meant, http)
        return http

    def get(self, path: str) -> HttpAnswer:
        """The raw answer to a GET."""
        self.log_in(login_in_query(path))
        http = self.ask(lambda: self.http_client.get(path))
        if path.startswith(PULL_PATH):
            self.look_at_pull(path, http)
        return http

    # -- the audit ------------------------------------------------------------------------------------

    def look_at_send(self, send: Send | None, http: HttpAnswer, *, literal: bool = True) -> None:
        """Let the audit see the answer to a send; ``literal``: it was written plainly, as the judge writes it."""
        self._file(self.audit.sent(send, http, literal=literal))
        self._label(http, "T-09.2")
        if send is not None and not self.audit.tampered:
            for _, recipient, result in echo.pairs(send, reader.results(http.text)) or ():
                if result.status == "0" and result.message_id and not (recipient.message_id or "").strip():
                    digits = re.fullmatch("[0-9]+", result.message_id)
                    shape = f"{len(result.message_id)}-digits" if digits else result.message_id
                    self.observe("message-id", shape, {name: name for name in READING_BY_NAME["message-id"].values})

    def look_at_pull(self, path: str, http: HttpAnswer) -> None:
        """Let the audit see the answer to a pull."""
        asked, reports = meaning_of_pull(path), reader.reports(http.text)
        self._file(self.audit.pulled(asked, http, self._clock(reports, asked)))
        self._label(http, "T-09.3")
        for report in reports:
            for text in (report.sentdate, report.donedate):
                moment = read_date(text)
                if moment is not None:
                    self.observe("dates", text, printed(moment))

    def _look_at_query(self, query: Query, http: HttpAnswer) -> None:
        self._label(http, "T-09.3")
        user = (query.user or "").strip()
        if query.root == "basliklar":
            self._file(self.audit.titles_shown(user, http))
            return
        text = (reader.element(http.text, "miktar") or "").strip()
        amount = amounts.value(text, self.amount_form) if amounts.READABLE.fullmatch(text) else None
        if self.target.lacks(Need.EXCLUSIVE):
            self.audit.charges[user].forget()
        whole = self.amount_form == amounts.GROUPED
        self._file(self.audit.balance(user, http, amount, self.price, whole_units=whole))

    def _label(self, http: HttpAnswer, statement: str) -> None:
        if http.status == 200:
            self.observe("content-type", http.header("Content-Type"), CONTENT_TYPES, statement=statement)

    def _clock(self, reports: Iterable[object], asked: PullRequest) -> Clock:
        """The target's time; without reports there is nothing to compare with it."""
        shows = self.target.control is not None and "clock" in self.target.control.capabilities
        now = self.turkish_now() if tuple(reports) else datetime.now(ISTANBUL)
        return Clock(self._began or now, now, self.audit.moved, shows and self._began is not None)

    def start_clock(self) -> None:
        """Note the target's time: the run begins."""
        self._began = self.turkish_now()

    def turkish_now(self) -> datetime:
        """The present in Turkey: by the target's clock where the control API shows it, else by this machine's."""
        control = self.target.control
        if control is not None and (moment := control.now()) is not None:
            return moment.astimezone(ISTANBUL)
        return datetime.now(ISTANBUL)

    def _file(self, violations: Iterable[Violation]) -> None:
        for violation in violations:
            self.file(violation)
