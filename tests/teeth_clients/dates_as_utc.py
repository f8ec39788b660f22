"""Takes report dates for UTC."""

from datetime import datetime

from honest import Honest


class Lie(Honest):
    def moment(self, printed):
        return datetime.strptime(f"{printed} +0000", "%Y/%m/%d %H:%M:%S %z").isoformat()


if __name__ == "__main__":
    Lie().serve()
