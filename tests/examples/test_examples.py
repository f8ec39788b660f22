"""Every file under examples/ works unchanged, in each language that is installed."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.settings import described, load

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
TIMEOUT_SECONDS = 60

SENDS = """\
balance: 1000.000 TRY
sent to 905329975725: 0
sent to 905990000003: 0
report for 905329975725: DELIVERED 0
report for 905990000003: NOT_DELIVERED 27
"""
"""The output of each sending example, with the reports in the order of their numbers."""


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def run(command: list[str], emulator: Emulator) -> str:
    """The output of a program that uses the emulator; it must exit with 0."""
    for name in ("http_proxy", "HTTP_PROXY"):
        os.environ.pop(name, None)
    sources = os.pathsep.join(str(ROOT / name) for name in ("emulator", "contracts", "client_reference"))
    process = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"KOBIKOM_URL": emulator.url, "LC_ALL": "C.UTF-8", "PYTHONPATH": sources},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    printed = process.stdout.decode()
    assert 0 == process.returncode, printed
    return printed


def ordered(printed: str) -> str:
    """The lines with the reports sorted: the order of reports of the same second is not defined."""
    lines = printed.splitlines(keepends=True)
    reports = sorted(line for line in lines if "report" in line)
    return "".join([line for line in lines if "report" not in line] + reports)


@pytest.mark.parametrize(
    ("programs", "example"),
    [
        (["php"], "php/send.php"),
        (["node", "nodejs"], "node/send.mjs"),
        (["java"], "java/Send.java"),
        ([sys.executable], "python/send.py"),
    ],
    ids=["php", "node", "java", "python"],
)
def test_a_sending_example_sends(programs: list[str], example: str, emulator: Emulator) -> None:
    """It sends two messages, gets both reports, and the journal has no note on its requests."""
    program = next((path for name in programs if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no {' or '.join(programs)} on this machine")
    assert SENDS == ordered(run([program, str(EXAMPLES / example)], emulator))
    notes = [note for entry in emulator.journal if entry.operation != "pull" for note in entry.explanation]
    assert [] == notes
    sent = [entry.request["body"] for entry in emulator.journal if entry.operation == "send"]
    assert ["Sayın Ayşe, siparişiniz &amp; faturanız yolda."] == re.findall(r"<metin>(.*?)</metin>", sent[0])


def test_the_curl_example_makes_all_four_requests(emulator: Emulator) -> None:
    """It queries titles and balance, sends, and pulls twice; the second pull has no reports."""
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    printed = run(["sh", str(EXAMPLES / "curl.sh")], emulator)
    operations = [entry.operation for entry in emulator.journal]
    assert ["titles", "balance", "send", "pull", "pull"] == operations
    assert printed.endswith("-- reports again\nNO_DATA\n")
    assert ["DELIVERED", "NOT_DELIVERED"] == re.findall(r'status="(\w+)"', printed)


def test_the_pytest_example_passes(emulator: Emulator) -> None:
    """The three tests of the file pass."""
    path = EXAMPLES / "python" / "test_notifications.py"
    printed = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)], emulator)
    assert "3 passed" in printed


def test_the_csharp_example_has_balanced_brackets() -> None:
    """Without a compiler: brackets match outside of strings and comments, and the elements are documented."""
    source = (EXAMPLES / "csharp" / "Program.cs").read_text(encoding="utf-8")
    code = re.sub(r"//[^\n]*", "", re.sub(r'\$?"(?:\\.|[^"\\\n])*"', '""', source))
    unclosed: list[str] = []
    for character in code:
        if character in "([{":
            unclosed.append(character)
        elif character in ")]}":
            assert unclosed
            assert unclosed.pop() + character in {"()", "[]", "{}"}
    assert [] == unclosed
    elements = set(re.findall(r'new(?: XElement)?\("(\w+)"', source))
    documented = {"SMS", "bakiye", "dogrulama", "kullanici", "parola", "mesajiniz", "baslik", "metin", "type", "gsm"}
    assert set() == elements - documented - {"alicilar", "languageCode"}


def test_the_settings_example_names_every_setting() -> None:
    """It loads and sets every setting but `store`, `clock.start` and the files of TLS, which are in comments."""
    loaded = load(file=EXAMPLES / "kobikom.toml")
    left_out = [name for name, _, source in described(loaded) if source == "default"]
    assert ["store", "clock.start", "tls.cert", "tls.key"] == left_out
    text = (EXAMPLES / "kobikom.toml").read_text(encoding="utf-8")
    assert [] == [line for line in ("# start = ", "# cert = ", "# key = ") if line not in text]


def documents(name: str) -> dict:
    """A YAML file of the examples, parsed."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    return yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))


def test_the_compose_file_starts_the_emulator_first() -> None:
    """It is YAML, its application waits for a healthy emulator, and both agree on name and port."""
    services = documents("docker-compose.yml")["services"]
    assert {"condition": "service_healthy"} == services["app"]["depends_on"]["kobikom"]
    assert "http://kobikom:8080" == services["app"]["environment"]["KOBIKOM_URL"]
    assert (EXAMPLES / services["kobikom"]["build"] / "Dockerfile").is_file()
    assert ["127.0.0.1:8080:8080"] == services["kobikom"]["ports"]
    load(environment=services["kobikom"]["environment"])


def test_the_workflow_has_the_emulator_as_a_service() -> None:
    """It is YAML, publishes the port that its steps use, and sets settings that exist."""
    job = documents("github-actions.yml")["jobs"]["tests"]
    assert ["8080:8080"] == job["services"]["kobikom"]["ports"]
    assert "http://127.0.0.1:8080" == job["env"]["KOBIKOM_URL"]
    load(environment=job["services"]["kobikom"]["env"])


def test_the_pod_of_kubernetes_is_alone_on_its_volume() -> None:
    """kubernetes.yaml is YAML: one replica that is never doubled, on the volume and by the user of the image, with a
    token and no variables of a service.
    """
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    documents = {
        document["kind"]: document
        for document in yaml.safe_load_all((EXAMPLES / "kubernetes.yaml").read_text(encoding="utf-8"))
    }
    claim, deployment, service = (documents[kind] for kind in ("PersistentVolumeClaim", "Deployment", "Service"))
    assert (1, {"type": "Recreate"}) == (deployment["spec"]["replicas"], deployment["spec"]["strategy"])
    pod = deployment["spec"]["template"]
    labels = pod["metadata"]["labels"]
    assert labels == deployment["spec"]["selector"]["matchLabels"] == service["spec"]["selector"]
    [container], [volume] = pod["spec"]["containers"], pod["spec"]["volumes"]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert [{"name": volume["name"], "mountPath": "/data"}] == container["volumeMounts"]
    assert "\nVOLUME /data\n" in dockerfile
    assert claim["metadata"]["name"] == volume["persistentVolumeClaim"]["claimName"]
    security = pod["spec"]["securityContext"]
    assert f"\nUSER {security['runAsUser']}:{security['fsGroup']}\n" in dockerfile
    assert pod["spec"]["enableServiceLinks"] is False
    load(environment={variable["name"]: "a token" for variable in container["env"]})
    [port] = container["ports"]
    probes = [container[probe]["httpGet"] for probe in ("readinessProbe", "livenessProbe")]
    assert [{"path": "/_emulator/health", "port": port["containerPort"]}] * 2 == probes
    assert port["containerPort"] == service["spec"]["ports"][0]["targetPort"]


def test_the_pods_of_kubernetes_share_a_database() -> None:
    """kubernetes-postgresql.yaml is YAML: several replicas without a volume, the URL of the store from a secret."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    documents = {
        document["kind"]: document
        for document in yaml.safe_load_all((EXAMPLES / "kubernetes-postgresql.yaml").read_text(encoding="utf-8"))
    }
    deployment, service = documents["Deployment"], documents["Service"]
    assert deployment["spec"]["replicas"] > 1
    pod = deployment["spec"]["template"]
    labels = pod["metadata"]["labels"]
    selectors = [documents[kind]["spec"]["selector"]["matchLabels"] for kind in ("Deployment", "PodDisruptionBudget")]
    assert [labels, labels, labels] == [*selectors, service["spec"]["selector"]]
    assert "volumes" not in pod["spec"]
    [container] = pod["spec"]["containers"]
    keys = {variable["name"]: variable["valueFrom"]["secretKeyRef"]["key"] for variable in container["env"]}
    assert {"KOBIKOM_CONTROL__TOKEN": "token", "KOBIKOM_STORE": "store"} == keys
    [port] = container["ports"]
    assert port["containerPort"] == service["spec"]["ports"][0]["targetPort"]


def test_the_servers_of_compose_share_a_database() -> None:
    """docker-compose-postgresql.yml is YAML: every server has the database with its password, nginx has the servers."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    document = yaml.safe_load((EXAMPLES / "docker-compose-postgresql.yml").read_text(encoding="utf-8"))
    services = document["services"]
    database = services["database"]["environment"]
    user, password, name = (database[f"POSTGRES_{part}"] for part in ("USER", "PASSWORD", "DB"))
    store = services["kobikom"]["environment"]["KOBIKOM_STORE"]
    assert f"postgresql://{user}:{password}@database/{name}" == store
    assert services["kobikom"]["deploy"]["replicas"] > 1
    assert "server kobikom:8080;" in document["configs"]["balancer"]["content"]


def test_the_unit_of_systemd_keeps_everything_in_its_folder(tmp_path: Path) -> None:
    """kobikom-emulator.service has sections and settings that systemd knows, a command that exists, and settings of
    ours.
    """
    source = (EXAMPLES / "kobikom-emulator.service").read_text(encoding="utf-8")
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names of settings keep their capitals
    unit.read_string(source)
    assert ["Unit", "Service", "Install"] == unit.sections()
    service = unit["Service"]
    assert ["/opt/kobikom/bin/kobikom-emulator", "serve"] == service["ExecStart"].split()
    name, _, value = service["Environment"].partition("=")
    assert f"%S/{service['StateDirectory']}/kobikom.sqlite" == value
    assert value == load(environment={name: value}).settings.store
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("the unit was not verified: systemd-analyze is not installed")
    installed = tmp_path / "kobikom-emulator.service"
    installed.write_text(source.replace("/opt/kobikom/bin/kobikom-emulator", sys.executable), encoding="utf-8")
    verified = subprocess.run(
        [analyze, "verify", "--recursive-errors=no", installed], capture_output=True, text=True, check=False, timeout=60
    )
    assert (0, "") == (verified.returncode, verified.stderr)


def test_every_example_has_a_test() -> None:
    """Each file under examples/ is named in a test; the adapters are tested with the client contracts."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z", "examples"], cwd=ROOT, capture_output=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    paths = [Path(name) for name in listed.stdout.decode().split("\0") if name]
    kept = [path.name for path in paths if "adapters" not in path.parts]
    assert [] == [name for name in kept if name not in tests]
