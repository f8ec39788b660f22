"""Treats anything with HTTP status 200 as success."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def read_send(self, call, text):
        if "<result" in text:
            return super().read_send(call, text)
        to = call["recipients"]
        return {"results": [{"status": 0, "message_id": None, "destination": one["gsm"]} for one in to]}


if __name__ == "__main__":
    DeviantClient().serve()
