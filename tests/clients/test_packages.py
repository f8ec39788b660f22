"""The packages in clients/: each runs its own tests against one server, where its language is installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.driver import ClockControl, FaultControl, Kobikom, KobikomServer

CLIENTS = Path(__file__).resolve().parents[2] / "clients"
RUNNERS = ("vitest@5.1.1", "jest@30.5.2")
TYPESCRIPT = ("openapi-typescript@7.13.0", "typescript@5.9.3")
JARS = Path("/usr/share/java")
JUNIT = (
    "apiguardian-api", "junit-jupiter-api", "junit-jupiter-engine", "junit-platform-commons", "junit-platform-console",
    "junit-platform-engine", "junit-platform-launcher", "junit-platform-reporting", "opentest4j", "picocli",
)  # fmt: skip

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


def tool(program: str, *, package: str) -> str:
    """The path of a program; skips, and names the Debian package, where there is none."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"no {program} on this machine (Debian's package {package})")
    return path


def run(folder: Path, emulator: Emulator, *command: str | Path, **environment: str) -> tuple[int, str]:
    """The exit status of a program in a folder, and what it printed. Its default emulator is ours."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=kept | {"KOBIKOM_URL": emulator.url, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=180,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def copied(language: str, folder: Path) -> Path:
    """A copy of a package: a test runner may write beside the tests."""
    return shutil.copytree(CLIENTS / language, folder / language)


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
    """Its tests pass under PHPUnit, and a test that fails shows the journal of its space."""
    tool("php", package="php-cli")
    phpunit = tool("phpunit", package="phpunit")
    package = copied("php", tmp_path)
    status, printed = run(package, emulator, phpunit, "tests/KobikomTest.php")
    assert 0 == status, printed
    assert re.search(r"OK \(7 tests", printed)
    (package / "tests" / "FailingTest.php").write_text(FAILING_PHP, "utf-8")
    status, printed = run(package, emulator, phpunit, "tests/FailingTest.php")
    assert 1 == status, printed
    assert re.search(r"kobikom journal\nspace .*\n#1 pull as nobody: refused -", printed), printed


# Node


def test_the_node_package_under_node_test(emulator: Emulator, tmp_path: Path) -> None:
    """Its tests pass under node's own runner."""
    package = copied("node", tmp_path)
    command = [tool("node", package="nodejs"), "--test", "--test-reporter=tap", "test/kobikom.test.mjs"]
    status, printed = run(package, emulator, *command)
    assert 0 == status, printed
    assert "# pass 6" in printed


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
    javac, java = tool("javac", package="default-jdk-headless"), tool("java", package="default-jre-headless")
    jars = [JARS / f"{name}.jar" for name in JUNIT]
    if not all(jar.exists() for jar in jars):
        pytest.skip("no JUnit 5 in /usr/share/java (Debian's package junit5)")
    package = copied("java", tmp_path)
    sources = package / "src"
    (sources / "test/java/kobikom/emulator/testing/FailingTest.java").write_text(FAILING_JAVA, "utf-8")
    classes = os.pathsep.join([str(tmp_path / "classes"), *map(str, jars)])
    lint = ["-Xlint:all,-path,-processing,-serial", "-Werror", "--release", "17", "-encoding", "UTF-8"]
    command = [javac, *lint, "-d", tmp_path / "classes", "-cp", classes, *sources.rglob("*.java")]
    assert (0, "") == run(package, emulator, *command)
    launcher = ["org.junit.platform.console.ConsoleLauncher", "--disable-banner", "--disable-ansi-colors"]
    scan = ["--scan-classpath", tmp_path / "classes", "--details", "tree"]
    status, printed = run(package, emulator, java, "-cp", classes, *launcher, *scan)
    assert 1 == status, printed
    assert re.search(r" 6 tests successful .*\n.* 1 tests failed ", printed), printed
    assert re.search(r"kobikom journal\n.*space .*\n.*#1 send as .*: refused -13", printed), printed


# .NET


def test_the_dotnet_package(emulator: Emulator, tmp_path: Path) -> None:
    """It compiles without a warning as C# 7 with Mono, and its tests pass."""
    compiler, mono = tool("mcs", package="mono-mcs"), tool("mono", package="mono-runtime")
    program = tmp_path / "tests.exe"
    sources = [*(CLIENTS / "dotnet" / "src").glob("*.cs"), *(CLIENTS / "dotnet" / "tests").glob("*.cs")]
    options = ["-langversion:7", "-warnaserror", "-r:System.Net.Http.dll", f"-out:{program}"]
    status, printed = run(tmp_path, emulator, compiler, *options, *sources)
    if "System.Net.Http.dll' could not be found" in printed:
        pytest.skip("Mono has no System.Net.Http (Debian's package libmono-system-net-http4.0-cil)")
    assert (0, "") == (status, printed)
    status, printed = run(tmp_path, emulator, mono, program)
    assert 0 == status, printed
    assert ["ok"] * 6 == [line.partition(" ")[0] for line in printed.splitlines()]


# all of them

SOURCES = {
    "php": ["src/Kobikom.php", "src/UsesKobikom.php"],
    "node": ["kobikom.js", "kobikom.d.ts"],
    "java": [],
    "dotnet": ["src/Kobikom.cs", "src/Json.cs"],
}
WORDS = {
    Kobikom: "wait_for wait_for_all find assert_none drain deliver release account journal journal_text reset close",
    ClockControl: "now advance set freeze run",
    FaultControl: "arm fail_next lose_next_answer drop_next delay_next http_error_next stall_next clear",
}


def source_of(language: str) -> str:
    """The text of a package, without its tests."""
    root = CLIENTS / language
    paths = [root / name for name in SOURCES[language]] or sorted((root / "src" / "main").rglob("*.java"))
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
    """Under 300 lines beside blank lines, comments and imports."""
    lines = [line.strip() for line in source_of(language).splitlines()]
    code = [
        line for line in lines if line and not re.match(r"(//|/?\*|import |using \w|use |namespace |package )", line)
    ]
    assert len(code) < 300


@pytest.mark.parametrize("language", SOURCES)
def test_a_package_has_a_page(language: str) -> None:
    """README.md, which says how to take it."""
    assert "copy" in (CLIENTS / language / "README.md").read_text("utf-8").lower()
