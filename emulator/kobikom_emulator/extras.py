"""How to call the commands of this distribution, and install an optional part of it, for messages to people."""

from __future__ import annotations

import shutil
import sys
from importlib import metadata
from pathlib import Path


def how_to_install(extra: str) -> str:
    """The command that installs what an extra needs into the environment that runs this: from a checkout the extra,
    elsewhere its libraries, because no package is published.
    """
    checkout = _checkout()
    if checkout is not None:
        return f"{sys.executable} -m pip install '{checkout}[{extra}]'"
    libraries = " ".join([f"'{library}'" for library in _libraries(extra)])
    return f"{sys.executable} -m pip install {libraries}"


def how_to_call() -> str:
    """What stands for `kobikom` in a command: that where it is in the path, else the script of the checkout, else its
    own path.
    """
    if shutil.which("kobikom") is not None:
        return "kobikom"
    return "script/kobikom" if _checkout() is not None else str(Path(sys.executable).with_name("kobikom"))


def _checkout() -> Path | None:
    """The folder of the checkout that this runs from, None where it was installed from a wheel."""
    folder = Path(__file__).parents[2]
    return folder if (folder / "pyproject.toml").is_file() else None


def _libraries(extra: str) -> list[str]:
    lines = metadata.requires("kobikom-emulator") or []
    return [line.partition(";")[0].strip() for line in lines if f"extra == '{extra}'" in line.replace('"', "'")]
