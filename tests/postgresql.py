"""A PostgreSQL server for tests: a cluster of its own in a temporary folder, or the reason why there is none."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

UNPRIVILEGED = ("postgres", "nobody")
"""Users that run the server where the tests run as root, which it refuses."""

GUARDED = "guarded"
"""A user that has to give a password, once there is one of this name; all others need none."""

LIMIT = 60
"""Seconds for each step of starting and stopping."""

_STOP_AFTER_TESTS = """
import os, shutil, subprocess, sys
sys.stdin.read()
folder, user, *stop = sys.argv[1:]
if os.path.exists(os.path.join(folder, "data", "postmaster.pid")):
    subprocess.run(stop, user=user or None, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
shutil.rmtree(folder, ignore_errors=True)
"""
"""A program that stops a server and deletes its folder when the process of the tests ends, however it does."""


def _programs() -> Path | None:
    """The folder of the newest server on this machine."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    folders.sort(key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0)
    found = shutil.which("initdb")
    return folders[-1] if folders else Path(found).resolve().parent if found else None


def _user() -> str | None:
    """Who runs the server: None for the user who runs the tests."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd  # Windows has none

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in UNPRIVILEGED if name in known), "")


def why_not() -> str:
    """Why the tests cannot have a server; "" if they can."""
    try:
        import asyncpg  # noqa: F401
        import greenlet  # noqa: F401
    except ImportError as error:
        return f"{error.name} is not installed"
    if _programs() is None:
        return "the server package of PostgreSQL is not installed"
    if _user() == "":
        return "PostgreSQL does not run as root, and there is no other user for it"
    return ""


class Cluster:
    """A running server, reached by a socket in its folder. With `durable` it waits for the disk, as it should where
    processes are killed.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        programs = _programs()
        assert programs is not None
        self._programs = programs
        self._user = _user()
        self.folder = folder
        self._data = folder / "data"
        self._names = itertools.count(1)
        if self._user:
            shutil.chown(folder, self._user)
        options = [] if durable else ["--no-sync"]
        self._run("initdb", "-D", self._data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", *options)
        settings = [
            "listen_addresses = ''", f"unix_socket_directories = '{folder}'", "max_connections = 200",
            "shared_buffers = 64MB", "autovacuum_naptime = 10s", f"fsync = {'on' if durable else 'off'}",
            "log_min_messages = fatal",
        ]  # fmt: skip
        with (self._data / "postgresql.conf").open("a") as written:
            written.write("\n".join(settings) + "\n")
        access = self._data / "pg_hba.conf"
        access.write_text(f"local all {GUARDED} scram-sha-256\n{access.read_text()}")

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [str(self._programs / program), *map(str, arguments)],
            check=True, timeout=LIMIT, user=self._user, cwd=self.folder, stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )  # fmt: skip

    def start(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-l", self.folder / "log", "start")

    def stop(self, *, mode: str = "immediate") -> None:
        """Stop it; `immediate` like a power cut, `fast` in an orderly way."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", mode, "stop")

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Have another process stop it, if this one is killed inside of `with`."""
        stop = [str(self._programs / "pg_ctl"), "-D", str(self._data), "-w", "-m", "immediate", "stop"]
        command = [sys.executable, "-S", "-c", _STOP_AFTER_TESTS, str(self.folder), self._user or "", *stop]
        with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True):  # it ends after its input
            yield

    def cpu_seconds(self) -> float:
        """The processor time of all of its processes so far, those that have ended included. On Linux."""
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[1]) == first or int(stat.parent.name) == first:
                    ticks += sum(map(int, fields[11 : 15 if int(stat.parent.name) == first else 13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://test@/{database}?host={self.folder}"

    async def new_database(self) -> str:
        """The URL of an empty database."""
        import asyncpg

        name = f"test_{os.getpid()}_{next(self._names)}"
        connection: Any = await asyncpg.connect(self.url())
        try:
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        finally:
            await connection.close()
        return self.url(name)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A server that runs inside of `with`."""
    with tempfile.TemporaryDirectory(prefix="kobikom-postgresql-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = Cluster(Path(folder), durable=durable)
        with running.watched():
            running.start()
            try:
                yield running
            finally:
                running.stop()
