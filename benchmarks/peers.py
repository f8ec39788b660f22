"""Finds the peers, or installs them with npm by name and version.

The packages of npm are stored in the user's cache folder, outside the checkout.
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


class PeerMissing(RuntimeError):
    """A peer is not available; the message is the reason."""


def require_httpserver() -> None:
    if find_spec("pytest_httpserver") is None:
        raise PeerMissing("pytest-httpserver is not installed (script/bench installs it)")


def wiremock_command() -> Sequence[str]:
    """The command for the standalone jar of WireMock's npm package."""
    java = shutil.which("java")
    if java is None:
        raise PeerMissing("Java is not installed")
    return [java, "-Xmx512m", "-jar", str(_from_npm(_JAR))]


def mountebank_command() -> Sequence[str]:
    node = shutil.which("node")
    if node is None:
        raise PeerMissing("Node is not installed")
    return [node, str(_from_npm(_MOUNTEBANK)), "start"]


def _from_npm(path: str) -> Path:
    """The path of a file of the npm packages, which are installed if it is missing."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kobikom-emulator" / "bench"
    file = cache / path
    if file.exists():
        return file
    npm = shutil.which("npm")
    if npm is None:
        raise PeerMissing("npm is not installed")
    cache.mkdir(parents=True, exist_ok=True)
    try:
        process = subprocess.run(
            [npm, "install", "--prefix", str(cache), "--no-audit", "--no-fund", "--ignore-scripts", *NPM_PACKAGES],
            capture_output=True,
            timeout=300,
            check=False,
            cwd=cache,
        )
    except subprocess.TimeoutExpired:
        raise PeerMissing("npm took more than five minutes") from None
    if process.returncode or not file.exists():
        last = process.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise PeerMissing(f"npm could not install it: {last[0][:120] if last else 'no reason given'}")
    return file
