"""The tables of the pages agree with the program."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from page_reader import ROOT
from protocol_page import FILES, protocol_page

from kobikom_emulator.domain.delivery import USUAL_GSM_ERROR, Outcome, Plan, Status, plan
from kobikom_emulator.domain.magic import MAGIC
from kobikom_emulator.faults.kinds import KINDS
from kobikom_emulator.faults.rule import Match, When
from kobikom_emulator.journal.notes import Kind
from kobikom_emulator.journal.statements import STATEMENTS, clauses
from kobikom_emulator.kobikom import EXTRAS
from kobikom_emulator.phrases import Language
from kobikom_emulator.protocol import decode
from kobikom_emulator.protocol.codes import Code
from kobikom_emulator.protocol.readings import CATALOGUE
from kobikom_emulator.settings import AccountSettings, DeliveryOutcome, described, from_flags, load, serve_defaults
from kobikom_emulator.translation.codes import CODES

DOCS = ROOT / "docs"


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """The text under a heading, up to the next heading of its level or above."""
    match = re.search(rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,2}} |^### |\Z)", page, re.MULTILINE | re.DOTALL)
    assert match, f"no heading {heading!r}"
    return match[2]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, without header and separator rows."""
    in_order: list[list[str]] = []
    for line in re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL).splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if set("".join(cells)) <= set("-:"):
                in_order.pop()
            else:
                in_order.append(cells)
    return in_order


def code(cell: str) -> list[str]:
    """The parts of a cell in backticks."""
    return re.findall(r"`([^`]*)`", cell)


@pytest.mark.parametrize("language", FILES)
def test_the_protocol_pages_are_written_from_the_tables(language: Language) -> None:
    """Both pages have the program's statements with their marks, and its readings: `protocol_page.py` writes them."""
    assert protocol_page(language) == text_of(FILES[language]), "run: python tests/docs/protocol_page.py"


def test_the_protocol_has_every_statement_with_its_mark() -> None:
    """In the program's order: the page is read back."""
    page = text_of("protocol.md").partition("## Where the page leaves a choice")[0].partition("## T: ")[2]
    assert [(each.id, each.mark) for each in STATEMENTS.values()] == [(row[0], row[-1]) for row in rows(page)]


def test_the_protocol_has_every_reading() -> None:
    """Each is a heading of its own with its values in order, and a statement of its clause links to it."""
    page, _, choices = text_of("protocol.md").partition("## Where the page leaves a choice")
    assert [ambiguity.name for ambiguity in CATALOGUE] == re.findall(r"^### (\S+)$", choices, re.MULTILINE)
    linked = {(row[0].partition(".")[0], name) for row in rows(page) for name in re.findall(r"\(#([\w-]+)\)", row[1])}
    assert [] == [each.name for each in CATALOGUE if (each.clause, each.name) not in linked]
    for ambiguity in CATALOGUE:
        values = [row[0] for row in rows(section(text_of("protocol.md"), ambiguity.name))]
        marked = [f"`{value}`" + (" (default)" if value == ambiguity.default else "") for value in ambiguity.values]
        assert marked == values


def test_the_magic_numbers_are_those_of_the_page() -> None:
    """A message to each number ends with the status, gsmerror and time of its row."""
    units = {"s": 1000, "min": 60_000, "h": 3_600_000}

    def milliseconds(cell: str) -> int:
        amount, unit = re.findall(r"(\d+) (s|min|h)\b", cell)[0]
        return int(amount) * units[unit]

    table = [row for row in rows(text_of("magic-numbers.md")) if code(row[0])]
    documented = {code(row[0])[0]: (row[1], int(row[2]), milliseconds(row[3])) for row in table}
    assert {number: _end(outcome) for number, outcome in MAGIC.items()} == documented


def _end(outcome: Outcome) -> tuple[str, int, int]:
    end: Plan = plan(outcome, submitted_at=0, delay=0, validity=48 * 3_600_000)
    return end.status.value, end.gsm_error, end.done_at


def test_every_setting_is_named_with_default_and_variable() -> None:
    """The table has exactly the program's settings, their defaults as `config` prints them, their variables."""
    table = rows(section(text_of("configuration.md"), "All settings"))
    documented = {code(row[0])[0]: (code(row[1])[:1] or [""], code(row[2])) for row in table}
    for summary in ("readings.NAME", "accounts", "account-defaults.NAME"):
        assert documented.pop(summary)[1] == ["KOBIKOM_" + summary.upper().replace(".", "__").replace("-", "_")]
    expected = {
        name: ([default], ["KOBIKOM_" + name.upper().replace(".", "__").replace("-", "_")])
        for name, default, _ in described(load(defaults=serve_defaults()))
        if not name.startswith(("readings.", "accounts.", "account-defaults."))
    }
    assert expected == documented


def test_every_flag_of_the_table_exists() -> None:
    """The table has exactly those options of `serve` that choose one setting."""
    from kobikom_emulator.cli import commands

    options = {name for option in commands.commands["serve"].params for name in option.opts if name.startswith("--")}
    table = rows(section(text_of("configuration.md"), "All settings"))
    named = {flag for row in table for flag in code(row[3])}
    assert options - {"--config", "--scenario", "--set", "--state", "--help"} == named


def test_the_variables_of_the_table_work() -> None:
    """Each plain setting can be set to its default by its variable, which is then named as its source."""
    for name, default, _ in described(load(defaults=serve_defaults())):
        if name.startswith(("readings.", "accounts.")) or default in ("null", ""):
            continue
        variable = "KOBIKOM_" + name.upper().replace(".", "__").replace("-", "_")
        loaded = {
            setting: (value, source) for setting, value, source in described(load(environment={variable: default}))
        }
        assert (default, f"environment {variable}") == loaded[name]


def test_every_extra_is_in_the_table_with_its_commands() -> None:
    """Those that users install: the others are for this repository's own tests, and `client` adds nothing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = {"client", "quick", "test", "bench", "mutation", "dev"}
    table = {
        code(extra)[0]: code(what)
        for extra, what in rows(section(text_of("commands.md"), "Into an environment of your own"))
    }
    assert {".", *(f".[{name}]" for name in set(project["optional-dependencies"]) - ours)} == set(table)
    assert {} == {name: extra for name, extra in EXTRAS.items() if name not in table[f".[{extra}]"]}


def test_every_reading_is_in_the_configuration() -> None:
    """The short table of readings has every name, its default and its other values, in order."""
    documented = [
        (code(row[0])[0], code(row[1]) + code(row[2])) for row in rows(section(text_of("configuration.md"), "Readings"))
    ]
    assert [(f"readings.{reading.name}", list(reading.values)) for reading in CATALOGUE] == documented


@pytest.mark.parametrize(
    ("heading", "structure"), [("Accounts", AccountSettings), ("Delivery", DeliveryOutcome)], ids=["account", "outcome"]
)
def test_the_fields_of_a_table_are_those_of_the_structure(heading: str, structure: type[msgspec.Struct]) -> None:
    """Every field of an account and of an outcome is listed, and required ones are marked."""
    table = rows(section(text_of("configuration.md"), heading))
    fields = {field.name.replace("_", "-"): field.required for field in msgspec.structs.fields(structure)}
    assert sorted(fields) == sorted(code(row[0])[0] for row in table)
    assert fields == {code(row[0])[0]: row[1] == "required" for row in table}


def test_the_defaults_of_an_account_are_those_of_the_page() -> None:
    """A default that the table prints in code is the one that `config` prints."""
    printed = {name.rpartition(".")[2]: value for name, value, _ in described(load()) if name.startswith("accounts.")}
    table = rows(section(text_of("configuration.md"), "Accounts"))
    documented = {code(row[0])[0]: code(row[1])[0] for row in table if code(row[1])}
    assert {name: printed[name] for name in documented} == documented


def test_the_networks_of_the_page_are_those_with_prices() -> None:
    """The network names that `prices` takes are those of the numbering plan."""
    from kobikom_emulator.domain.magic import NETWORK
    from kobikom_emulator.domain.numbering import TURKISH_PREFIXES

    row = next(row for row in rows(section(text_of("configuration.md"), "Accounts")) if code(row[0]) == ["prices"])
    assert {*TURKISH_PREFIXES.values(), NETWORK} == {name for name in code(row[2]) if len(name) > 2}


def test_every_condition_of_a_fault_rule_is_named() -> None:
    """The table of faults has every condition in the order of the structures."""
    table = rows(section(text_of("configuration.md"), "Faults"))
    conditions = [(code(row[0])[0], code(row[1])[0]) for row in table if len(row) == 4]
    parts = {"match": Match, "when": When}
    assert [(part, name) for part, structure in parts.items() for name in structure.__struct_fields__] == conditions


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_is_explained(kind: str) -> None:
    """The table has each kind with all its fields, the words of its choices and what its docstring says."""
    table = {code(row[0])[0]: row for row in rows(section(text_of("configuration.md"), "Faults")) if len(row) == 3}
    assert kind in table, f"docs/configuration.md has no row for {kind}"
    _, fields, happens = table[kind]
    assert " ".join((KINDS[kind].__doc__ or "").split()) == happens
    choices = [
        value
        for hint in get_type_hints(KINDS[kind]).values()
        if get_origin(hint) is Literal
        for value in get_args(hint)
    ]
    assert set() == {*KINDS[kind].__struct_fields__, *choices} - set(code(fields))


def test_no_other_kind_of_fault_is_explained() -> None:
    """In the order in which the program lists them."""
    table = rows(section(text_of("configuration.md"), "Faults"))
    assert list(KINDS) == [code(row[0])[0] for row in table if len(row) == 3]


def test_the_variables_of_the_client_are_no_mistakes() -> None:
    """The emulator ignores them without a warning; of a misspelled variable it warns, as the page says."""
    client = {"KOBIKOM_URL": "http://127.0.0.1", "KOBIKOM_USER": "a", "KOBIKOM_PASSWORD": "b"}
    assert (0, 1) == (len(load(environment=client).warnings), len(load(environment={"KOBIKOM_PROT": "1"}).warnings))
    assert 9 == load(flags=from_flags([("port", "9", "--port")]), environment={"KOBIKOM_PORT": "8"}).settings.port


def test_every_code_is_explained_with_its_clauses() -> None:
    """The table of codes has every code of the vendor's, and names every clause that a refusal with it cites."""
    table = [row for row in rows(section(text_of("explain.md"), "The codes")) if row[0].lstrip("-").isdigit()]
    assert [int(status) for status in Code] == [int(row[0]) for row in table]
    cited = {int(row[0]): {clause.strip() for clause in row[4].split(",")} for row in table}
    assert set() == {clause for each in cited.values() for clause in each} - set(clauses())
    used = [(int(status), statement.partition(".")[0]) for status, statement in CODES.values()]
    assert [] == [(status, clause) for status, clause in used if clause != "E" and clause not in cited[status]]


def test_every_kind_of_note_is_explained() -> None:
    """The page on refusals has each kind of note that the program writes."""
    table = rows(section(text_of("explain.md"), "Not refused, but not what you meant"))
    assert {kind.value for kind in Kind} == {code(row[0])[0] for row in table if code(row[0])}


def wire_words() -> Iterator[str]:
    """Every element that the program reads."""
    for structure in (decode.SendRequest, decode.Credentials, decode.Mesaj, decode.Alicilar):
        yield from get_type_hints(structure)


def test_the_glossary_has_every_word_of_the_wire() -> None:
    """The glossary has every element that the emulator reads, and the protocol page all eleven statuses."""
    known = {word.lower() for row in rows(text_of("glossary.md")) for word in code(row[0])}
    ours = {"credentials", "messages", "unread", "left_out", "path", "message_ids"}
    assert set() == set(wire_words()) - known - ours
    assert set(Status) == set(USUAL_GSM_ERROR)
    clause = next(row[1] for row in rows(text_of("protocol.md")) if row[0] == "R-09.1")
    assert [status.value for status in Status] == re.findall(r"\b[A-Z_]{4,}\b", clause)


def test_the_settings_of_the_page_are_the_example_file() -> None:
    """The complete example in the configuration page is examples/kobikom.toml, byte for byte."""
    shown = re.search(r"^```toml file=kobikom.toml\n(.*?)^```", text_of("configuration.md"), re.MULTILINE | re.DOTALL)
    assert shown is not None
    assert (ROOT / "examples" / "kobikom.toml").read_text(encoding="utf-8") == shown[1]


def test_every_module_that_the_architecture_names_exists() -> None:
    """Each path in its table is tracked by git, and every part of the emulator is in it."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    package = "emulator/kobikom_emulator/"
    try:
        listed = subprocess.run(["git", "ls-files", "-z", package], cwd=ROOT, capture_output=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    kept = [name.removeprefix(package) for name in listed.stdout.decode().split("\0") if name]
    table = rows(section(page, "The emulator, from the inside out"))
    named = {path.rstrip("/") for row in table for path in code(row[0])}
    assert {name.partition("/")[0] for name in kept if not name.startswith(("_", "py.typed"))} == named
    modules = {name.rpartition("/")[2] for name in kept}
    assert set() == set(re.findall(r"\b(\w+\.py)\b", page)) - modules


def test_the_readme_counts_the_readings() -> None:
    """The number of settings for ambiguities in the README is right."""
    count = re.search(r"There are (\d+) of them", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert count is not None
    assert len(CATALOGUE) == int(count[1])
