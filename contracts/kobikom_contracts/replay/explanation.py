"""Which kind of request a target refuses: what the refused requests have in common, and the others have not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kobikom_contracts.replay.accounts import Accounts
from kobikom_contracts.replay.replayer import Replayed
from kobikom_contracts.server_suite.audit.meaning import Query
from kobikom_contracts.trace.features import features
from kobikom_contracts.trace.served import OF_HEADS, demand_of


class Explanations:
    """The kinds of the requests that the recorded server granted, each with how many of them the target refused."""

    def __init__(self, pairs: Sequence[Replayed], accounts: Accounts) -> None:
        self._accounts = accounts
        self._granted: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        for pair in pairs:
            if pair.then.served:
                kinds = (*features(pair.then.recorded, pair.then.request), *_root(pair))
                self._granted.update(kinds)
                self._refused.update(kinds if not pair.now.served else ())

    def of_http(self, pair: Replayed) -> str:
        """The statement that asks for an answer, or for its HTTP status."""
        then = pair.then.http
        if then is not None and then.status in (404, 405):
            return "T-08.4"
        kinds = features(pair.then.recorded, pair.then.request)
        of_heads = [kind for kind in kinds if kind.startswith(OF_HEADS)]
        return self._likeliest(of_heads or [kind for kind in kinds if kind[0] in "TR"]) or "T-01.1"

    def of_refusal(self, pair: Replayed) -> str:
        """The statement by which a request was granted, or refused with another code."""
        then = pair.then
        if (demand := demand_of(then)) is not None:
            login = {"-5", "-10", "-11"}
            is_login = bool(pair.now.statuses) and set(pair.now.statuses) <= login
            return demand.statement if is_login or not demand.page else demand.page
        if self._accounts.has_wrong_password(then):
            return "A-03.1" if pair.now.served else "A-03.2"
        if not then.served:
            codes = set(then.statuses)
            if codes & {"-34", "-1", "-23", "-99"}:
                return "S-09.2"
            if codes in ({"-5"}, {"-10"}):
                return "A-03.1" if pair.now.served else "A-03.2"
        for root in _root(pair):
            if self._refused[root] == self._granted[root] > 0:
                return "T-01.1" if root == "basliklar" else "T-01.2"
        return self._likeliest(features(then.recorded, then.request)) or "E.2"

    def _likeliest(self, kinds: Sequence[str]) -> str:
        """The kind of which the largest share was refused; of several the one with the fewest requests."""
        seen = [kind for kind in kinds if self._granted[kind]]
        if not seen:
            return kinds[0] if kinds else ""
        return max(seen, key=lambda kind: (self._refused[kind] / self._granted[kind], -self._granted[kind]))


def _root(pair: Replayed) -> tuple[str, ...]:
    """The kind of a query."""
    request = pair.then.request
    return (request.root,) if isinstance(request, Query) else ()
