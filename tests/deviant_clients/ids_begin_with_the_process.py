"""Numbers its own message ids from one in every process."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    made = 0

    def recipients(self, call):
        return [(gsm, self.numbered() if ident is None else ident) for gsm, ident in super().recipients(call)]

    def numbered(self):
        self.made += 1
        return f"own{self.made}"


if __name__ == "__main__":
    DeviantClient().serve()
