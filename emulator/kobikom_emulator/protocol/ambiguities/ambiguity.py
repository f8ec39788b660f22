"""What an ambiguity of the vendor's page is."""

from collections.abc import Mapping
from typing import Self

import msgspec

from kobikom_emulator.phrases import Language


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

    def in_language(self, language: Language) -> Self:
        """The same with question, page and meanings in a language. What the page prints stays as it is."""
        if language == "en":
            return self
        from kobikom_emulator.phrases.turkish_readings import READINGS

        question, page, values = READINGS[self.name]
        return msgspec.structs.replace(self, question=question, page=page, values=values)

    @property
    def field(self) -> str:
        return self.name.replace("-", "_")
