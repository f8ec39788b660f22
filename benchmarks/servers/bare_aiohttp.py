"""A minimal aiohttp application: it reads the body, or the query, and returns prepared bytes.

python -m benchmarks.servers.bare_aiohttp PORT
"""

from __future__ import annotations

import sys

from aiohttp import web

from benchmarks.bodies import ANSWER_TYPE, ONE_ANSWER, ONE_REPORT, PULL_PATH, SEND_PATH


async def _answer(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(body=ONE_ANSWER, headers={"Content-Type": ANSWER_TYPE})


async def _report(request: web.Request) -> web.Response:
    if not request.query.get("messageid"):
        raise web.HTTPBadRequest
    return web.Response(body=ONE_REPORT, headers={"Content-Type": ANSWER_TYPE})


if __name__ == "__main__":
    application = web.Application()
    application.router.add_post(SEND_PATH, _answer)
    application.router.add_get(PULL_PATH, _report)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
