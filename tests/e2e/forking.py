"""Law: runs our command many times for the price of one start: each job is a fork of a process that has imported it.

Reads one JSON job a line (arguments, stdin, environment, folder), answers one JSON line (code, out, err).
"""

import json
import os
import signal
import sys
import tempfile
import traceback
from typing import Any, NoReturn

from kobikom_emulator import bootstrap, cli  # the forks share what is imported here

PATIENCE = 30


def child(job: dict[str, Any], files: list[int]) -> NoReturn:
    """Be the command, with its own three streams."""
    signal.alarm(PATIENCE)
    for number, file in enumerate(files):
        os.dup2(file, number)
    sys.stdin = os.fdopen(0)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    code = 70
    try:
        cli.main(job["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - the traceback is what a user would see
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(job: dict[str, Any]) -> tuple[int, str, str]:
    """One job to its end."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(job["stdin"].encode())
        given.seek(0)
        pid = os.fork()
        if pid == 0:
            child(job, [given.fileno(), out.fileno(), err.fileno()])
        _, status = os.waitpid(pid, 0)
        out.seek(0)
        err.seek(0)
        return os.waitstatus_to_exitcode(status), out.read().decode(), err.read().decode()


if __name__ == "__main__":
    assert bootstrap
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
