"""A minimal aiohttp application: one route that reads the body and returns prepared bytes.

python -m benchmarks.servers.bare_aiohttp PORT
"""

from __future__ import annotations

import sys

from aiohttp import web

from benchmarks.bodies import ANSWER_TYPE, ONE_ANSWER, SEND_PATH


async def _answer(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(body=ONE_ANSWER, headers={"Content-Type": ANSWER_TYPE})


if __name__ == "__main__":
    application = web.Application()
    application.router.add_post(SEND_PATH, _answer)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
