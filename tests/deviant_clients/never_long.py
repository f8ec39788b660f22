"""Never writes type longSMS."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def fields(self, call):
        return {**super().fields(call), "type": ""}


if __name__ == "__main__":
    DeviantClient().serve()
