"""The reference client behind the adapter protocol: one JSON object a line in, one out."""

import json
import sys
from datetime import timedelta

import kobikom_client as kobikom

ABLE = (
    *("send", "message_ids", "flash", "delay", "validity"),
    *("reports", "report_ids", "titles", "balance", "timeout"),
)


def client(call):
    timeout = timedelta(seconds=call["options"].get("timeout", 30))
    return kobikom.Client(call["url"], call["user"], call["password"], timeout=timeout)


def send(call):
    options = call["options"]
    message = kobikom.Message(
        call["text"],
        sender=call["title"],
        flash=options.get("flash", False),
        delay=timedelta(seconds=options["delay"]) if "delay" in options else None,
        validity=timedelta(minutes=options["validity"]) if "validity" in options else None,
    )
    to = [kobikom.Recipient(one["gsm"], one["message_id"]) for one in call["recipients"]]
    results = client(call).send(message, to).results
    return {
        "results": [{"status": one.code, "message_id": one.message_id, "destination": one.number} for one in results]
    }


def reports(call):
    return {"reports": [report(one) for one in client(call).reports(call["ids"])]}


def report(one):
    return {
        "id": one.message_id,
        "sent_at": one.sent_at and one.sent_at.isoformat(),
        "done_at": one.done_at and one.done_at.isoformat(),
        "status": one.status,
        "gsmerror": one.gsm_error,
    }


def titles(call):
    found = client(call).titles()
    return {"alphanumeric": found.alphanumeric, "numeric": found.numeric}


def balance(call):
    found = client(call).balance()
    return {"amount": str(found.amount), "currency": found.currency}


def kind(error):
    match error:
        case kobikom.Refused() | kobikom.InvalidRequest():
            return "refused"
        case kobikom.TransportError():
            return "transport"
        case kobikom.MalformedAnswer():
            return "malformed"
        case _:  # UnknownFate; and LostReports, for what they reported is gone
            return "unknown_fate"


def answer(call):
    if call["op"] == "capabilities":
        return {"capabilities": ABLE}
    try:
        return {"send": send, "reports": reports, "titles": titles, "balance": balance}[call["op"]](call)
    except kobikom.KobikomError as error:
        failed = {"kind": kind(error), "code": error.code}
        return {"error": failed, "reports": [report(one) for one in error.reports]}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
