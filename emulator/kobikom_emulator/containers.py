"""The emulator in a Docker container, with testcontainers (the extra `containers`).

    with KobikomContainer() as container, container.open() as kobikom:
        announce(kobikom.base_url, kobikom.user, kobikom.password)
        kobikom.assert_sent(text="*order*")

There is no published image yet: `docker build -t kobikom-emulator .` builds it in a checkout.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

try:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import HttpWaitStrategy
except ModuleNotFoundError as missing:
    message = "KobikomContainer needs testcontainers: python -m pip install testcontainers"
    raise ModuleNotFoundError(message, name=missing.name) from None

from kobikom_emulator.driver import Kobikom, KobikomServer
from kobikom_emulator.settings import variable_of

PORT = 8080
"""The port inside the container."""

IMAGE = "kobikom-emulator"


class KobikomContainer(DockerContainer):
    """A server in a container. `settings` are those of a configuration file, by dotted name.

    `KobikomContainer(settings={"magic-numbers": False, "push.allow": "any", "control.token": "s3cret"})`
    """

    def __init__(self, image: str = IMAGE, *, settings: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(image, **more)
        self._token = ""
        self.with_exposed_ports(PORT)
        for name, value in (settings or {}).items():
            self.with_setting(name, value)
        self.waiting_for(HttpWaitStrategy(PORT, "/_emulator/health").for_status_code(200))

    def with_setting(self, name: str, value: Any) -> Self:
        """Add one setting by its dotted name, as the environment variable that the emulator reads."""
        if name == "port":
            raise ValueError(f"the port inside the container is {PORT}; get_exposed_port({PORT}) is the one outside")
        if name == "control.token":
            self._token = str(value)
        self.with_env(variable_of(name), value if isinstance(value, str) else json.dumps(value))
        return self

    @property
    def url(self) -> str:
        """The server's address outside the container: what stands before `/api/sendsms/xml/`."""
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(PORT)}"

    @property
    def server(self) -> KobikomServer:
        """A handle on the server."""
        return KobikomServer.at(self.url, token=self._token)

    def open(self, **options: Any) -> Kobikom:
        """Open a space; the options are those of `KobikomServer.open`."""
        return self.server.open(**options)
