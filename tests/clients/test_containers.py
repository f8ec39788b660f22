"""The snippets for testcontainers: each runs with a stand-in for the library, whose container is a running emulator."""

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from client_programs import (
    CLIENTS,
    NOTIFIER_CSHARP,
    NOTIFIER_JAVA,
    QUICK,
    ROOT,
    compile_csharp,
    compile_java,
    copied,
    example,
    java_class_path,
    run,
    tool,
)

from kobikom_emulator import Emulator

PAGE = ROOT / "docs" / "testing" / "in-php-node-csharp.md"

pytestmark = pytest.mark.xdist_group("clients")


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator({"control": {"token": "s3cret"}}) as running:
        yield running


@pytest.fixture
def port(emulator: Emulator) -> str:
    return str(urlsplit(emulator.url).port)


JAVA = {
    "org/testcontainers/utility/DockerImageName.java": """
package org.testcontainers.utility;

public record DockerImageName(String name) {
    public static DockerImageName parse(String name) { return new DockerImageName(name); }
}
""",
    "org/testcontainers/containers/wait/strategy/Wait.java": """
package org.testcontainers.containers.wait.strategy;

public record Wait(String path) {
    public static Wait forHttp(String path) { return new Wait(path); }
}
""",
    "org/testcontainers/containers/GenericContainer.java": """
package org.testcontainers.containers;

import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

public class GenericContainer<SELF extends GenericContainer<SELF>> {
    public GenericContainer(DockerImageName image) { }
    @SuppressWarnings("unchecked") SELF self() { return (SELF) this; }
    public SELF withExposedPorts(Integer... ports) { return self(); }
    public SELF withEnv(String name, String value) { return self(); }
    public SELF waitingFor(Wait wait) { return self(); }
    public void start() { }
    public String getHost() { return "127.0.0.1"; }
    public Integer getMappedPort(int port) { return Integer.getInteger("emulator.port"); }
}
""",
}


def test_the_java_snippet(emulator: Emulator, port: str, tmp_path: Path) -> None:
    """It waits for the code that the notifier sent."""
    java = tool("java", package="default-jre-headless")
    imports = (
        "import java.util.Map;\nimport kobikom.emulator.testing.Kobikom;\n"
        "import org.testcontainers.containers.GenericContainer;\n"
        "import org.testcontainers.containers.wait.strategy.Wait;\nimport org.testcontainers.utility.DockerImageName;\n"
    )
    main = "class Snippet { public static void main(String[] arguments) throws Exception {\n"
    snippet = f"{imports}{main}{example(PAGE, 'java')}}} }}\n"
    for name, text in {**JAVA, "Notifier.java": NOTIFIER_JAVA, "Snippet.java": snippet}.items():
        (tmp_path / "stand-in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "stand-in" / name).write_text(text, "utf-8")
    classes = java_class_path(tmp_path / "classes")
    sources = (CLIENTS / "java" / "src" / "main").rglob("*.java")
    compile_java(emulator, tmp_path, classes, *sources, *(tmp_path / "stand-in").rglob("*.java"))
    assert (0, "") == run(tmp_path, emulator, java, *QUICK, f"-Demulator.port={port}", "-cp", classes, "Snippet")


NODE = """
export const Wait = { forHttp: (path, port) => ({ path, port }) };

export class GenericContainer {
  withExposedPorts() { return this; }
  withEnvironment() { return this; }
  withWaitStrategy() { return this; }
  async start() { return { getHost: () => '127.0.0.1', getMappedPort: () => process.env.EMULATOR_PORT }; }
}
"""


def test_the_node_snippet(emulator: Emulator, port: str, tmp_path: Path) -> None:
    """It opens a space, which answers."""
    package = copied("node", tmp_path)
    stand_in = package / "node_modules" / "testcontainers"
    stand_in.mkdir(parents=True)
    (stand_in / "package.json").write_text('{"type": "module", "exports": "./index.js"}', "utf-8")
    (stand_in / "index.js").write_text(NODE, "utf-8")
    after = "console.log(await kobikom.find());\nawait kobikom.close();\n"
    (package / "snippet.mjs").write_text(example(PAGE, "js") + after, "utf-8")
    node = tool("node", package="nodejs")
    assert (0, "[]\n") == run(package, emulator, node, "snippet.mjs", EMULATOR_PORT=port)


CSHARP = """
using System;
using System.Threading.Tasks;
using KobikomEmulator.Testing;

internal sealed class HttpWait
{
    public HttpWait ForPort(ushort port) => this;
    public HttpWait ForPath(string path) => this;
}

internal sealed class Wait
{
    public static Wait ForUnixContainer() => new Wait();
    public Wait UntilHttpRequestIsSucceeded(Func<HttpWait, HttpWait> request) { request(new HttpWait()); return this; }
}

internal sealed class Container
{
    public string Hostname => "127.0.0.1";
    public Task StartAsync() => Task.CompletedTask;
    public ushort GetMappedPublicPort(int port) => ushort.Parse(Environment.GetEnvironmentVariable("EMULATOR_PORT"));
}

internal sealed class ContainerBuilder
{
    public ContainerBuilder WithImage(string image) => this;
    public ContainerBuilder WithPortBinding(int port, bool random) => this;
    public ContainerBuilder WithEnvironment(string name, string value) => this;
    public ContainerBuilder WithWaitStrategy(Wait wait) => this;
    public Container Build() => new Container();
}
"""


def test_the_csharp_snippet(emulator: Emulator, port: str, tmp_path: Path) -> None:
    """It sends to the space that it opened."""
    main = "internal static class Snippet { private static void Main() => RunAsync().Wait();\n"
    program = f"{CSHARP}{main}private static async Task RunAsync() {{\n{example(PAGE, 'csharp')}}} }}\n"
    (tmp_path / "Snippet.cs").write_text(program, "utf-8")
    (tmp_path / "Notifier.cs").write_text(NOTIFIER_CSHARP, "utf-8")
    sources = [*(CLIENTS / "dotnet" / "src").glob("*.cs"), tmp_path / "Snippet.cs", tmp_path / "Notifier.cs"]
    compiled = compile_csharp(emulator, tmp_path, *sources)
    assert (0, "") == run(tmp_path, emulator, "mono", compiled, EMULATOR_PORT=port)
