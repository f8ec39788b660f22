"""Takes a recipient without a result for accepted."""

from honest import Honest


class Lie(Honest):
    def missing(self, recipient):
        return {"status": 0, "message_id": None, "destination": recipient["gsm"]}


if __name__ == "__main__":
    Lie().serve()
