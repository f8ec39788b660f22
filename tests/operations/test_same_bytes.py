"""What leaves a space as bytes does not depend on the seed of Python's hashes, which differs between processes."""

import os
import subprocess
import sys

PROGRAM = """
import json, urllib.request
from kobikom_emulator import Emulator

names = ["DE", "FR", "NL", "turkcell", "vodafone", "AZ", "BG"]
terms = {"coverage": names, "prices": {"de": "2", "vodafone": "3", "az": "4", "turkcell": "5"}}
clock = {"set": "2026-01-31T09:00:00+03:00", "freeze": True}
accounts = [{"user": "one-user", "password": "p", **terms}]
blueprint = {"name": "one", "clock": clock, "accounts": accounts, "account_defaults": terms}
with Emulator() as emulator:
    root = emulator.url + "/_emulator/spaces"
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(root, json.dumps(blueprint).encode(), headers)).close()
    for path in ("", "/state", "/accounts"):
        with urllib.request.urlopen(root + "/one" + path) as answer:
            print(answer.read().decode().replace(emulator.url, ""))
"""


def written(seed: str) -> str:
    program = [sys.executable, "-c", PROGRAM]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    return subprocess.run(program, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


def test_sets_are_written_in_the_same_order_by_every_process() -> None:
    """The views and the exported state of a space whose accounts have several networks are the same bytes."""
    first = written("1")
    assert first.count('"turkcell"') >= 6  # in the prices and in the coverage of each view
    assert first == written("2")
