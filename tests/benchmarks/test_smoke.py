"""Every measurement of benchmarks/ runs and gives numbers; their size is not tested."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import benchmarks.__main__
import pytest

ROOT = Path(__file__).resolve().parents[2]
TOGETHER = ("P1", "P2", "P3,P4,P5,P8,P10,P14,P20,P21", "P6,P9,P22,P23", "P7", "P11", "P18", "P19")
"""What one process measures: starting each takes longer than measuring."""

MEASURED_WITH = {"P14": ("P14", "P15", "P16", "P17")}
"""One measurement that gives the rows of several numbers."""


def bench(*arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """The command behind script/bench, from the sources of this checkout."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "emulator"), str(ROOT)])}
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.mark.parametrize("numbers", TOGETHER)
def test_each_measurement_yields_numbers(numbers: str) -> None:
    """With tiny counts each measurement gives rows, and each row that was not left out a positive number."""
    done = bench("--smoke", "--json", "--only", numbers)
    assert 0 == done.returncode, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    expected = {number for each in numbers.split(",") for number in MEASURED_WITH.get(each, (each,))}
    assert expected == {row["number"] for row in rows}
    measured = [row["measured"] for row in rows if row["measured"] is not None]
    assert [True] * len(measured) == [math.isfinite(value) and value > 0 for value in measured]
    assert measured or numbers in ("P2", "P11", "P18", "P19")  # which need peers, or wrk


def test_results_are_written_on_a_quiet_machine_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A full run writes RESULTS.md if the load average was below 0.5 at its start, a quick one never."""
    written = []
    for load_average, arguments in ((0.49, []), (0.5, []), (0.1, ["--quick"])):
        results = tmp_path / f"{len(written)}.md"
        monkeypatch.setattr(benchmarks.__main__, "RESULTS", results)
        monkeypatch.setattr(benchmarks.__main__, "MEASUREMENTS", {})
        monkeypatch.setattr(os, "getloadavg", lambda load=load_average: (load, 9.0, 9.0))
        assert 0 == benchmarks.__main__.main(arguments)
        written.append(results.exists())
    assert [True, False, False] == written


def test_an_unknown_number_is_refused() -> None:
    """`--only P99` names the numbers there are instead of measuring nothing."""
    done = bench("--only", "P99")
    assert 2 == done.returncode
    assert "choose from P1, P2" in done.stderr


def test_the_generator_of_our_own_counts_answers() -> None:
    """Where `wrk` is missing, our own generator loads a server and reports what was answered."""
    script = (
        "import asyncio, json\n"
        "from aiohttp import web\n"
        "from benchmarks.generator import generate\n"
        "async def answer(request):\n"
        "    await request.read()\n"
        "    return web.Response(text='hello')\n"
        "async def main():\n"
        "    server = web.Server(answer, access_log=None)\n"
        "    listening = await asyncio.get_running_loop().create_server(server, '127.0.0.1', 0)\n"
        "    port = listening.sockets[0].getsockname()[1]\n"
        "    print(json.dumps(await generate(f'http://127.0.0.1:{port}/x', b'body', 4, 0.3)))\n"
        "    listening.close()\n"
        "    await server.shutdown(1)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    said = json.loads(done.stdout)
    assert (True, 0) == (said["requests"] > 10, said["errors"])
