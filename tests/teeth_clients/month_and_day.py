"""Takes the month for the day."""

from honest import Honest


class Lie(Honest):
    def moment(self, printed):
        year, month, rest = printed.split("/")
        day, _, time = rest.partition(" ")
        return f"{year}/{day}/{month} {time}"


if __name__ == "__main__":
    Lie().serve()
