"""Follows a redirect with GET, and reads what it finds there as the answer."""

import re
import socket
import time

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def judged(self, head, body):
        location = re.search(rb"(?i)^location: *http://([\d.]+):(\d+)(\S*)", head, re.MULTILINE)
        if head.split(b" ")[1] not in (b"301", b"302", b"303") or not location:
            return super().judged(head, body)
        with socket.create_connection((location[1].decode(), int(location[2])), 2) as wire:
            wire.sendall(b"GET %s HTTP/1.0\r\nHost: x\r\n\r\n" % location[3])
            return super().judged(*self.receive(wire, time.monotonic() + 2).split(b"\r\n\r\n", 1))


if __name__ == "__main__":
    DeviantClient().serve()
