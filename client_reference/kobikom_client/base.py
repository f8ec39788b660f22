"""The configuration that both clients share."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from .errors import InvalidRequest
from .message import Account, BodyForm


class BaseClient:
    """Holds the account, the timeout, the batch size and the body form of a client.

    `timeout` limits each request as a whole, connecting included. `batch` is the largest number of
    recipients in one request. `body_form` is how the body of a send is written, a `BodyForm` or its
    value. Raises InvalidRequest for an invalid URL, a timeout that is not positive, a batch below 1
    and an unknown body form.
    """

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        timeout: timedelta = timedelta(seconds=30),
        batch: int = 1000,
        body_form: BodyForm | str = BodyForm.LITERAL,
    ) -> None:
        if timeout <= timedelta(0):
            raise InvalidRequest("timeout must be positive")
        if batch < 1:
            raise InvalidRequest("batch must be at least 1")
        if body_form not in tuple(BodyForm):
            raise InvalidRequest(f"body_form must be {', '.join(BodyForm)}")
        self._account: Final = Account(url, user, password)
        self._timeout: Final = timeout.total_seconds()
        self._batch: Final = batch
        self._body_form: Final = BodyForm(body_form)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._account!r})"
