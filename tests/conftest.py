"""What every test shares: the profiles that say how many examples Hypothesis tries, and packages of npm.

``quick`` is the default: few examples, the same ones every time, so that a failure can be repeated.
``deep`` (``script/test --hypothesis-profile=deep``) tries many, and prints how to repeat a failure.
``few`` is for ``script/test --lowest``, which asks whether old versions of the dependencies work at all.
"""

import contextlib
import json
import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.postgresql import Cluster, cluster, why_not

# Speed is not tested here: a test must not fail because the machine is busy.
_MAY_BE_SLOW = [HealthCheck.too_slow]

settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=_MAY_BE_SLOW,
)
settings.register_profile(
    "few",
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=_MAY_BE_SLOW,
)
settings.register_profile(
    "deep",
    max_examples=2_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=_MAY_BE_SLOW,
)


def pytest_configure(config: pytest.Config) -> None:
    """Take the quick profile unless the command line names one."""
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("quick")


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Undo what a command line that a test runs in this process does to the log: the next test has the usual one."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
    for handler in root.handlers[:]:
        if type(handler) is logging.StreamHandler:
            root.removeHandler(handler)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Cluster]:
    """A PostgreSQL server for all tests of this process; they are skipped where the machine has none."""
    if reason := why_not():
        pytest.skip(reason)
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def npm() -> Callable[..., Path]:
    """Installs packages of npm (`vitest@5.1.1`) into .venv, once; their folder. Skips, and says so, where it cannot."""
    return _npm_folder


def _npm_folder(name: str, *packages: str) -> Path:
    home = Path(__file__).resolve().parents[1] / ".venv" / f"npm-{name}"
    if not _installed(home, packages):
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip(f"there is neither {', '.join(packages)} nor npm to install it (Debian's package npm)")
        # Several workers may install at once: each into a folder of its own, and the first to be ready is kept.
        own = home.with_name(f"{home.name}-{os.getpid()}")
        own.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(own), *packages]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        if _installed(own, packages) and not _installed(home, packages):
            shutil.rmtree(home, ignore_errors=True)
            with contextlib.suppress(OSError):
                own.rename(home)
        shutil.rmtree(own, ignore_errors=True)
        if not _installed(home, packages):
            pytest.skip(f"npm could not install {', '.join(packages)}: {done.stderr[-200:]}")
    return home / "node_modules"


def _installed(home: Path, packages: tuple[str, ...]) -> bool:
    """Whether these packages are there in these versions."""
    for package in packages:
        name, _, version = package.rpartition("@")
        manifest = home / "node_modules" / name / "package.json"
        if not manifest.is_file() or json.loads(manifest.read_text("utf-8"))["version"] != version:
            return False
    return True
