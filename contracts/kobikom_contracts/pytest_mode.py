"""The pytest plugin behind ``pytest --pyargs kobikom_contracts --kobikom-url …``, and the days of `kobikom_day`.

pytest loads this module at every start, so anything slow is loaded later.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kobikom_contracts.core.verdicts import Run

OPTIONS = {
    "url": "the part of the address before /api/sendsms/xml/",
    "user": "the account's user",
    "password": "the account's password",
    "control": "URL of the control API",
    "token": "the token of the control API",
    "contracts-profile": "quick or deep",
    "contracts-seed": "decides every draw",
    "days": "the days of the fixture kobikom_day: single (the catalogue), all (drawn ones too), N drawn ones, or found",
}
DEFAULTS = {
    "user": "test",
    "password": "test",
    "token": os.environ.get("KOBIKOM_CONTROL__TOKEN", ""),
    "contracts-profile": "quick",
    "contracts-seed": "0",
    "days": "single",
}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser) -> None:
    """Add the options when every plugin has been loaded, in whatever order."""
    group = parser.getgroup("kobikom-contracts")
    for name, text in OPTIONS.items():
        # The emulator's plugin has --kobikom-url too, with the same meaning. Not every version of pytest refuses an
        # option of another group here: some fail when they parse.
        if not hasattr(early_config.known_args_namespace, f"kobikom_{name.replace('-', '_')}"):
            group.addoption(f"--kobikom-{name}", default=DEFAULTS.get(name), help=text)
    parser.addini(
        "kobikom_days", "the folder with files of days that found something: tried first", default="tests/days"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say what the marker of the days takes."""
    config.addinivalue_line(
        "markers", "kobikom_days(operations=[…], kinds=[…], different=…): which days of the catalogue kobikom_day gives"
    )
    if not config.pluginmanager.hasplugin("xdist"):
        config.addinivalue_line("markers", "xdist_group(name): of pytest-xdist, which is not loaded here")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that takes `kobikom_day` one day after another."""
    if "kobikom_day" in metafunc.fixturenames:
        from kobikom_contracts.pytest_days import days_of_test

        metafunc.parametrize("kobikom_day", days_of_test(metafunc), ids=str)


@pytest.fixture(scope="session")
def kobikom_run(request: pytest.FixtureRequest) -> Run:
    """The run that all tests read: made once a session."""
    from kobikom_contracts.control import Control
    from kobikom_contracts.core.command_line import no_files_of_hypothesis
    from kobikom_contracts.server_suite.judge import judge_server
    from kobikom_contracts.server_suite.own_space import own_space
    from kobikom_contracts.server_suite.target import Target

    url = request.config.getoption("--kobikom-url")
    if not url:
        pytest.skip("give --kobikom-url")
    if spread_over_workers(request.config):
        pytest.fail("workers cannot share one account and one clock: -n 0 or --dist=loadfile", pytrace=False)
    control_url = request.config.getoption("--kobikom-control")
    # The emulator's own plugin, where it is installed, adds an option of this name, too.
    token = request.config.getoption("--kobikom-token") or ""
    user, password = (request.config.getoption(f"--kobikom-{name}") for name in ("user", "password"))
    with no_files_of_hypothesis(), ExitStack() as stack:
        control = None
        if control_url:
            space = stack.enter_context(own_space(Control(control_url, token=token), url))
            control = Control(control_url, token=token, space=space.name if space else "default")
            control.probe()
            if space is not None:
                url, user, password = space.url, space.user, space.password
        return judge_server(
            Target(url, user, password, control=control),
            profile=request.config.getoption("--kobikom-contracts-profile"),
            seed=int(request.config.getoption("--kobikom-contracts-seed")),
            only=_selected_clauses(request),
        )


def spread_over_workers(config: pytest.Config) -> bool:
    """Whether pytest-xdist spreads the tests of one module over several workers."""
    several = getattr(config, "workerinput", {}).get("workercount", 1) > 1
    return several and config.getoption("dist") not in {"loadfile", "loadscope", "loadgroup"}


def _selected_clauses(request: pytest.FixtureRequest) -> list[str]:
    """The clauses whose tests were selected (``-k``, ``--deselect``): no other is judged."""
    specs = (getattr(item, "callspec", None) for item in request.session.items)
    return [spec.params["clause"] for spec in specs if spec and "clause" in spec.params]
