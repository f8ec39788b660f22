"""Asks for flash by datacoding, as the ancestor's manual has it."""

from correct import CorrectClient


class SoundClient(CorrectClient):
    def fields(self, call):
        fields = super().fields(call)
        if not fields["flash"]:
            return fields
        return {**fields, "flash": "", "datacoding": "24" if fields["datacoding"] else "240"}


if __name__ == "__main__":
    SoundClient().serve()
