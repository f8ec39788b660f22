"""constraints.txt pins every requirement to a version within the bounds of pyproject.toml."""

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


def pins() -> dict[str, str]:
    """The pinned version of each package by its canonical name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def requirements() -> list[Requirement]:
    """All requirements of the distribution: to build it, its dependencies and those of its extras."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    lines = [*PROJECT["build-system"]["requires"], *PROJECT["project"]["dependencies"]]
    lines += [line for extra in extras for line in extra]
    return [requirement for line in lines if (requirement := Requirement(line)).name != OURS]


def test_each_line_is_a_name_and_a_version() -> None:
    """The pins contain no address, path, hash or range, so they work with any package index."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    invalid = [line for line in lines[1:] if not re.fullmatch(r"[\w.-]+==[\w.!+]+", line)]
    assert [] == invalid


@pytest.mark.parametrize("requirement", requirements(), ids=lambda requirement: requirement.name)
def test_each_requirement_is_pinned_within_its_bounds(requirement: Requirement) -> None:
    """Each required package is pinned to a version that satisfies its lower bound."""
    pinned = pins().get(canonicalize_name(requirement.name))
    assert pinned is not None
    assert requirement.specifier.contains(Version(pinned))


def test_each_requirement_has_only_a_lower_bound() -> None:
    """Each requirement has one lower bound and no upper bound, so newer versions can be installed."""
    operators = {str(requirement): [part.operator for part in requirement.specifier] for requirement in requirements()}
    assert {} == {line: bounds for line, bounds in operators.items() if bounds != [">="]}
