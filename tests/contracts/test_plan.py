"""What a run costs: said before, kept to, counted by the server's own charge, and spent on what the page says."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.deviation import Deviation

from kobikom_contracts.clauses import STATEMENTS
from kobikom_contracts.cli import main
from kobikom_contracts.core.verdicts import Outcome
from kobikom_contracts.documents import query
from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.reader import element
from kobikom_contracts.server_suite.contracts import server_contracts
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.lean_costs import LEAN_COSTS
from kobikom_contracts.server_suite.plan import steps
from kobikom_contracts.server_suite.target import Target
from kobikom_contracts.transcript import Transcript

from .failing_servers import waited_for

UNSEEN = frozenset(
    ("A-01.2", "A-02.2", "C-02.1", "R-08.3", "R-10.3", "S-02.2", "S-02.3", "S-09.4", "S-14.4", "T-10.2", "T-10.3")
) | {"T-10.5"}
DOCUMENTED = frozenset(one.id for one in STATEMENTS.values() if one.documented)
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "contracts.md").read_text(encoding="utf-8")


def balance(url: str) -> Decimal:
    """The account's balance."""
    http = HttpClient(url, Transcript()).post("/api/sendsms/xml/", query("bakiye", "test", "test"))
    return Decimal(element(http.text, "miktar") or "")


def test_fifty_parts_decide_most_of_what_the_page_says() -> None:
    """Without the control API: 90 % of the D statements that can be seen from outside, for at most 50 parts."""
    with waited_for() as (url, wait):
        before = balance(url)
        run = judge_server(Target(url, "test", "test", exclusive=True, timeout=5.0, budget=50), wait=wait)
        charge = before - balance(url)
    decided = {
        one.statement.id for v in run.verdicts for one in v.statements if one.outcome is not Outcome.NOT_CHECKABLE
    }
    visible = DOCUMENTED - UNSEEN
    assert set() == decided & UNSEEN
    assert len(decided & visible) >= 0.9 * len(visible), sorted(visible - decided)
    assert (charge, True) == (run.spent["parts"], charge <= 50)
    assert not run.failed()


def test_lean_costs_are_what_a_server_charges() -> None:
    """Each contract alone, with a budget: a correct server charges what the table says, or less."""
    charged = {}
    for contract in server_contracts():
        if contract.spends and contract.name in LEAN_COSTS:
            with waited_for() as (url, wait):
                before = balance(url)
                target = Target(url, "test", "test", exclusive=True, timeout=5.0, budget=49)
                judge_server(target, contracts=[contract], wait=wait)
                charged[contract.name] = before - balance(url)
    assert {} == {name: cost for name, cost in charged.items() if cost > LEAN_COSTS[name]}


def test_a_budget_puts_the_page_first() -> None:
    """In the order of a budget no contract that decides nothing of the page comes before one that does."""
    planned = steps(server_contracts(), Target("http://127.0.0.1", "u", "p", budget=50))
    decided: set[str] = set()
    new = []
    for step in (one for one in planned if not one.lacks and not one.contract.wrong_logins):
        new.append(bool(set(step.documented) - decided))
        decided |= set(step.documented)
    assert sorted(new, reverse=True) == new


def test_a_plan_sends_nothing() -> None:
    """The plan names contracts, parts, wrong logins and time; not one request is sent for it."""
    requests: list[bytes] = []
    with Deviation(
        "T-01.1", "counts", lambda ask, request, _: requests.append(request.body) or ask(request)
    ).served() as url:
        words = ["server", "--url", url, "--user", "test", "--password", "test", "--exclusive", "--budget", "50"]
        done = CliRunner().invoke(main, [*words, "--plan"])
    assert (0, []) == (done.exit_code, requests)
    last = done.output.splitlines()[-1]
    assert "of the budget of 50, 12 wrong logins, about" in last
    assert "report_document" in done.output


def test_the_page_lists_what_cannot_be_seen() -> None:
    """The page on judging names every statement of the vendor's page that can't be seen without the control API."""
    assert [] == sorted(statement for statement in UNSEEN if f"`{statement}`" not in PAGE)
