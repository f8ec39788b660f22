"""Settings from one source by dotted name, and the names that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from kobikom_emulator.domain.values import suggestion
from kobikom_emulator.protocol.readings import BY_NAME
from kobikom_emulator.settings.model import Settings

NAMES = tuple(name.replace("_", "-") for name in Settings.__struct_fields__)
FREE_KEYS = frozenset({"readings", "prices"})
"""Tables whose keys are not fields but names of readings or networks."""


def _tables() -> Iterator[tuple[str, tuple[str, ...]]]:
    for field in msgspec.structs.fields(Settings):
        if isinstance(field.default, msgspec.Struct):
            yield (
                field.name.replace("_", "-"),
                tuple(name.replace("_", "-") for name in field.default.__struct_fields__),
            )
    yield "readings", tuple(BY_NAME)


TABLES: Mapping[str, tuple[str, ...]] = dict(_tables())
"""Settings whose fields can be set one by one, as in `limits.max-body`, and these fields."""


class BadSettings(ValueError):
    """A setting that cannot be used; the message is one line: which, where it came from, which values can be used."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Values from one source by dotted name, what to call the source of each, and what to warn about."""

    values: Mapping[str, Any]
    source: str
    sources: Mapping[str, str] | None = None
    warnings: tuple[str, ...] = ()

    def source_of(self, name: str) -> str:
        return self.sources[name] if self.sources and name in self.sources else self.source


def check_known(name: str, where: str) -> None:
    """`BadSettings` if the first part of a dotted name is no setting."""
    top = name.partition(".")[0].replace("_", "-")
    if top not in NAMES:
        nearest = suggestion(top, NAMES) or f"; known: {', '.join(NAMES)}"
        raise BadSettings(f"there is no setting {name!r} ({where}){nearest}")
