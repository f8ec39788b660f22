"""The command behind script/soak."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys

from tests.soak.soak import Failed, soak


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0, help="how long at least [180]")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of what is drawn")
    parser.add_argument("--requests", type=int, default=60, help="of each client in a round [60]")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    try:
        made = asyncio.run(soak(seed=chosen.seed, rounds=2, requests=chosen.requests, seconds=chosen.seconds))
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{made} requests, no contradiction")
    return 0


if __name__ == "__main__":
    sys.exit(main())
