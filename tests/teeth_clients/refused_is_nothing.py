"""Takes a refused pull for one without reports."""

from honest import Honest


class Lie(Honest):
    def refused_pull(self, text):
        return {"reports": []}


if __name__ == "__main__":
    Lie().serve()
