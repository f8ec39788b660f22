"""Cuts a text to 160 characters."""

from honest import Honest


class Lie(Honest):
    def text(self, call):
        return self.escaped(call["text"][:160])


if __name__ == "__main__":
    Lie().serve()
