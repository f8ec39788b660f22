"""Options that several commands have, and the settings that they choose."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import click

from kobikom_emulator.cli.group import Problem

if TYPE_CHECKING:
    from kobikom_emulator.settings import Layer, Loaded


def _complete_reading(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """What a shell offers for `--reading`: names, then the values of the one that was chosen."""
    from kobikom_emulator.protocol.readings import CATALOGUE

    choices = [f"{ambiguity.name}={value}" for ambiguity in CATALOGUE for value in ambiguity.values]
    return [choice for choice in choices if choice.startswith(incomplete)]


def complete_setting(_: click.Context, option: click.Parameter, incomplete: str) -> list[str]:
    """What a shell offers for an option that chooses one setting of a few values."""
    from kobikom_emulator.settings.model import Settings

    choices: tuple[str, ...] = get_args(get_type_hints(Settings)[option.name or ""])
    return [choice for choice in choices if choice.startswith(incomplete)]


def _complete_assignment(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """What a shell offers for `--set`: the names of the settings."""
    from kobikom_emulator.settings import described, load

    return [f"{name}=" for name, _, _ in described(load()) if name.startswith(incomplete)]


def configured(command: Any) -> Any:
    """The options that choose settings, shared by serve, config and explain."""
    for option in reversed(
        [
            click.option("--config", "config", metavar="FILE", type=click.Path(), help="Settings in TOML."),
            click.option("--seed", metavar="N", help="Where ids and random choices begin [0]."),
            click.option(
                "--reading",
                "readings",
                multiple=True,
                metavar="NAME=VALUE",
                help="Choose a reading; see readings.",
                shell_complete=_complete_reading,
            ),
            click.option(
                "--account",
                "accounts",
                multiple=True,
                metavar="USER:PASSWORD[:CREDIT]",
                help="An account instead of test.",
            ),
            click.option(
                "--set",
                "assignments",
                multiple=True,
                metavar="NAME=VALUE",
                help="Any setting; see config.",
                shell_complete=_complete_assignment,
            ),
        ]
    ):
        command = option(command)
    return command


def in_languages(command: Any) -> Any:
    """The option that chooses the language of texts; `language` is then the chosen one."""
    option = click.option(
        "--lang",
        "language",
        type=click.Choice(["en", "tr"]),
        default=_language_of_environment,
        help="English or Turkish texts [from LC_ALL, LC_MESSAGES or LANG].",
    )
    return option(command)


def _language_of_environment() -> str:
    from kobikom_emulator.phrases import preferred

    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return preferred(next(filter(None, names), ""))


def read(file: str) -> bytes:
    from pathlib import Path

    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Problem(f"cannot read {file}: {error.strerror}") from None


def load_settings(options: dict[str, Any]) -> Loaded:
    from kobikom_emulator.settings import BadSettings, load, serve_defaults

    try:
        loaded = load(
            file=options.get("config"), environment=os.environ, flags=_flags(options), defaults=serve_defaults()
        )
    except BadSettings as error:
        raise Problem(str(error)) from None
    for warning in loaded.warnings:
        click.echo(f"kobikom-emulator: warning: {warning}", err=True)
    return loaded


_FLAGS = {
    "proxy.base-path": "--base-path",
    "proxy.public-url": "--public-url",
    "proxy.trusted": "--trusted-proxy",
    "tls.cert": "--tls-cert",
    "tls.key": "--tls-key",
}
"""The flags of `serve` that have another name than their setting."""


def _flags(options: dict[str, Any]) -> Layer:
    from kobikom_emulator.settings import from_flags

    flags: list[tuple[str, Any, str]] = []
    for assignment in options["assignments"]:
        name, equals, value = assignment.partition("=")
        if not equals:
            words = re.findall(r"^[\w.-]*", assignment)  # the name alone: a password may follow
            raise Problem(f"--set takes NAME=VALUE, not {words[0]!r}")
        flags.append((name, value, "--set"))
    for reading in options["readings"]:
        name, equals, value = reading.partition("=")
        if not equals:
            raise Problem(f"--reading takes NAME=VALUE, not {reading!r}")
        flags.append((f"readings.{name}", value, "--reading"))
    if options["accounts"]:
        flags.append(("accounts", [_account(text) for text in options["accounts"]], "--account"))
    for name in ("host", "port", "seed", "log-level", "log-format", "store"):
        value = options.get(name.replace("-", "_"))
        if value is not None:
            flags.append((name, value, f"--{name}"))
    for name, flag in _FLAGS.items():
        if value := options.get(flag[2:].replace("-", "_")):
            flags.append((name, list(value) if isinstance(value, tuple) else value, flag))
    return from_flags(flags)


def _account(text: str) -> dict[str, str]:
    user, colon, rest = text.partition(":")
    password, second_colon, credit = rest.partition(":")
    if not (user and colon and password):
        raise Problem("--account takes USER:PASSWORD[:CREDIT]; user and password must not be empty")
    return {"user": user, "password": password, **({"credit": credit} if second_colon else {})}
