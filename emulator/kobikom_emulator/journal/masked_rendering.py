"""Entries of the journal as JSON values without their passwords, for what leaves the machine."""

from __future__ import annotations

from typing import Any

from kobikom_emulator.journal.entries import Entry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.masking import masked_entry, masked_text
from kobikom_emulator.journal.rendering import explanation, rendered
from kobikom_emulator.phrases import Language


def masked_rendered(numbered: NumberedEntry, *, base_url: str, language: Language = "en") -> dict[str, Any]:
    """An entry as `rendered` gives it, without the passwords of its request."""
    entry = masked_entry(numbered.entry)
    values = rendered(NumberedEntry(numbered.number, entry), base_url=base_url, language=language)
    return {**values, "explanation": masked_explanation(numbered.entry, language)}


def masked_explanation(entry: Entry, language: Language = "en") -> list[dict[str, Any]]:
    """The explanation of an entry without passwords; lines and columns are those of the request as it was received."""
    findings = explanation(entry.notes, entry.request, language)
    return [{**finding, "found": masked_text(finding["found"])} for finding in findings]
