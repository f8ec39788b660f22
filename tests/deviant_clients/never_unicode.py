"""Never writes an alphabet."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def fields(self, call):
        return {**super().fields(call), "datacoding": "", "type": "longSMS"}


if __name__ == "__main__":
    DeviantClient().serve()
