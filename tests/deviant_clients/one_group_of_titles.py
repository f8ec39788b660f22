"""Lists numeric titles among the alphanumeric ones."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def titled(self, alphanumeric, numeric):
        return super().titled(alphanumeric + numeric, [])


if __name__ == "__main__":
    DeviantClient().serve()
