"""What an ambiguity of the vendor's page is."""

from collections.abc import Mapping

import msgspec


class Ambiguity(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One open question of the page: the values that answer it (the first is the default) with what they mean, and why
    it is open.

    `name` is that of its setting. `marks` are those of the statements it is about: D documented, O observed in a
    real client, A from the ancestor manual, I inferred.
    """

    name: str = ""
    clause: str
    marks: str
    question: str
    page: str
    values: Mapping[str, str]

    @property
    def default(self) -> str:
        return next(iter(self.values))

    @property
    def field(self) -> str:
        return self.name.replace("-", "_")
