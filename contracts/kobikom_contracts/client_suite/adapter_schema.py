"""The adapter protocol as JSON Schema."""

from __future__ import annotations

from typing import Any

import msgspec

from kobikom_contracts.client_suite.adapter_protocol import ANSWERED, Failed, Raw


def json_schema() -> dict[str, Any]:
    """The protocol as JSON Schema 2020-12: ``$defs`` has ``request`` and ``answer``."""
    requests = [type_ for type_, _ in ANSWERED]
    answers = [*dict.fromkeys(type_ for _, type_ in ANSWERED), Raw, Failed]
    refs, definitions = msgspec.json.schema_components([*requests, *answers], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kobikom-contracts adapter protocol",
        "description": "One JSON object a line on standard input, one answer a line on standard output.",
        "anyOf": [{"$ref": "#/$defs/request"}, {"$ref": "#/$defs/answer"}],
        "$defs": {
            "request": {"anyOf": list(refs[: len(requests)])},
            "answer": {"anyOf": list(refs[len(requests) :])},
            **definitions,
        },
    }


def shipped_schema() -> str:
    """The schema as the file that is shipped for other languages."""
    from importlib.resources import files

    return files(__package__).joinpath("adapter.schema.json").read_text(encoding="utf-8")
