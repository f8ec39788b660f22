"""What the emulator's own view of a run says against a program, beside the program's exit status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kobikom_contracts.fuzz.space import Seen

FINAL_CODES = frozenset({-2, -3, -5, -6, -10, -11, -13, -22, -27, -33, -34})
"""Refusals that the same request gets again: repeating it asks for nothing new."""

PATIENCE = 3
"""From how many repetitions of a refused request on it is remarked."""


@dataclass(frozen=True)
class Finding:
    """Something that the emulator saw. `certain` where no correct program does it; others are remarks."""

    kind: str
    sentence: str
    certain: bool


def findings(seen: Seen, ordinary: Seen) -> list[Finding]:
    """What is wrong with a run, compared with that on an ordinary day."""
    return [*_accepted_twice(seen, ordinary), *_never_pulled_again(seen, ordinary), *_refused_again(seen, ordinary)]


def _accepted_twice(seen: Seen, ordinary: Seen) -> Iterable[Finding]:
    """The same text to the same number was accepted more often than on an ordinary day."""
    usual = _counted(ordinary.messages)
    at_most = max(usual.values(), default=1)
    for (number, text), count in _counted(seen.messages).items():
        if count > usual.get((number, text), at_most):
            yield Finding(
                "accepted twice", f"{number} was sent the same message {count} times: {_short(text)!r}", certain=True
            )


def _counted(messages: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter((message["to"], message["text"]) for message in messages)


def _never_pulled_again(seen: Seen, ordinary: Seen) -> Iterable[Finding]:
    """The last pull failed before it gave any report, and reports are left that are pulled on an ordinary day."""
    pulls = [entry for entry in seen.entries if entry["operation"] == "pull"]
    if not pulls or pulls[-1]["outcome"] not in {"fault", "refused"}:
        return
    left = sum(message["report"] == "ready" for message in seen.messages)
    usual = sum(message["report"] == "ready" for message in ordinary.messages)
    if left > usual:
        yield Finding(
            "never asked again",
            f"the last pull failed and was not repeated; {left - usual} reports wait to be pulled",
            certain=False,
        )


def _refused_again(seen: Seen, ordinary: Seen) -> Iterable[Finding]:
    """A request was refused with a code that repeating cannot change, and sent again and again."""
    usual = _refused(ordinary)
    for (operation, code, body), count in _refused(seen).items():
        if count - usual.get((operation, code, body), 0) > PATIENCE:
            yield Finding(
                "refused again",
                f"the same {operation} was refused with {code} and repeated {count - 1} times",
                certain=False,
            )


def _refused(seen: Seen) -> Counter[tuple[str, int, str]]:
    return Counter(
        (entry["operation"], entry["code"], _content(entry["request"]))
        for entry in seen.entries
        if entry["outcome"] == "refused" and entry["code"] in FINAL_CODES
    )


def _content(request: Mapping[str, Any]) -> str:
    return f"{request.get('target', '')} {request.get('body', '')}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
