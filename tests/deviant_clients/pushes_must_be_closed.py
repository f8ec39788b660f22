"""Drops a pushed report without its closing tag."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def received(self, body):
        return super().received(body) if body.endswith("</DeliveryReport>") else 200


if __name__ == "__main__":
    DeviantClient().serve()
