"""Shows a balance of nothing where it can't read one."""

from honest import Failed, Honest


class Lie(Honest):
    def unreadable_query(self, call, text):
        if call["op"] == "titles":
            raise Failed("malformed")
        return ""


if __name__ == "__main__":
    Lie().serve()
