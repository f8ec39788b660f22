"""Posts to the path of another version of the API."""

from honest import Honest


class Lie(Honest):
    path = "/api/sendsms/"


if __name__ == "__main__":
    Lie().serve()
