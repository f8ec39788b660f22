"""Treats the reports of a cut answer as all there were."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def lost_pull(self, lost):
        text = lost.body.decode("utf-8", "replace")
        if b" 200 " not in lost.head:
            raise Failed("unknown_fate")
        return {"reports": [self.report(one) for one in self.messages(text)]}


if __name__ == "__main__":
    DeviantClient().serve()
