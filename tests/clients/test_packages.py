"""The packages in clients/: each runs its own tests against one server, where its language is installed."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from client_programs import (
    CLIENTS,
    NOTIFIER_CSHARP,
    NOTIFIER_JAVA,
    NOTIFIER_JS,
    NOTIFIER_PHP,
    QUICK,
    TYPESCRIPT,
    compile_csharp,
    compile_java,
    copied,
    example,
    java_class_path,
    run,
    tool,
)

from kobikom_emulator import Emulator
from kobikom_emulator.driver import ClockControl, FaultControl, Kobikom, KobikomServer

RUNNERS = ("vitest@5.1.1", "jest@30.5.2")

pytestmark = pytest.mark.xdist_group("clients")


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture(autouse=True)
def no_space_is_left(emulator: Emulator) -> Iterator[None]:
    """Whatever a test of a package opened is closed at its end, also where the test failed."""
    yield
    assert ["default"] == KobikomServer.of(emulator).spaces


# PHP

FAILING_PHP = """<?php
require_once __DIR__ . '/../src/Kobikom.php';
require_once __DIR__ . '/../src/UsesKobikom.php';
final class FailingTest extends PHPUnit\\Framework\\TestCase
{
    use KobikomEmulator\\Testing\\UsesKobikom;
    public function testOne(): void
    {
        @file_get_contents($this->kobikom->baseUrl . '/api/sendsms/xml/pull?kullanici=nobody&parola=x');
        self::assertSame(1, 2);
    }
}
"""


def test_the_php_package(emulator: Emulator, tmp_path: Path) -> None:
    """Its tests and that of its page pass under PHPUnit, and a test that fails shows the journal of its space."""
    tool("php", package="php-cli")
    phpunit = tool("phpunit", package="phpunit")
    package = copied("php", tmp_path)
    status, printed = run(package, emulator, phpunit, "tests/KobikomTest.php")
    assert 0 == status, printed
    assert re.search(r"OK \(7 tests", printed)
    requires = "require_once __DIR__ . '/../src/Kobikom.php';\nrequire_once __DIR__ . '/../src/UsesKobikom.php';\n"
    (package / "tests" / "Notifier.php").write_text(NOTIFIER_PHP, "utf-8")
    opening = f"<?php\n{requires}require_once __DIR__ . '/Notifier.php';\n"
    (package / "tests" / "NotifierTest.php").write_text(opening + example(package / "README.md", "php"), "utf-8")
    status, printed = run(package, emulator, phpunit, "tests/NotifierTest.php")
    assert 0 == status, printed
    assert re.search(r"OK \(2 tests", printed)
    (package / "tests" / "FailingTest.php").write_text(FAILING_PHP, "utf-8")
    status, printed = run(package, emulator, phpunit, "tests/FailingTest.php")
    assert 1 == status, printed
    assert re.search(r"kobikom journal\nspace .*\n#1 pull as nobody: refused -", printed), printed


# Node


def test_the_node_package_under_node_test(emulator: Emulator, tmp_path: Path) -> None:
    """Its tests and those of its page pass under node's own runner."""
    package = copied("node", tmp_path)
    (package / "notifier.mjs").write_text(NOTIFIER_JS, "utf-8")
    (package / "page.test.mjs").write_text(example(package / "README.md", "js"), "utf-8")
    command = [tool("node", package="nodejs"), "--test", "--test-reporter=tap", "test/kobikom.test.mjs"]
    status, printed = run(package, emulator, *command, "page.test.mjs")
    assert 0 == status, printed
    assert "# pass 8" in printed


def test_the_node_package_under_vitest(emulator: Emulator, tmp_path: Path, npm: Callable[..., Path]) -> None:
    """Its tests pass under vitest."""
    node = tool("node", package="nodejs")
    package = copied("node", tmp_path)
    (tmp_path / "node_modules").symlink_to(npm("runners", *RUNNERS))
    runner = tmp_path / "node_modules" / "vitest" / "vitest.mjs"
    status, printed = run(package, emulator, node, runner, "run", "--globals", "test/kobikom.test.mjs")
    assert 0 == status, printed
    assert re.search(r"Tests +6 passed", printed)


def test_the_node_package_under_jest(emulator: Emulator, tmp_path: Path, npm: Callable[..., Path]) -> None:
    """Its tests pass under jest, whose modules have globals of their own."""
    node = tool("node", package="nodejs")
    package = copied("node", tmp_path)
    (tmp_path / "node_modules").symlink_to(npm("runners", *RUNNERS))
    runner = tmp_path / "node_modules" / "jest" / "bin" / "jest.js"
    command = [node, "--experimental-vm-modules", runner, "--testMatch", "**/*.test.mjs", "--cacheDirectory", tmp_path]
    status, printed = run(package, emulator, *command)
    assert 0 == status, printed
    assert re.search(r"Tests: +6 passed", printed)


TYPES = """
import { Kobikom, withKobikom, type Message } from 'kobikom-emulator-testing';

export const run: () => Promise<void> = withKobikom({ seed: 7 }, async (kobikom: Kobikom) => {
  const message: Message = await kobikom.waitFor({ to: '90532*' }, { timeout: 1 });
  const delivered: boolean = message.status === 'DELIVERED';
  const now: Date = await kobikom.clock.advance(1);
  await (await kobikom.faults.failNext(-2, { times: 2 })).disarm();
  // @ts-expect-error  not a condition
  await kobikom.find({ from: 'x' });
  // @ts-expect-error  not a status
  await kobikom.deliver(message, { status: 'delivered' });
});
"""


def test_the_types_of_the_node_package(emulator: Emulator, tmp_path: Path, npm: Callable[..., Path]) -> None:
    """They compile under --strict, tell wrong calls from right ones, and declare every public name of the module."""
    node = tool("node", package="nodejs")
    package = copied("node", tmp_path)
    (package / "types.ts").write_text(TYPES, "utf-8")
    compiler = npm("openapi", *TYPESCRIPT) / "typescript" / "bin" / "tsc"
    options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "false"]
    status, printed = run(package, emulator, node, compiler, *options, "types.ts")
    assert 0 == status, printed
    source, types = ((package / name).read_text("utf-8") for name in ("kobikom.js", "kobikom.d.ts"))
    methods = set(re.findall(r"^  (?:static )?(?:async )?(\w+)\([^\n]*\{", source, re.MULTILINE)) - {
        "constructor",
        "next",
    }
    assert set() == {name for name in methods if not re.search(rf"\b{name}\(", types)}


# Java

FAILING_JAVA = """
package kobikom.emulator.testing;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FailingTest {
    @RegisterExtension
    final KobikomExtension extension = new KobikomExtension(java.util.Map.of("seed", 7));

    @Test
    void one(Kobikom kobikom) throws Exception {
        KobikomTest.notify(kobikom, "Kodunuz 1234", "12");
        Assertions.assertEquals(1, 2);
    }
}
"""


def test_the_java_package(emulator: Emulator, tmp_path: Path) -> None:
    """It compiles without a warning, its tests pass under JUnit 5, and the error of a failing one has the journal."""
    java = tool("java", package="default-jre-headless")
    classes = java_class_path(tmp_path / "classes")
    package = copied("java", tmp_path)
    tests = package / "src/test/java"
    (tests / "kobikom/emulator/testing/FailingTest.java").write_text(FAILING_JAVA, "utf-8")
    (tests / "NotifierTest.java").write_text(example(package / "README.md", "java"), "utf-8")
    (tests / "Notifier.java").write_text(NOTIFIER_JAVA, "utf-8")
    compile_java(emulator, tmp_path, classes, *(package / "src").rglob("*.java"))
    launcher = ["org.junit.platform.console.ConsoleLauncher", "--disable-banner", "--disable-ansi-colors"]
    scan = ["--scan-classpath", tmp_path / "classes", "--details", "tree"]
    status, printed = run(package, emulator, java, *QUICK, "-cp", classes, *launcher, *scan)
    assert 1 == status, printed
    assert re.search(r" 9 tests successful .*\n.* 1 tests failed ", printed), printed
    assert re.search(r"kobikom journal\n.*space .*\n.*#1 send as .*: refused -13", printed), printed


# .NET


XUNIT = """
namespace Xunit
{
    public class FactAttribute : System.Attribute { }

    public static class Assert
    {
        public static void Equal(object expected, object actual) => True(Equals(expected, actual));
        public static void False(bool value) => True(!value);
        public static void True(bool value) { if (!value) throw new System.Exception("assertion failed"); }
    }
}

internal static class Runner
{
    private static void Main()
    {
        new NotifierTests().A_code_is_sent().Wait();
        new NotifierTests().No_credit_is_noticed().Wait();
    }
}
"""


def test_the_dotnet_package(emulator: Emulator, tmp_path: Path) -> None:
    """It compiles as C# 7 with Mono, and its tests pass."""
    package = CLIENTS / "dotnet"
    program = compile_csharp(emulator, tmp_path, *(package / "src").glob("*.cs"), package / "tests" / "Program.cs")
    status, printed = run(tmp_path, emulator, "mono", program)
    assert 0 == status, printed
    assert ["ok"] * 6 == [line.partition(" ")[0] for line in printed.splitlines()]


def test_the_page_of_the_dotnet_package(emulator: Emulator, tmp_path: Path) -> None:
    """Its tests compile with Mono and pass, with a stand-in for xUnit."""
    package = CLIENTS / "dotnet"
    texts = {"Page.cs": example(package / "README.md", "csharp"), "Xunit.cs": XUNIT, "Notifier.cs": NOTIFIER_CSHARP}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    program = compile_csharp(emulator, tmp_path, *(package / "src").glob("*.cs"), *(tmp_path / name for name in texts))
    assert (0, "") == run(tmp_path, emulator, "mono", program)


# all of them

SOURCES = {
    "php": ["src/Kobikom.php", "src/UsesKobikom.php"],
    "node": ["kobikom.js", "kobikom.d.ts"],
    "java": [],
    "dotnet": ["src/Kobikom.cs"],
}
WORDS = {
    Kobikom: (
        "wait_for wait_for_code wait_for_all find assert_none drain deliver release account journal journal_text reset "
        "close"
    ),
    ClockControl: "now advance set freeze run",
    FaultControl: "arm fail_next lose_next_answer drop_next delay_next http_error_next stall_next clear",
}


def source_of(language: str) -> str:
    """The text of a package, without its tests."""
    root = CLIENTS / language
    paths = [root / name for name in SOURCES[language]] or sorted((root / "src" / "main").rglob("*.java"))
    suffixes = {path.suffix for path in paths} | {path.suffix for path in root.glob("*.js")}
    sources = (path for folder in (root, root / "src") for path in folder.glob("*") if path.suffix in suffixes)
    assert set(sources) <= set(paths), "a source file that SOURCES does not name"
    return "\n".join(path.read_text("utf-8") for path in paths)


@pytest.mark.parametrize("language", SOURCES)
def test_a_package_has_the_words_of_the_python_handle(language: str) -> None:
    """What the handle calls wait_for is waitFor, or WaitForAsync."""
    source = source_of(language)
    for handle, words in WORDS.items():
        for word in words.split():
            assert hasattr(handle, word)
            name = "".join(part.title() for part in word.split("_"))
            name = f"{name}Async" if language == "dotnet" else name[0].lower() + name[1:]
            assert re.search(rf"\b{name}\(", source), name


@pytest.mark.parametrize("language", SOURCES)
def test_a_package_is_short_enough_to_copy(language: str) -> None:
    """Its sources have under 300 lines, comments and blank lines included, and none of them is very long."""
    lines = source_of(language).splitlines()
    assert len(lines) < 300
    assert [] == [line for line in lines if len(line) > 130]


@pytest.mark.parametrize("language", SOURCES)
def test_a_package_has_a_page(language: str) -> None:
    """README.md, which says how to take it."""
    assert "copy" in (CLIENTS / language / "README.md").read_text("utf-8").lower()
