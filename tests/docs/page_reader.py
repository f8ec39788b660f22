"""Finds the fences of the pages and executes or checks them.

The language of a fence determines what is done with it; further words of its opening line change that:

    bash, sh        run by bash; the address 127.0.0.1:8080 is replaced by that of the page's own server
    python          executed; names are kept to the end of the page; with test_ functions: run by pytest
    toml            loaded as settings
    yaml json xml   parsed
    text            not checked
    file=NAME       saved under this name, for later commands of the page
    server          (bash) a command that serves: started on a free port and used by the rest of the page
    exit=N          (bash) the expected exit status instead of 0
    output          the output of the previous fence; ids and dates may differ, `…` matches anything
    elsewhere=PATH  not executed here, but by the tests at PATH

Fences of other programming languages are run separately if their interpreter is installed.
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
TIMEOUT_SECONDS = 60
FOREIGN = ("php", "js", "java", "csharp")

_FENCE = re.compile(r"^(?P<ticks>```+)(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=ticks)[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Fence:
    """One fence of a page; `words` maps the words after its language, such as `name=value`."""

    page: Path
    line: int
    language: str
    words: dict[str, str]
    body: str

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """The pages whose snippets are checked."""
    return [ROOT / "README.md", ROOT / "README.tr.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]


def fences(page: Path) -> list[Fence]:
    """The fences of a page, in order."""
    text = page.read_text(encoding="utf-8")
    in_order = []
    for match in _FENCE.finditer(text):
        language, *words = match["info"].split() or [""]
        split = {name: value for name, _, value in (word.partition("=") for word in words)}
        in_order.append(Fence(page, text.count("\n", 0, match.start()) + 1, language, split, match["body"]))
    return in_order


_VOLATILE = re.compile(
    r"(?P<id>\b[1-9]\d{14}\b)"
    r"|(?P<instant>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<http>\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)"
    r"|(?P<date>\b\d{4}/\d\d?/\d\d? \d\d?:\d\d?:\d\d?)"
    r"|(?P<gap>…)"
)
_PATTERNS = {
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
    """Executes the fences of one page in order, in one folder and against one server."""

    directory: Path
    address: str
    environment: dict[str, str]
    names: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    printed: str = ""
    served: list[subprocess.Popen[str]] = field(default_factory=list)

    def check(self, fence: Fence) -> None:
        """Execute or check one fence; an AssertionError describes what differs from the page."""
        if "elsewhere" in fence.words:
            return
        if "output" in fence.words:
            self.compare(fence)
            return
        body = self.substituted(fence.body)
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
                pass  # test_snippets runs each of them separately
            case _:
                pytest.fail(f"{fence.where}: there is no check for a fence in {fence.language or 'no language'!r}")

    def substituted(self, body: str) -> str:
        """The body with the address of this page's server and the ids that it assigned."""
        for page_id, real_id in self.ids.items():
            body = body.replace(page_id, real_id)
        return body.replace(ADDRESS, self.address).replace("localhost:8080", self.address)

    def run(self, command: list[str], fence: Fence) -> None:
        process = subprocess.run(
            command,
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        self.printed = process.stdout.decode()
        expected = int(fence.words.get("exit", "0"))
        assert expected == process.returncode, (
            f"{fence.where} exited with {process.returncode} and printed:\n{self.printed}"
        )

    def serve(self, body: str, fence: Fence) -> None:
        """Start a server with the command of the page, but on a free port."""
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
        ready = re.fullmatch(r"kobikom-emulator listening on http://(\S+)\n", self.printed)
        assert ready, f"{fence.where} printed {self.printed!r} instead of its ready line"
        self.address = ready[1]

    def python(self, body: str, fence: Fence) -> None:
        tree = ast.parse(body)
        if any(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in tree.body):
            name = fence.words.get("file", "test_snippet.py")
            (self.directory / name).write_text(body, encoding="utf-8")
            pytest_alone = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", name]
            self.run(pytest_alone, fence)
            return
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.chdir(self.directory):
            exec(compile(tree, fence.where, "exec"), self.names)
        self.printed = output.getvalue()

    def compare(self, fence: Fence) -> None:
        """Compare with the output of the previous fence, except for ids and dates; remember the ids."""
        pattern, position, groups = "", 0, {}
        expected = _tidy(fence.body)
        for match in _VOLATILE.finditer(expected):
            pattern += re.escape(expected[position : match.start()])
            position = match.end()
            kind = match.lastgroup or ""
            if kind != "id":
                pattern += _PATTERNS[kind]
            elif match[0] in self.ids:
                pattern += re.escape(self.ids[match[0]])
            elif match[0] in groups.values():
                pattern += f"(?P={next(name for name, page_id in groups.items() if page_id == match[0])})"
            else:
                groups[f"id{len(groups)}"] = match[0]
                pattern += rf"(?P<id{len(groups) - 1}>\d{{15}})"
        pattern += re.escape(expected[position:])
        printed = _tidy(self.printed.replace(self.address, ADDRESS))
        matched = re.fullmatch(pattern, printed, re.DOTALL)
        if matched is None:
            difference = "\n".join(difflib.unified_diff(expected.split("\n"), printed.split("\n"), "page", "printed"))
            pytest.fail(f"{fence.where} is not what was printed:\n{difference}")
        self.ids |= {page_id: matched[name] for name, page_id in groups.items()}

    def stop_servers(self) -> None:
        """Stop the servers of the page; each exits with 0."""
        for started in self.served:
            started.send_signal(signal.SIGTERM)
            started.communicate(timeout=TIMEOUT_SECONDS)
        assert [0] * len(self.served) == [started.returncode for started in self.served]


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip("\n").split("\n"))


def interpreter(*names: str) -> str:
    """The first of these programs that is installed; the test is skipped if none is."""
    for name in names:
        if path := shutil.which(name):
            return path
    pytest.skip(f"no {' or '.join(names)} on this machine")
