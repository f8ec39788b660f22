"""Treats a recipient without a result as accepted."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def missing(self, recipient):
        return {"status": 0, "message_id": None, "destination": recipient["gsm"]}


if __name__ == "__main__":
    DeviantClient().serve()
