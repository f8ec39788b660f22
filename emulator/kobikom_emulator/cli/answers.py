"""The commands that print something and end: readings, config and explain."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from kobikom_emulator.cli.group import Problem, commands
from kobikom_emulator.cli.options import configured, in_languages, load_settings, read

if TYPE_CHECKING:
    from kobikom_emulator.phrases import Language


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@in_languages
def readings(*, as_json: bool, language: Language) -> None:
    """The ambiguities of the vendor's page and what each reading means, the default first."""
    import textwrap

    import msgspec

    from kobikom_emulator.phrases import Phrase, in_language
    from kobikom_emulator.protocol.ambiguities.ambiguity import Ambiguity
    from kobikom_emulator.protocol.readings import CATALOGUE

    catalogue: list[Ambiguity] = [ambiguity.in_language(language) for ambiguity in CATALOGUE]

    if as_json:
        rows = [
            {"name": a.name, "clause": a.clause, "marks": a.marks, "question": a.question, "page": a.page,
             "default": a.default,
             "values": [{"value": value, "meaning": meaning} for value, meaning in a.values.items()]}
            for a in catalogue
        ]  # fmt: skip
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return
    marks = Phrase("Marks: D documented, O observed in a real client, A from the ancestor manual, I inferred.")
    click.echo(in_language(marks, language) + "\n")
    default = in_language(Phrase("[default]"), language)
    for ambiguity in catalogue:
        click.echo(f"{ambiguity.name}  ({ambiguity.clause}; {ambiguity.marks})")
        click.echo(textwrap.fill(ambiguity.question, 96, initial_indent="  ", subsequent_indent="  "))
        page = in_language(Phrase("The page: {page}", page=ambiguity.page), language)
        click.echo(textwrap.fill(page, 96, initial_indent="  ", subsequent_indent="    "))
        for nth, (value, meaning) in enumerate(ambiguity.values.items()):
            click.echo(f"    {value:16} {meaning}{f'  {default}' if nth == 0 else ''}")
        click.echo()


@commands.command()
@configured
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def config(*, as_json: bool, **options: Any) -> None:
    """Every setting with its value and where it came from; passwords are masked."""
    import msgspec

    from kobikom_emulator.settings import described

    rows = described(load_settings(options))
    if as_json:
        click.echo(msgspec.json.encode([{"name": n, "value": v, "source": s} for n, v, s in rows]).decode())
        return
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, value, source in rows:
        click.echo(f"{name:{widths[0]}}  {value:{min(widths[1], 60)}}  {source}")


@commands.command()
@click.argument("file", metavar="FILE|URL", type=click.Path(), default="")
@click.option("--url", default="", metavar="URL", help="A pull's URL, instead of a body.")
@click.option("--content-type", default="", metavar="TYPE", help="The request's Content-Type, for its charset.")
@configured
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@in_languages
def explain(*, file: str, url: str, content_type: str, as_json: bool, language: Language, **options: Any) -> int:
    """Say what the server would answer to the request body in FILE (- for standard input) or to the pull of URL, and
    why.

    Offline, against fresh accounts. Exit code 0 if it would be accepted, 1 if anything in it would be refused.
    """
    import asyncio

    import msgspec

    from kobikom_emulator.bootstrap import explain_offline, explain_pull_offline
    from kobikom_emulator.journal.printing import printed

    if bool(file) == bool(url):
        raise Problem("explain takes a FILE with a request body, or the URL of a pull")
    url = url or (file if file.startswith(("http://", "https://")) else "")
    settings = load_settings(options).settings
    if url:
        entry = asyncio.run(explain_pull_offline(settings, _pull_target(url), language=language))
    else:
        body = sys.stdin.buffer.read() if file == "-" else read(file)
        entry = asyncio.run(explain_offline(settings, body, content_type, language=language))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(entry), indent=2).decode())
    else:
        click.echo(printed(entry, language))
    return 0 if entry["outcome"] in ("accepted", "answered", "given", "empty") else 1


def _pull_target(url: str) -> str:
    """Path and query of a pull's URL."""
    _, slashes, rest = url.partition("://")
    target = "/" + (rest if slashes else url).partition("#")[0].partition("/")[2]
    path = target.partition("?")[0].rstrip("/")
    if not path.endswith("/api/sendsms/xml/pull"):
        raise Problem(f"{url!r} is not the URL of a pull, which is …/api/sendsms/xml/pull?kullanici=…&parola=…")
    return target
