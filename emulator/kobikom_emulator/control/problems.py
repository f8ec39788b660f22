"""Problem documents (RFC 9457): what is wrong, which field, and the HTTP status that says so."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Self

import msgspec

from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.errors import Conflict, Invalid, NotFound, NotInTime, OperationError
from kobikom_emulator.phrases import Language
from kobikom_emulator.phrases.problems import problem_in_language

PROBLEM_TYPE = "application/problem+json"

STATUS: Mapping[type[OperationError], int] = {Invalid: 422, NotFound: 404, Conflict: 409, NotInTime: 408}
"""HTTP status of each way in which an operation is not carried out."""


class Problem(Exception):
    """An answer other than success. `field` is the dotted name of the wrong field, "" if there is none."""

    def __init__(
        self, status: int, detail: str, *, field: str = "", headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = headers or {}
        self.more = more

    @classmethod
    def of(cls, error: OperationError) -> Self:
        status = 400 if isinstance(error, Invalid) and error.malformed else STATUS[type(error)]
        return cls(status, error.detail, field=error.field)

    def answer(self, language: Language = "en") -> Answer:
        """The document, its sentence in a language."""
        document: dict[str, Any] = {
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": problem_in_language(self.detail, language),
        }
        if self.field:
            document["field"] = self.field
        document |= self.more
        return Answer((msgspec.json.encode(document) + b"\n",), PROBLEM_TYPE, self.status, self.headers)


class ProblemDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong. `field` names the wrong field of the request, if there is one."""

    title: str
    status: int
    detail: str
    field: str = ""
