"""HTTPS without a proxy: certificate and key from files."""

import json
import re
import shutil
import signal
import ssl
import subprocess
from http.client import HTTPSConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from serve_process import Run, Start

from kobikom_emulator import Emulator
from kobikom_emulator.settings import BadSettings


class Files(NamedTuple):
    """A certificate for 127.0.0.1 and its key."""

    cert: Path
    key: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A new certificate; the tests are skipped where OpenSSL is not installed."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the command openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        capture_output=True, check=True,
    )  # fmt: skip
    return Files(cert, key)


def test_the_server_speaks_https(files: Files) -> None:
    """A client that trusts the certificate is answered on a connection that stays open, and named https addresses."""
    context = ssl.create_default_context(cafile=str(files.cert))
    with Emulator(tls={"cert": str(files.cert), "key": str(files.key)}) as emulator:
        assert emulator.url.startswith("https://127.0.0.1:")
        connection = HTTPSConnection("127.0.0.1", emulator.running.port, context=context, timeout=30)
        for _ in range(2):
            connection.request("POST", "/_emulator/spaces", b"{}", {"Content-Type": "application/json"})
            assert json.load(connection.getresponse())["base_url"].startswith(f"{emulator.url}/s/")
        connection.request("GET", "/api/sendsms/xml/pull?kullanici=test&parola=test")
        assert b"NO_DATA" == connection.getresponse().read()
        connection.close()


def test_serve_and_ready_over_https(files: Files, start: Start, run: Run, tmp_path: Path) -> None:
    """The flags start it, `ready` finds it although nothing here trusts its certificate, and nothing is logged."""
    served = start(
        "--port", "0", "--tls-cert", str(files.cert), "--tls-key", str(files.key), XDG_RUNTIME_DIR=str(tmp_path)
    )
    assert "https" == served.url.partition(":")[0]
    assert (0, "", "") == run("ready", XDG_RUNTIME_DIR=str(tmp_path), KOBIKOM_PORT="1")
    ended = served.stop(signal.SIGTERM)
    assert (0, "", "") == (ended.code, ended.out, ended.err)


def test_certificate_and_key_may_be_in_one_file(files: Files, tmp_path: Path) -> None:
    """Then the setting `tls.cert` is enough."""
    both = tmp_path / "both.pem"
    both.write_bytes(files.cert.read_bytes() + files.key.read_bytes())
    with Emulator(tls={"cert": str(both)}) as emulator:
        assert "https" == emulator.url.partition(":")[0]


@pytest.mark.parametrize(
    ("tls", "message"),
    [
        ({"key": "{key}"}, r"tls.key is set without tls.cert"),
        ({"cert": "{folder}/nothing.pem"}, r"tls.cert: cannot read .*nothing.pem: No such file"),
        ({"cert": "{cert}", "key": "{folder}/nothing.pem"}, r"tls.key: cannot read .*nothing.pem: No such file"),
        ({"cert": "{cert}"}, r"tls: .*cert.pem cannot be used as certificate and key"),
        ({"cert": "{key}", "key": "{cert}"}, r"tls: .* cannot be used as certificate and key"),
    ],
    ids=str,
)
def test_files_that_cannot_be_used(files: Files, run: Run, tls: dict[str, str], message: str) -> None:
    """The error is one line that names the file, in Python as on the command line."""
    named = {name: file.format(folder=files.cert.parent, cert=files.cert, key=files.key) for name, file in tls.items()}
    with pytest.raises(BadSettings, match=message), Emulator(tls=named):
        pass
    flags = [word for name, file in named.items() for word in (f"--tls-{name}", file)]
    ended = run("serve", "--port", "0", *flags)
    assert (2, "") == (ended.code, ended.out)
    assert re.fullmatch(rf"kobikom-emulator: {message}.*\n", ended.err), ended.err
