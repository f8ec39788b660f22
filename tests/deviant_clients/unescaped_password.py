"""Writes the password into the document unescaped."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def document(self, call, root, inside=""):
        told = super().document({**call, "password": "@"}, root, inside)
        return told.replace("<parola>@<", f"<parola>{call['password']}<")


if __name__ == "__main__":
    DeviantClient().serve()
