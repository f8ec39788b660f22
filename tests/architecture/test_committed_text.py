"""Law: what is committed speaks of the project alone: no machine's paths, no index's addresses.

The forbidden words are put together here from halves, so that this file may be committed too.
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Where packages come from is each machine's own business: its configuration, not ours.
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
# A path that begins at the root of somebody's machine, not one inside a URL or a longer path.
FOLDERS = "|".join(
    left + right for left, right in (("wo", "rk"), ("ro", "ot"), ("ho", "me"), ("Us", "ers"), ("t", "mp"))
)
FORBIDDEN = re.compile(rf"(?:{INDEXES})|(?<![\w.~:/}}>$-])/(?:{FOLDERS})/\w")


def committed() -> list[Path]:
    """Every file that git keeps here."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, timeout=60)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def offences(text: str) -> list[str]:
    """What a text says that it must not."""
    return [match.group() for match in FORBIDDEN.finditer(text)]


def test_no_committed_text_names_a_machine_or_an_index() -> None:
    """No committed file holds a package index's host or an absolute path of somebody's machine."""
    found = {}
    for path in committed():
        try:
            said = offences(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue  # bytes kept for a test of encodings hold no prose
        if said:
            found[path.relative_to(ROOT).as_posix()] = said
    assert {} == found


@pytest.mark.parametrize(
    ("text", "guilty"),
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
def test_guilt_is_told_from_innocence(text: str, guilty: bool) -> None:
    """The check above sees each kind of offence and lets look-alikes pass."""
    assert guilty == bool(offences(text))


def test_nothing_made_by_tools_is_committed() -> None:
    """No cache, environment or build product is kept by git, and no file is larger than 1 MB."""
    made = re.compile(r"_cache|\.py[cod]$|\.egg-info|^(\.venv|dist|build)/|\.hypothesis")
    found = [
        name
        for path in committed()
        if made.search(name := path.relative_to(ROOT).as_posix()) or path.stat().st_size > 1_000_000
    ]
    assert [] == found
