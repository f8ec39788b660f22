"""The values of the domain and of the protocol cannot be changed after they were made."""

import importlib
import pkgutil
from dataclasses import is_dataclass
from types import ModuleType
from typing import Any

import msgspec
import pytest

from kobikom_emulator import domain, protocol

MODULES = [
    importlib.import_module(f"{package.__name__}.{module.name}")
    for package in (domain, protocol)
    for module in pkgutil.iter_modules(package.__path__)
]


def values_of(module: ModuleType) -> list[Any]:
    """The value classes a module defines."""
    classes = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__]
    return [each for each in classes if issubclass(each, msgspec.Struct) or is_dataclass(each)]


def is_frozen(value: Any) -> bool:
    if issubclass(value, msgspec.Struct):
        return bool(value.__struct_config__.frozen)
    return bool(value.__dataclass_params__.frozen)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_value_can_be_changed(module: ModuleType) -> None:
    """Every value class is frozen."""
    assert [] == [value.__name__ for value in values_of(module) if not is_frozen(value)]


@pytest.mark.parametrize("package", [domain, protocol], ids=lambda package: package.__name__)
def test_values_are_found(package: ModuleType) -> None:
    """The test above has something to look at in each package."""
    modules = [module for module in MODULES if module.__name__.startswith(f"{package.__name__}.")]
    assert len([value for module in modules for value in values_of(module)]) > 5
