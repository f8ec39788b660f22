"""Writes user and password into a pull's address unescaped."""

from urllib.parse import quote

from correct import CorrectClient


class DeviantClient(CorrectClient):
    def query(self, call):
        user, password = (quote(call[name], safe="&+%#=?/;") for name in ("user", "password"))
        return (
            super()
            .query({**call, "user": "", "password": ""})
            .replace("kullanici=&parola=", f"kullanici={user}&parola={password}")
        )


if __name__ == "__main__":
    DeviantClient().serve()
