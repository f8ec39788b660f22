"""Sends documents as a form, url-encoded, with user and password unescaped in them."""

from sound_form import SoundClient


class DeviantClient(SoundClient):
    def document(self, call, root, inside=""):
        login = f"<kullanici>{call['user']}</kullanici><parola>{call['password']}</parola>"
        return f"<{root}><dogrulama>{login}</dogrulama>{inside}</{root}>"


if __name__ == "__main__":
    DeviantClient().serve()
