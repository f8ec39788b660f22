"""The PostgreSQL server that the tests start ends with them."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.postgresql import why_not

ROOT = Path(__file__).parents[2]
TESTS = """
from tests.postgresql import cluster
with cluster() as running:
    print(running.folder, flush=True)
    input()
"""


def test_a_server_of_killed_tests_is_stopped() -> None:
    """Its connections end soon after the process that started it was killed with SIGKILL."""
    if reason := why_not():
        pytest.skip(reason)
    with (
        socket.socket(socket.AF_UNIX) as connection,
        subprocess.Popen(
            [sys.executable, "-c", TESTS], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as tests,
    ):
        assert tests.stdout is not None
        folder = tests.stdout.readline().decode().strip()
        connection.connect(f"{folder}/.s.PGSQL.5432")
        tests.kill()
        connection.settimeout(20)
        assert b"" == connection.recv(1)
