"""Reports every gsmerror as 0."""

from honest import Honest


class Lie(Honest):
    def report(self, tag):
        return {**super().report(tag), "gsmerror": 0}


if __name__ == "__main__":
    Lie().serve()
