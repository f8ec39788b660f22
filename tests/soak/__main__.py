"""The command behind script/soak."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.durability import kills
from tests.postgresql import cluster
from tests.replicas import test_three_servers
from tests.soak.soak import Failed, soak

REQUESTS = 100_000
"""Of all clients of three servers."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0, help="how long at least [180]")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of what is drawn")
    parser.add_argument("--requests", type=int, default=60, help="of each client in a round [60]")
    parser.add_argument("--kills", type=int, default=200, help="of servers with a store, before that [200]")
    parser.add_argument(
        "--store", choices=["sqlite", "postgresql"], default="sqlite", help="what the killed servers have [sqlite]"
    )
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    try:
        if chosen.store == "postgresql":
            killed_beside_each_other(chosen.seed, chosen.kills)
        else:
            killed(chosen.seed, chosen.kills)
        made = asyncio.run(soak(seed=chosen.seed, rounds=2, requests=chosen.requests, seconds=chosen.seconds))
    except (Failed, kills.Failed) as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{made} requests, no contradiction")
    return 0


def killed(seed: int, times: int) -> None:
    """Kill servers so often in the middle of traffic, at most 20 times on one file."""
    for first in range(0, times, 20):
        with TemporaryDirectory(prefix="kobikom-kills-") as folder:
            count = min(20, times - first)
            try:
                asyncio.run(kills.Traffic(Path(folder) / "store.sqlite", seed + first).run(count, events=200))
            except kills.Failed as failure:
                raise kills.Failed(f"seed {seed}, after {first} kills or more: {failure}") from None
        print(f"{first + count} kills, nothing acknowledged was lost", flush=True)


def killed_beside_each_other(seed: int, times: int) -> None:
    """The same of two servers on a database, counting each; then 64 clients of three servers make 100,000 requests,
    while one of these is killed and another is started.
    """
    with cluster(durable=True) as database:
        for first in range(0, times, 20):
            count = min(20, times - first)
            store = asyncio.run(database.new_database())
            try:
                asyncio.run(kills.Traffic(store, seed + first, servers=2).run(-(-count // 2), events=200))
            except kills.Failed as failure:
                raise kills.Failed(f"seed {seed}, after {first} kills or more: {failure}") from None
            print(f"{first + count} kills, nothing acknowledged was lost", flush=True)
        if times:
            store = asyncio.run(database.new_database())
            asyncio.run(test_three_servers.run(store, requests=REQUESTS // test_three_servers.CLIENTS, seed=seed))
            print(f"{REQUESTS} requests of 64 clients to three servers are in one order", flush=True)


if __name__ == "__main__":
    sys.exit(main())
