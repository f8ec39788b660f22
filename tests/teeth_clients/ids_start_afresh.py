"""Counts its own message ids from one in every send."""

from honest import Honest


class Lie(Honest):
    def recipients(self, call):
        to = enumerate(super().recipients(call), 1)
        return [(gsm, f"own{n}" if ident is None else ident) for n, (gsm, ident) in to]


if __name__ == "__main__":
    Lie().serve()
