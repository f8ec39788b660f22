"""The workflow files are well-formed, cover what is supported, may do no more than they need, and publish nothing
unless the owner of the repository says so.
"""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

yaml = pytest.importorskip("yaml", reason="pyyaml is not installed")

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github/workflows"
FILES = sorted(FOLDER.glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

PERMISSIONS = {
    "type": "object",
    "additionalProperties": {"enum": ["read", "write", "none"]},
    "propertyNames": {"enum": ["contents", "id-token", "attestations", "packages"]},
}
STEP = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "id": {"type": "string", "pattern": "^[a-z][a-z0-9_-]*$"},
        "if": {"type": "string"},
        "uses": {"type": "string", "pattern": r"^[\w.-]+/[\w./-]+@[\w./-]+$"},
        "run": {"type": "string", "minLength": 1},
        "with": {"type": "object"},
        "env": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "oneOf": [{"required": ["uses"]}, {"required": ["run"]}],
    "additionalProperties": False,
}
NEEDS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
JOB = {
    "type": "object",
    "properties": {
        "needs": NEEDS,
        "if": {"type": "string"},
        "runs-on": {"type": "string"},
        "timeout-minutes": {"type": "integer", "minimum": 1, "maximum": 120},
        "environment": {"type": "string"},
        "permissions": PERMISSIONS,
        "strategy": {
            "type": "object",
            "properties": {"fail-fast": {"type": "boolean"}, "matrix": {"type": "object"}},
            "required": ["matrix"],
            "additionalProperties": False,
        },
        "defaults": {"const": {"run": {"shell": "bash"}}},
        "steps": {"type": "array", "minItems": 1, "items": STEP},
    },
    "required": ["runs-on", "timeout-minutes", "steps"],
    "additionalProperties": False,
}
CALL = {
    "type": "object",
    "properties": {"uses": {"type": "string", "pattern": r"^\./\.github/workflows/\w+\.yml$"}, "needs": NEEDS},
    "required": ["uses"],
    "additionalProperties": False,
}
WORKFLOW = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "on": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"enum": ["push", "pull_request", "workflow_call", "workflow_dispatch"]},
        },
        "permissions": {"const": {"contents": "read"}},
        "concurrency": {"type": "object"},
        "jobs": {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [JOB, CALL]}},
    },
    "required": ["name", "on", "permissions", "jobs"],
    "additionalProperties": False,
}


def read(path: Path) -> dict[str, Any]:
    """A workflow. YAML 1.1, which pyyaml reads, takes the key `on` for true."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in document.items()}


WORKFLOWS = {path.name: read(path) for path in FILES}
JOBS = [(file, name, job) for file, workflow in WORKFLOWS.items() for name, job in workflow["jobs"].items()]
STEPS = [(file, name, step) for file, name, job in JOBS for step in job.get("steps", ())]
RELEASE = WORKFLOWS["release.yml"]["jobs"]
PUBLISHING = "vars.KOBIKOM_PUBLISH_"


def job_ids() -> list[str]:
    return [f"{file}-{name}" for file, name, _ in JOBS]


@pytest.mark.parametrize("file", WORKFLOWS)
def test_a_workflow_has_the_fields_that_it_needs(file: str) -> None:
    """Only fields that are known, each job with a runner, a time-out and steps, and by default the right to read."""
    errors = jsonschema_rs.validator_for(WORKFLOW).iter_errors(WORKFLOWS[file])
    assert [] == [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in errors]


@pytest.mark.parametrize(("file", "name", "job"), JOBS, ids=job_ids())
def test_a_job_needs_jobs_that_exist(file: str, name: str, job: dict[str, Any]) -> None:
    """And calls a workflow that can be called."""
    needs = job.get("needs", [])
    assert set() == ({needs} if isinstance(needs, str) else set(needs)) - set(WORKFLOWS[file]["jobs"])
    if "uses" in job:
        assert "workflow_call" in WORKFLOWS[Path(job["uses"]).name]["on"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("script", [step["run"] for _, _, step in STEPS if "run" in step])
def test_a_script_is_well_formed(script: str) -> None:
    """Bash can read it, the files of this repository that it names exist, and no expression is written into it."""
    subprocess.run(["bash", "-n"], input=script, text=True, check=True, capture_output=True, timeout=60)
    assert "${{" not in script, "a value that others choose is given in env, not written into a script"
    named = re.findall(r"(?<![\w./$}{-])((?:tests|script|\.ci)/[\w./-]+|constraints\.txt|pyproject\.toml)", script)
    assert [] == [name for name in named if not (ROOT / name).exists()]


def test_every_step_of_outputs_exists() -> None:
    """An expression that reads the output of a step names one of its job."""
    for file, name, job in JOBS:
        known = {step["id"] for step in job.get("steps", ()) if "id" in step}
        used = set(re.findall(r"steps\.([\w-]+)\.outputs", str(job)))
        assert used <= known, (file, name)


def test_the_wheel_is_tested_on_every_python_and_system() -> None:
    """From the oldest Python that pyproject.toml allows on, on Linux, macOS and Windows."""
    matrix = WORKFLOWS["wheel.yml"]["jobs"]["test"]["strategy"]["matrix"]
    assert ["3.11", "3.12", "3.13", "3.14"] == matrix["python"]
    assert ">=" + matrix["python"][0] == PROJECT["requires-python"]
    assert {"ubuntu", "macos", "windows"} == {system.partition("-")[0] for system in matrix["system"]}


def test_the_wheel_is_what_is_tested() -> None:
    """The job installs the built file with the extras of its tests, and no checkout."""
    script = "\n".join(step.get("run", "") for step in WORKFLOWS["wheel.yml"]["jobs"]["test"]["steps"])
    assert "--editable" not in script
    (extras,) = re.findall(r"\{wheel\}\[([\w,]+)\]", script)
    assert set() == set(extras.split(",")) - set(PROJECT["optional-dependencies"])


def test_the_image_is_for_two_architectures() -> None:
    """With a list of its contents and a record of its build."""
    (build,) = [
        step for step in RELEASE["image"]["steps"] if step.get("uses", "").startswith("docker/build-push-action")
    ]
    assert ["linux/amd64", "linux/arm64"] == build["with"]["platforms"].split(",")
    assert (True, "mode=max") == (build["with"]["sbom"], build["with"]["provenance"])


def test_distributions_are_described_and_attested() -> None:
    """An SBOM of the wheel, and attestations of both, before anything is published."""
    used = [step["uses"].partition("@")[0] for step in RELEASE["describe"]["steps"] if "uses" in step]
    expected = ["anchore/sbom-action", "actions/attest-build-provenance", "actions/attest-sbom"]
    assert expected == [name for name in used if name in expected]
    assert {"wheel", "version", "describe"} == set(RELEASE["publish"]["needs"])


def test_only_what_signs_or_uploads_may_do_more_than_read() -> None:
    """The right to write stands at the job that needs it; the upload has no other right."""
    rights = {f"{file} {name}": job["permissions"] for file, name, job in JOBS if "permissions" in job}
    signing = {"contents": "read", "id-token": "write", "attestations": "write"}
    assert {
        "release.yml describe": signing,
        "release.yml image": {**signing, "packages": "write"},
        "release.yml publish": {"id-token": "write"},
    } == rights


def test_nothing_is_published_unless_the_owner_says_so() -> None:
    """Upload, push and sign-in depend on a tag and on a variable of the repository, and no secret is stored."""
    publish = RELEASE["publish"]
    assert "github.ref_type == 'tag' && vars.KOBIKOM_PUBLISH_PACKAGE == 'true'" == publish["if"]
    assert "package-index" == publish["environment"]
    for step in RELEASE["image"]["steps"]:
        action = step.get("uses", "").partition("@")[0]
        if action in {"docker/login-action", "actions/attest-build-provenance"}:
            assert PUBLISHING in step["if"]
        if action == "docker/build-push-action":
            assert "github.ref_type == 'tag'" in step["with"]["push"]
            assert PUBLISHING in step["with"]["push"]
    uploads = [name for _, name, step in STEPS if "publish" in step.get("uses", "")]
    assert ["publish"] == uploads
    secrets = set(re.findall(r"secrets\.(\w+)", "\n".join(path.read_text(encoding="utf-8") for path in FILES)))
    assert {"GITHUB_TOKEN"} == secrets  # made by the platform for each run


GOOD = {
    "name": "x",
    "on": {"push": None},
    "permissions": {"contents": "read"},
    "jobs": {"a": {"runs-on": "ubuntu-latest", "timeout-minutes": 1, "steps": [{"run": "true"}]}},
}


def with_job(**fields: Any) -> dict[str, Any]:
    return {**GOOD, "jobs": {"a": {**GOOD["jobs"]["a"], **fields}}}  # type: ignore[index]


@pytest.mark.parametrize(
    ("workflow", "valid"),
    [
        (GOOD, True),
        ({name: value for name, value in GOOD.items() if name != "permissions"}, False),
        ({**GOOD, "permissions": {"contents": "write"}}, False),
        ({**GOOD, "on": {"pull_request_target": None}}, False),
        (with_job(**{"timeout-minutes": 0}), False),
        (with_job(steps=[]), False),
        (with_job(steps=[{"uses": "actions/checkout"}]), False),
        (with_job(steps=[{"run": "true", "usess": "y"}]), False),
        (with_job(permissions={"contents": "all"}), False),
    ],
    ids=["good", "no rights", "all may write", "trigger", "time-out", "no steps", "no version", "field", "right"],
)
def test_a_broken_workflow_is_found(workflow: dict[str, Any], valid: bool) -> None:
    """The schema refuses each kind of slip and accepts a plain workflow."""
    assert valid == jsonschema_rs.is_valid(WORKFLOW, workflow)
