"""Takes a pull without an answer for one without reports."""

from honest import Honest


class Lie(Honest):
    def lost_pull(self, lost):
        return {"reports": []}


if __name__ == "__main__":
    Lie().serve()
