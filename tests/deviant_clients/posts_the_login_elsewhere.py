"""Repeats a request at the address that a redirect names."""

import re

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def judged(self, head, body):
        location = re.search(rb"(?i)^location: *(http://[\d.:]+)", head, re.MULTILINE)
        if head.split(b" ")[1] not in (b"307", b"308") or not location:
            return super().judged(head, body)
        return super().exchange({**self.made[0], "url": location[1].decode()}, *self.made[1:])

    def exchange(self, call, method, path, body=b""):
        self.made = (call, method, path, body)
        return super().exchange(call, method, path, body)


if __name__ == "__main__":
    DeviantClient().serve()
