"""Swaps month and day."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def moment(self, printed):
        year, month, rest = printed.split("/")
        day, _, time = rest.partition(" ")
        return f"{year}/{day}/{month} {time}"


if __name__ == "__main__":
    DeviantClient().serve()
