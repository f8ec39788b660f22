"""A pytest class that judges a client with one test a clause."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar

import pytest

from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES
from kobikom_contracts.client_suite.judge import PATIENCE, SHORT_TIMEOUT, SILENCE, judge_client
from kobikom_contracts.core.report.text import explained
from kobikom_contracts.core.verdicts import Outcome


class ClientContract:
    """One test for every client clause. Subclass it and name the client to be judged::

        class TestMyClient(ClientContract):
            client = "php my_adapter.php"

    ``client`` is a command line, its words, or a function (async, too) that takes a request of the
    adapter protocol as a dictionary and returns the answer as one. What it does not claim to be
    able to do is skipped. ``waived`` names clauses that it is known to break.
    """

    client: ClassVar[Any] = None
    profile: ClassVar[str] = "quick"
    seed: ClassVar[int] = 0
    strict: ClassVar[bool] = False
    patience: ClassVar[float] = PATIENCE
    short_timeout: ClassVar[float] = SHORT_TIMEOUT
    silence: ClassVar[float] = SILENCE
    waived: ClassVar[frozenset[str]] = frozenset()

    @pytest.mark.parametrize("clause", CLIENT_CLAUSES)
    def test_clause(self, clause: str) -> None:
        """The client keeps one clause."""
        if clause in self.waived:
            pytest.skip(f"{clause} is waived")
        # Read from the class: a function read from the instance would be bound to it.
        attribute = inspect.getattr_static(type(self), "client")
        client = attribute.__func__ if isinstance(attribute, staticmethod) else attribute
        if client is None:
            pytest.fail(f"{type(self).__name__} has no `client`", pytrace=False)
        run = judge_client(
            client,
            profile=self.profile,
            seed=self.seed,
            only=(clause,),
            strict=self.strict,
            patience=self.patience,
            short_timeout=self.short_timeout,
            silence=self.silence,
        )
        broken = [one for one in run.verdicts if one.outcome in {Outcome.VIOLATED, Outcome.ERROR}]
        if broken:
            alone = f"pytest -k '{type(self).__name__} and {clause}'"
            pytest.fail("\n\n".join(explained(one, alone) for one in broken), pytrace=False)
        if run.of(clause).outcome is not Outcome.HELD:
            pytest.skip(f"{run.of(clause).outcome}: {run.of(clause).detail}")
