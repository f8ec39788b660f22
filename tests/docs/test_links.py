"""The relative links of the pages lead to existing files and headings."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from page_reader import ROOT, pages

_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors that are made from a page's headings."""
    headings = re.findall(r"^#+ (.*)$", _FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    """The links of a page whose file or heading does not exist in the repository."""
    missing = []
    for link in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            missing.append(link)
    return missing


@pytest.mark.parametrize(
    "page", [*pages(), *sorted((ROOT / "clients").rglob("README.md"))], ids=lambda page: str(page.relative_to(ROOT))
)
def test_links_have_a_target(page: Path) -> None:
    """Each relative link of a page leads to an existing file, and to an existing heading in it."""
    assert [] == broken(page)


def test_broken_links_are_found(tmp_path: Path) -> None:
    """A link to a missing file and one to a missing heading are both found."""
    page = tmp_path / "page.md"
    page.write_text("# Here we are\n[a](#here-we-are) [b](#there) [c](nowhere.md) [d](http://127.0.0.1/)\n")
    assert ["#there", "nowhere.md"] == broken(page)


def test_every_page_is_one_step_from_the_readme() -> None:
    """README names each page of docs/ itself; the Turkish one names those in Turkish, and the other tasks of users."""
    english, turkish = (
        {link.partition("#")[0] for link in _LINK.findall((ROOT / page).read_text("utf-8"))}
        for page in ("README.md", "README.tr.md")
    )
    docs = {page.relative_to(ROOT).as_posix() for page in pages() if page.parent.name != "decisions"}
    docs = {page for page in docs if page.startswith("docs/")}
    in_turkish = {page for page in docs if page.endswith(".tr.md")}
    assert set() == docs - in_turkish - english
    assert set() == in_turkish - turkish
    tasks = {page for page in docs if page.startswith(("docs/running/", "docs/testing/"))}
    assert set() == tasks - turkish


def test_every_page_can_be_reached_from_the_readme() -> None:
    """Following links from README leads to every page under docs/."""
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        for link in _LINK.findall(page.read_text(encoding="utf-8")):
            target = (page.parent / link.partition("#")[0]).resolve()
            if "://" not in link and target.exists():
                waiting.append(target)
    assert [] == sorted(page.relative_to(ROOT).as_posix() for page in set(pages()) - seen)
