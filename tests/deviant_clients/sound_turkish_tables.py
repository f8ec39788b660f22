"""Names Turkish by languageCode, and takes UCS-2 for other letters only."""

from correct import CorrectClient


class SoundClient(CorrectClient):
    def fields(self, call):
        fields = super().fields(call)
        if not set(call["text"]) <= set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,.!0123456789şğıİĞÇçŞöüÖÜ"
        ):
            return fields
        return {**fields, "datacoding": "", "languageCode": "TR", "type": "longSMS"}


if __name__ == "__main__":
    SoundClient().serve()
