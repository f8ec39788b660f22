"""Has a time-out of its own, and takes none."""

from correct import CorrectClient


class SoundClient(CorrectClient):
    able = tuple(one for one in CorrectClient.able if one != "timeout")

    def timeout(self, call):
        return 0.5


if __name__ == "__main__":
    SoundClient().serve()
