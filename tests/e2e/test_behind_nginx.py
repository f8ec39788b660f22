"""The emulator behind nginx, with the configuration that the page on proxies shows."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.driver import KobikomServer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "running" / "behind-a-proxy.md"
PLAIN, BELOW_A_PATH = re.findall(r"^```nginx [^\n]*\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)

_CONFIGURATION = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {locations}
    }}
}}
"""


class Said(NamedTuple):
    """An answer: status, headers, JSON or text of the body."""

    status: int
    headers: http.client.HTTPMessage
    body: Any


class Nginx(NamedTuple):
    """A running nginx in front of an emulator."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Said:
        """One request; `body` as JSON, `headers` with underscores for dashes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            content = None if body is None else json.dumps(body).encode()
            if content is not None:
                named["Content-Type"] = "application/json"
            connection.request(method, path, content, named)
            answer = connection.getresponse()
            text = answer.read().decode()
        is_json = answer.headers.get_content_type().endswith("json") and text
        return Said(answer.status, answer.headers, json.loads(text) if is_json else text)


Begin = Callable[[Emulator, str], Nginx]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Start nginx in front of an emulator, with locations of the page; the test is skipped where it is missing."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("needs nginx (Debian's package nginx-light) to be tested behind it")
    user = "user root;" if os.getuid() == 0 else ""  # a worker of root would be nobody, who can't open the folder
    with contextlib.ExitStack() as stack:

        def start(emulator: Emulator, locations: str) -> Nginx:
            # nginx takes over a socket that listens already: the port is free, and no connection comes too early
            listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            nginx = Nginx(listening.getsockname()[1])
            own = locations.replace("127.0.0.1:8080", f"127.0.0.1:{emulator.running.port}")
            file = tmp_path / "nginx.conf"
            file.write_text(_CONFIGURATION.format(user=user, folder=tmp_path, port=nginx.port, locations=own))
            process = subprocess.Popen(
                [program, "-p", str(tmp_path), "-e", str(tmp_path / "error.log"), "-c", str(file)],
                env={"NGINX": f"{listening.fileno()};"},
                pass_fds=[listening.fileno()],
                stderr=subprocess.DEVNULL,
            )
            stack.enter_context(process)
            stack.callback(process.terminate)
            return nginx

        yield start


def first_events(port: int, path: str, *, change: Callable[[], object]) -> str:
    """What a reader of events gets until the first change after it began, while the stream goes on."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        text = ""
        while "event: change" not in text:
            text += answer.read1(65536).decode()
        change()
        before = text.count("event: change")
        while text.count("event: change") == before:
            text += answer.read1(65536).decode()
    return text


def test_the_plainest_proxy_works(begin: Begin) -> None:
    """With `proxy_pass` alone: page, events as they come, and changes by a page as a browser sends them."""
    with Emulator() as emulator:
        nginx = begin(emulator, PLAIN)
        assert "<title>Inbox" in nginx.ask("GET", "/_emulator/").body
        opened = nginx.ask("POST", "/_emulator/spaces", {"name": "a"}, Origin=nginx.url, Sec_Fetch_Site="same-origin")
        assert (201, "spaces/a") == (opened.status, opened.headers["Location"])
        path = "/_emulator/spaces/a/events"
        first_events(nginx.port, path, change=lambda: nginx.ask("POST", "/_emulator/spaces/a/clock", {"advance": 1}))


@pytest.mark.parametrize(
    "settings",
    [{"trusted": ["127.0.0.1"]}, {"base_path": "/kobikom"}],
    ids=["trusted headers", "base path"],
)
def test_below_a_path(begin: Begin, settings: Mapping[str, Any]) -> None:
    """The page's files, redirects and addresses lie below the path, and a page over plain HTTP may change something."""
    with Emulator(proxy=settings) as emulator:
        nginx = begin(emulator, BELOW_A_PATH)
        redirect = nginx.ask("GET", "/kobikom/", Accept="text/html")
        assert (302, "_emulator/") == (redirect.status, redirect.headers["Location"])
        assert 'src="inbox/app.js"' in nginx.ask("GET", "/kobikom/_emulator/").body
        assert 200 == nginx.ask("GET", "/kobikom/_emulator/inbox/app.js").status
        opened = nginx.ask("POST", "/kobikom/_emulator/spaces", {"name": "a"}, Origin=nginx.url)
        assert (201, f"{nginx.url}/kobikom/s/a") == (opened.status, opened.body["base_url"])
        with KobikomServer.at(f"{nginx.url}/kobikom") as server:
            space = server.space("a")
            assert f"{nginx.url}/kobikom/s/a" == space.base_url
            account = space.account()
            pull = f"/api/sendsms/xml/pull?kullanici={account.user}&parola={account.password}"
            assert "NO_DATA" == nginx.ask("GET", f"/kobikom/s/a{pull}").body
            assert "NO_DATA" == nginx.ask("GET", f"/kobikom{pull}").body


def test_a_foreign_page_changes_nothing_through_a_proxy(begin: Begin) -> None:
    """The Origin of another site is refused, and the answer says which setting names the public address."""
    with Emulator() as emulator:
        nginx = begin(emulator, PLAIN)
        refused = nginx.ask("POST", "/_emulator/spaces", {}, Origin="http://other.example")
        assert (403, "Origin") == (refused.status, refused.body["field"])
        assert "proxy.public-url" in refused.body["detail"]
