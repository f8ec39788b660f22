"""Forgets flash when a text needs UCS-2."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def fields(self, call):
        fields = super().fields(call)
        return {**fields, "flash": ""} if fields["datacoding"] else fields


if __name__ == "__main__":
    DeviantClient().serve()
