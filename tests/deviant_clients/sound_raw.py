"""Hands out the bodies of answers as they are."""

from correct import CorrectClient, Failed, Lost


class SoundClient(CorrectClient):
    able = (*CorrectClient.able, "raw")

    def judged(self, head, body):
        return body.decode("utf-8", "replace"), int(head.split(b" ")[1])

    def raw(self, call, work):
        try:
            body, status = work()
        except Lost:
            raise Failed("malformed" if call["op"] in ("titles", "balance") else "unknown_fate") from None
        return {"raw": body, "http_status": status}

    def send(self, call):
        return self.raw(call, lambda: self.post(call, "SMS", self.message(call)))

    def reports(self, call):
        if call["ids"] == []:
            return {"reports": []}
        return self.raw(call, lambda: self.exchange(call, "GET", f"{self.path}pull?{self.query(call)}"))

    def titles(self, call):
        return self.raw(call, lambda: self.post(call, "basliklar"))

    def balance(self, call):
        return self.raw(call, lambda: self.post(call, "bakiye"))


if __name__ == "__main__":
    SoundClient().serve()
