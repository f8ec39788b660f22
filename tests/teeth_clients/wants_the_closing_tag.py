"""Can't read a report without its closing tag."""

from honest import Honest


class Lie(Honest):
    def ended(self, text):
        return text.endswith("</DeliveryReport>")


if __name__ == "__main__":
    Lie().serve()
