"""The steps of the Dockerfile make a working emulator in a clean environment.

No container engine is needed: the absolute folders of the Dockerfile are mapped into a temporary
folder, its RUN lines are executed unchanged, and the result is started like the image.
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
# The absolute folders that the Dockerfile uses.
FOLDERS = re.compile(r"(?<![\w.$}/])/(?=(?:src|build|opt)\b)")


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its first word, such as ``RUN``, and its arguments."""

    word: str
    arguments: str


def stages() -> list[list[Step]]:
    """The Dockerfile's instructions: those before the first FROM, then one list for each stage."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    steps: list[list[Step]] = [[]]
    for line in joined:
        word, _, arguments = line.partition(" ")
        if word == "FROM":
            steps.append([])
        steps[-1].append(Step(word=word, arguments=arguments.strip()))
    return steps


def copy_context(target: Path) -> None:
    """Copy what ``COPY . .`` copies: the files of this checkout that .dockerignore includes."""
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
    """The folder in which the builder stage was executed; the last stage copies its ``opt/kobikom``."""
    scratch = tmp_path_factory.mktemp("image")
    environment = dict(clean_environment)
    python = str(Path(sys.executable).parent)
    environment["PATH"] = python + os.pathsep + environment["PATH"]
    folder = scratch
    for step in stages()[1]:
        arguments = FOLDERS.sub(f"{scratch}/", step.arguments)
        match step.word:
            case "FROM":
                continue
            case "WORKDIR":
                folder = Path(arguments)
            case "ENV":
                environment |= dict(pair.split("=", 1) for pair in shlex.split(arguments))
            case "COPY":
                assert ". ." == arguments
                copy_context(folder)
            case "RUN":
                process = subprocess.run(
                    ["sh", "-euc", arguments],
                    cwd=folder if folder.exists() else scratch,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    check=False,
                    timeout=600,
                )
                assert 0 == process.returncode, f"RUN {arguments}\n{process.stdout}{process.stderr}"
            case unknown:
                pytest.fail(f"the test can't execute {unknown}")
    return scratch


@pytest.mark.fresh
def test_the_image_serves(
    built: Path, clean_environment: dict[str, str], serving: Callable[..., Any], tmp_path: Path
) -> None:
    """Started with the image's command on a free loopback port, the server answers and exits with 0. Started again on
    the same volume, it goes on with what was there.
    """
    last = {step.word: step.arguments for step in stages()[-1]}
    program, *arguments = loads(last["ENTRYPOINT"]) + loads(last["CMD"])
    command = [str(built / "opt/kobikom/bin" / program), *arguments]
    command += ["--host", "127.0.0.1", "--port", "0"]
    settings = dict(pair.split("=", 1) for pair in shlex.split(last["ENV"]))
    assert "/etc/kobikom.d" == settings["KOBIKOM_CONFIG"]
    mounted = tmp_path / "kobikom.d"
    mounted.mkdir()
    (mounted / "accounts.toml").write_text("account-defaults.credit = 7\n")
    assert ("/data/kobikom.sqlite", "/data") == (settings["KOBIKOM_STORE"], last["VOLUME"])
    store = {"KOBIKOM_STORE": str(built / "opt/data/kobikom.sqlite")}
    settings |= {"KOBIKOM_CONFIG": str(mounted), "XDG_RUNTIME_DIR": str(tmp_path)} | store
    environment = {**clean_environment, **settings, "PATH": clean_environment["PATH"]}
    with serving(command, env=environment, cwd=tmp_path) as server:
        answer = server.balance()
        health = loads(last["HEALTHCHECK"].split("CMD ")[1])[1:]
        ready = subprocess.run([command[0], *health], env=environment, check=False, timeout=60)
        sent = server.send()
    assert b"<miktar>7.000</miktar>" in answer
    assert b"<status>0</status>" in sent
    assert 0 == ready.returncode
    assert 0 == server.process.returncode
    with serving(command, env=environment, cwd=tmp_path) as server:
        assert b"<miktar>6.000</miktar>" in server.balance()


@pytest.mark.fresh
def test_the_image_contains_only_the_base_in_pinned_versions(built: Path) -> None:
    """The packages in the image have the pinned versions; pip, pytest and build tools are not among them."""
    program = (
        "from importlib.metadata import distributions\n"
        "print(*(f'{package.name}=={package.version}' for package in distributions()))"
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


def test_the_image_is_not_root_and_has_a_health_check() -> None:
    """The image runs as another user than root, exposes 8080 and checks its health with the `ready` command."""
    last = {step.word: step.arguments for step in stages()[-1]}
    assert "0" != last["USER"].split(":")[0]
    assert "root" != last["USER"].split(":")[0]
    assert "8080" == last["EXPOSE"]
    health = loads(last["HEALTHCHECK"].split("CMD ")[1])
    assert ["kobikom-emulator", "ready", "--wait", "10"] == health
    assert "RUN" not in last


def test_the_volume_is_owned_by_the_user_of_the_image() -> None:
    """It is made by the builder, so that the last stage runs nothing, and given to the user that the image has."""
    last = stages()[-1]
    user = next(step.arguments for step in last if "USER" == step.word)
    copies = [step.arguments for step in last if "COPY" == step.word]
    assert f"--from=builder --chown={user} /opt/data /data" in copies
    assert "mkdir /opt/data" in [step.arguments for step in stages()[1] if "RUN" == step.word]


def test_the_folder_of_settings_is_in_the_image() -> None:
    """It is there before anything is mounted, holds no settings, and is part of what the image is built from."""
    copies = [step.arguments for step in stages()[-1] if "COPY" == step.word]
    assert "examples/kobikom.d /etc/kobikom.d" in copies
    assert "!examples/kobikom.d" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ["README.txt"] == [file.name for file in (ROOT / "examples" / "kobikom.d").iterdir()]


def test_both_stages_use_one_base_image() -> None:
    """The base image is named once, in an ARG, so that one build option replaces it."""
    before, *rest = stages()
    assert ["BASE_IMAGE=docker.io/library/python:3.11-slim"] == [step.arguments for step in before]
    assert {"${BASE_IMAGE}"} == {stage[0].arguments.split()[0] for stage in rest}
