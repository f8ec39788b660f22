"""axe-core finds nothing on any view, at both widths, light and dark, in both languages, full and empty."""

import asyncio
from typing import Any

import pytest

from kobikom_emulator import Emulator, demo

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser controls")]

VIEWS = (
    "",
    "?message={message}",
    "?view=requests",
    "?view=requests&entry={entry}",
    "?view=credit&user=magaza",
    "?view=spaces",
    *(f"?view=controls&control={name}" for name in ("send", "clock", "faults", "accounts", "readings", "webhooks")),
)

SOME = VIEWS[1:5:2]


def violations(page: Any, axe: str) -> list[str]:
    """What axe-core finds on a page, a line each."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"]]


@pytest.fixture(scope="module")
def lively(chromium: Any) -> Any:
    """An emulator with the demo's week in it."""
    with Emulator(demo.settings(1)) as emulator:
        future = asyncio.run_coroutine_threadsafe(demo.fill(emulator.running, seed=1), emulator._loop)
        future.result(60)
        yield emulator


@pytest.mark.parametrize(
    ("scheme", "locale", "narrow", "views"),
    [
        ("light", "en-GB", False, VIEWS),
        ("dark", "tr-TR", True, VIEWS),
        ("dark", "en-GB", False, SOME),
        ("light", "tr-TR", True, SOME),
    ],
    ids=["light-english-wide", "dark-turkish-narrow", "dark-english-wide", "light-turkish-narrow"],
)
def test_axe_finds_nothing(
    lively, site_of, axe: str, scheme: str, locale: str, narrow: bool, views: tuple[str, ...]
) -> None:
    """No view has anything that axe-core objects to."""
    site = site_of(lively)
    messages = site.space("/messages")["messages"]
    entry = site.space("/requests?outcome=partly")["entries"][0]["id"]
    page = site.open(size=site.narrow if narrow else None, color_scheme=scheme, locale=locale, bypass_csp=True)
    found = {}
    for view in views:
        page.goto(f"{lively.url}/_emulator/{view.format(message=messages[0]['id'], entry=entry)}")
        page.wait_for_selector(".state.live")
        page.locator("main .card:visible, main .item:visible").first.wait_for()
        if said := violations(page, axe):
            found[view] = said
    site.close()
    assert {} == found
    assert ([], []) == (site.complaints, site.foreign)


def test_axe_finds_nothing_where_there_is_nothing(site, axe: str) -> None:
    """Empty views and the dialog of keys are as clean."""
    found = {}
    page = site.open(bypass_csp=True)
    for view in ("", "?view=requests", "?view=credit", "?q=yok"):
        page.goto(f"{site.url}/_emulator/{view}")
        page.locator(".empty h2").wait_for()
        if said := violations(page, axe):
            found[view] = said
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    assert ({}, []) == (found, violations(page, axe))
