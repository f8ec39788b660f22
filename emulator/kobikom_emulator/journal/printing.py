"""A rendered entry as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kobikom_emulator.phrases import Language, Phrase, in_language

_WORDS: Mapping[str, str] = {
    "send": Phrase("send"),
    "titles": Phrase("titles"),
    "balance": Phrase("balance"),
    "pull": Phrase("pull"),
    "unreadable": Phrase("unreadable"),
    "accepted": Phrase("accepted"),
    "partly": Phrase("partly"),
    "refused": Phrase("refused"),
    "answered": Phrase("answered"),
    "given": Phrase("given"),
    "empty": Phrase("empty"),
    "fault": Phrase("fault"),
    "also": Phrase("also"),
    "changed": Phrase("changed"),
    "unread": Phrase("unread"),
    "noted": Phrase("noted"),
}
"""Operations, outcomes and kinds of findings."""

_EXPECTED, _FOUND, _HINT = Phrase("expected"), Phrase("found"), Phrase("hint")


def printed(entry: Mapping[str, Any], language: Language) -> str:
    """An entry as `rendering.rendered` gives it: the outcome, each finding with its statement, and the answer."""

    def said(text: str) -> str:
        return in_language(text, language)

    def word(name: str) -> str:
        return said(_WORDS.get(name, name))

    status = said(Phrase(", status {code}", code=entry["code"])) if entry["code"] else ""
    lines = [f"{word(entry['operation'])}: {word(entry['outcome'])}{status}", ""]
    for finding in entry["explanation"]:
        place = ""
        if finding["line"]:
            line, column = str(finding["line"]), str(finding["column"])
            place = said(Phrase(" line {line}, column {column}", line=line, column=column))
        code = f" {finding['code']}" if finding["code"] is not None else ""
        lines.append(f"{word(finding['kind'])}{code}{place} {finding['path']}".rstrip())
        for label, name in ((_EXPECTED, "expected"), (_FOUND, "found"), (_HINT, "hint")):
            if finding[name]:
                lines.append(f"    {said(label):8} {finding[name]}")
        lines += [f"    {finding['statement']} ({finding['mark']}): {finding['sentence']}", ""]
    answer = entry["answer"]
    if answer["sent"] == "nothing":
        return "\n".join([*lines, said(Phrase("no answer: the connection is closed"))])
    lines += [f"HTTP {answer['status']}, Content-Type: {answer['content_type']}", answer["body"].rstrip("\n")]
    return "\n".join(lines)


def whole_characters(text: str) -> str:
    """A text as UTF-8 can hold it: half characters stand for octets that are no UTF-8."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # half characters that stand for no octet
        return text.encode("utf-8", "replace").decode()
