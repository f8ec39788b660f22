"""The paper server as a program: `python -m paper_server --port 0`."""

import argparse
import asyncio
import signal
from decimal import Decimal, InvalidOperation

from .server import PaperServer
from .world import Account


def _account(text: str) -> Account:
    user, _, rest = text.partition(":")
    password, _, credit = rest.rpartition(":")
    try:
        amount = Decimal(credit).quantize(Decimal("0.001"))
    except InvalidOperation:
        amount = Decimal(-1)
    if not user or not password or not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not user:password:credit")
    return Account(user=user, password=password, credit=amount)


async def _serve(port: int, accounts: list[Account] | None) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with PaperServer(accounts, port=port) as server:
        print(f"paper server listening on {server.url}", flush=True)
        await stopped.wait()


def main() -> None:
    """Serve until SIGTERM or SIGINT, then exit 0."""
    parser = argparse.ArgumentParser(prog="paper_server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--account", type=_account, action="append", metavar="USER:PASSWORD:CREDIT")
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.account))


if __name__ == "__main__":
    main()
