"""A run as one self-contained HTML page: no script, no font, no link to another address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from kobikom_contracts.core.report.text import UNKEPT, explained, tool
from kobikom_contracts.core.verdicts import Outcome, Run, StatementVerdict, Verdict

AREAS = {
    "T": "Transport", "A": "Authentication", "S": "Sending", "C": "Credit", "R": "Reports",
    "H": "Titles", "B": "Balance", "E": "Other codes", "K": "Clients",
}  # fmt: skip
WORDS = {
    Outcome.HELD: "held", Outcome.VIOLATED: "violated", Outcome.NOT_CHECKABLE: "not checkable",
    Outcome.DIFFERS: "differs", Outcome.ERROR: "error: the judge failed",
}  # fmt: skip
FIRST = (Outcome.VIOLATED, Outcome.ERROR, Outcome.DIFFERS)
"""The outcomes that come before the areas, in this order."""
SOURCES = "D documented by the vendor, O observed at real clients, A from the ancestor's manual, I inferred by us"
STYLE = """
:root{color-scheme:light dark;--line:#8884}
body{font:16px/1.5 system-ui,sans-serif;max-width:68rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.big{display:flex;gap:1rem;flex-wrap:wrap;margin:1rem 0}
.big div{border:1px solid var(--line);border-radius:.5rem;padding:.6rem 1rem;min-width:7rem}
.big b{display:block;font-size:1.8rem;line-height:1.1}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.35rem .6rem;border-top:1px solid var(--line)}
.held{color:#197a3c}.violated{color:#c02626;font-weight:600}.not_checkable{color:#946200}
.differs{color:#8a2be2}.error{color:#c02626;font-weight:600}
@media(prefers-color-scheme:dark){.held{color:#5bd88a}.violated{color:#ff7b7b}
.not_checkable{color:#e6b455}.differs{color:#c79bff}.error{color:#ff7b7b}}
table{table-layout:fixed}td,th{overflow-wrap:anywhere}
th:first-child{width:4.5rem}th:nth-child(2){width:8rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:40rem;overflow:auto;background:#8881;padding:.8rem}
pre{border-radius:.5rem;font-size:.8rem}small{opacity:.75}
.note{border:1px solid currentColor;border-radius:.5rem;padding:.6rem 1rem}
"""


def html_report(run: Run, command: Callable[[Verdict], str]) -> str:
    """The page; ``command`` repeats the judgement of one clause."""
    boxes = "".join(
        f'<div class="{name}"><b>{count}</b>{WORDS[Outcome(name)]}</div>' for name, count in run.summary.items()
    )
    spent = ", ".join(f"{n} {name}" for name, n in run.spent.items())
    first = [one for one in run.verdicts if one.outcome in UNKEPT]
    first.sort(key=lambda one: list(FIRST).index(one.outcome))
    areas = _table("Violated, in error or different", first, command) + "".join(
        _area(letter, run, command) for letter in AREAS
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Kobikom contract report: {escape(run.target)}</title><style>{STYLE}</style></head>"
        f"<body><h1>{_headline(run.summary)}</h1><p>{escape(run.target)}, profile {escape(run.profile)}, "
        f"seed {run.seed}, {run.seconds:.1f} s, {spent}; {escape(run.date)}, {escape(tool())}</p>"
        f'<div class="big">{boxes}</div>{_notes(run)}{areas}<p><small>Sources: {SOURCES}.</small></p>'
        "</body></html>\n"
    )


def _headline(summary: Mapping[str, int]) -> str:
    broken, differing, unjudged = (summary[name] for name in ("violated", "differs", "error"))
    checked = summary["held"] + broken + differing
    if broken:
        headline = f"{broken} of {checked} checked clauses are violated"
    elif differing:
        headline = f"No clause is violated; {differing} differ in what the page does not say"
    else:
        headline = f"All {checked} clauses that could be checked held"
    return headline + (f"; the judge failed on {unjudged}" if unjudged else "")


def _area(letter: str, run: Run, command: Callable[[Verdict], str]) -> str:
    others = [one for one in run.verdicts if one.clause.area == letter and one.outcome not in UNKEPT]
    return _table(AREAS[letter], others, command)


def _notes(run: Run) -> str:
    """What is to be known before the verdicts: that the run ended early, and what disturbed it."""
    notes = "".join(
        f'<p class="note not_checkable">{escape(one.sentence)} ({one.times} times)</p>' for one in run.disturbances
    )
    if run.ended:
        notes = f'<p class="note error">Ended early: {escape(run.ended)}. This report is partial.</p>' + notes
    return notes


def _table(title: str, verdicts: Sequence[Verdict], command: Callable[[Verdict], str]) -> str:
    rows = "".join(_row(verdict, command) for verdict in verdicts)
    if not rows:
        return ""
    return (
        f"<h2>{title}</h2><table><tr><th>Clause</th><th>Verdict</th><th>What it says, and who says so</th></tr>"
        f"{rows}</table>"
    )


def _row(verdict: Verdict, command: Callable[[Verdict], str]) -> str:
    name = verdict.outcome.value
    extra = "".join(f"<br>{_statement(one)}" for one in verdict.statements)
    if verdict.reading:
        extra += f"<br><small>follows {escape(verdict.reading)}</small>"
    if verdict.expected is not None:
        extra += f"<br>expected {escape(verdict.expected)}<br>found {escape(str(verdict.found))}"
    elif verdict.detail:
        extra += f"<br><small>{escape(verdict.detail)}</small>"
    if verdict.echoes:
        extra += f"<br><small>the same cause shows at {escape(', '.join(verdict.echoes))}</small>"
    if verdict.mend:
        extra += f"<br>mend: {escape(verdict.mend)}"
    if verdict.outcome in UNKEPT:
        text = escape(explained(verdict, command(verdict)))
        extra += f"<details><summary>details</summary><pre>{text}</pre></details>"
    return (
        f'<tr><td>{verdict.clause.id}</td><td class="{name}">{WORDS[verdict.outcome]}</td>'
        f"<td><b>{escape(verdict.clause.subject)}</b>{extra}</td></tr>"
    )


def _statement(one: StatementVerdict) -> str:
    """A statement with its marks, and its own verdict where that says more than that it held."""
    own = "" if one.outcome is Outcome.HELD else f' <small class="{one.outcome.value}">{WORDS[one.outcome]}</small>'
    return f"<small>{one.statement.id} [{one.statement.source}]</small> {escape(one.statement.sentence)}{own}"
