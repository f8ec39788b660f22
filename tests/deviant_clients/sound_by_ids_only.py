"""Pulls by ids only."""

from correct import CorrectClient


class SoundClient(CorrectClient):
    able = (*CorrectClient.able, "only_by_ids")

    def reports(self, call):
        if call["ids"] is None:
            raise ValueError(call)
        return super().reports(call)


if __name__ == "__main__":
    SoundClient().serve()
