"""Committed files contain no paths of a machine and no addresses of package indexes.

The forbidden words are built from two halves here, so that this file does not contain them itself.
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Where packages come from is part of a machine's configuration, not of this repository.
INDEXES = "|".join(
    re.escape(left + right)
    for left, right in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("deb.", "debian.org"),
        ("security.", "debian.org"),
        ("crates", ".io"),
        ("proxy.", "golang.org"),
        ("repo1.", "maven.org"),
    )
)
# An absolute path of a machine, not one inside a URL or a longer path.
FOLDERS = "|".join(
    left + right for left, right in (("wo", "rk"), ("ro", "ot"), ("ho", "me"), ("Us", "ers"), ("t", "mp"))
)
FORBIDDEN = re.compile(rf"(?:{INDEXES})|(?<![\w.~:/}}>$-])/(?:{FOLDERS})/\w")


def committed() -> list[Path]:
    """Every file that git tracks here."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, timeout=60)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def forbidden_words(text: str) -> list[str]:
    """The forbidden words in a text."""
    return [match.group() for match in FORBIDDEN.finditer(text)]


def test_no_committed_text_names_a_machine_or_an_index() -> None:
    """No committed file contains the host of a package index or an absolute path of a machine."""
    violations = {}
    for path in committed():
        try:
            words = forbidden_words(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # test data in another encoding contains no prose
        if words:
            violations[path.relative_to(ROOT).as_posix()] = words
    assert {} == violations


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("see https://" + "py" + "pi.org/project/x", True),
        ("cd /" + "home/somebody/project", True),
        ('open("/' + "tmp/x.xml" + '")', True),
        ("files." + "python" + "hosted.org", True),
        ("http://127.0.0.1:8080/s/" + "work/api/sendsms/xml/", False),
        ("docker.io/library/python:3.11-slim", False),
        ("./" + "tmp/x", False),
    ],
)
def test_forbidden_words_are_recognized(text: str, forbidden: bool) -> None:
    """The check finds each kind of forbidden word and accepts similar ones."""
    assert forbidden == bool(forbidden_words(text))


def test_nothing_made_by_tools_is_committed() -> None:
    """git tracks no cache, environment or build product, and no file larger than 1 MB."""
    generated = re.compile(r"_cache|\.py[cod]$|\.egg-info|^(\.venv|dist|build)/|\.hypothesis")
    violations = [
        name
        for path in committed()
        if generated.search(name := path.relative_to(ROOT).as_posix()) or path.stat().st_size > 1_000_000
    ]
    assert [] == violations
