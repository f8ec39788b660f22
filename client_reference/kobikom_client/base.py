"""The configuration that both clients share."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from .errors import InvalidRequest
from .message import Account


class BaseClient:
    """Holds the account, the timeout and the batch size of a client.

    `timeout` limits each request as a whole, connecting included. `batch` is the largest number of
    recipients in one request. Raises InvalidRequest for an invalid URL, a timeout that is not
    positive and a batch below 1.
    """

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        timeout: timedelta = timedelta(seconds=30),
        batch: int = 1000,
    ) -> None:
        if timeout <= timedelta(0):
            raise InvalidRequest("timeout must be positive")
        if batch < 1:
            raise InvalidRequest("batch must be at least 1")
        self._account: Final = Account(url, user, password)
        self._timeout: Final = timeout.total_seconds()
        self._batch: Final = batch

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._account!r})"
