"""Law: proves that what our pages tell people to type does what they say; page_reader.py says how."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from page_reader import FOREIGN, ROOT, Fence, Reader, fences, interpreter, pages

ALONE = [fence for page in pages() for fence in fences(page) if fence.language in FOREIGN]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_can_be_followed(page: Path, reader: Reader) -> None:
    """Every command, snippet, settings file and document of a page works, and prints what the page says."""
    for fence in fences(page):
        reader.follow(fence)


@pytest.mark.parametrize("fence", ALONE, ids=lambda fence: f"{fence.where}-{fence.language}")
def test_a_snippet_of_another_language_works(fence: Fence, reader: Reader) -> None:
    """A snippet in PHP, JavaScript or Java runs by itself against a fresh server; C# has balanced brackets."""
    body = reader.addressed(fence.body)
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


def test_a_page_that_lies_is_caught(reader: Reader) -> None:
    """A wrong answer on a page, a command that fails and a language nobody checks are each noticed."""
    health = "curl -s http://127.0.0.1:8080/_emulator/health\n"
    truth = '{"status":"ok","version":"…"}\n'
    page = ROOT / "docs" / "no-such-page.md"
    reader.follow(Fence(page, 1, "bash", {}, health))
    reader.follow(Fence(page, 2, "json", {"output": ""}, truth))
    for lie in (
        Fence(page, 3, "json", {"output": ""}, truth.replace("ok", "fine")),
        Fence(page, 4, "bash", {}, "false | cat\n"),
        Fence(page, 5, "cobol", {}, "STOP RUN.\n"),
    ):
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            reader.follow(lie)


def test_ids_may_differ_but_not_among_themselves(reader: Reader) -> None:
    """An id on a page stands for one id of the real answer, wherever it is named again."""
    page = ROOT / "docs" / "no-such-page.md"

    def answer(text: str) -> None:
        reader.run(["echo", text], Fence(page, 1, "bash", {}, ""))

    answer("111111111111111111 222222222222222222 111111111111111111")
    reader.follow(Fence(page, 2, "text", {"output": ""}, "3" * 18 + " " + "4" * 18 + " " + "3" * 18))
    answer("222222222222222222")
    with pytest.raises(pytest.fail.Exception):
        reader.follow(Fence(page, 3, "text", {"output": ""}, "3" * 18))


def test_every_snippet_left_to_other_tests_is_named_there() -> None:
    """A fence of commands marked `elsewhere=PATH` holds commands that the file at PATH speaks of."""
    missing = [
        f"{fence.where}: {line}"
        for page in pages()
        for fence in fences(page)
        if "elsewhere" in fence.words and fence.language in {"bash", "sh"}
        for line in fence.body.strip().splitlines()
        if line.partition("#")[0].split()[0] not in (ROOT / fence.words["elsewhere"]).read_text(encoding="utf-8")
    ]
    assert [] == missing
