"""A correct client behind the adapter protocol, in small methods, so that each deviant client overrides one.

Standard library only; run as a program it speaks the protocol.
"""

import html
import json
import re
import socket
import sys
import time
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Failed(Exception):
    """A call that failed: kind and code."""

    def __init__(self, kind, code=None):
        super().__init__(kind)
        self.kind, self.code = kind, code


class Lost(Exception):
    """No whole answer came; ``head`` and ``body`` are what did."""

    def __init__(self, head=b"", body=b""):
        super().__init__("lost")
        self.head, self.body = head, body


class CorrectClient:
    able = (
        *("send", "message_ids", "flash", "delay", "validity", "timeout"),
        *("reports", "report_ids", "titles", "balance", "push"),
    )
    path = "/api/sendsms/xml/"

    # -- the protocol ------------------------------------------------------------------------------

    def serve(self):
        for line in sys.stdin:
            print(json.dumps(self.answer(json.loads(line))), flush=True)

    def answer(self, call):
        if call["op"] == "capabilities":
            return {"capabilities": self.able}
        try:
            return getattr(self, call["op"])(call)
        except Failed as failed:
            return {"error": {"kind": failed.kind, "code": failed.code}}

    # -- the wire ----------------------------------------------------------------------------------

    def timeout(self, call):
        return call["options"].get("timeout", 30)

    def length(self, body):
        return len(body)

    def exchange(self, call, method, path, body=b""):
        """The body of a 200 answer; Lost when it isn't whole, Failed when nobody listens."""
        until = time.monotonic() + self.timeout(call)
        at = urlsplit(call["url"])
        head = f"{method} {path} HTTP/1.1\r\nHost: {at.netloc}\r\nConnection: close\r\n"
        if body:
            head += f"Content-Type: application/xml\r\nContent-Length: {self.length(body)}\r\n"
        try:
            wire = socket.create_connection((at.hostname, at.port), self.timeout(call))
        except OSError:
            raise Failed(self.no_connection()) from None
        with wire:
            wire.sendall(head.encode() + b"\r\n" + body)
            return self.whole(self.receive(wire, until))

    def no_connection(self):
        return "transport"

    def receive(self, wire, until):
        raw = b""
        try:
            while piece := self.piece(wire, until):
                raw += piece
        except OSError:
            raise Lost(raw) from None
        return raw

    def piece(self, wire, until):
        wire.settimeout(max(0.001, until - time.monotonic()))
        return wire.recv(65536)

    def whole(self, raw):
        head, ended, body = raw.partition(b"\r\n\r\n")
        if not ended:
            raise Lost(head)
        length = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
        if b"chunked" in head.lower():
            body = self.unchunked(head, body)
        elif length and len(body) < int(length[1]):
            raise Lost(head, body)
        return self.judged(head, body)

    def judged(self, head, body):
        if head.split(b" ")[1] != b"200":
            raise Lost(head, body)
        return body.decode("utf-8", "replace").strip()

    def unchunked(self, head, body):
        found = b""
        while True:
            size, _, rest = body.partition(b"\r\n")
            count = int(size or b"0", 16)
            if not size or len(rest) < count:
                raise Lost(head, found + rest)
            if count == 0:
                return found
            found, body = found + rest[:count], rest[count + 2 :]

    # -- documents ---------------------------------------------------------------------------------

    def escaped(self, text):
        return escape(NOT_XML.sub("?", text or ""), {"\r": "&#13;", '"': "&quot;"})

    def document(self, call, root, inside=""):
        user, password = self.escaped(call["user"]), self.escaped(call["password"])
        login = f"<kullanici>{user}</kullanici><parola>{password}</parola>"
        return f"<{root}><dogrulama>{login}</dogrulama>{inside}</{root}>"

    def encoded(self, text):
        return text.encode()

    def post(self, call, root, inside=""):
        body = self.encoded(self.document(call, root, inside))
        return self.exchange(call, "POST", self.path, body)

    def every(self, tag, text):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        return [html.unescape(one).strip() for one in found]

    # -- sends -------------------------------------------------------------------------------------

    def text(self, call):
        return self.escaped(call["text"])

    def fields(self, call):
        text, options = NOT_XML.sub("?", call["text"]), call["options"]
        wide = not text.isascii() or "`" in text or "\t" in text
        hours, minutes = divmod(options.get("validity", 0), 60)
        return {
            "baslik": self.escaped(call["title"]),
            "metin": self.text(call),
            "flash": "1" if options.get("flash") else "",
            "type": "longSMS" if len(text) > (70 if wide else 80) else "",
            "datacoding": "8" if wide else "",
            "ileriTarih": f"{options['delay']}s" if "delay" in options else "",
            "ValidityPeriod": f"{hours:02}:{minutes:02}" if "validity" in options else "",
        }

    def recipients(self, call):
        return [(one["gsm"], one["message_id"]) for one in call["recipients"]]

    def message(self, call):
        fields = "".join(f"<{name}>{value}</{name}>" for name, value in self.fields(call).items())
        to = ""
        for gsm, ident in self.recipients(call):
            attribute = "" if ident is None else f' messageId="{self.escaped(ident)}"'
            to += f"<gsm{attribute}>{self.escaped(gsm)}</gsm>"
        return f"<mesajiniz>{fields}<alicilar>{to}</alicilar></mesajiniz>"

    def send(self, call):
        try:
            text = self.post(call, "SMS", self.message(call))
        except Lost as lost:
            return self.lost_send(call, lost)
        return self.read_send(call, text)

    def lost_send(self, call, lost):
        raise Failed("unknown_fate")

    def read_send(self, call, text):
        if not re.match(r"<(\?xml|results)", text) or "<results>" not in text:
            raise self.unreadable(text)
        if not text.endswith("</results>"):
            return self.cut_send(call, text)
        rows = self.rows(text)
        if len(rows) == 1 and not rows[0][2]:
            return self.refused_send(call, self.code(rows[0][0]))
        return {"results": self.matched(call, rows)}

    def unreadable(self, text):
        return Failed("unknown_fate")

    def cut_send(self, call, text):
        raise Failed("unknown_fate")

    def refused_send(self, call, code):
        raise Failed("refused", code)

    def rows(self, text):
        pieces = text.split("</result>")[:-1]
        return [
            tuple("".join(self.every(tag, one)) for tag in ("status", "messageid", "destination")) for one in pieces
        ]

    def code(self, status):
        found = re.fullmatch(r"<?\s*(-?\d+)", status)
        if not found:
            raise Failed("unknown_fate")
        return int(found[1])

    def matched(self, call, rows):
        results = []
        for one in call["recipients"]:
            mine = next((row for row in rows if row[2] == one["gsm"]), None)
            if mine is None:
                results.append(self.missing(one))
                continue
            rows.remove(mine)
            results.append(self.result(*mine))
        return results

    def missing(self, recipient):
        raise Failed("unknown_fate")

    def result(self, status, ident, gsm):
        return {"status": self.code(status), "message_id": ident or None, "destination": gsm}

    # -- reports -----------------------------------------------------------------------------------

    def quoted(self, text):
        return quote(text, safe="")

    def query(self, call):
        query = f"kullanici={self.quoted(call['user'])}&parola={self.quoted(call['password'])}"
        if call["ids"]:
            query += "&messageid=" + ",".join(self.quoted(one) for one in call["ids"])
        return query

    def nothing_named(self, call):
        return call["ids"] == []

    def reports(self, call):
        if self.nothing_named(call):
            return {"reports": []}
        try:
            text = self.exchange(call, "GET", f"{self.path}pull?{self.query(call)}")
        except Lost as lost:
            return self.lost_pull(lost)
        return self.read_pull(text)

    def lost_pull(self, lost):
        raise Failed("unknown_fate")

    def read_pull(self, text):
        if text == "NO_DATA":
            return self.no_data()
        if re.fullmatch("-?(5|10|11)", text):
            return self.refused_pull(text)
        if not text.startswith("<DeliveryReport>") or not self.ended(text):
            raise Failed("unknown_fate")
        return {"reports": self.kept([self.report(one) for one in self.messages(text)])}

    def no_data(self):
        return {"reports": []}

    def refused_pull(self, text):
        raise Failed("refused", -abs(int(text)))

    def ended(self, text):
        return text.endswith(("/>", "</DeliveryReport>"))

    def messages(self, text):
        return re.findall(r"<message\s[^<]*?/>", text)

    def report(self, tag):
        of = {k: html.unescape(v) for k, v in re.findall(r'(\w+)="([^"]*)"', tag)}
        return {
            "id": of["id"],
            "sent_at": self.moment(of["sentdate"]),
            "done_at": self.moment(of["donedate"]),
            "status": of["status"],
            "gsmerror": int(of["gsmerror"]),
        }

    def moment(self, printed):
        return printed

    def kept(self, reports):
        return reports

    # -- pushed reports ----------------------------------------------------------------------------

    receiver = None

    def push(self, call):
        """Where reports are received, by a thread of its own."""
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        from threading import Thread

        client = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.send_response(client.received(body.strip()))
                self.end_headers()

            def log_message(self, *words): ...

        if self.receiver is None:
            self.arrived = []
            self.receiver = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            Thread(target=self.receiver.serve_forever, daemon=True).start()
        return {"url": f"http://127.0.0.1:{self.receiver.server_port}/reports"}

    def received(self, body):
        """Keep the reports of a push, and the status that acknowledges it."""
        if not self.ended(body):
            return 400
        self.arrived += self.kept([self.report(one) for one in self.messages(body)])
        return 200

    def pushed(self, call):
        arrived, self.arrived = self.arrived, []
        return {"reports": arrived}

    # -- queries -----------------------------------------------------------------------------------

    def ask(self, call, root):
        try:
            text = self.post(call, root)
        except Lost as lost:
            return self.lost_query(call, lost)
        if text.endswith("</results>") and (codes := self.every("status", text)):
            return self.refused_query(call, int(codes[0]))
        if not text.endswith(f"</{root}>"):
            return self.unreadable_query(call, text)
        return text

    def lost_query(self, call, lost):
        raise Failed("malformed")

    def refused_query(self, call, code):
        raise Failed("refused", code)

    def unreadable_query(self, call, text):
        raise Failed("malformed")

    def titles(self, call):
        text = self.ask(call, "basliklar")
        groups = [
            self.every("baslik", "".join(re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)))
            for name in ("normal", "sayisal")
        ]
        return self.titled(*groups)

    def titled(self, alphanumeric, numeric):
        return {"alphanumeric": alphanumeric, "numeric": numeric}

    def balance(self, call):
        text = self.ask(call, "bakiye")
        amount = "".join(self.every("miktar", text))
        if not re.fullmatch(r"\d+(\.\d+)?", amount):
            self.unreadable_query(call, text)
            amount = "0.000"
        return {"amount": self.amount(amount), "currency": "".join(self.every("kur", text)) or "TRY"}

    def amount(self, text):
        return text


if __name__ == "__main__":
    CorrectClient().serve()
