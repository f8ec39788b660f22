"""Where settings come from: variables of other programs, flags over variables, folders of files, default terms."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kobikom_emulator.settings import BadSettings, described, from_flags, load

LINKS = {
    "KOBIKOM_PORT": "tcp://10.96.7.7:8080",
    "KOBIKOM_SERVICE_HOST": "10.96.7.7",
    "KOBIKOM_SERVICE_PORT": "8080",
    "KOBIKOM_SERVICE_PORT_HTTP": "8080",
    "KOBIKOM_PORT_8080_TCP": "tcp://10.96.7.7:8080",
    "KOBIKOM_PORT_8080_TCP_ADDR": "10.96.7.7",
    "KOBIKOM_EMULATOR_PORT": "tcp://10.96.7.7:8080",
    "KOBIKOM_EMULATOR_SERVICE_HOST": "10.96.7.7",
    "KOBIKOM_EMULATOR_PORT_8080_TCP_PROTO": "tcp",
    "KOBIKOM_NAME": "/app/kobikom",
    "KOBIKOM_ENV_PATH": "/bin",
}
"""What Kubernetes and Compose set in a container beside services called kobikom and kobikom-emulator."""


def test_links_to_services_are_no_settings() -> None:
    """All of them together are one warning, and the settings are the defaults."""
    loaded = load(environment=LINKS)
    assert load().settings == loaded.settings
    assert 1 == len(loaded.warnings)
    assert [] == [name for name in LINKS if name not in loaded.warnings[0]]


@pytest.mark.parametrize(
    ("variable", "warning"),
    [
        ("KOBIKOM_PROT", "it names no setting; did you mean KOBIKOM_PORT?"),
        ("KOBIKOM_LIMITS__MAX_BODDY", "it names no setting; did you mean KOBIKOM_LIMITS__MAX_BODY"),
        ("KOBIKOM_READING__LONG_TEXT", "it names no setting; did you mean KOBIKOM_READINGS__LONG_TEXT"),
        ("KOBIKOM_SEED__X", "it names no setting"),
        ("KOBIKOM_APPLICATION_TOKEN", "it names no setting"),
    ],
)
def test_an_unknown_variable_is_a_warning(variable: str, warning: str) -> None:
    """Other programs may share the prefix: the variable is ignored, and the nearest settings are named."""
    loaded = load(environment={variable: "1"})
    assert load().settings == loaded.settings
    (line,) = loaded.warnings
    assert f"environment {variable} is ignored: {warning}" in line


@pytest.mark.parametrize(
    ("variable", "flag", "value"),
    [
        ({"KOBIKOM_PORT": "tcp://10.0.0.1:80"}, "port", "9000"),
        ({"KOBIKOM_PORT": "no number"}, "port", "9000"),
        ({"KOBIKOM_READINGS__LONG_TEXT": "maybe"}, "readings.long-text", "split"),
        ({"KOBIKOM_READINGS": '{"long-text": "maybe"}'}, "readings.long-text", "split"),
        ({"KOBIKOM_LIMITS": '{"max_body": 0}'}, "limits.max-body", "5"),
        ({"KOBIKOM_ACCOUNT_DEFAULTS__CREDIT": "much"}, "account-defaults.credit", "5"),
    ],
)
def test_a_flag_wins_over_a_variable(variable: dict[str, str], flag: str, value: str) -> None:
    """A variable that a flag replaces is not looked at, however wrong it is."""
    loaded = load(environment=variable, flags=from_flags([(flag, value, f"--{flag}")]))
    rows = {name: (value, source) for name, value, source in described(loaded)}
    assert (value, f"flag --{flag}") == rows[flag]


def test_the_files_of_a_folder_are_read_in_order(tmp_path: Path) -> None:
    """A later name replaces the values of an earlier one, spaces are added up, and other files are left alone."""
    (tmp_path / "20-second.toml").write_text('seed = 2\n[[spaces]]\nname = "two"\n')
    (tmp_path / "10-first.toml").write_text('seed = 1\nport = 9000\n[[spaces]]\nname = "one"\n')
    (tmp_path / "readme.txt").write_text("no settings")
    loaded = load(environment={"KOBIKOM_CONFIG": str(tmp_path)})
    settings = loaded.settings
    assert (2, 9000, ["one", "two"]) == (settings.seed, settings.port, [space.name for space in settings.spaces])
    assert f"file {tmp_path / '20-second.toml'}" == loaded.sources["seed"]


def test_an_empty_folder_sets_nothing(tmp_path: Path) -> None:
    """As the folder of the image is while nothing is mounted there."""
    assert load().settings == load(file=tmp_path).settings


@pytest.mark.parametrize("accounts", [None, [{"user": "a", "password": "p", "currency": "EUR"}]])
def test_accounts_have_the_default_terms(accounts: Any) -> None:
    """The account `test`, and those that the settings name, have the default terms that they do not change."""
    flags = [("account-defaults", {"credit": "7", "currency": "USD", "titles": ["SHOP"]}, "x")]
    if accounts is not None:
        flags.append(("accounts", accounts, "x"))
    (account,) = load(flags=from_flags(flags)).settings.accounts
    expected = (Decimal(7), "USD" if accounts is None else "EUR", ("SHOP",))
    assert expected == (account.credit, account.currency, account.titles)


def test_a_mistake_in_the_default_terms_is_named_there() -> None:
    """And not at the accounts that have them."""
    with pytest.raises(BadSettings, match=r"account-defaults.currency \(x\): must be a text matching"):
        load(flags=from_flags([("account-defaults.currency", "euro", "x")]))


@pytest.mark.parametrize(
    ("spaces", "message"),
    [
        ([{}], "every space needs a name"),
        ([{"name": "a"}, {"name": "a"}], "two spaces have the same name"),
        ([{"name": "default"}], "the space default is what the other settings describe"),
        ([{"name": "Upper"}], r"spaces\[0\].name"),
        ([{"name": "a", "sed": 1}], r"spaces\[0\].sed \(x\): is not known; did you mean seed"),
        ([{"name": "a", "messages": [{"to": "1"}]}], r"spaces\[0\].messages\[0\].text \(x\): is required"),
    ],
    ids=str,
)
def test_mistakes_in_spaces(spaces: Any, message: str) -> None:
    """A space needs a name of its own, and its fields are those of POST /spaces."""
    with pytest.raises(BadSettings, match=message):
        load(flags=from_flags([("spaces", spaces, "x")]))


def test_the_passwords_of_spaces_are_masked() -> None:
    """`config` shows a space in one line, without its passwords."""
    spaces = [{"name": "a", "accounts": [{"user": "u", "password": "geheim"}]}]
    rows = {name: value for name, value, _ in described(load(flags=from_flags([("spaces", spaces, "x")])))}
    assert "geheim" not in rows["spaces.a"]
    assert '"user":"u"' in rows["spaces.a"]
