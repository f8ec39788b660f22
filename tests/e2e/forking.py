"""Runs the emulator's command many times quickly: each job is a fork of a process that has imported it.

Reads one JSON job per line (arguments, stdin, environment, folder) and writes one JSON line (code, out, err).
"""

import json
import os
import signal
import sys
import tempfile
import traceback
from typing import Any, NoReturn

from kobikom_emulator import bootstrap, cli  # imported once, for all forks

TIMEOUT_SECONDS = 30


def child(job: dict[str, Any], files: list[int]) -> NoReturn:
    """Run the command in the forked process, with its own three streams."""
    signal.alarm(TIMEOUT_SECONDS)
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
    except BaseException:  # noqa: BLE001 - the traceback is part of the output
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(job: dict[str, Any]) -> tuple[int, str, str]:
    """Run one job and return its exit status and output."""
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        stdin.write(job["stdin"].encode())
        stdin.seek(0)
        pid = os.fork()
        if pid == 0:
            child(job, [stdin.fileno(), out.fileno(), err.fileno()])
        _, status = os.waitpid(pid, 0)
        out.seek(0)
        err.seek(0)
        return os.waitstatus_to_exitcode(status), out.read().decode(), err.read().decode()


if __name__ == "__main__":
    assert bootstrap
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
