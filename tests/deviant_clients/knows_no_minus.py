"""Knows the codes of a pull only without their minus."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def refused_pull(self, text):
        if text.startswith("-"):
            raise Failed("malformed")
        return super().refused_pull(text)


if __name__ == "__main__":
    DeviantClient().serve()
