"""Whether a server of this machine answers. `serve` leaves its address in a file, where `ready` finds it."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

_PAUSE = 0.05
"""Seconds between two attempts."""


def folders(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Where the files may be, the usual folder first; the last one can be written in a container that is read-only."""
    usual = environment.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return [Path(usual) / _folder_name(), Path("/dev/shm") / _folder_name()]  # noqa: S108  # checked by _is_own


def _user() -> int | None:
    """The number of the user, None where users have none."""
    if hasattr(os, "getuid"):
        return os.getuid()
    return None


def _folder_name() -> str:
    return f"kobikom-emulator-{_user() or 0}"


def _is_own(folder: Path) -> bool:
    """Whether a folder is no link and nobody else can have written to it."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    own = _user() is None or (status.st_uid == _user() and not status.st_mode & 0o022)
    return stat.S_ISDIR(status.st_mode) and own


@contextlib.contextmanager
def announced(url: str, *, port: int) -> Iterator[None]:
    """Leave the address of a server in a file while the block runs; where no folder can be written, do nothing."""
    file: Path | None = None
    for folder in folders():
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            if _is_own(folder):
                (folder / str(port)).write_text(url, "utf-8")
                file = folder / str(port)
                break
    try:
        yield
    finally:
        if file is not None:
            with contextlib.suppress(OSError):
                file.unlink()


def announced_addresses() -> list[str]:
    """The addresses that servers of this user left, the newest first. A server that was killed may have left one."""
    files: list[tuple[float, str]] = []
    for folder in filter(_is_own, folders()):
        for file in folder.iterdir():
            with contextlib.suppress(OSError, ValueError):
                files.append((file.stat().st_mtime, file.read_text("utf-8")))
    return [url for _, url in sorted(files, reverse=True) if url.startswith(("http://", "https://"))]


def local_url(*, host: str, port: int, secure: bool) -> str:
    """How a server that listens on a host and port is reached from its own machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  # every address
    return f"{'https' if secure else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"


def wait_until_ready(url: str, *, otherwise: str, seconds: float) -> str:
    """Ask a server for its health until it answers; what was wrong after so many seconds, "" if it answered.

    Without a `url` the servers that left their address are asked, and then the one at the address `otherwise`.
    """
    deadline = time.monotonic() + seconds
    while True:
        problem = ""
        for address in [url] if url else [*announced_addresses(), otherwise]:
            target = address.rstrip("/") + "/_emulator/health"
            why = _problem(target, verify=bool(url), timeout=max(1.0, min(5.0, seconds)))
            if not why:
                return ""
            problem = problem or f"{target} does not answer: {why}"
        if time.monotonic() >= deadline:
            return problem
        time.sleep(_PAUSE)  # waits for another process


def _problem(target: str, *, verify: bool, timeout: float) -> str:
    """Why an address does not answer as an emulator, "" if it does."""
    import http.client
    from urllib.error import URLError
    from urllib.request import HTTPSHandler, ProxyHandler, build_opener

    handlers = [ProxyHandler({})]
    if target.startswith("https:") and not verify:  # this machine's own server, whose certificate names another
        import ssl

        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        handlers.append(HTTPSHandler(context=context))  # type: ignore[arg-type]
    try:
        with build_opener(*handlers).open(target, timeout=timeout) as answer:
            return "" if answer.status == 200 else f"HTTP {answer.status}"
    except (URLError, OSError, ValueError, http.client.HTTPException) as error:
        return str(getattr(error, "reason", error))
