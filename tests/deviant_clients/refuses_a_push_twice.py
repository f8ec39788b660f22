"""Refuses a push that it has had before."""

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def received(self, body):
        if body in self.__dict__.setdefault("bodies", []):
            return 409
        self.bodies.append(body)
        return super().received(body)


if __name__ == "__main__":
    DeviantClient().serve()
