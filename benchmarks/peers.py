"""Law: finds or fetches the peers through their ordinary package managers; pinned by name, never by address.

What npm brings is kept in the user's cache folder, outside the checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

NPM_PACKAGES = ("wiremock@3.13.2", "mountebank@2.9.1")
_JAR = "node_modules/wiremock/build/wiremock-standalone-3.13.2.jar"
_MOUNTEBANK = "node_modules/mountebank/bin/mb"


class Absent(RuntimeError):
    """A peer that cannot be had here; the message says why."""


def need_httpserver() -> None:
    if find_spec("pytest_httpserver") is None:
        raise Absent("pytest-httpserver is not installed (script/bench installs it)")


def wiremock_command() -> Sequence[str]:
    """WireMock's standalone jar, as npm's package of it carries it."""
    java = shutil.which("java")
    if java is None:
        raise Absent("no Java here")
    return [java, "-Xmx512m", "-jar", str(_from_npm(_JAR))]


def mountebank_command() -> Sequence[str]:
    node = shutil.which("node")
    if node is None:
        raise Absent("no Node here")
    return [node, str(_from_npm(_MOUNTEBANK)), "start"]


def _from_npm(path: str) -> Path:
    """A file of the npm packages, which are installed if it is not there."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kobikom-emulator" / "bench"
    wanted = cache / path
    if wanted.exists():
        return wanted
    npm = shutil.which("npm")
    if npm is None:
        raise Absent("no npm here")
    cache.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            [npm, "install", "--prefix", str(cache), "--no-audit", "--no-fund", "--ignore-scripts", *NPM_PACKAGES],
            capture_output=True,
            timeout=300,
            check=False,
            cwd=cache,
        )
    except subprocess.TimeoutExpired:
        raise Absent("npm took more than five minutes") from None
    if done.returncode or not wanted.exists():
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Absent(f"npm could not install it: {last[0][:120] if last else 'no reason given'}")
    return wanted
