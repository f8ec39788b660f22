"""The snippets of the pages work and print what the pages show; page_reader.py describes the rules."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from page_reader import FOREIGN, ROOT, Fence, Reader, fences, interpreter, pages

OTHER_LANGUAGES = [
    fence for page in pages() for fence in fences(page) if fence.language in FOREIGN and "elsewhere" not in fence.words
]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_snippets_of_a_page_work(page: Path, reader: Reader) -> None:
    """Every command, snippet, settings file and document of a page works and prints what the page shows."""
    for fence in fences(page):
        reader.check(fence)


@pytest.mark.parametrize("fence", OTHER_LANGUAGES, ids=lambda fence: f"{fence.where}-{fence.language}")
def test_a_snippet_of_another_language_works(fence: Fence, reader: Reader) -> None:
    """A snippet in PHP, JavaScript or Java runs against a new server; one in C# has balanced brackets."""
    body = reader.substituted(fence.body)
    match fence.language:
        case "php":
            command = [interpreter("php"), "snippet.php"]
        case "js":
            command = [interpreter("node", "nodejs"), "snippet.mjs"]
        case "java":
            command = [interpreter("java"), "Snippet.java"]
        case _:
            assert all(body.count(opening) == body.count(closing) for opening, closing in ("()", "[]", "{}"))
            return
    (reader.directory / command[1]).write_text(body, encoding="utf-8")
    reader.run(command, fence)


def test_a_wrong_page_is_found(reader: Reader) -> None:
    """A wrong output on a page, a failing command and a language without a check each fail the test."""
    health = "curl -s http://127.0.0.1:8080/_emulator/health\n"
    correct = '{"status":"ok","version":"…"}\n'
    page = ROOT / "docs" / "no-such-page.md"
    reader.check(Fence(page, 1, "bash", {}, health))
    reader.check(Fence(page, 2, "json", {"output": ""}, correct))
    for wrong in (
        Fence(page, 3, "json", {"output": ""}, correct.replace("ok", "fine")),
        Fence(page, 4, "bash", {}, "false | cat\n"),
        Fence(page, 5, "cobol", {}, "STOP RUN.\n"),
    ):
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            reader.check(wrong)


def test_an_id_of_a_page_stands_for_one_real_id(reader: Reader) -> None:
    """An id on a page matches any id at first, and the same id wherever the page repeats it."""
    page = ROOT / "docs" / "no-such-page.md"

    def answer(text: str) -> None:
        reader.run(["echo", text], Fence(page, 1, "bash", {}, ""))

    answer("111111111111111 222222222222222 111111111111111")
    reader.check(Fence(page, 2, "text", {"output": ""}, "3" * 15 + " " + "4" * 15 + " " + "3" * 15))
    answer("222222222222222")
    with pytest.raises(pytest.fail.Exception):
        reader.check(Fence(page, 3, "text", {"output": ""}, "3" * 15))


def test_the_commands_of_a_snippet_elsewhere_are_in_that_file() -> None:
    """The commands in a fence marked `elsewhere=PATH` occur in the file at PATH."""
    missing = [
        f"{fence.where}: {line}"
        for page in pages()
        for fence in fences(page)
        if "elsewhere" in fence.words and fence.language in {"bash", "sh"}
        for line in fence.body.strip().splitlines()
        if line.partition("#")[0].split()[0] not in (ROOT / fence.words["elsewhere"]).read_text(encoding="utf-8")
    ]
    assert [] == missing
