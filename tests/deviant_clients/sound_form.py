"""Sends documents as a form, url-encoded."""

from urllib.parse import quote_plus

from correct import CorrectClient


class SoundClient(CorrectClient):
    def post(self, call, root, inside=""):
        body = ("XML=" + quote_plus(self.document(call, root, inside))).encode()
        return self.exchange(call, "POST", self.path, body)


if __name__ == "__main__":
    SoundClient().serve()
