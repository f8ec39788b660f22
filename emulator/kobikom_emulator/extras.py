"""How to install an optional part of this distribution, for messages about one that is missing."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path


def how_to_install(extra: str) -> str:
    """The command that installs what an extra needs into the environment that runs this: from a checkout the extra,
    elsewhere its libraries, because no package is published.
    """
    checkout = Path(__file__).parents[2]
    if (checkout / "pyproject.toml").is_file():
        return f"{sys.executable} -m pip install '{checkout}[{extra}]'"
    libraries = " ".join([f"'{library}'" for library in _libraries(extra)])
    return f"{sys.executable} -m pip install {libraries}"


def _libraries(extra: str) -> list[str]:
    lines = metadata.requires("kobikom-emulator") or []
    return [line.partition(";")[0].strip() for line in lines if f"extra == '{extra}'" in line.replace('"', "'")]
