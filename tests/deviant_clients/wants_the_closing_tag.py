"""Cannot read a report without its closing tag."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def ended(self, text):
        return text.endswith("</DeliveryReport>")


if __name__ == "__main__":
    DeviantClient().serve()
