"""Treats a recipient refused for lack of credit as accepted."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def result(self, status, ident, gsm):
        return super().result("0" if status == "-2" else status, ident, gsm)


if __name__ == "__main__":
    DeviantClient().serve()
