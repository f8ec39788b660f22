"""A day of the catalogue: a scenario with one thing wrong, a stable name and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kobikom_contracts.catalogue.sentences import tell
from kobikom_contracts.scenario import Scenario


@dataclass(frozen=True)
class Day:
    """One day. `kind` says what is wrong: a kind of fault, or one of `ordinary`, `reading`, `outcome`, `credit`,
    `clock` and `pair`.

    `different` means that nothing fails on it: a correct program does all its work. `operations` are the requests that
    have to come before anything is different; none for a day that is different from its beginning.
    """

    name: str
    kind: str
    scenario: Scenario
    different: bool = False
    operations: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What is different, in English."""
        return " ".join(tell(self.scenario.document()))

    @property
    def turkish(self) -> str:
        """What is different, in Turkish."""
        return " ".join(tell(self.scenario.document(), "tr"))

    def document(self) -> dict[str, Any]:
        """The JSON object that a server plays, with name and sentence."""
        document = self.scenario.document()
        first = {"format": document.pop("format"), "name": self.name, "sentence": self.sentence}
        return first | document

    def __str__(self) -> str:
        """The name: pytest's id of the parameter."""
        return self.name


def day_of_fault(
    name: str,
    effect: Mapping[str, Any],
    operation: str,
    *,
    times: int | None = 1,
    skip: int = 0,
    different: bool = False,
    delivery: Mapping[str, Any] | None = None,
) -> Day:
    """A day on which one fault rule is armed; `times` None is the whole day, `delivery` how messages end on it."""
    when = {"times": times, "skip": skip}
    rule = {
        "effect": dict(effect),
        "match": {"operation": operation},
        "when": {key: value for key, value in when.items() if value},
    }
    return Day(
        f"{operation}-{name}", effect["kind"], Scenario(faults=(rule,), delivery=delivery), different, (operation,)
    )
