"""constraints.txt pins the whole tree within pyproject.toml's bounds, constraints-lowest.txt the bounds themselves."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = "kobikom-emulator"


FILES = ("constraints.txt", "constraints-lowest.txt")


def pins(file: str = "constraints.txt") -> dict[str, str]:
    """Each pinned version by its package's canonical name."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def requirements() -> list[Requirement]:
    """All requirements of the distribution: to build it, its dependencies and those of its extras."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    lines = [*PROJECT["build-system"]["requires"], *PROJECT["project"]["dependencies"]]
    lines += [line for extra in extras for line in extra]
    return [requirement for line in lines if (requirement := Requirement(line)).name != OURS]


@pytest.mark.parametrize("file", FILES)
def test_each_line_is_a_name_and_a_version(file: str) -> None:
    """The pins name no address, no path, no hash and no range: any package index serves them."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    odd = [line for line in lines[1:] if not re.fullmatch(r"[\w.-]+==[\w.!+]+", line)]
    assert [] == odd


@pytest.mark.parametrize("requirement", requirements(), ids=lambda requirement: requirement.name)
def test_each_requirement_is_pinned_within_its_bounds(requirement: Requirement) -> None:
    """Each required package is pinned to a version that satisfies its lower bound."""
    pinned = pins().get(canonicalize_name(requirement.name))
    assert pinned is not None
    assert requirement.specifier.contains(Version(pinned))


QUICK = ("contracts", "demo", "quick")
"""The extras that script/test --lowest installs."""


def test_the_oldest_versions_are_the_lower_bounds() -> None:
    """constraints-lowest.txt pins every package that the quick tests ask for to the version that its bound names."""
    extras = PROJECT["project"]["optional-dependencies"]
    lines = [*PROJECT["project"]["dependencies"], *(line for extra in QUICK for line in extras[extra])]
    bounds = {
        canonicalize_name(wanted.name): Version(
            next(part.version for part in wanted.specifier if part.operator == ">=")
        )
        for line in lines
        if (wanted := Requirement(line)).name != OURS
    }
    oldest = pins("constraints-lowest.txt")
    assert bounds == {name: Version(oldest[name]) for name in bounds}


def test_each_requirement_has_a_lower_bound_and_no_upper() -> None:
    """The distribution asks for what it needs and doesn't forbid what it hasn't seen, but the next major version of
    aiohttp: the server relies on a part of it that is public and not its core.
    """
    kinds = {str(wanted): [part.operator for part in wanted.specifier] for wanted in requirements()}
    assert {} == {line: kind for line, kind in kinds.items() if kind != [">="] and line != "aiohttp<4,>=3.14"}
