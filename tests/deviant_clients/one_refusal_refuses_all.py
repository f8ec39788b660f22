"""Reports the whole send as refused when one recipient is."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def matched(self, call, rows):
        results = super().matched(call, rows)
        refused = [one["status"] for one in results if one["status"]]
        return self.refused_send(call, refused[0]) if refused else results


if __name__ == "__main__":
    DeviantClient().serve()
