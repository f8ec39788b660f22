"""HTTP requests over connections that stay open, and the documents of the API as values."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, NamedTuple, Self

PATIENCE = 30.0
"""Real seconds until a request counts as not answered."""

SMS = "/api/sendsms/xml/"
LOGIN = "<dogrulama><kullanici>{user}</kullanici><parola>test</parola></dogrulama>"


class NoAnswer(Exception):
    """The answer did not come whole."""


class Answer(NamedTuple):
    """Status and whole body."""

    status: int
    body: bytes

    @property
    def codes(self) -> list[int]:
        """The codes of the results of a send."""
        return [int(code) for code in re.findall(rb"<status>(-?\d+)</status>", self.body)]

    @property
    def ids(self) -> list[str]:
        """The ids of the accepted messages."""
        return [message_id.decode() for message_id in re.findall(rb"<messageid>(\d+)</messageid>", self.body)]

    @property
    def reports(self) -> list[str]:
        """The ids in a document of reports."""
        return [message_id.decode() for message_id in re.findall(rb'<message id="(\d+)"', self.body)]

    @property
    def amount(self) -> str:
        """What a balance query is answered."""
        found = re.search(rb"<miktar>([^<]*)</miktar>", self.body)
        assert found is not None, self
        return found[1].decode()


class Client:
    """One connection to a server; it is opened again where it was closed."""

    def __init__(self, host: str, port: int) -> None:
        self._at = (host, port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()

    async def ask_beside(self, method: str, target: str, body: bytes = b"") -> Answer:
        """The same on a connection of its own, beside what this one waits for."""
        async with Client(*self._at) as client:
            return await client.ask(method, target, body)

    async def ask(self, method: str, target: str, body: bytes = b"") -> Answer:
        """The answer; `NoAnswer` where it does not come whole."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._ask(method, target, body)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise NoAnswer(repr(error)) from None

    async def _ask(self, method: str, target: str, body: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._at)
        reader, writer = self._streams
        kind = "application/json" if target.startswith("/_emulator") else "text/xml"
        head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
        writer.write(f"{head}\r\n\r\n".encode() + body)
        await writer.drain()
        self.written()
        head_of_answer = await reader.readuntil(b"\r\n\r\n")
        status = int(head_of_answer.split(b" ", 2)[1])
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head_of_answer)
        if length is not None:
            return Answer(status, await reader.readexactly(int(length[1])))
        content = b""
        while size := int((await reader.readuntil(b"\r\n")), 16) if b"chunked" in head_of_answer.lower() else 0:
            content += (await reader.readexactly(size + 2))[:-2]
        if b"chunked" in head_of_answer.lower():
            await reader.readexactly(2)
        return Answer(status, content)

    def written(self) -> None:
        """A request was written."""

    async def control(self, method: str, path: str, value: Any = None) -> Any:
        """The JSON that the control API answers for the default space; `AssertionError` where it refuses."""
        body = b"" if value is None else json.dumps(value).encode()
        answer = await self.ask(method, f"/_emulator/spaces/default{path}", body)
        assert answer.status < 300, (method, path, answer)
        return json.loads(answer.body) if answer.body else None

    async def send(self, *numbers: str, text: str = "Merhaba", push_url: str = "", user: str = "test") -> Answer:
        return await self.ask("POST", SMS, order(*numbers, text=text, push_url=push_url, user=user))

    async def pull(self, *ids: str, user: str = "test") -> Answer:
        named = f"&messageid={','.join(ids)}" if ids else ""
        return await self.ask("GET", f"{SMS}pull?kullanici={user}&parola=test{named}")

    async def balance(self, user: str = "test") -> Answer:
        return await self.ask("POST", SMS, f"<bakiye>{LOGIN.format(user=user)}</bakiye>".encode())


def order(*numbers: str, text: str, push_url: str = "", user: str = "test") -> bytes:
    """A send."""
    push = f"<pushurl>{push_url}</pushurl>" if push_url else ""
    gsm = "".join(f"<gsm>{number}</gsm>" for number in numbers)
    message = f"<mesajiniz><metin>{text}</metin>{push}<alicilar>{gsm}</alicilar></mesajiniz>"
    return f"<SMS>{LOGIN.format(user=user)}{message}</SMS>".encode()
