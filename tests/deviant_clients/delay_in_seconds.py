"""Writes the delay as a bare number."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def fields(self, call):
        return {**super().fields(call), "ileriTarih": str(call["options"].get("delay", ""))}


if __name__ == "__main__":
    DeviantClient().serve()
