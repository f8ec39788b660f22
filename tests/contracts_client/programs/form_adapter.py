"""The correct client behind the line format: a url-encoded form a call, one an answer."""

import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deviant_clients"))

from correct import CorrectClient

OPTIONS = {"timeout": float, "flash": "true".__eq__, "delay": int, "validity": int}


def call_of(line):
    """A form as the call that the JSON protocol would have."""
    call = {"title": None, "recipients": [], "ids": [], "options": {}}
    for name, value in parse_qsl(line.strip(), keep_blank_values=True):
        if name == "gsm":
            call["recipients"].append({"gsm": value, "message_id": None})
        elif name == "message_id":
            call["recipients"][-1]["message_id"] = value or None
        elif name == "id":
            call["ids"].append(value)
        elif name == "all":
            call["ids"] = None
        elif name in OPTIONS:
            call["options"][name] = OPTIONS[name](value)
        else:
            call[name] = value or None if name == "title" else value
    return call


def form_of(answer):
    """An answer of the JSON protocol as a form."""
    for kind in ("results", "reports"):
        if kind in answer:
            first = {"results": "status", "reports": "id"}[kind]
            rows = [[(first, row[first]), *((k, v) for k, v in row.items() if k != first)] for row in answer[kind]]
            return [("answer", kind), *((k, "" if v is None else v) for row in rows for k, v in row)]
    if "error" in answer:
        return [("answer", "error"), *((k, "" if v is None else v) for k, v in answer["error"].items())]
    kind = next(k for k in ("capabilities", "alphanumeric", "amount", "url") if k in answer)
    pairs = [(k, one) for k, v in answer.items() for one in (v if isinstance(v, (list, tuple)) else [v])]
    return [("answer", {"alphanumeric": "titles", "amount": "balance", "url": "push"}.get(kind, kind)), *pairs]


client = CorrectClient()
for line in sys.stdin:
    print(urlencode(form_of(client.answer(call_of(line)))), flush=True)
