"""Escapes the text twice."""

from honest import Honest


class Lie(Honest):
    def text(self, call):
        return self.escaped(call["text"].replace("&", "&amp;"))


if __name__ == "__main__":
    Lie().serve()
