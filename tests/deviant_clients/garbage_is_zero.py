"""Reports a balance of zero when it cannot read one."""

from correct import CorrectClient, Failed


class DeviantClient(CorrectClient):
    def unreadable_query(self, call, text):
        if call["op"] == "titles":
            raise Failed("malformed")
        return ""


if __name__ == "__main__":
    DeviantClient().serve()
