"""Replays a recording and sums the comparison up as verdicts."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from kobikom_contracts.control import Control
from kobikom_contracts.core.verdicts import Run, Violation
from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.learning.evidence import Evidence
from kobikom_contracts.learning.result import learned
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.replay.accounts import Account, accounts_of
from kobikom_contracts.replay.differences import Compared, differences, outweighing
from kobikom_contracts.replay.explanation import Explanations
from kobikom_contracts.replay.followed import Followed, price_of
from kobikom_contracts.replay.replayer import Replayed, Replayer, is_free
from kobikom_contracts.trace import answers, served
from kobikom_contracts.trace.exchanges import JudgedExchange, evidence, judged_exchanges
from kobikom_contracts.trace.judge import Recordings, chosen_clauses, verdicts_of_recordings
from kobikom_contracts.trace.observations import Observation, observed
from kobikom_contracts.trace.reports import RecordedReports
from kobikom_contracts.trace.served import demand_of


def replay_recordings(
    recordings: Recordings,
    client: HttpClient,
    *,
    main: Account | None = None,
    accounts: Mapping[str, Account] | None = None,
    control: Control | None = None,
    free: bool = False,
    only: Sequence[str] = (),
    most_wait: float = 30.0,
    wait: Callable[[float], None] = time.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Run:
    """Replay a recording against a target; a difference is a violation of the statement that names it.

    ``free``: only what costs nothing and takes no report from others. Raises :class:`CannotRun` for an account that is
    not given, and ``Unreachable``.
    """
    started = time.monotonic()
    chosen = chosen_clauses(only)
    judged = judged_exchanges(recordings.exchanges)
    known = accounts_of(judged, accounts or {}, main)
    chosen_exchanges = [one for one in judged if not free or is_free(one)]
    replayer = Replayer(client, known, control, most_wait, wait, now)
    pairs = list(replayer.replay(chosen_exchanges))
    followed = Followed(replayer.ids, moved=control is not None, price=price_of(pairs))
    observations = compared(pairs, Explanations(pairs, known), followed)
    for observation in observations:
        if observation.violation is not None:
            _add_evidence(observation, recordings, pairs)
    empty: tuple[Evidence, ...] = ()
    verdicts = verdicts_of_recordings(recordings, observations, learned(empty, recordings.labels), chosen, strict=True)
    return Run(
        target=f"{', '.join(recordings.names)} against {client.url}",
        seed=0,
        profile="replay",
        verdicts=tuple(verdicts),
        seconds=time.monotonic() - started,
        spent={"exchanges": len(recordings.exchanges), "replayed": len(pairs)},
        ended=replayer.ended,
    )


def compared(pairs: Sequence[Replayed], explanations: Explanations, followed: Followed) -> tuple[Observation, ...]:
    """What each pair shows: the statements that its recorded answer shows, as kept or as differing now.

    Statements that the target's answer breaks by itself name a difference first; where there are some, what else
    differs in the same answer follows from them.
    """
    before, after = (_absolute([getattr(pair, which) for pair in pairs]) for which in ("then", "now"))
    observations: list[Observation] = []
    for pair in pairs:
        position = pair.then.position
        one = Compared(pair, explanations)
        broken = [
            violation
            for statement, violation in after[position].items()
            if violation is not None and before[position].get(statement) is None
        ]
        differing = [*differences(one), *followed.differences(one)]
        explained = outweighing(one)
        found = [explained] if explained is not None else broken or differing
        observations += observed([*before[position]], found, position)
    return tuple(observations)


def _absolute(exchanges: Iterable[JudgedExchange]) -> dict[int, dict[str, Violation | None]]:
    """The statements that each answer shows by itself, with the first violation of each."""
    every = list(exchanges)
    traffic, reports = Traffic(tuple(one.decoded for one in every)), RecordedReports()
    shown: dict[int, dict[str, Violation | None]] = defaultdict(dict)
    for one in every:
        found = [
            *answers.observations(one),
            *(seen for seen in served.observations(one, traffic) if seen.violation is None or demand_of(one)),
            *reports.observations(one),
        ]
        for observation in found:
            known = shown[one.position].get(observation.statement)
            shown[one.position][observation.statement] = known or observation.violation
    return shown


def _add_evidence(observation: Observation, recordings: Recordings, pairs: Sequence[Replayed]) -> None:
    violation = observation.violation
    pair = next(pair for pair in pairs if pair.then.position == observation.position)
    assert violation is not None, "only violations have evidence"
    label = recordings.labels[observation.position]
    violation.exchanges = (evidence(pair.then.recorded, f"{label}, recorded"), evidence(pair.now.recorded, "now"))
    violation.found = f"{violation.found} ({label})"
    violation.args = (f"expected {violation.expected}; found {violation.found}",)
