"""What a send's answer says about each recipient; answers that the page prints malformed are read too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from xml.etree import ElementTree as ET

from fuzz_power.service.records import Notice
from fuzz_power.service.transport import Answer

RESULT = re.compile(
    r"<status>\s*<?(-?\d+)\s*</status>\s*<messageid>(.*?)</messageid>\s*<destination>(.*?)</destination>", re.DOTALL
)
RESULT_OF_LINES = re.compile(RESULT.pattern.replace(r"</status>\s*", r"</status>\n").replace(r"eid>\s*", "eid>\n"))
KNOWN = frozenset((0, -1, -2, -3, -5, -6, -10, -11, -13, -22, -23, -26, -27, -33, -34, -99))


@dataclass(frozen=True, slots=True)
class Result:
    """One result of an answer, unchanged."""

    code: int
    message_id: str
    destination: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What happened to a message: ``code`` 0 is accepted, None is unknown."""

    code: int | None
    message_id: str = ""


UNKNOWN = Fate(None)


def read_results(answer: Answer, bugs: frozenset[str]) -> list[Result]:
    """The complete results of an answer, in order."""
    text = answer.text
    if "wants-csv-type" in bugs and not answer.content_type.startswith("text/csv"):
        return []
    if "strict-xml" in bugs:
        try:
            ET.fromstring(text)
        except ET.ParseError:
            return []
    pattern = RESULT_OF_LINES if "wants-line-breaks" in bugs else RESULT
    return [
        Result(int(code), unescape(message_id).strip(), unescape(destination).strip())
        for code, message_id, destination in pattern.findall(text)
    ]


def fates(batch: Sequence[Notice], answer: Answer, bugs: frozenset[str]) -> dict[str, Fate]:
    """The fate of each message of a batch, by its key."""
    results = read_results(answer, bugs)
    whole = _fate_of_all(answer, results, bugs)
    if whole is not None:
        return {notice.key: _with_own_id(notice, whole, results) for notice in batch}
    if "results-by-position" in bugs:
        by_place = {n.key: Fate(r.code, r.message_id) for n, r in zip(batch, results, strict=False)}
        return {notice.key: by_place.get(notice.key, UNKNOWN) for notice in batch}
    if "stops-at-refusal" in bugs:
        refused = [place for place, result in enumerate(results) if result.code != 0]
        results = results[: refused[0] + 1] if refused else results
    if "unknown-code-crashes" in bugs:
        unknown = {result.code for result in results} - KNOWN
        if unknown:
            raise KeyError(unknown.pop())
    matched = {notice.key: _fate(notice, results, bugs) for notice in batch}
    return _changed(matched, bugs)


def _fate_of_all(answer: Answer, results: Sequence[Result], bugs: frozenset[str]) -> Fate | None:
    """One fate for the whole batch, where a mistake makes it so."""
    if "200-is-success" in bugs and answer.status == 200:
        return Fate(0)
    if "no-minus-is-success" in bugs and answer.status == 200 and "<status>-" not in answer.text:
        return Fate(0)
    if results and "first-status-for-all" in bugs:
        return Fate(results[0].code)
    if results and "last-status-for-all" in bugs:
        return Fate(results[-1].code)
    return None


def _with_own_id(notice: Notice, fate: Fate, results: Sequence[Result]) -> Fate:
    for result in results:
        if result.destination == notice.number:
            return Fate(fate.code, result.message_id)
    return fate


def _fate(notice: Notice, results: Sequence[Result], bugs: frozenset[str]) -> Fate:
    for result in results:
        if notice.own_id and result.message_id == notice.wire_id:
            return Fate(result.code, result.message_id)
    if "match-by-id-only" in bugs and notice.own_id:
        return UNKNOWN
    for result in results:
        if result.destination.lstrip("+") == notice.number or result.destination == notice.typed:
            return Fate(result.code, result.message_id)
    # A refusal of the whole request is one result that names nobody.
    if "no-result-is-success" in bugs:
        return UNKNOWN
    if len(results) == 1 and results[0].code != 0 and not results[0].destination and not results[0].message_id:
        return Fate(results[0].code)
    return UNKNOWN


def _changed(matched: Mapping[str, Fate], bugs: frozenset[str]) -> dict[str, Fate]:
    """The fates after the mistakes that concern codes."""
    fates = dict(matched)
    for key, fate in matched.items():
        if fate.code is None:
            if "no-result-is-success" in bugs:
                fates[key] = Fate(0)
            elif "resend-unmentioned" in bugs and any(other.code is not None for other in matched.values()):
                fates[key] = Fate(-1)
        elif ("zero-in-status" in bugs and "0" in str(fate.code)) or (
            "unknown-code-is-success" in bugs and fate.code not in KNOWN
        ):
            fates[key] = Fate(0, fate.message_id)
    codes = [fate.code for fate in fates.values()]
    if "one-shortage-is-all" in bugs and -2 in codes:
        return dict.fromkeys(fates, Fate(-2))
    if "resend-whole-batch" in bugs and any(code not in (0, None) for code in codes):
        return dict.fromkeys(fates, Fate(-1))
    return fates
