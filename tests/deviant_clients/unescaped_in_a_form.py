"""Sends documents as a form, url-encoded, with the text unescaped in them."""

from sound_form import SoundClient


class DeviantClient(SoundClient):
    def text(self, call):
        return call["text"].replace("\r", "&#13;") if "&" in call["text"] else super().text(call)


if __name__ == "__main__":
    DeviantClient().serve()
