"""From recordings to what they say of the readings: several files are one recording in time order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kobikom_contracts.learning.inference import infer
from kobikom_contracts.learning.result import Learned, learned
from kobikom_contracts.learning.traffic import traffic_of
from kobikom_contracts.recording.exchanges import RecordedExchange
from kobikom_contracts.recording.har_files import read_har


def learn_from_files(files: Iterable[Path], *, exclusive: bool = False) -> tuple[Learned, tuple[str, ...]]:
    """What HAR files say, and a note for each that lacks its end; raises ``UnreadableHar``."""
    recordings = {str(path): read_har(path) for path in files}
    notes = tuple(note for recording in recordings.values() for note in recording.notes)
    exchanges = {name: recording.exchanges for name, recording in recordings.items()}
    return learn(exchanges, exclusive=exclusive), notes


def learn(recordings: Mapping[str, Sequence[RecordedExchange]], *, exclusive: bool = False) -> Learned:
    """What recordings, by the names of their files, say about each reading.

    ``exclusive``: only the recorded requests changed the balances of the accounts.
    """
    every = sorted(
        ((exchange, name) for name, exchanges in recordings.items() for exchange in exchanges),
        key=lambda pair: pair[0].begun_at,
    )
    traffic = traffic_of([exchange for exchange, _ in every], exclusive=exclusive)
    labels = [f"exchange {exchange.number}{f' of {name}' if name else ''}" for exchange, name in every]
    return learned(infer(traffic), labels)
