"""How the default space of a server begins."""

from __future__ import annotations

import msgspec

from kobikom_emulator.clock import machine_time
from kobikom_emulator.settings import Settings
from kobikom_emulator.space.blueprint import Blueprint


class UnplayableScenario(ValueError):
    """A scenario that cannot begin; the message is one line."""


def blueprint_of(settings: Settings, scenario: bytes | None = None) -> Blueprint:
    """How the default space begins: by the settings and, if one is given, with a scenario (JSON).

    `UnplayableScenario` says what is wrong with it.
    """
    blueprint = settings.blueprint()
    return blueprint if scenario is None else _with_scenario(blueprint, scenario)


def _with_scenario(blueprint: Blueprint, document: bytes) -> Blueprint:
    from kobikom_emulator.operations.errors import Invalid
    from kobikom_emulator.operations.scenario import begin_with
    from kobikom_emulator.space.scenario import Scenario

    try:
        return begin_with(blueprint, msgspec.json.decode(document, type=Scenario), now=machine_time())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnplayableScenario(Invalid.from_json(error, Scenario).detail) from None
    except Invalid as error:
        raise UnplayableScenario(error.detail) from None
