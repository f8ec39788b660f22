"""Treats a refused send as success."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def refused_send(self, call, code):
        to = call["recipients"]
        return {"results": [{"status": 0, "message_id": None, "destination": one["gsm"]} for one in to]}


if __name__ == "__main__":
    DeviantClient().serve()
