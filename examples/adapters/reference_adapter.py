"""The reference client as an adapter: reads one JSON object a line and answers each with one."""

import json
import sys
from datetime import timedelta

import kobikom_client as kobikom

CAPABILITIES = (
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
        title=call["title"],
        flash=options.get("flash", False),
        delay=timedelta(seconds=options["delay"]) if "delay" in options else None,
        validity=timedelta(minutes=options["validity"]) if "validity" in options else None,
    )
    to = [kobikom.Recipient(recipient["gsm"], recipient["message_id"]) for recipient in call["recipients"]]
    results = client(call).send(message, to).results
    return {"results": [result(answered) for answered in results]}


def result(answered):
    return {"status": answered.code, "message_id": answered.message_id, "destination": answered.number}


def reports(call):
    return {"reports": [report(pulled) for pulled in client(call).reports(call["ids"])]}


def report(pulled):
    return {
        "id": pulled.message_id,
        "sent_at": pulled.sent_at and pulled.sent_at.isoformat(),
        "done_at": pulled.done_at and pulled.done_at.isoformat(),
        "status": pulled.status,
        "gsmerror": pulled.gsm_error,
    }


def titles(call):
    owned = client(call).titles()
    return {"alphanumeric": owned.alphanumeric, "numeric": owned.numeric}


def balance(call):
    remaining = client(call).balance()
    return {"amount": str(remaining.amount), "currency": remaining.currency}


def kind(error):
    match error:
        case kobikom.Refused() | kobikom.InvalidRequest():
            return "refused"
        case kobikom.TransportError():
            return "transport"
        case kobikom.MalformedAnswer():
            return "malformed"
        case _:  # UnknownOutcome, or LostReports: which reports are missing is unknown
            return "unknown_fate"


def answer(call):
    if call["op"] == "capabilities":
        return {"capabilities": CAPABILITIES}
    try:
        return {"send": send, "reports": reports, "titles": titles, "balance": balance}[call["op"]](call)
    except kobikom.KobikomError as error:
        failed = {"kind": kind(error), "code": error.code}
        return {"error": failed, "reports": [report(pulled) for pulled in error.reports]}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
