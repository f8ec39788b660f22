"""Law: what the subcommands' options and endings have in common. For the commands only; nothing heavy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from kobikom_contracts.verdicts import Run, Verdict

FAILED, UNABLE = 1, 2
EXTRA = frozenset({"faker", "hypothesis", "pytest"})
"""What the extra `contracts` brings; the commands are there without it, too."""
TIMEOUT = 10.0


class ReportFile(click.Path):
    """A file to write a report to; a folder that isn't there is found out before the run, not after."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, its folder seen to exist."""
        path = Path(str(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"there is no folder {str(path.parent)!r}", param, ctx)
        return path


class OneLine(click.Group):
    """A group whose subcommands say what is wrong with their options in one line, as any other trouble."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; exit 2 for an option it can't use, or a library its extra was to bring."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            click.echo(f"kobikom-contracts: {' '.join(error.format_message().split())}", err=True)
            ctx.exit(UNABLE)
        except ModuleNotFoundError as error:
            if error.name not in EXTRA:
                raise
            mend = "pip install 'kobikom-emulator[contracts]'"
            click.echo(f"kobikom-contracts: the judge draws its requests with {error.name}: {mend}", err=True)
            ctx.exit(UNABLE)


FILE = ReportFile(dir_okay=False, writable=True)


def write_reports(run: Run, given: dict[str, Any], command: Callable[[Verdict], str]) -> None:
    """Write the reports that were asked for; ``command`` judges one clause again."""
    from kobikom_contracts.report.html import html_report
    from kobikom_contracts.report.machine import json_report, junit_report

    if given["json_file"]:
        given["json_file"].write_text(json_report(run), encoding="utf-8")
    if given["junit_file"]:
        given["junit_file"].write_text(junit_report(run, command), encoding="utf-8")
    if given["html_file"]:
        given["html_file"].write_text(html_report(run, command), encoding="utf-8")
