"""The inbox's files are served unchanged, under a strict policy, and every text is there in both languages."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import kobikom_emulator
from kobikom_emulator import Emulator

ASSETS = Path(kobikom_emulator.__file__).parent / "inbox" / "assets"
SCRIPTS = sorted(ASSETS.rglob("*.js"))
WORDS = sorted((ASSETS / "words").glob("*.js"))
FILES = sorted(path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*.*"))

ASKED = re.compile(r'\bt\(\s*(?:[\w.()]+\s*\?\s*)?"((?:[^"\\]|\\.)*)"(?:\s*:\s*"((?:[^"\\]|\\.)*)")?')


def test_the_page_is_there_with_its_policy(asker) -> None:
    """The page comes as HTML under a policy that allows nothing inline and nothing from elsewhere."""
    status, headers, body = asker.raw("GET", "/_emulator/")
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert (200, "text/html; charset=UTF-8", "nosniff", "no-referrer") == (
        status,
        headers["content-type"],
        headers["x-content-type-options"],
        headers["referrer-policy"],
    )
    assert ("'none'", "'self'", "'self'", "'self'", "'none'") == (
        policy["default-src"],
        policy["script-src"],
        policy["style-src"],
        policy["connect-src"],
        policy["frame-ancestors"],
    )
    assert body == (ASSETS / "index.html").read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_served(asker, name: str) -> None:
    """Each file of the package arrives byte for byte, under the same policy."""
    status, headers, body = asker.raw("GET", f"/_emulator/inbox/{name}")
    assert (200, (ASSETS / name).read_bytes()) == (status, body)
    assert "content-security-policy" in headers


def test_the_page_without_its_slash_is_found(asker) -> None:
    """The address without the last slash leads to the page, its filters kept."""
    status, headers, _ = asker.raw("GET", "/_emulator?status=DELIVERED")
    assert (308, "_emulator/?status=DELIVERED") == (status, headers["location"])


@pytest.mark.parametrize("name", ["nothing.js", "../pages.py", "..%2fpages.py", "__init__.py", ""])
def test_no_other_file_is_served(asker, name: str) -> None:
    """What is no file of the inbox is a problem document, whatever is written in the path."""
    status, headers, _ = asker.raw("GET", f"/_emulator/inbox/{name}")
    assert (404, "application/problem+json") == (status, headers["content-type"])


def test_nothing_is_posted_to_the_page(asker) -> None:
    """A POST to the page is a plain 405 that says what it takes."""
    status, headers, _ = asker.raw("POST", "/_emulator/", b"x")
    assert (405, "GET, HEAD") == (status, headers["allow"])


def test_the_page_needs_no_token_but_its_data_does(asker_of) -> None:
    """With a token set the page itself is served, so that it can ask for it; the control API answers 401."""
    with Emulator({"control": {"token": "gizli"}}) as emulator:
        asker = asker_of(emulator)
        page, _, _ = asker.raw("GET", "/_emulator/")
        data, _, _ = asker.raw("GET", "/_emulator/spaces/default/messages")
        events, _, _ = asker.raw("GET", "/_emulator/spaces/default/events")
    assert (200, 401, 401) == (page, data, events)


IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "\./([^"]+)";', re.MULTILINE)


def imported(name: str) -> set[str]:
    """A module and all that it imports."""
    waiting, modules = [name], set()
    while waiting:
        module = waiting.pop()
        if module not in modules:
            modules.add(module)
            waiting += IMPORT.findall((ASSETS / module).read_text(encoding="utf-8"))
    return modules


FIRST_VIEW = imported("app.js")
"""The modules that come with the page; those of the other views are loaded when one is opened."""


def sizes(names: set[str]) -> tuple[int, int]:
    """Bytes of files, as they are and compressed."""
    contents = [(ASSETS / name).read_bytes() for name in names]
    return sum(map(len, contents)), sum(len(gzip.compress(content)) for content in contents)


def test_the_files_are_small() -> None:
    """What the first view loads is under 200 kB as it is, and all files are so compressed; there is room for more."""
    first, first_compressed = sizes(FIRST_VIEW | {"index.html", "style.css", "controls.css", "icon.svg"})
    _, all_compressed = sizes(set(FILES))
    assert (True, True, True) == (first < 180_000, first_compressed < 70_000, all_compressed < 120_000)


def test_the_page_names_the_modules_of_the_first_view() -> None:
    """The browser loads them together, not one after the other as it finds their imports, and no others with them."""
    page = (ASSETS / "index.html").read_text(encoding="utf-8")
    assert FIRST_VIEW == {"app.js", *re.findall(r'rel="modulepreload" href="inbox/([^"]+)"', page)}


def test_the_page_has_nothing_inline() -> None:
    """The page holds no script, style or handler of its own, which its policy would refuse."""
    page = (ASSETS / "index.html").read_text(encoding="utf-8")
    assert [] == re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_of_text(path: Path) -> None:
    """No module has a way from a text to markup or code."""
    words = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextual|eval\(|Function\("
    assert [] == re.findall(words, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(ASSETS.rglob("*.*")), ids=lambda path: path.name)
def test_no_file_names_another_host(path: Path) -> None:
    """No file asks another host for anything; the SVG name space is a name, and this machine is shown only."""
    found = re.findall(r"https?://[\w.-]+|url\([^)]*\)|@import", path.read_text(encoding="utf-8"))
    assert set() == set(found) - {"http://www.w3.org", "http://127.0.0.1"}


def tables(name: str, files: Iterable[Path] = WORDS) -> dict[str, str]:
    """The entries of a table of texts in files of words, `{key: text}`."""
    found: dict[str, str] = {}
    for path in files:
        table = re.search(
            rf"^export const {name} = \{{\n(.*?)^\}};", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
        entries = re.findall(r'"((?:[^"\\]|\\.)*)":\s*"((?:[^"\\]|\\.)*)"', table[1] if table else "")
        for key, text in entries:
            assert found.setdefault(key, text) == text, f"{key!r} has two texts"
    return found


def asked_for(scripts: Iterable[Path]) -> set[str]:
    """The keys that modules ask for, as far as they are literals."""
    asked = set()
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        for both in ASKED.findall(text):
            asked |= {each for each in both if each}
        asked |= set(re.findall(r'says: "((?:[^"\\]|\\.)*)"', text))
        for table_name in ("NAMES", "CONTROLS", "SOURCES", "ALPHABETS"):
            if found := re.search(rf"const {table_name} = {{(.*?)}};", text, re.DOTALL):
                asked |= set(re.findall(r':\s*"([^"]+)"', found[1]))
        for listed in re.findall(r"const (?:KEYS|SEARCHES) = \[(.*?)\n\];", text, re.DOTALL):
            asked |= set(re.findall(r', "([^"]+)"\]', listed))
    return asked


def test_every_sentence_is_there_in_turkish() -> None:
    """Each sentence that a module asks for has a Turkish one."""
    assert set() == asked_for(SCRIPTS) - set(tables("texts"))


def test_the_first_view_has_its_texts() -> None:
    """Each sentence that a module of the first view asks for is in a file that comes with it."""
    modules = [ASSETS / name for name in FIRST_VIEW]
    assert set() == asked_for(modules) - set(tables("texts", [path for path in modules if path in WORDS]))


def test_files_are_compressed_and_not_sent_twice(asker) -> None:
    """A browser that takes gzip gets it; with the ETag it had, 304 without a body."""
    path = "/_emulator/inbox/app.js"
    _, plain, body = asker.raw("GET", path)
    status, headers, packed = asker.raw("GET", path, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert (200, "gzip", body) == (status, headers["content-encoding"], gzip.decompress(packed))
    assert plain["etag"] != headers["etag"]
    again = asker.raw("GET", path, headers={"Accept-Encoding": "gzip", "If-None-Match": headers["etag"]})
    assert (304, b"") == (again[0], again[2])
    other = asker.raw("GET", path, headers={"Accept-Encoding": "gzip;q=0", "If-None-Match": headers["etag"]})
    assert (200, body, False) == (other[0], other[2], "content-encoding" in other[1])
