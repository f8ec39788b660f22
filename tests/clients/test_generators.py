"""The OpenAPI document in the hands of the common generators of clients: each generates without a complaint, and what
it generated works or compiles.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kobikom_emulator import Emulator

SCRIPTS = sysconfig.get_path("scripts")
TYPESCRIPT = ("openapi-typescript@7.13.0", "typescript@5.9.3")

pytestmark = pytest.mark.xdist_group("generators")


def run(folder: Path, command: list[str]) -> str:
    """What a program printed; it must exit with 0."""
    environment = os.environ | {
        "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        # A short run of Java is quicker without its optimizing compiler.
        "JAVA_OPTS": "-XX:TieredStopAtLevel=1",
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=180, check=False,
    )  # fmt: skip
    printed = done.stdout.decode("utf-8", "replace")
    assert 0 == done.returncode, printed
    return printed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the document."""
    with Emulator() as emulator:
        document: dict[str, Any] = json.loads(emulator.ask_control("GET", "/_emulator/openapi.json")[1])
    (tmp_path / "openapi.json").write_text(json.dumps(document), "utf-8")
    return tmp_path


PROGRAM = """
import sys
from client import Client
from client.api.clock import change_clock
from client.api.faults import arm_fault
from client.api.messages import wait_for_messages
from client.api.spaces import close_space, list_spaces, open_space
from client.models import (
    ClockChange, Drop, DropKind, DropMoment, MessageMatch, MessageStatus, NewSpace, Rule, WaitRequest, When,
)

client = Client(base_url=sys.argv[1], timeout=30, httpx_args={"trust_env": False})
with client:
    space = open_space.sync(client=client, body=NewSpace(name="generated", clock=ClockChange(advance=0, freeze=True)))
    client.get_httpx_client().post(
        "/s/generated/api/sendsms/xml/",
        content=f"<SMS><dogrulama><kullanici>{space.accounts[0].user}</kullanici><parola>{space.accounts[0].password}"
        "</parola></dogrulama><mesajiniz><metin>Kodunuz 1234</metin><alicilar><gsm>905329975725</gsm></alicilar>"
        "</mesajiniz></SMS>",
    )
    wait = WaitRequest(match=MessageMatch(text="*1234*"))
    (message,) = wait_for_messages.sync(space.name, client=client, body=wait).messages
    assert message.status is MessageStatus.NOW_SENT, message
    change_clock.sync(space.name, client=client, body=ClockChange(advance=1))
    (message,) = wait_for_messages.sync(space.name, client=client, body=wait).messages
    assert message.status is MessageStatus.DELIVERED, message
    rule = Rule(effect=Drop(kind=DropKind.DROP, moment=DropMoment.AFTER), when=When(times=1))
    fault = arm_fault.sync(space.name, client=client, body=rule)
    assert (fault.id, fault.rule.effect.moment) == (1, DropMoment.AFTER), fault
    close_space.sync_detailed(space.name, client=client)
    assert [each.name for each in list_spaces.sync(client=client).spaces] == ["default"]
"""


def test_openapi_python_client(folder: Path) -> None:
    """The client that it generates opens a space, waits, moves the clock, arms a fault and closes the space."""
    command = [
        "openapi-python-client",
        "generate",
        "--path",
        "openapi.json",
        "--meta",
        "none",
        "--output-path",
        "client",
    ]
    printed = run(folder, [str(Path(SCRIPTS) / command[0]), *command[1:]])
    assert ["Generating client"] == printed.splitlines()
    (folder / "program.py").write_text(PROGRAM, "utf-8")
    with Emulator() as emulator:
        assert run(folder, [sys.executable, "-W", "error", "program.py", emulator.url]) == ""


TYPES = """
import type { components, operations, paths } from './openapi';

type Schemas = components['schemas'];
export const status: Schemas['MessageStatus'] = 'DELIVERED';
// @ts-expect-error  not a status
export const wrong: Schemas['MessageStatus'] = 'delivered';
export const rule: Schemas['Rule'] = { effect: { kind: 'drop', moment: 'after' } };
// @ts-expect-error  a drop has no code
export const mixed: Schemas['Rule'] = { effect: { kind: 'drop', moment: 'after', code: 3 } };
export type Wait = operations['waitForMessages']['responses'][200]['content']['application/json']['messages'];
export type Open = paths['/_emulator/spaces']['post']['responses'][201]['content']['application/json'];
"""
COMPILE = ["--noEmit", "--strict", "--target", "es2020", "--lib", "es2020,dom", "--moduleResolution", "node"]


def test_openapi_typescript(folder: Path, npm: Callable[..., Path]) -> None:
    """Its types tell a right value from a wrong one."""
    modules = npm("openapi", *TYPESCRIPT)
    # Without the option, a field that has a default may not be left out of a request.
    options = ["--default-non-nullable", "false", "--output", "openapi.ts"]
    run(folder, [str(modules / ".bin" / "openapi-typescript"), "openapi.json", *options])
    (folder / "types.ts").write_text(TYPES, "utf-8")
    run(folder, [str(modules / ".bin" / "tsc"), *COMPILE, "types.ts"])


def test_openapi_generator(folder: Path, npm: Callable[..., Path]) -> None:
    """It accepts the document, and the TypeScript client that it generates compiles."""
    if shutil.which("java") is None:
        pytest.skip("no java on this machine (Debian's package default-jre-headless)")
    modules = npm("openapi", *TYPESCRIPT)
    generator = str(Path(SCRIPTS) / "openapi-generator-cli")
    run(folder, [generator, "generate", "-g", "typescript-fetch", "-i", "openapi.json", "-o", "fetch"])
    run(folder, [str(modules / ".bin" / "tsc"), *COMPILE, "fetch/index.ts"])
