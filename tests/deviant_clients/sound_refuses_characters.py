"""Refuses a text that XML can't carry, and a number that is not plain digits."""

from correct import NOT_XML, CorrectClient, Failed


class SoundClient(CorrectClient):
    def send(self, call):
        if NOT_XML.search(call["text"]) or not all(one["gsm"].isdigit() for one in call["recipients"]):
            raise Failed("refused")
        return super().send(call)


if __name__ == "__main__":
    SoundClient().serve()
