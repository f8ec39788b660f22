"""Hypothesis strategies for the Kobikom API: requests, nearly valid requests, answers, reports, texts, numbers.

They are drawn from the protocol alone and may be used in any test::

    from hypothesis import given
    from kobikom_contracts import strategies as kobikom

    @given(text=kobikom.texts(kobikom.Alphabet.UCS2, parts=2))
    def test_long_unicode(text): ...
"""

from __future__ import annotations

from kobikom_contracts.catalogue.drawing import scenarios
from kobikom_contracts.parts import Alphabet
from kobikom_contracts.scenario import Scenario
from kobikom_contracts.strategies.answers import answers, report_documents, reports
from kobikom_contracts.strategies.characters import CHARACTERS, xml_texts
from kobikom_contracts.strategies.msisdns import (
    STATUSES,
    foreign_msisdns,
    invalid_msisdns,
    magic_msisdns,
    msisdns,
    turkish_msisdns,
)
from kobikom_contracts.strategies.requests import Spelling, blocks, near_valid_bodies, sends, spellings
from kobikom_contracts.strategies.texts import message_ids, offsets, people_texts, texts

__all__ = [
    "CHARACTERS",
    "STATUSES",
    "Alphabet",
    "Scenario",
    "Spelling",
    "answers",
    "blocks",
    "foreign_msisdns",
    "invalid_msisdns",
    "magic_msisdns",
    "message_ids",
    "msisdns",
    "near_valid_bodies",
    "offsets",
    "people_texts",
    "report_documents",
    "reports",
    "scenarios",
    "sends",
    "spellings",
    "texts",
    "turkish_msisdns",
    "xml_texts",
]
