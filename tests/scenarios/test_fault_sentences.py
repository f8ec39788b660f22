"""A fault rule as a sentence, in both languages."""

import msgspec
import pytest

from kobikom_emulator.faults.kinds import KINDS
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.faults.sentences import sentence
from kobikom_emulator.phrases import in_language

DROP = {"kind": "drop", "moment": "after"}
LOST = "it is carried out, and its answer is lost"


def rule(**fields: object) -> Rule:
    return msgspec.convert({"effect": DROP, **fields}, Rule)


@pytest.mark.parametrize(
    ("fields", "counts", "english"),
    [
        ({}, {}, f"Every request: {LOST}"),
        ({"match": {"operation": "send"}, "when": {"times": 1}}, {}, f"The next send: {LOST}"),
        ({"match": {"operation": "pull"}, "when": {"times": 3}}, {"fired": 1}, f"The next 2 pulls: {LOST}"),
        ({"match": {"operation": "send"}, "when": {"times": 3}}, {"fired": 2}, f"The next send: {LOST}"),
        ({"when": {"times": 1}}, {"fired": 1, "spent": True}, f"One request: {LOST}"),
        ({"when": {"times": 2}}, {"fired": 2, "spent": True}, f"2 requests: {LOST}"),
        ({"when": {"skip": 2}}, {"matched": 1}, f"Every request (not the first one): {LOST}"),
        ({"when": {"skip": 2}}, {"matched": 5}, f"Every request: {LOST}"),
        (
            {"match": {"user": "test", "to": "90532*"}, "when": {"probability": 0.25}},
            {},
            f"Every request (user test, to 90532*, with a chance of 25 %): {LOST}",
        ),
        (
            {"when": {"until": "2026-01-31T21:00:00Z"}},
            {},
            f"Every request (until 01.02.2026 00:00:00): {LOST}",
        ),
    ],
)
def test_what_is_left_of_a_rule(fields: dict[str, object], counts: dict[str, int], english: str) -> None:
    """How many requests it is still for, which ones, and what happens to them."""
    assert english == sentence(rule(**fields), **counts)


def test_in_turkish() -> None:
    """Every piece of the sentence is said in Turkish."""
    said = sentence(rule(match={"operation": "send", "to": "90532*"}, when={"times": 1, "skip": 2}))
    expected = "Sonraki gönderim (alıcı 90532*, ilk 2 tanesi değil): yerine getirilir, yanıtı kaybolur"
    assert expected == in_language(said, "tr")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_will_do(kind: str) -> None:
    """No kind of effect is without a sentence of its own."""
    fields = {"code": -26, "status": 503, "seconds": 5, "moment": "after", "bytes": 40, "bytes_per_second": 20.0}
    changes = {"reports": "repeated", "push": "twice"}
    known = {name: value for name, value in fields.items() if name in KINDS[kind].__struct_fields__}
    change = {"change": changes[kind]} if kind in changes else {}
    effect = msgspec.convert({"effect": {"kind": kind, **known, **change}}, Rule).effect
    assert effect.sentence() not in ("", "nothing is changed", effect.description())
