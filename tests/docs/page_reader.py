"""Law: finds the fences of our pages and carries them out; what the pages must hold is the tests' business.

The convention, in one place. A fence's language says what happens to it, further words of its opening line adjust it:

    bash, sh        run by bash; the address 127.0.0.1:8080 becomes that of a server of this page alone
    python          executed; names live on to the end of the page; with test_ functions: run by pytest
    toml            loaded as settings
    yaml json xml   parsed
    text            nothing, it is an illustration
    file=NAME       saved under this name beside the page's commands, for later ones to read
    server          (bash) a command that serves: started on a free port, and the page talks to it from then on
    exit=N          (bash) ends with this status instead of 0
    output          what the fence before printed; ids and dates may differ, `…` stands for anything
    elsewhere=PATH  not carried out here, but by the tests at PATH

Fences of other programming languages stand alone and are run where their interpreter is found.
"""

import ast
import contextlib
import difflib
import io
import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from kobikom_emulator.settings import load

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "127.0.0.1:8080"
PATIENCE = 60
FOREIGN = ("php", "js", "java", "csharp")

_FENCE = re.compile(r"^(?P<ticks>```+)(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=ticks)[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Fence:
    """One fence of a page; `words` are those after its language, `name=value` ones split."""

    page: Path
    line: int
    language: str
    words: dict[str, str]
    body: str

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """The pages whose every snippet is carried out."""
    return [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]


def fences(page: Path) -> list[Fence]:
    """The fences of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, *words = match["info"].split() or [""]
        split = {name: value for name, _, value in (word.partition("=") for word in words)}
        found.append(Fence(page, text.count("\n", 0, match.start()) + 1, language, split, match["body"]))
    return found


_VOLATILE = re.compile(
    r"(?P<id>\b[1-9]\d{17}\b)"
    r"|(?P<instant>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<http>\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)"
    r"|(?P<date>\b\d{4}/\d\d?/\d\d? \d\d?:\d\d?:\d\d?)"
    r"|(?P<gap>…)"
)
_STANDS_FOR = {
    "instant": r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)",
    "http": r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT",
    "date": r"\d{4}/\d\d?/\d\d? \d\d?:\d\d?:\d\d?",
    "gap": r".*?",
}


def _yaml(text: str) -> object:
    return pytest.importorskip("yaml", reason="PyYAML is not installed").safe_load(text)


PARSERS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "xml": lambda text: ET.fromstring(text.removeprefix("XML=").strip()),
    "yaml": _yaml,
    "text": str,
}


@dataclass
class Reader:
    """Somebody who follows one page from top to bottom, typing in all that it says."""

    directory: Path
    address: str
    environment: dict[str, str]
    names: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    printed: str = ""
    served: list[subprocess.Popen[str]] = field(default_factory=list)

    def follow(self, fence: Fence) -> None:
        """Carry out one fence; an AssertionError says what differs from the page."""
        if "elsewhere" in fence.words:
            return
        if "output" in fence.words:
            self.compare(fence)
            return
        body = self.addressed(fence.body)
        if "file" in fence.words:
            (self.directory / fence.words["file"]).write_text(body, encoding="utf-8")
        match fence.language:
            case "bash" | "sh" if "server" in fence.words:
                self.serve(body, fence)
            case "bash" | "sh":
                self.run(["bash", "-e", "-o", "pipefail", "-c", body], fence)
            case "python":
                self.python(body, fence)
            case "toml":
                path = self.directory / fence.words.get("file", "settings.toml")
                path.write_text(body, encoding="utf-8")
                load(file=path)
            case _ if fence.language in PARSERS:
                PARSERS[fence.language](body)
            case _ if fence.language in FOREIGN:
                pass  # test_snippets runs each of them by itself
            case _:
                pytest.fail(f"{fence.where}: nobody knows how to check a fence in {fence.language or 'no language'!r}")

    def addressed(self, body: str) -> str:
        """The body with the address of this page's server, and the ids that it really gave."""
        for said, given in self.ids.items():
            body = body.replace(said, given)
        return body.replace(ADDRESS, self.address).replace("localhost:8080", self.address)

    def run(self, command: list[str], fence: Fence) -> None:
        done = subprocess.run(
            command,
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
        self.printed = done.stdout.decode()
        wanted = int(fence.words.get("exit", "0"))
        assert wanted == done.returncode, f"{fence.where} ended with {done.returncode} and printed:\n{self.printed}"

    def serve(self, body: str, fence: Fence) -> None:
        """Start a server the way the page says, but on a free port."""
        command = body.strip().replace("script/server", "kobikom-emulator serve") + " --port 0"
        started = subprocess.Popen(
            ["bash", "-c", f"exec env {command}"],
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.served.append(started)
        assert started.stdout is not None
        self.printed = started.stdout.readline()
        said = re.fullmatch(r"kobikom-emulator listening on http://(\S+)\n", self.printed)
        assert said, f"{fence.where} printed {self.printed!r} instead of saying where it listens"
        self.address = said[1]

    def python(self, body: str, fence: Fence) -> None:
        tree = ast.parse(body)
        if any(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in tree.body):
            name = fence.words.get("file", "test_snippet.py")
            (self.directory / name).write_text(body, encoding="utf-8")
            pytest_alone = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", name]
            self.run(pytest_alone, fence)
            return
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.chdir(self.directory):
            exec(compile(tree, fence.where, "exec"), self.names)
        self.printed = said.getvalue()

    def compare(self, fence: Fence) -> None:
        """Whether the fence before printed this, volatile parts apart; remembers the ids."""
        pattern, position, groups = "", 0, {}
        wanted = _tidy(fence.body)
        for match in _VOLATILE.finditer(wanted):
            pattern += re.escape(wanted[position : match.start()])
            position = match.end()
            kind = match.lastgroup or ""
            if kind != "id":
                pattern += _STANDS_FOR[kind]
            elif match[0] in self.ids:
                pattern += re.escape(self.ids[match[0]])
            elif match[0] in groups.values():
                pattern += f"(?P={next(name for name, said in groups.items() if said == match[0])})"
            else:
                groups[f"id{len(groups)}"] = match[0]
                pattern += rf"(?P<id{len(groups) - 1}>\d{{18}})"
        pattern += re.escape(wanted[position:])
        printed = _tidy(self.printed.replace(self.address, ADDRESS))
        found = re.fullmatch(pattern, printed, re.DOTALL)
        if found is None:
            difference = "\n".join(difflib.unified_diff(wanted.split("\n"), printed.split("\n"), "page", "printed"))
            pytest.fail(f"{fence.where} is not what was printed:\n{difference}")
        self.ids |= {said: found[name] for name, said in groups.items()}

    def leave(self) -> None:
        """Stop what was started here; a server that was asked to stop says 0."""
        for started in self.served:
            started.send_signal(signal.SIGTERM)
            started.communicate(timeout=PATIENCE)
        assert [0] * len(self.served) == [started.returncode for started in self.served]


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip("\n").split("\n"))


def interpreter(*names: str) -> str:
    """The first of these programs that is here; the test is skipped where none is."""
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.skip(f"no {' or '.join(names)} on this machine")
