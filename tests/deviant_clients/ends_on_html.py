"""Crashes with a traceback on an answer that is not a document."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def unreadable(self, text):
        raise ValueError(f"no results in {text[:20]!r}")


if __name__ == "__main__":
    DeviantClient().serve()
