"""Serves a paper server from a thread of its own, for judges that block."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from paper_server import PaperServer


@contextlib.contextmanager
def listening(server: PaperServer) -> Iterator[str]:
    """The URL of a server that listens for as long as the block lasts."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
        try:
            yield server.url
        finally:
            asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
