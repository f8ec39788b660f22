"""Reads report dates as UTC."""

from datetime import datetime

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def moment(self, printed):
        return datetime.strptime(f"{printed} +0000", "%Y/%m/%d %H:%M:%S %z").isoformat()


if __name__ == "__main__":
    DeviantClient().serve()
