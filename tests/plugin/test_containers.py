"""Checks the options that a container would be started with; no container is started."""

import importlib
import sys

import pytest

pytest.importorskip("testcontainers", reason="the extra `containers` is not installed")

from kobikom_emulator.containers import PORT, KobikomContainer
from kobikom_emulator.settings import load, variable_of


@pytest.fixture(autouse=True)
def _no_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that would look for a Docker daemon is not made."""
    monkeypatch.setattr("testcontainers.core.container.DockerClient", lambda **_: None)


def test_settings_become_the_environment_that_the_emulator_reads() -> None:
    """Dotted names turn into variables, values into JSON where they are no text, and the emulator understands them."""
    wanted = {
        "seed": 7,
        "magic-numbers": False,
        "push.allow": "any",
        "limits.max-recipients": 5,
        "accounts": [{"user": "shop", "password": "pw", "credit": "2.5"}],
        "control.token": "s3cret",
        "readings.long-text": "split",
    }
    container = KobikomContainer(settings=wanted)
    assert "KOBIKOM_LIMITS__MAX_RECIPIENTS" == variable_of("limits.max-recipients")
    settings = load(environment=container.env).settings
    assert (7, False, "any", 5, "s3cret") == (
        settings.seed,
        settings.magic_numbers,
        settings.push.allow,
        settings.limits.max_recipients,
        settings.control.token,
    )
    assert ("shop", {"long-text": "split"}) == (settings.accounts[0].user, settings.readings)


def test_the_port_is_the_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """The container exposes the port of the image and is ready when its health says so; the address is outside's."""
    container = KobikomContainer("registry.example/kobikom-emulator:1")
    assert {PORT} == {int(str(port).partition("/")[0]) for port in container.ports}
    with pytest.raises(ValueError, match="get_exposed_port"):
        container.with_setting("port", 9000)
    monkeypatch.setattr(container, "get_container_host_ip", lambda: "127.0.0.1")
    monkeypatch.setattr(container, "get_exposed_port", lambda _: 32768)
    assert "http://127.0.0.1:32768" == container.server.url


def test_without_testcontainers_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the library, not an extra of a package that is not published."""
    monkeypatch.setitem(sys.modules, "testcontainers.core.container", None)
    monkeypatch.delitem(sys.modules, "kobikom_emulator.containers")
    with pytest.raises(ModuleNotFoundError, match=r"^KobikomContainer needs testcontainers: python -m pip install"):
        importlib.import_module("kobikom_emulator.containers")
