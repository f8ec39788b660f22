"""Judges recordings: observations of every exchange, summed up as verdicts."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from kobikom_contracts.clauses import CLAUSES, READING_BY_NAME, Clause, UnknownName, select
from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES, select_client
from kobikom_contracts.core.findings import Findings, verdict_of
from kobikom_contracts.core.verdicts import Run, Verdict, Violation
from kobikom_contracts.learning.evidence import Evidence
from kobikom_contracts.learning.inference import infer
from kobikom_contracts.learning.result import Learned, LearnedValue, State, learned
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.recording.exchanges import RecordedExchange
from kobikom_contracts.trace import answers, balances, requests, served
from kobikom_contracts.trace.exchanges import judged_exchanges, with_evidence
from kobikom_contracts.trace.observations import Observation
from kobikom_contracts.trace.reports import RecordedReports

MOST_VIOLATIONS = 20
"""Violations of a statement that are kept; the rest is counted."""
NEVER_SEEN = "no recorded exchange shows it"
NEEDS_BYTES = "needs the exact bytes, which recordings by `kobikom-contracts record` have"
UNASKED = "a recording does not show what the client was asked to do"
_OF_BYTES = answers.BYTE_LEVEL_HEAD | answers.BYTE_LEVEL_BODY | {"K-02"}


@dataclass(frozen=True, slots=True)
class Recordings:
    """Several recordings as one: the exchanges in time order, and a label of each, such as `exchange 3 of day.har`."""

    exchanges: tuple[RecordedExchange, ...]
    labels: tuple[str, ...]
    names: tuple[str, ...]


def recordings_of(files: Mapping[str, Sequence[RecordedExchange]]) -> Recordings:
    """One recording of several, by the names of their files."""
    every = sorted(
        ((exchange, name) for name, exchanges in files.items() for exchange in exchanges),
        key=lambda pair: pair[0].begun_at,
    )
    labels = tuple(f"exchange {exchange.number}{f' of {name}' if name else ''}" for exchange, name in every)
    return Recordings(tuple(exchange for exchange, _ in every), labels, tuple(files))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What recordings show: the run for reports, the readings, and every observation."""

    run: Run
    learned: Learned
    observations: tuple[Observation, ...]


def judge_recordings(
    recordings: Recordings, *, only: Sequence[str] = (), exclusive: bool = False, strict: bool = False
) -> Judgement:
    """Judge the answers by the protocol and the requests by the clauses for clients.

    ``only``: ids of clauses or areas, K for those of clients. ``exclusive``: only the recorded requests changed the
    balances. ``strict``: statements that the vendor's page does not say bind, too.
    """
    started = time.monotonic()
    chosen = chosen_clauses(only)
    judged = judged_exchanges(recordings.exchanges)
    traffic = Traffic(tuple(one.decoded for one in judged), exclusive)
    evidence = infer(traffic)
    readings = learned(evidence, recordings.labels)
    reports = RecordedReports()
    observations = tuple(
        chain(
            chain.from_iterable(
                (*answers.observations(one), *served.observations(one, traffic), *reports.observations(one))
                for one in judged
            ),
            balances.observations(traffic),
            requests.observations(recordings.exchanges),
            _readings(readings, evidence),
        )
    )
    verdicts = tuple(verdicts_of_recordings(recordings, observations, readings, chosen, strict=strict))
    run = Run(
        target=", ".join(recordings.names),
        seed=0,
        profile="recording",
        verdicts=verdicts,
        seconds=time.monotonic() - started,
        spent={"exchanges": len(recordings.exchanges), "with the API": len(judged)},
    )
    return Judgement(run, readings, observations)


def chosen_clauses(only: Sequence[str]) -> Mapping[str, Clause]:
    """The clauses for servers and clients that were named, all where none was; raises ``UnknownName``."""
    every: dict[str, Clause] = {**CLAUSES, **CLIENT_CLAUSES}
    if not only:
        return every
    chosen: set[str] = set()
    for name in only:
        try:
            chosen |= set(select([name]))
        except UnknownName:
            if not name.strip().upper().startswith("K"):
                raise
            chosen |= set(select_client([name]))
    return {ident: clause for ident, clause in every.items() if ident in chosen}


def _readings(readings: Learned, evidence: Sequence[Evidence]) -> Iterator[Observation]:
    """The statements whose readings were seen; exchanges that contradict each other break one."""
    positions: dict[str, set[int]] = defaultdict(set)
    for proof in evidence:
        positions[proof.reading].add(proof.position)
    for value in readings.values:
        statement = READING_BY_NAME[value.reading.name].statement
        last = max(positions[value.reading.name], default=-1)
        for position in sorted(positions[value.reading.name]):
            contradicts = value.state is State.CONTRADICTION and position == last
            violation = _contradiction(value, readings, position) if contradicts else None
            yield Observation(statement, position, violation)


def _contradiction(value: LearnedValue, readings: Learned, position: int) -> Violation:
    before = [f"not {proof.value} ({readings.labels[proof.position]})" for proof in value.evidence]
    why = next(proof.why for proof in value.evidence if proof.position == position)
    expected = f"one value of {value.reading.name} throughout"
    statement = READING_BY_NAME[value.reading.name].statement
    # Insisted: whichever value is meant, the service does not keep to it.
    return Violation(expected, f"{'; '.join(before)}: {why}", statement=statement, insisted=True)


def verdicts_of_recordings(
    recordings: Recordings,
    observations: Sequence[Observation],
    readings: Learned,
    chosen: Mapping[str, Clause],
    *,
    strict: bool,
) -> Iterator[Verdict]:
    """The verdict on each chosen clause. Violations get the exchange of their position unless they have exchanges."""
    findings = Findings()
    by_statement: dict[str, list[Observation]] = defaultdict(list)
    for observation in sorted(observations, key=lambda one: one.position):
        by_statement[observation.statement].append(observation)
    inexact = any(not (one.exact or one.by_server) for one in recordings.exchanges)
    for clause in chosen.values():
        for statement in clause.statements:
            seen = by_statement.get(statement.id, [])
            if not seen:
                findings.not_checkable([statement.id], _why_not(statement.id, inexact=inexact))
                continue
            findings.held([statement.id], statement.id, len(seen))
            findings.of(statement.id).shown_by = recordings.labels[seen[0].position]
            for observation in [one for one in seen if one.violation][:MOST_VIOLATIONS]:
                assert observation.violation is not None, "only violations are left"
                position = observation.position
                violation = with_evidence(
                    observation.violation, recordings.labels[position], recordings.exchanges[position]
                )
                findings.violated([statement.id], statement.id, len(seen), violation)
        yield verdict_of(clause, findings, reading=_shown(clause, readings), binding=strict)


def _why_not(statement: str, *, inexact: bool) -> str:
    if statement.startswith("K-") and statement not in requests.JUDGED:
        return UNASKED
    return NEEDS_BYTES if inexact and statement in _OF_BYTES else NEVER_SEEN


def _shown(clause: Clause, readings: Learned) -> str | None:
    """The readings of a clause of which something was seen."""
    values = [readings.of(reading.name) for reading in clause.readings]
    seen = [f"{value.reading.name}={' or '.join(value.left)}" for value in values if value.evidence and value.left]
    return ", ".join(seen) or None
