"""A space gives the same bytes alone, among 64 others, and in another process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import asyncio

import worlds

ROOT = Path(__file__).resolve().parents[2]
NAMES = [f"world-{n}" for n in range(64)]


@settings(max_examples=6)
@given(scripts=worlds.scripts(), order=st.integers(0, 99))
def test_64_spaces_at_once_answer_as_each_does_alone(scripts: list[list[worlds.Step]], order: int) -> None:
    """Random operations in 64 spaces, mixed, get byte for byte what each space gets on a server of its own."""
    mixed = asyncio.run(worlds.together(scripts, NAMES, order))

    async def one_by_one() -> list[list[str]]:
        return [await worlds.alone(scripts[n % len(scripts)], name, n) for n, name in enumerate(NAMES)]

    assert asyncio.run(one_by_one()) == mixed


def test_two_processes_answer_the_same_bytes() -> None:
    """The same scenario in two processes of different hash seeds, its turns mixed differently, gives the same bytes."""
    sent = [
        ["send", ["905329975725", "905990000005", "12"], "Şifreniz 1234", "m1"],
        ["fault", 0],
        ["fault", 2],
        *[["send", ["+905339975725"], "kod 🙂", ""]] * 6,
        ["balance"],
        ["state"],
        ["advance", 90_000],
        ["pull", "m1"],
        ["pull", ""],
        ["state"],
    ]
    script = json.dumps([sent, [["titles"], *sent[::-1]], sent[3:]])
    sources = os.pathsep.join(str(ROOT / name) for name in ("emulator", "contracts"))
    told = [
        subprocess.run(
            [sys.executable, str(Path(worlds.__file__)), script, order],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": sources},
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        for seed, order in (("1", "1"), ("2", "2"))
    ]
    assert told[0] == told[1]
    assert b"DELIVERED" in told[0]


def test_a_space_that_leaks_would_be_noticed() -> None:
    """The comparison above can fail: another seed, another name or another step changes the transcript."""
    script: worlds.Script = [("send", ["905329975725"], "Merhaba", ""), ("state",)]
    told = asyncio.run(worlds.alone(script, "one", 1))
    assert told == asyncio.run(worlds.alone(script, "one", 1))
    for other in (
        worlds.alone(script, "one", 2),
        worlds.alone(script, "two", 1),
        worlds.alone([("credit", "5"), *script], "one", 1),
    ):
        assert told != asyncio.run(other)[-len(told) :]
