"""pytest-httpserver as its fixture runs it, with one expectation and a prepared answer.

    python -m benchmarks.servers.httpserver PORT

It logs every request. The log is cleared each second, because its growth would slow the server down; in a test, the log
is short.
"""

from __future__ import annotations

import sys
import time

from pytest_httpserver import HTTPServer

from benchmarks.bodies import ANSWER_TYPE, ONE_ANSWER, SEND_PATH

if __name__ == "__main__":
    with HTTPServer(host="127.0.0.1", port=int(sys.argv[1])) as server:
        server.expect_request(SEND_PATH, method="POST").respond_with_data(ONE_ANSWER, content_type=ANSWER_TYPE)
        while True:
            time.sleep(1)
            server.clear_log()
