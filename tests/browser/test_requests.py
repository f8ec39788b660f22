"""Requests and credit in a real browser: search, marks, clauses, faults as they went over the wire, the kept ledger."""

import contextlib
import http.client
import re
from pathlib import Path
from typing import Any

import pytest

from kobikom_emulator import Emulator

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser requests")]


def rows(page: Any) -> Any:
    return page.locator(".list [role=option]")


def without_answer(site: Any, *to: str) -> None:
    """A send whose answer a fault rule keeps back, all or in part."""
    with contextlib.suppress(http.client.HTTPException, OSError, UnicodeDecodeError):
        site.send("Merhaba", *to)


def arm(site: Any, **effect: Any) -> None:
    rule = {"effect": effect, "match": {"operation": "send"}, "when": {"times": 1}}
    site.space("/faults", "POST", rule)


def test_the_reason_of_the_last_refusal_in_two_clicks(site) -> None:
    """Requests, then Refused: the newest refusal is open with code, sentence and hint; its row says it is one."""
    site.send("Merhaba", "902125550000")
    site.send("Merhaba")
    page = site.open()
    page.get_by_role("link", name="Requests").click()
    page.get_by_role("button", name="Refused").click()
    page.get_by_text("1 of 2 requests").wait_for()
    said = page.locator(".finding.refused").inner_text()
    assert ("-13" in said, "no known mobile operator" in said, "Hint" in said) == (True, True, True)
    row = page.locator(".item.refused-row")
    assert "S-06: expected a mobile number" in row.locator(".line2").inner_text()


def test_requests_are_searched(site) -> None:
    """What is typed is looked for in request and answer; the box, the URL and Escape agree, in Turkish letters too."""
    site.send("Şifreniz IZMIR")
    site.send("Merhaba", "902125550000")
    page = site.open("?view=requests")
    page.get_by_text("2 of 2 requests").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("izmir")
    page.get_by_text("1 of 2 requests").wait_for()
    assert "q=izmir" in page.url
    assert "#1" in rows(page).inner_text()
    page.get_by_role("searchbox").fill("<status>-13")
    rows(page).filter(has_text="#2").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("2 of 2 requests").wait_for()
    assert ("" in page.get_by_role("searchbox").input_value(), "q=" in page.url) == (True, False)
    page.get_by_role("searchbox").fill("nirgends")
    page.get_by_role("heading", name="Nothing matches").wait_for()
    page.get_by_role("button", name="Clear the filters").click()
    page.get_by_text("2 of 2 requests").wait_for()


def test_filters_are_kept_between_views(site) -> None:
    """A tab leads back to the filters of its view; the tab of the view itself clears them."""
    site.send("x", password="yanlis")
    site.send("y")
    page = site.open("?view=requests&refused=true")
    page.get_by_text("1 of 2 requests").wait_for()
    page.get_by_role("link", name="Credit").click()
    page.wait_for_url("**view=credit**")
    page.get_by_role("link", name="Requests").click()
    page.get_by_text("1 of 2 requests").wait_for()
    assert "refused=true" in page.url
    page.keyboard.press("4")
    page.wait_for_url("**view=credit**")
    page.keyboard.press("2")
    page.get_by_text("1 of 2 requests").wait_for()
    page.get_by_role("link", name="Requests").click()
    page.get_by_text("2 of 2 requests").wait_for()


def test_a_clause_opens(site) -> None:
    """A finding's statement opens its clause: the page's own words, the statements with marks, the cited one shown."""
    site.send("x", fields="<baslik>Acme</baslik>")
    page = site.open("?view=requests&entry=1")
    page.get_by_role("button", name="Open the clause S-09.2").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Alphanumeric max.length :11").wait_for()
    assert dialog.locator(".cited").inner_text().startswith("S-09.2")
    dialog.get_by_role("link", name="Choose: unknown-title").click()
    page.wait_for_url("**control=readings**")
    page.locator("#reading-card-unknown-title").wait_for()


LOST = [
    ({"kind": "drop", "moment": "after"}, "answer lost", "Nothing was sent: the connection was closed."),
    ({"kind": "truncate", "bytes": 40}, "answer cut", "The connection was closed after 40 of 176 bytes."),
    ({"kind": "garbage"}, "answer changed", "in hexadecimal: they are no text."),
    ({"kind": "as-printed"}, "", ""),
    ({"kind": "http", "status": 503, "moment": "after"}, "answer changed", "HTTP 503 · text/html"),
    ({"kind": "delay", "seconds": 0.01}, "", "sent 0.01 s late"),
    ({"kind": "dribble", "bytes_per_second": 90000}, "", "at 90,000 bytes a second"),
]


@pytest.mark.parametrize(("effect", "chip", "wire"), LOST, ids=[effect["kind"] for effect, _, _ in LOST])
def test_a_faulted_request_is_not_explained_as_if_nothing_had_happened(site, effect, chip: str, wire: str) -> None:
    """The rule and what it did stand first, then the answer as it went over the wire, and what it would have been."""
    arm(site, **effect)
    without_answer(site)
    page = site.open("?view=requests&entry=1")
    page.get_by_role("region", name="What the fault rules did").filter(has_text=f"#1 {effect['kind']}").wait_for()
    said = page.locator(".detail").inner_text()
    assert "Nothing to explain" not in said or not chip
    assert wire in said
    assert [chip] * bool(chip) == page.locator(".list .chip.bad").all_inner_texts()[1:]
    if chip:
        assert "Without the fault rules it would have been" in said
        assert "bad" in page.locator(".head .chip").get_attribute("class")
    if effect["kind"] == "drop":
        assert "1 message was accepted and charged; the client got no answer." in said


def test_one_line_of_xml_is_laid_out_with_its_marks(site) -> None:
    """Each element has a line of its own; what was refused is marked there, the numbers are those of the original."""
    account = "<kullanici>test</kullanici><parola>test</parola>"
    numbers = "<gsm>905321234567</gsm><gsm>902125550000</gsm>"
    site.ask(
        "POST",
        "/api/sendsms/xml/",
        f"<SMS><dogrulama>{account}</dogrulama><mesajiniz><metin>Şimdi ğ</metin><alicilar>{numbers}</alicilar>\n"
        "</mesajiniz></SMS>",
    )
    page = site.open("?view=requests&entry=1")
    body = page.get_by_role("region", name="Request", exact=True)
    body.locator(".line").first.wait_for()
    assert "      <gsm>905321234567</gsm>" == body.locator(".content").nth(8).text_content()
    assert "<gsm>902125550000</gsm>" == "".join(body.locator("mark.refused").all_text_contents())
    assert ["1", "2"] == [number for number in body.locator(".number").all_text_contents() if number]
    page.get_by_text("The body as received").click()
    received = page.get_by_role("region", name="The body as received")
    assert 2 == received.locator(".line").count()


HOSTILE = "<b>x</b><SMS"


def test_what_is_no_xml_is_shown_as_it_is(site) -> None:
    """Tags that do not match are never laid out, and stay text."""
    site.ask("POST", "/api/sendsms/xml/", f"<SMS><metin>{HOSTILE}</SMS>")
    page = site.open("?view=requests&entry=1")
    page.locator(".finding.refused").filter(has_text="-22").wait_for()
    assert f"<SMS><metin>{HOSTILE}</SMS>" in page.get_by_role("region", name="Request", exact=True).inner_text()
    assert 0 == page.locator("main b:text-is('x')").count()


def test_equal_findings_are_one(site) -> None:
    """Ten wrong numbers are one finding that counts them and names places."""
    site.send("x", *(f"9021255500{nth:02}" for nth in range(10)))
    page = site.open("?view=requests&entry=1")
    finding = page.locator(".finding")
    finding.wait_for()
    assert "10 times" in finding.inner_text()
    assert "gsm[2]" in finding.inner_text()


def test_the_badge_of_the_clock(chromium, site_of) -> None:
    """A clock that is the machine's has none; one that is frozen or on another time has, and leads to the clock."""
    with Emulator() as emulator:
        site = site_of(emulator)
        page = site.open()
        assert 0 == page.locator(".clock .chip").count()
        site.space("/clock", "POST", {"freeze": True})
        page.locator(".clock .chip").filter(has_text="Frozen").wait_for()
        site.space("/clock", "POST", {"freeze": False, "advance": 3600})
        page.locator(".clock .chip").filter(has_text="Own time").click()
        page.get_by_role("heading", name="Clock of the space").wait_for()
        site.close()


def test_the_chart_begins_where_the_credit_is_known(site) -> None:
    """It begins at zero or says where, marks what was set by hand, and never draws what came before a setting."""
    site.space("/clock", "POST", {"advance": 60})
    site.send("bir")
    site.space("/clock", "POST", {"advance": 60})
    site.space("/accounts/test", "PATCH", {"credit": "500"})
    page = site.open("?view=credit")
    page.locator(".chart .by-hand").wait_for()
    ticks = [text.text_content() for text in page.locator(".chart svg text[text-anchor=end]").all()]
    assert "0" == ticks[0]
    assert "set by hand" in page.locator(".chart figcaption").inner_text()
    page.get_by_role("button", name="Zoom in on the changes").click()
    page.get_by_text("The axis begins at").wait_for()


def test_the_lines_of_credit_as_csv(site) -> None:
    """All lines of the account come as a file, whatever page is shown."""
    for _ in range(3):
        site.send("x")
    page = site.open("?view=credit")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "kobikom-default-ledger.csv" == download.value.suggested_filename
    assert 5 == Path(download.value.path()).read_text("utf-8").count("\n")


def test_numbers_and_dates_are_written_as_in_turkish(site) -> None:
    """A Turkish page groups and separates as tr-TR does, and has no English word in these views."""
    site.send("x", "902125550000", fields="<gelecek>x</gelecek>")
    arm(site, kind="delay", seconds=0.5)
    page = site.open("?view=credit", locale="tr-TR")
    assert "1.000" == re.match(r"[\d.,]+", page.locator(".face").first.inner_text())[0]
    views = ("requests&entry=1", "controls", "controls&control=readings", "controls&control=learn", "credit")
    english = re.compile(r"(?<![-\w])(the|of|and|is|with|answer|request|rule|send|account)(?![-\w])")
    found = {}
    for view in views:
        page.goto(f"{site.url}/_emulator/?view={view}")
        page.wait_for_selector(".state.live")
        page.locator("main .card").first.wait_for()
        texts = page.evaluate(TEXTS)
        if words := [text for text in texts if english.search(text)]:
            found[view] = words
    assert {} == found


TEXTS = """() => [...document.querySelectorAll('main *')]
  .filter((each) => !each.closest('code, pre, select, blockquote'))
  .flatMap((each) => [...each.childNodes]).filter((node) => node.nodeType === 3).map((node) => node.data.trim())
  .filter(Boolean)"""
