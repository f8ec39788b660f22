"""The messages' side of the inbox: what is shown first, search, unread marks, tabs in the background, print."""

import contextlib
import re
from typing import Any

import pytest

from kobikom_emulator import Emulator

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser inbox")]

HIDDEN = "Object.defineProperty(document, 'hidden', {get: () => window.isHidden ?? %s, configurable: true})"
LONG = "<type>longSMS</type>"


def rows(page: Any) -> Any:
    return page.locator(".list [role=option]")


def box(page: Any) -> Any:
    return page.get_by_role("combobox", name="Search messages")


def counted(page: Any, text: str) -> None:
    page.locator(".counted").filter(has_text=text).first.wait_for()


def heading(page: Any) -> Any:
    return page.locator(".message h2")


def streams(site: Any) -> int:
    """The open event streams of the server."""
    server = site.emulator.running._http_server
    return int(site.emulator.in_loop(lambda: len(server.streams)))


def test_the_newest_is_open_until_one_is_chosen(site) -> None:
    """A new message takes the place of one that was shown by itself; one that was clicked stays."""
    site.send("bir", "905321234561")
    page = site.open()
    heading(page).filter(has_text="61").wait_for()
    site.send("iki", "905321234562")
    heading(page).filter(has_text="62").wait_for()
    rows(page).filter(has_text="bir").click()
    site.send("uc", "905321234563")
    rows(page).filter(has_text="uc").wait_for()
    assert "+90 532 123 45 61" == heading(page).inner_text()


def test_messages_that_did_not_arrive_say_so_and_why(site) -> None:
    """The phone shows scheduled and failed messages as not arrived; the reason is there in words."""
    site.send("yarin", fields="<ileriTarih>1d0h0m</ileriTarih>")
    site.send("kayip", "905990000003")
    site.space("/clock", "POST", {"advance": 5})
    page = site.open()
    page.locator(".absence.bad").filter(has_text="Did not arrive: Not delivered").wait_for()
    assert "gsmerror 27: subscriber absent" in page.locator(".reason").inner_text()
    rows(page).filter(has_text="yarin").click()
    page.locator(".absence.wait").filter(has_text="Not sent yet").wait_for()
    height = page.locator(".phone").evaluate("each => each.offsetHeight")
    assert height < 320


def test_what_cannot_be_seen_is_shown(site) -> None:
    """Invisible and bidirectional characters by their names, also in what was cut off; each character that forced
    UCS-2 is marked wherever it stands; of what was replaced both characters are shown.
    """
    site.send("gizli\u200bbo\u015f \u202eters \u015f\u2603 é", fields="<type>longSMS</type>")
    page = site.open()
    page.locator(".invisible").first.wait_for()
    assert ["ZWSP", "ş", "RLO", "ş", "☃"] == page.locator(".segments mark.char").all_text_contents()
    assert "\u202e" not in page.locator(".segments").inner_text()
    facts = page.locator(".facts-area").inner_text()
    assert (True, True, True) == ("U+015F" in facts, "U+2603" in facts, "U+00E9" not in facts)
    request = page.get_by_role("region", name="Request").inner_text()
    shown = (facts, rows(page).inner_text(), request)
    assert [False, False, False] == ["\u202e" in text for text in shown]
    site.space("/readings", "PATCH", {"unencodable": "question-mark"})
    site.send("iş ☃" + "a" * 160 + "\u202eson")
    page.locator(".segments .replaced").first.wait_for()
    assert ["ş?", "☃?"] == page.locator(".segments .replaced").all_text_contents()
    assert "aaaaRLOson" == "".join(page.locator(".segment.lost").all_text_contents()).replace("?", "RLO")[-10:]


def test_unread_marks_are_shared_by_tabs_and_in_every_title(site) -> None:
    """The title counts in every view and in the background; a mark in one tab is one in the others."""
    site.send("bir")
    site.send("iki")
    page = site.open()
    counted(page, "2 unread")
    other = page.context.new_page()
    other.goto(f"{site.url}/_emulator/?view=requests")
    other.wait_for_function("() => document.title.startsWith('(2) Requests')")
    assert "%3E2%3C%2Ftext" in other.locator("link[rel=icon]").get_attribute("href")
    rows(page).filter(has_text="bir").click()
    other.wait_for_function("() => document.title.startsWith('(1) Requests')")
    counted(page, "1 unread")
    rows(page).filter(has_text="bir").click()
    assert page.title().startswith("(1) Messages")
    site.send("uc")
    other.wait_for_function("() => document.title.startsWith('(2) Requests')")
    page.keyboard.press("u")
    other.wait_for_function("() => document.title.startsWith('(3) Requests')")


def test_tabs_in_the_background_hold_no_connection(site) -> None:
    """Six tabs that were never seen keep no stream, so the seventh is live; they still count."""
    hidden = []
    first = site.open()
    first.context.add_init_script(HIDDEN % "true")
    for _ in range(6):
        page = first.context.new_page()
        page.goto(f"{site.url}/_emulator/")
        hidden.append(page)
    for page in hidden:
        page.wait_for_selector(".state.live")
    first.wait_for_function("() => document.querySelector('.state.live')")
    site.send("gorunen")
    rows(first).filter(has_text="gorunen").wait_for()
    assert streams(site) < 6
    hidden[0].wait_for_function("() => document.title.startsWith('(1)')", timeout=15_000)


def test_box_url_list_back_and_escape_agree(site) -> None:
    """Back empties the box with the list; Escape does too; what is typed is one step of the history."""
    site.send("elma")
    site.send("armut")
    page = site.open()
    counted(page, "2 messages")
    box(page).fill("elma")
    counted(page, "1 found")
    page.go_back()
    counted(page, "2 messages")
    assert ("", False) == (box(page).input_value(), "q=" in page.url)
    box(page).fill("armut")
    counted(page, "1 found")
    box(page).press("Escape")
    counted(page, "2 messages")
    assert ("", False) == (box(page).input_value(), "q=" in page.url)
    page.get_by_role("button", name="With a code").click()
    page.get_by_text("Nothing matches").wait_for()
    assert "is:code" == box(page).input_value()
    box(page).fill("status:nonsense")
    page.locator(".hint.bad").filter(has_text="status:nonsense: there are failed").wait_for()


def test_a_search_under_way_is_given_up(site) -> None:
    """An answer to an earlier search that comes late is not shown; until the answer the page says that it searches."""
    site.send("elma")
    site.send("armut")
    page = site.open()
    counted(page, "2 messages")
    waiting: list[Any] = []
    page.route("**/messages?q=elma*", lambda route: waiting.append(route))  # noqa: PLW0108  # it wants a function
    box(page).fill("elma")
    counted(page, "Searching")
    box(page).fill("armut")
    counted(page, "1 found")
    with contextlib.suppress(Exception):  # the page has given the request up
        waiting[0].fulfill(json={"messages": [], "next": None})
    counted(page, "1 found")
    assert 1 == rows(page).filter(has_text="armut").count()


def test_a_deep_link_shows_its_place_and_no_other_screen(site) -> None:
    """A link to a message far down selects it in the list; the first screen does not flash meanwhile."""
    site.send("en eski", "905321230000")
    for nth in range(3):
        site.send(f"toplu {nth}", *(f"90532{nth}{index:06}" for index in range(100)))
    oldest = site.emulator.kobikom.messages[0].id
    context = site.open().context
    context.add_init_script(
        "new MutationObserver(() => { if (/Waiting for the first|No message/.test(document.body?.innerText || ''))"
        " window.flashed = true; }).observe(document, {childList: true, subtree: true})"
    )
    page = context.new_page()
    page.goto(f"{site.url}/_emulator/?message={oldest}")
    page.locator("[role=option][aria-selected=true]").filter(has_text="en eski").wait_for()
    page.get_by_text("Newer messages are not shown").wait_for()
    assert page.evaluate("window.flashed") is None
    page.locator(".place button").click()
    rows(page).filter(has_text="toplu 2").first.wait_for()
    page.get_by_role("button", name="Jump").click()
    page.get_by_role("menuitem", name="Oldest").click()
    rows(page).filter(has_text="en eski").wait_for()
    assert "at=oldest" in page.url
    page.goto(f"{site.url}/_emulator/?at=2026-01-30")
    page.get_by_text("Nothing matches").wait_for()


def test_the_page_says_that_it_has_no_connection(chromium, site_of) -> None:
    """After some seconds without the server a banner says since when, with a button; it goes with the connection."""
    with Emulator() as first:
        site = site_of(first)
        page = site.open()
        port = int(first.url.rsplit(":", 1)[1])
    page.locator(".banner").filter(has_text="No connection to the server since").wait_for()
    with Emulator(port=port):
        page.get_by_role("button", name="Try now").click()
        page.wait_for_selector(".state.live")
        page.locator(".banner").wait_for(state="hidden")
        site.close()


def test_a_closed_space_offers_a_way_out(site) -> None:
    """A space that is closed under the page, or never was, leads to the others and can be opened."""
    site.ask("POST", "/_emulator/spaces", {"name": "kisa"})
    page = site.open("?space=kisa")
    page.get_by_label("Space", exact=True).focus()
    site.ask("POST", "/_emulator/spaces", {"name": "yeni"})
    page.evaluate("document.activeElement.blur()")
    page.get_by_label("Space", exact=True).focus()
    page.wait_for_function("() => [...document.querySelector('.space select').options].some((o) => o.text === 'yeni')")
    assert "SELECT" == page.evaluate("document.activeElement.tagName")
    site.ask("DELETE", "/_emulator/spaces/kisa")
    page.get_by_role("heading", name="There is no space kisa").wait_for()
    page.wait_for_selector(".state.gone")
    page.get_by_role("button", name="Open a space of this name").click()
    page.wait_for_selector(".state.live")
    page.goto(f"{site.url}/_emulator/?space=yok")
    page.get_by_role("link", name="All spaces").click()
    page.locator(".overview h2").filter(has_text="yeni").wait_for()
    assert {"default", "kisa", "yeni"} == set(page.locator(".overview h2").all_text_contents())


def test_links_are_whole(site) -> None:
    """Hosts with Turkish letters and several labels are part of the link; addresses of mail are none."""
    site.send("örnek.com.tr/yol, www.magaza.example ve a@b.com/x https://x.io/a?b=1.")
    page = site.open()
    page.locator(".picks .url code").first.wait_for()
    links = page.locator(".picks .url code").all_text_contents()
    assert ["örnek.com.tr/yol", "https://x.io/a?b=1"] == [link for link in links if "magaza" not in link]


def test_drafts_survive_and_accounts_come_back(site) -> None:
    """What was typed into the send form is there after another view; a list of accounts that failed is loaded again."""
    page = site.open("?view=controls&control=send")
    page.locator("select").filter(has_text="Kobikom").first.wait_for()
    page.get_by_label("Text").fill("taslak metin")
    page.keyboard.press("Escape")
    page.locator(".tabs a").first.click()
    page.route("**/accounts", lambda route: route.abort())
    page.go_back()
    page.get_by_role("alert").filter(has_text="The accounts could not be loaded.").wait_for()
    assert "taslak metin" == page.get_by_label("Text").input_value()
    page.unroute("**/accounts")
    site.send("bir")
    page.locator("select").filter(has_text="Kobikom").first.wait_for()
    page.get_by_role("alert").wait_for(state="hidden")


def test_on_paper_only_the_message_is_left(site) -> None:
    """Printed, the message stands in full without list, head and buttons; without one the list does."""
    site.send("basilan metin")
    page = site.open()
    page.locator(".message .segments").wait_for()
    page.emulate_media(media="print")
    visible = {name: page.locator(name).first.is_visible() for name in (".top", ".master", ".actions", ".message")}
    assert {".top": False, ".master": False, ".actions": False, ".message": True} == visible
    page.set_viewport_size(site.narrow)
    assert page.locator(".message .segments").is_visible()


def test_the_current_tab_is_in_sight(site) -> None:
    """On a narrow screen the tab of the view that is shown is scrolled to."""
    page = site.open("?view=spaces", size=site.narrow)
    page.wait_for_function(
        """() => { const place = document.querySelector('.tabs [aria-current]').getBoundingClientRect();
             return place.left >= 0 && place.right <= 360; }"""
    )
    assert 360 == page.evaluate("document.documentElement.scrollWidth")


def test_a_new_status_takes_no_focus_and_says_little(site) -> None:
    """A button keeps the focus while the status changes; new messages are not read out one by one."""
    site.send("Kodunuz 482913")
    page = site.open()
    page.locator(".otp button").focus()
    site.space("/clock", "POST", {"advance": 5})
    page.locator(".head .chip").filter(has_text="Delivered").wait_for()
    assert "Copy 482913" == page.evaluate("document.activeElement.getAttribute('aria-label')")
    for nth in range(3):
        site.send(f"{nth}")
    counted(page, "4 messages")
    assert "" == page.locator("[role=status]").all_text_contents()[-1]
    assert 0 == page.locator(".counted[role=status], .counted [role=status]").count()


def test_notifications_are_shown_once_they_are_wanted(site) -> None:
    """Not before they were switched on, and only while the tab is in the background: title, code and text of each new
    message; a click on one opens the message.
    """
    page = site.open(ready=False, permissions=["notifications"])
    page.add_init_script(
        """window.notes = [];
           window.Notification = class {
             static permission = "granted";
             static requestPermission() { window.asked = true; return Promise.resolve("granted"); }
             constructor(title, { body, tag }) { Object.assign(this, { title, body, tag }); window.notes.push(this); }
             close() {}
           };
           let hidden = false;
           window.asked_whether_hidden = 0;
           const get = () => { window.asked_whether_hidden += 1; return hidden; };
           Object.defineProperty(document, "hidden", { get });
           window.hide = (value) => { hidden = value; };"""
    )
    page.reload()
    page.wait_for_selector(".state.live")
    page.evaluate("hide(true)")
    site.send("nobody asked for this")
    page.wait_for_function("() => document.title.startsWith('(1)')")
    page.evaluate("hide(false)")
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Notify me of new messages").check()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    assert page.evaluate("window.asked")
    page.reload()
    page.wait_for_selector(".state.live")
    page.evaluate("window.asked_whether_hidden = 0")
    site.send("the tab is in front")
    page.wait_for_function("() => window.asked_whether_hidden")
    page.evaluate("hide(true)")
    site.send("Kodunuz 482913", "905321112233")
    page.wait_for_function("() => window.notes.length")
    notes = page.evaluate("window.notes.map(({title, body}) => [title, body])")
    assert [["+90 532 111 22 33 · Kobikom", "Code: 482913\nKodunuz 482913"]] == notes
    page.evaluate("window.notes[0].onclick()")
    page.locator(".message h2").filter(has_text="+90 532 111 22 33").wait_for()


def test_filters_are_kept_between_views(site) -> None:
    """The tab of a view leads back to the filters that were left there."""
    site.send("elma")
    page = site.open("?q=elma")
    counted(page, "1 found")
    page.keyboard.press("4")
    page.locator(".tabs a").first.click()
    counted(page, "1 found")
    assert "elma" == box(page).input_value()


def test_commands_and_settings(site) -> None:
    """Ctrl K runs commands by their names and searches; theme, density and language stay chosen."""
    site.send("Kodunuz 482913")
    page = site.open(permissions=["clipboard-read", "clipboard-write"])
    rows(page).first.wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("copy code newest")
    page.keyboard.press("Enter")
    page.get_by_text("Copied: 482913").wait_for()
    assert "482913" == page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("Control+k")
    page.keyboard.type("yok boyle")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing matches").wait_for()
    tall = page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Theme").select_option("dark")
    page.get_by_label("Density").select_option("compact")
    page.get_by_text(re.compile(r"kobikom-emulator \d")).wait_for()
    page.reload()
    page.wait_for_selector(".state.live")
    root = "document.documentElement"
    assert ("light dark", "dark", "compact") == (
        tall, page.evaluate(f"getComputedStyle({root}).colorScheme"), page.evaluate(f"{root}.dataset.density")
    )  # fmt: skip


def test_what_can_be_done_with_a_message(site) -> None:
    """Send it again, find all of its recipient, copy it as PHP, delete it."""
    site.send("bir", "905321234561")
    site.send("iki", "905321234562")
    page = site.open(permissions=["clipboard-read", "clipboard-write"])
    rows(page).filter(has_text="bir").click()
    page.get_by_role("button", name="Send again").click()
    counted(page, "3 messages")
    page.get_by_role("button", name="Copy as").click()
    page.get_by_role("menuitem", name="PHP").click()
    page.get_by_text("Copied as PHP").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("<?php")
    page.locator(".actions").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    counted(page, "2 messages")
    rows(page).filter(has_text="bir").click()
    page.locator(".actions").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="All messages to").click()
    counted(page, "1 found")


TEXTS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('code, .code, option, .phone, .line2, del'))
    found.push(walk.currentNode.textContent.trim());
  for (const each of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    if (!each.closest('.line2'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(each.getAttribute(name) || '');
  return found.filter((text) => /[a-z]{3}/.test(text));
}"""
"""The page's own texts: data stands in code, options and texts of messages."""

SAME = re.compile(
    r"^POST |"
    r"kobikom|emulator|^test$|^default$|Kobikom|curl|Python|Node|longSMS|gsmerror|OpenAPI|Merhaba|elma|^type$"
    r"|Unicode|magaza|^space-|Flash|JSON Lines|CSV|HAR|^https?:|Content-Type|application/|charset|^[\d\W]*$|Webhook|905"
)


@pytest.mark.parametrize("view", ["", "?q=yok", "?view=spaces", "?space=yok"])
def test_nothing_is_left_in_english(site, view: str) -> None:
    """No text of the page is the same in both languages, but for names and words of the API."""
    site.send("Merhaba", "905990000003")
    site.space("/clock", "POST", {"advance": 5})
    texts = {}
    for locale in ("en-GB", "tr-TR"):
        page = site.open(view, locale=locale, ready=False)
        page.locator(".state.live, .state.gone").wait_for(timeout=6_000)
        page.locator("main h1, main h2").first.wait_for()
        page.wait_for_function("() => !document.querySelector('.loading')")
        texts[locale] = set(page.evaluate(TEXTS))
    assert [] == sorted(text for text in texts["en-GB"] & texts["tr-TR"] if not SAME.search(text))
