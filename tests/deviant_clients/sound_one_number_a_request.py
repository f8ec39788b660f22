"""Makes one request for each recipient."""

from correct import CorrectClient, Failed


class SoundClient(CorrectClient):
    def send(self, call):
        results, lost = [], None
        for one in call["recipients"]:
            try:
                results += super().send({**call, "recipients": [one]})["results"]
            except Failed as failed:
                if failed.kind == "refused":
                    results.append({"status": failed.code, "message_id": None, "destination": one["gsm"]})
                else:
                    lost = failed
        if lost:
            return {"error": {"kind": lost.kind, "code": None}, "results": results}
        return {"results": results}


if __name__ == "__main__":
    SoundClient().serve()
