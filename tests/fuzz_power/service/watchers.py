"""Watches over the balance and the titles of the account."""

from __future__ import annotations

from decimal import Decimal

from fuzz_power.service.amounts import read_balance, read_titles
from fuzz_power.service.pager import Pager
from fuzz_power.service.records import BalanceRow, Database, lowest
from fuzz_power.service.requests import balance_document, titles_document
from fuzz_power.service.settings import Settings
from fuzz_power.service.transport import NoAnswer, Transport


class Watchers:
    """Each check records what it read, or raises an alarm."""

    def __init__(self, settings: Settings, database: Database, transport: Transport, pager: Pager) -> None:
        self._settings = settings
        self._database = database
        self._transport = transport
        self._pager = pager

    def ask_balance(self) -> BalanceRow:
        """The balance; NoAnswer or ValueError if there is none to be read."""
        answer = self._transport.post(balance_document(self._settings))
        balance = read_balance(answer.text, self._settings.bugs) if answer.status == 200 and answer.whole else None
        if balance is None:
            raise ValueError(f"HTTP {answer.status}: {answer.text[:40]!r}")
        return BalanceRow(at=self._settings.clock(), amounts=balance[0], currency=balance[1])

    def check_balance(self) -> None:
        try:
            row = self.ask_balance()
        except (NoAnswer, ValueError) as error:
            if "balance-silent" not in self._settings.bugs:
                self._pager.alarm("balance-unknown", f"no balance: {error}")
            return
        self._database.tables.balances.append(row)
        if self._is_low(row):
            amounts = " or ".join(str(amount) for amount in row.amounts)
            self._pager.alarm("low-balance", f"the balance is {amounts} {row.currency}")
            if "low-for-good" in self._settings.bugs:
                self._database.tables.flags["paused"] = True
        self._database.save()

    def _is_low(self, row: BalanceRow) -> bool:
        if "low-as-text" in self._settings.bugs:
            return str(row.amounts[0]) < str(self._settings.low_balance)
        return lowest(row) < Decimal(self._settings.low_balance)

    def check_titles(self) -> None:
        """Whether the account still has the title; sending goes on in any case."""
        titles = None
        try:
            answer = self._transport.post(titles_document(self._settings))
            if answer.status == 200 and answer.whole:
                titles = read_titles(answer.text, self._settings.bugs)
        except NoAnswer:
            titles = None
        if titles is None:
            self._pager.alarm("titles-unknown", "the titles could not be read")
            if "titles-failure-for-good" in self._settings.bugs:
                self._database.tables.flags["blocked"] = True
        elif self._settings.title not in titles:
            self._pager.alarm("title-missing", f"the account lacks the title {self._settings.title}")
