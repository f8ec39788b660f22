"""One settings model from four layers: precedence, sources, masked passwords, and errors of one line."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kobikom_emulator.domain.delivery import Outcome, Profile, Status, Weighted
from kobikom_emulator.faults.dribble import Dribble
from kobikom_emulator.settings import AccountSettings, BadSettings, Settings, described, from_flags, load


def flags(**values: Any) -> Any:
    return from_flags(
        [(name.replace("__", ".").replace("_", "-"), value, f"--{name}") for name, value in values.items()]
    )


def row(loaded: Any, name: str) -> tuple[str, str]:
    return next((value, source) for each, value, source in described(loaded) if each == name)


def test_the_defaults_are_documented() -> None:
    """Account test/test, 1000.000 TRY, three titles, price 1, Turkey; every reading its default."""
    settings = load().settings
    [account] = settings.blueprint().accounts
    assert ("test", "test", Decimal("1000.000"), "TRY") == (
        account.user, account.password, account.credit, account.currency
    )  # fmt: skip
    assert (("Kobikom", "TEST", "DEMO"), Decimal(1), frozenset({"TR"}), Profile()) == (
        account.titles, account.price, account.coverage, account.profile
    )  # fmt: skip
    assert ("127.0.0.1", 8080, 0, True, None) == (
        settings.host, settings.port, settings.seed, settings.magic_numbers, settings.frozen_at
    )  # fmt: skip
    assert {"default"} == {source for _, _, source in described(load())}


def test_later_layers_win(tmp_path: Path) -> None:
    """Flags win over the environment, which wins over the file; each value has its own source."""
    file = tmp_path / "k.toml"
    file.write_text(
        'port = 1\nseed = 1\nhost = "a"\n[limits]\nmax-body = 1\nmax-recipients = 1\n[readings]\ndates = "padded"\n'
    )
    environment = {"KOBIKOM_PORT": "2", "KOBIKOM_SEED": "2", "KOBIKOM_LIMITS__MAX_BODY": "2", "PATH": "x"}
    loaded = load(file=file, environment=environment, flags=flags(port="3"))
    assert [("3", "flag --port"), ("2", "environment KOBIKOM_SEED"), ("a", f"file {file}")] == [
        row(loaded, name) for name in ("port", "seed", "host")
    ]
    assert ("2", "environment KOBIKOM_LIMITS__MAX_BODY") == row(loaded, "limits.max-body")
    assert ("1", f"file {file}") == row(loaded, "limits.max-recipients")
    assert [("padded", f"file {file}"), ("cut", "default")] == [
        row(loaded, f"readings.{n}") for n in ("dates", "long-text")
    ]


def test_whole_tables_merge_with_single_values() -> None:
    """A table in one layer and a name of it in another are merged; the later layer wins."""
    environment = {"KOBIKOM_READINGS__DATES": "padded", "KOBIKOM_LIMITS": '{"max-body": 5, "max-depth": 9}'}
    loaded = load(environment=environment, flags=flags(readings={"long-text": "split"}, limits__max_body="6"))
    assert {"dates": "padded", "long-text": "split"} == loaded.settings.readings
    assert (6, 9) == (loaded.settings.limits.max_body, loaded.settings.limits.max_depth)
    assert ("6", "flag --limits__max_body") == row(loaded, "limits.max-body")
    assert ("9", "environment KOBIKOM_LIMITS") == row(loaded, "limits.max-depth")


def test_the_file_can_be_named_by_the_environment(tmp_path: Path) -> None:
    """`KOBIKOM_CONFIG` names the file; the client's own variables are ignored."""
    file = tmp_path / "k.toml"
    file.write_text("seed = 7\n")
    environment = {"KOBIKOM_CONFIG": str(file), "KOBIKOM_URL": "x", "KOBIKOM_USER": "y", "KOBIKOM_PASSWORD": "z"}
    assert 7 == load(environment=environment).settings.seed


def test_everything_can_be_set(tmp_path: Path) -> None:
    """A file can set everything: accounts with prices, coverage, profile and pushes; clock; faults; limits."""
    file = tmp_path / "k.toml"
    file.write_text(
        """
magic-numbers = false
[clock]
start = 2026-01-31T09:00:00+03:00
[delivery]
jitter = 0.5
[[accounts]]
user = "a"
password = "secret"
credit = 12.5
titles = ["ŞİRKET", "8501234567"]
prices = { Turkcell = "0.25", DE = 2 }
coverage = ["tr", "VODAFONE"]
push-url = "http://127.0.0.1/dlr"
[accounts.delivery]
outcomes = [{ status = "REJECTED", after = 2, weight = 3, gsm-error = 7 }, { status = "SENT" }]
[[accounts]]
user = "b"
password = "p"
[[faults]]
effect = { kind = "http", status = 503 }
when = { times = 1 }
"""
    )
    blueprint = load(file=file).settings.blueprint()
    first, second = blueprint.accounts
    assert (Decimal("12.5"), frozenset({"TR", "vodafone"})) == (first.credit, first.coverage)
    assert {"turkcell": Decimal("0.25"), "de": Decimal(2)} == first.prices
    assert "http://127.0.0.1/dlr" == first.push_url
    assert Profile((Weighted(Outcome(Status.REJECTED, 2000, 7), 3), Weighted(Outcome(Status.SENT)))) == first.profile
    assert Profile(jitter=500) == second.profile
    assert (False, 1) == (blueprint.magic_numbers, len(blueprint.faults))
    assert 1_769_839_200_000 == load(file=file).settings.frozen_at


def test_passwords_are_masked() -> None:
    """The password of every account is masked in everything that is printed."""
    loaded = load(flags=flags(accounts=[{"user": "a", "password": "geheim"}, {"user": "b", "password": "secret"}]))
    rows = described(loaded)
    assert ("********", "flag --accounts") == row(loaded, "accounts.a.password")
    assert not [each for each in rows if "geheim" in str(each) or "secret" in str(each)]


def account(**fields: Any) -> list[dict[str, Any]]:
    return [{"user": "a", "password": "geheim"} | fields]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"port": "x"}, r"port \(flag --port\): must be a whole number, not a text"),
        ({"port": "70000"}, r"port \(flag --port\): must be a whole number <= 65535"),
        ({"host": ""}, r"host \(flag --host\)"),
        ({"log_level": "loud"}, r"log-level \(flag --log_level\): cannot be 'loud': choose one of debug, .*, warning"),
        ({"colour": "1"}, r"there is no setting 'colour' \(--colour\); known: host, port, "),
        ({"prot": "1"}, r"there is no setting 'prot' \(--prot\); did you mean port or proxy\?"),
        ({"limits__max_body": "0"}, r"limits.max-body \(flag --limits__max_body\): must be a whole number >= 1"),
        ({"limits__max_depth": "251"}, r"limits.max-depth .*<= 250"),
        ({"limits__colour": "0"}, r"limits.colour \(flag --limits__colour\): is not known; known: max-body, "),
        (
            {"limits__max_bodi": "0"},
            r"limits.max-bodi \(flag --limits__max_bodi\): is not known; did you mean max-body",
        ),
        ({"limits__colour": "0", "limits__max_body": "7"}, r"limits.colour \(flag --limits__colour\)"),
        ({"limits": "5", "limits__max_body": "7"}, r"limits.max-body \(flag --limits__max_body\): limits is '5'"),
        ({"port": "1", "port__x": "7"}, r"port.x \(flag --port__x\)"),
        (
            {"readings__dates": "x"},
            r"dates cannot be 'x': choose one of unpadded, as-written, padded \(flag --readings__dates\)",
        ),
        ({"readings__tempo": "x"}, r"there is no reading 'tempo'.*\(flag --readings__tempo\)"),
        ({"readings__dates": ["x"]}, r"readings.*flag --readings__dates"),
        ({"clock__start": "2026-01-31T09:00:00"}, r"clock.start \(flag --clock__start\): needs a time zone"),
        (
            {"clock__start": "0001-01-31T09:00:00Z"},
            r"clock.start \(flag --clock__start\): must be in a year from 2 to 9998",
        ),
        ({"clock__start": "2026"}, r"clock.start \(flag --clock__start\): must be an instant as in 2026-.*, not 2026"),
        ({"clock": {"start": 2026}}, r"clock.start \(flag --clock\): must be an instant as in 2026-.*, not 2026"),
        ({"clock__start": "noon"}, r"clock.start \(flag --clock__start\)"),
        ({"delivery__jitter": "nan"}, r"delivery.jitter \(flag --delivery__jitter\)"),
        ({"delivery__outcomes": "[]"}, r"delivery.outcomes \(flag --delivery__outcomes\)"),
        (
            {"delivery__outcomes": '[{"status": "GONE"}]'},
            r"delivery.outcomes\[0\].status \(flag .*'GONE': choose one of NOT_SENT, SENT, .*INVALID_MESSAGE_FORMAT",
        ),
        (
            {"delivery__outcomes": '[{"status": "SENT", "gsm-eror": 1}]'},
            r"delivery.outcomes\[0\].gsm-eror .* is not known; did you mean gsm-error",
        ),
        (
            {"push__allow": "all"},
            r"push.allow \(flag --push__allow\): cannot be 'all': choose one of any, none, private",
        ),
        ({"push__timeout": "0"}, r"push.timeout \(flag --push__timeout\)"),
        ({"accounts": "[]"}, r"accounts \(flag --accounts\)"),
        ({"accounts": account(credit="x")}, r"accounts\[0\].credit \(flag --accounts\)"),
        ({"accounts": account(credit="-1")}, r"accounts\[0\].credit \(flag --accounts\): must be an amount"),
        ({"accounts": account(credit="1.0000001")}, r"credit .*: must be an amount"),
        ({"accounts": account(credit="1e30")}, r"credit .*: must be an amount"),
        ({"accounts": account(credit="NaN")}, r"credit .*: must be an amount"),
        ({"accounts": account(price="Infinity")}, r"price .*: must be an amount"),
        ({"accounts": account(prices={"de": "-1"})}, r"prices .*: de must be an amount"),
        (
            {"accounts": account(prices={"turkcel": "1"})},
            r"accounts\[0\].prices .*'turkcel' is not a network.*turkcell",
        ),
        (
            {"accounts": account(coverage=["Türkiye"])},
            r"accounts\[0\].coverage .*'Türkiye' is not a network \(.*\), a two",
        ),
        ({"accounts": account(coverage=["ZZ"])}, r"accounts\[0\].coverage .*'ZZ' is not"),
        ({"accounts": account(currency="lira")}, r"accounts\[0\].currency"),
        ({"accounts": account(user=" a")}, r"user .*white space"),
        ({"accounts": account(user="")}, r"accounts\[0\].user"),
        (
            {"accounts": account(titles=["A" * 12])},
            r"titles .* must be 1 to 11 printable characters or 14 digits.*'A{12}'",
        ),
        ({"accounts": account(titles=["1" * 15])}, r"titles .*14 digits"),
        ({"accounts": account(titles=[" "])}, r"titles .*' '"),
        ({"accounts": account(colour="1")}, r"accounts\[0\].colour \(flag --accounts\): is not known; known: credit, "),
        ({"accounts": [account(push_url="a")[0] | {"push-url": "b"}]}, r"accounts .*push-url is given twice"),
        ({"accounts": account() + account()}, r"two accounts have the same user"),
        (
            {"faults": '[{"effect": {"kind": "http", "status": 199}}]'},
            r"faults\[0\].effect.status \(flag --faults\): must be a whole number >= 200",
        ),
        (
            {"faults": '[{"effect": {"kind": "magic"}}]'},
            r"faults\[0\].effect.kind \(flag --faults\): cannot be 'magic': choose one of status, http, ",
        ),
        ({"faults": '[{"effect": {"kind": "garbage"}, "when": {"time": 1}}]'}, r"faults\[0\].when.time .* times"),
        (
            {"faults": '[{"effect": {"kind": "garbage"}, "when": {"until": "2001-01-01T00:00:00Z"}}]'},
            r"faults\[0\].when.until: is already past",
        ),
    ],
    ids=str,
)
def test_every_mistake_is_one_line_naming_setting_and_source(given: dict[str, Any], message: str) -> None:
    """An error message never shows a password."""
    with pytest.raises(BadSettings, match=message) as caught:
        load(flags=flags(**given))
    assert "\n" not in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("KOBIKOM_PORT", "x", r"port \(environment KOBIKOM_PORT\)"),
        ("KOBIKOM_LIMITS__MAX_BODY", "-1", r"limits.max-body \(environment KOBIKOM_LIMITS__MAX_BODY\)"),
        ("KOBIKOM_ACCOUNTS", "[{", r"accounts \(environment KOBIKOM_ACCOUNTS\)"),
        ("KOBIKOM_LIMITS", "5", r"limits \(environment KOBIKOM_LIMITS\)"),
    ],
)
def test_mistakes_in_the_environment(variable: str, value: str, message: str) -> None:
    """An error in the environment names the variable."""
    with pytest.raises(BadSettings, match=message) as caught:
        load(environment={variable: value})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"port = ", "is not TOML"),
        (b"\xff", "is not UTF-8"),
        (b"colour = 1", "no setting 'colour'"),
        (b"[limits]\ncolour = 1", "limits.colour"),
        (b"prot = 1", "did you mean port"),
        (b"[limits]\nmax-body = 1\nmax_body = 2", "limits.max-body"),
        (b"port = 'x'", "port"),
        (b"limits = 3", "limits"),
        (b"[push]\nallow = 1", "push.allow"),
    ],
)
def test_mistakes_in_a_file(tmp_path: Path, text: bytes, message: str) -> None:
    """An error in a file names the file."""
    file = tmp_path / "k.toml"
    file.write_bytes(text)
    with pytest.raises(BadSettings, match=message) as caught:
        load(file=file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that cannot be read is refused with the system's message, one in a folder likewise."""
    with pytest.raises(BadSettings, match=r"cannot read .*nothing\.toml: No such file"):
        load(file=tmp_path / "nothing.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(BadSettings, match=r"cannot read .*folder\.toml"):
        load(file=tmp_path)


def test_what_the_caller_gives_is_not_changed() -> None:
    """Loading does not change the tables that were passed."""
    readings = {"dates": "padded"}
    load(flags=from_flags([("readings", readings, "a"), ("readings.long-text", "split", "b")]))
    assert {"dates": "padded"} == readings


@pytest.mark.parametrize("dash", ["-", "_"])
def test_dashes_and_underscores_are_the_same_in_names(tmp_path: Path, dash: str) -> None:
    """At every depth of a file, but for readings and networks, which have names of their own."""
    text = """
log-level = "info"
[limits]
max-body = 5
[delivery]
outcomes = [{ status = "REJECTED", gsm-error = 7 }]
[[accounts]]
user = "a"
password = "p"
push-url = "http://127.0.0.1/"
prices = { other-tr = 2 }
[[faults]]
effect = { kind = "dribble", bytes-per-second = 3 }
"""
    for name in ("log-level", "max-body", "gsm-error", "push-url", "bytes-per-second"):
        text = text.replace(name, name.replace("-", dash))
    file = tmp_path / "k.toml"
    file.write_text(text)
    settings = load(file=file).settings
    assert ("info", 5, 7) == (settings.log_level, settings.limits.max_body, settings.delivery.outcomes[0].gsm_error)
    assert ("http://127.0.0.1/", {"other-tr": Decimal(2)}) == (
        settings.accounts[0].push_url,
        settings.accounts[0].prices,
    )
    assert Dribble(bytes_per_second=3.0) == settings.faults[0].effect


def test_settings_made_in_python_keep_the_same_limits() -> None:
    """Values that a file may not have cannot be made in Python either."""
    for make in (
        lambda: Settings(port=-1),
        lambda: AccountSettings(user="", password="p"),
        lambda: AccountSettings(user="a", password="p", credit=Decimal("1e15")),
        lambda: AccountSettings(user="a", password="p", coverage=frozenset({"Türkiye"})),
    ):
        with pytest.raises(ValueError, match=r"^(port|user|credit|coverage): "):
            make()


def test_settings_are_values() -> None:
    """Two settings with the same values are equal."""
    assert Settings() == Settings() == load().settings
