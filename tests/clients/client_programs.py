"""Runs programs of other languages against an emulator; the code under test that the examples of the pages call."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kobikom_emulator import Emulator

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "clients"
TYPESCRIPT = ("openapi-typescript@7.13.0", "typescript@5.9.3")
JARS = Path("/usr/share/java")
JUNIT = (
    "apiguardian-api", "junit-jupiter-api", "junit-jupiter-engine", "junit-platform-commons", "junit-platform-console",
    "junit-platform-engine", "junit-platform-launcher", "junit-platform-reporting", "opentest4j", "picocli",
)  # fmt: skip
# A short run of Java is quicker without its optimizing compiler.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
CSHARP = ("-langversion:7", "-warnaserror", "-r:System.Net.Http.dll")

NOTIFIER_PHP = """<?php
final class Notifier
{
    public function __construct(private string $url, private string $user, private string $password) {}

    public function sendCode(string $number): bool
    {
        $xml = "<SMS><dogrulama><kullanici>$this->user</kullanici><parola>$this->password</parola></dogrulama>"
            . "<mesajiniz><metin>Kodunuz 1234</metin><alicilar><gsm>$number</gsm></alicilar></mesajiniz></SMS>";
        $context = stream_context_create(['http' => [
            'method' => 'POST', 'header' => 'Content-Type: application/xml', 'content' => $xml,
        ]]);
        return str_contains(file_get_contents("$this->url/api/sendsms/xml/", false, $context), '<status>0</status>');
    }
}
"""
NOTIFIER_JS = """
export class Notifier {
  constructor(...login) { this.login = login; }
  async sendCode(number) {
    const [url, user, password] = this.login;
    const body = `<SMS><dogrulama><kullanici>${user}</kullanici><parola>${password}</parola></dogrulama><mesajiniz>
<metin>Kodunuz 1234</metin><alicilar><gsm>${number}</gsm></alicilar></mesajiniz></SMS>`;
    const answer = await fetch(`${url}/api/sendsms/xml/`, { method: 'POST', body });
    return (await answer.text()).includes('<status>0</status>');
  }
}
"""
NOTIFIER_JAVA = """
import java.net.URI;
import java.net.http.*;

record Notifier(String url, String user, String password) {
    boolean sendCode(String number) throws Exception {
        var xml = "<SMS><dogrulama><kullanici>" + user + "</kullanici><parola>" + password + "</parola></dogrulama>"
            + "<mesajiniz><metin>Kodunuz 1234</metin><alicilar><gsm>" + number + "</gsm></alicilar></mesajiniz></SMS>";
        var request = HttpRequest.newBuilder(URI.create(url + "/api/sendsms/xml/"))
            .POST(HttpRequest.BodyPublishers.ofString(xml)).build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        return answer.body().contains("<status>0</status>");
    }
}
"""
NOTIFIER_CSHARP = """
internal sealed class Notifier
{
    private readonly string _url, _user, _password;

    public Notifier(string url, string user, string password) { _url = url; _user = user; _password = password; }

    public async System.Threading.Tasks.Task<bool> SendCodeAsync(string number)
    {
        var xml = $"<SMS><dogrulama><kullanici>{_user}</kullanici><parola>{_password}</parola></dogrulama><mesajiniz>"
            + $"<metin>Kodunuz 1234</metin><alicilar><gsm>{number}</gsm></alicilar></mesajiniz></SMS>";
        using (var http = new System.Net.Http.HttpClient())
        using (var answer = await http.PostAsync(_url + "/api/sendsms/xml/", new System.Net.Http.StringContent(xml)))
            return (await answer.Content.ReadAsStringAsync()).Contains("<status>0</status>");
    }
}
"""


def example(page: Path, language: str) -> str:
    """The first example of a page in a language."""
    fence = re.search(rf"^```{language}\b[^\n]*\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert fence is not None
    return fence[1]


def java_class_path(folder: Path) -> str:
    """The classes in a folder and those of JUnit 5; skips where it is not installed."""
    jars = [JARS / f"{name}.jar" for name in JUNIT]
    if not all(jar.exists() for jar in jars):
        pytest.skip("no JUnit 5 in /usr/share/java (Debian's package junit5)")
    return os.pathsep.join([str(folder), *map(str, jars)])


def compile_java(emulator: Emulator, folder: Path, classes: str, *sources: Path) -> None:
    """Compile without a warning."""
    lint = ["-Xlint:all,-path,-processing,-serial", "-Werror", "--release", "17", "-encoding", "UTF-8"]
    javac = tool("javac", package="default-jdk-headless")
    assert (0, "") == run(
        folder,
        emulator,
        javac,
        *(f"-J{flag}" for flag in QUICK),
        *lint,
        "-d",
        folder / "classes",
        "-cp",
        classes,
        *sources,
    )


def compile_csharp(emulator: Emulator, folder: Path, *sources: Path) -> Path:
    """The program, compiled with Mono and without a warning."""
    compiler = tool("mcs", package="mono-mcs")
    tool("mono", package="mono-runtime")
    program = folder / "program.exe"
    status, printed = run(folder, emulator, compiler, *CSHARP, f"-out:{program}", *sources)
    if "System.Net.Http.dll' could not be found" in printed:
        pytest.skip("Mono has no System.Net.Http (Debian's package libmono-system-net-http4.0-cil)")
    assert (0, "") == (status, printed)
    return program


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
