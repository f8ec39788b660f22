"""Law: the Dockerfile's own steps, read from it, make a working emulator in a clean environment.

No container engine is needed: the builder's folders are mapped below a scratch one, its RUN lines
are run as they stand, and the result is started the way the image starts it.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The absolute folders that the Dockerfile speaks of.
FOLDERS = re.compile(r"(?<![\w.$}/])/(?=(?:src|build|opt)\b)")


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: ``RUN`` and what stands after it."""

    word: str
    rest: str


def stages() -> list[list[Step]]:
    """The Dockerfile's instructions, a list a stage, after the lines before the first FROM."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    found: list[list[Step]] = [[]]
    for line in joined:
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append(Step(word=word, rest=rest.strip()))
    return found


def copy_context(target: Path) -> None:
    """What ``COPY . .`` copies: the files of this checkout that .dockerignore lets through."""
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    target.mkdir()
    for name in (line[1:] for line in ignore if line.startswith("!")):
        source = ROOT / name
        if source.is_dir():
            skip = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(source, target / name, ignore=skip)
        elif source.exists():
            shutil.copy(source, target / name)


@pytest.fixture(scope="module")
def built(package_index: None, clean_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the builder stage was played; its ``opt/kobikom`` is what travels on."""
    scratch = tmp_path_factory.mktemp("image")
    environment = dict(clean_environment)
    python = str(Path(sys.executable).parent)
    environment["PATH"] = python + os.pathsep + environment["PATH"]
    where = scratch
    for step in stages()[1]:
        rest = FOLDERS.sub(f"{scratch}/", step.rest)
        match step.word:
            case "FROM":
                continue
            case "WORKDIR":
                where = Path(rest)
            case "ENV":
                environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
            case "COPY":
                assert ". ." == rest
                copy_context(where)
            case "RUN":
                ran = subprocess.run(
                    ["sh", "-euc", rest],
                    cwd=where if where.exists() else scratch,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    check=False,
                    timeout=600,
                )
                assert 0 == ran.returncode, f"RUN {rest}\n{ran.stdout}{ran.stderr}"
            case unknown:
                pytest.fail(f"the test can't play {unknown}")
    return scratch


@pytest.mark.fresh
def test_the_image_serves(
    built: Path, clean_environment: dict[str, str], serving: Callable[..., Any], tmp_path: Path
) -> None:
    """Started as the image starts it, but on a free loopback port, it answers and ends with 0."""
    last = {step.word: step.rest for step in stages()[-1]}
    program, *arguments = loads(last["ENTRYPOINT"]) + loads(last["CMD"])
    command = [str(built / "opt/kobikom/bin" / program), *arguments]
    command += ["--host", "127.0.0.1", "--port", "0"]
    settings = dict(pair.split("=", 1) for pair in shlex.split(last["ENV"]))
    environment = {**clean_environment, **settings, "PATH": clean_environment["PATH"]}
    with serving(command, env=environment, cwd=tmp_path) as server:
        answer = server.balance()
        health = loads(last["HEALTHCHECK"].split("CMD ")[1])[1:]
        asked = [command[0], *health, "--url", server.url]
        ready = subprocess.run(asked, env=environment, check=False, timeout=60)
    assert b"<miktar>1000.000</miktar>" in answer
    assert 0 == ready.returncode
    assert 0 == server.process.returncode


@pytest.mark.fresh
def test_the_image_holds_the_base_and_its_pins_only(built: Path) -> None:
    """What travels to the last stage is pinned, needs no compiler, and has no pip and no pytest."""
    program = (
        "from importlib.metadata import distributions as all\nprint(*(f'{one.name}=={one.version}' for one in all()))"
    )
    listed = subprocess.run(
        [built / "opt/kobikom/bin/python", "-I", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    installed = set(listed.stdout.split())
    pins = set((ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    assert {"kobikom-emulator==0.1.0"} == installed - pins
    names = {line.split("==")[0].lower() for line in installed}
    assert set() == names & {"pip", "pytest", "hypothesis", "hatchling", "setuptools"}


def test_the_last_stage_is_not_root_and_says_when_it_is_well() -> None:
    """The image runs as somebody else, exposes 8080 and asks its own command about its health."""
    last = {step.word: step.rest for step in stages()[-1]}
    assert "0" != last["USER"].split(":")[0]
    assert "root" != last["USER"].split(":")[0]
    assert "8080" == last["EXPOSE"]
    health = loads(last["HEALTHCHECK"].split("CMD ")[1])
    assert ["kobikom-emulator", "ready", "--wait", "10"] == health
    assert "RUN" not in last


def test_both_stages_stand_on_one_named_base() -> None:
    """The base image's name stands once, in one ARG, so that one option replaces it."""
    before, *rest = stages()
    assert ["BASE_IMAGE=docker.io/library/python:3.11-slim"] == [step.rest for step in before]
    assert {"${BASE_IMAGE}"} == {stage[0].rest.split()[0] for stage in rest}
