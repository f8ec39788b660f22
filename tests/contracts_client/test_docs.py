"""The page on judging clients agrees with the code."""

from pathlib import Path

from kobikom_contracts.cli import main
from kobikom_contracts.client_suite.adapter_protocol import Capability, Kind
from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "contracts-client.md").read_text(encoding="utf-8")


def test_every_clause_is_on_the_page() -> None:
    """The table of clauses is the registry, sentence and source included."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| K-")]
    assert [f"| {c.id} | {c.sentence} | {c.source} |" for c in CLIENT_CLAUSES.values()] == rows


def test_every_word_of_the_protocol_is_on_the_page() -> None:
    """Capabilities, kinds of failure and options of the commands are explained."""
    options = [option.opts[0] for name in ("client", "proxy") for option in main.commands[name].params]
    missing = [word for word in (*Capability, *Kind, *options) if f"`{word}" not in PAGE]
    assert [] == missing


def test_every_clause_follows_from_the_protocol() -> None:
    """No clause for clients stands on its own, and its marks are those of its origins."""
    assert [] == [c.id for c in CLIENT_CLAUSES.values() if not c.derived or not c.sources]
    assert "D, A, I (T-01, R-01)" == CLIENT_CLAUSES["K-01"].source
