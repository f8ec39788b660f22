"""What the inbox shows, in a real browser: messages, requests and the ledger, live, for any text and by keyboard."""

import re
import time
from typing import Any

import pytest

from kobikom_emulator import Emulator

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser views")]


def rows(page: Any) -> Any:
    return page.locator(".list [role=option]")


def counted(page: Any, text: str) -> None:
    """Wait until the line above the list says how many messages there are."""
    page.locator(".counted").filter(has_text=text).first.wait_for()


def test_an_empty_space_says_how_to_fill_it(site) -> None:
    """With no messages the page shows address, user, password and a curl line; running that very line fills it."""
    import subprocess

    page = site.open(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("heading", name="Waiting for the first message").wait_for()
    facts = page.locator(".empty dd code").all_text_contents()
    assert [site.url, "test", "test", "Kobikom"] == facts
    page.locator(".snippet").get_by_role("button", name="Copy").click()
    page.get_by_text("Copied as curl").wait_for()
    line = page.evaluate("navigator.clipboard.readText()")
    subprocess.run(["sh", "-c", line], check=True, capture_output=True, timeout=20)
    page.locator(".message .otp code").filter(has_text="482913").wait_for()
    rows(page).filter(has_text="Your code is 482913").wait_for()


def test_the_first_send_in_python(site) -> None:
    """The tab for Python shows a program, and running that very program sends the message."""
    import subprocess
    import sys

    page = site.open(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("tab", name="Python").click()
    page.locator(".snippet").get_by_role("button", name="Copy").click()
    page.get_by_text("Copied as Python").wait_for()
    program = page.evaluate("navigator.clipboard.readText()")
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=20)
    rows(page).filter(has_text="Your code is 482913").wait_for()


def test_a_message_appears_by_itself_within_half_a_second(site) -> None:
    """A send is on the open page in under 500 ms, no reload; the best of a few, for machines that are busy."""
    page = site.open()
    site.send("isinma")
    rows(page).filter(has_text="isinma").wait_for()
    page.evaluate(
        """() => {
             window.seen = {};
             const look = () => document.querySelectorAll('[role=option]').forEach((row) => {
               const found = /olcum(\\d)/.exec(row.textContent);
               if (found) window.seen[found[1]] ??= Date.now();
             });
             new MutationObserver(look).observe(document.querySelector('.list'), {childList: true, subtree: true});
           }"""
    )
    took = []
    for nth in range(4):
        began = time.time()
        site.send(f"olcum{nth}")
        rows(page).filter(has_text=f"olcum{nth}").wait_for()
        took.append(page.evaluate(f"window.seen[{nth}]") / 1000 - began)
    assert min(took) < 0.5


def test_the_page_survives_a_restart_of_the_server(chromium, site_of) -> None:
    """When the server goes and another comes in its place, the page follows the new one, its old messages gone."""
    with Emulator() as first:
        site = site_of(first)
        page = site.open()
        site.send("eski")
        rows(page).filter(has_text="eski").wait_for()
        port = int(first.url.rsplit(":", 1)[1])
    page.wait_for_selector(".state.away")
    with Emulator(port=port) as second:
        other = site_of(second)
        page.wait_for_selector(".state.live")
        other.send("yeni")
        rows(page).filter(has_text="yeni").wait_for()
        assert 0 == rows(page).filter(has_text="eski").count()
    site.close()


def test_search_and_filters_live_in_the_url(site) -> None:
    """What is typed narrows the list and stands in the URL; opening that URL shows the same."""
    site.send("Merhaba dünya")
    site.send("Kodunuz 482913", "905421234567")
    site.space("/clock", "POST", {"advance": 5})
    site.send("sonraki", "905551234567")
    page = site.open()
    box = page.get_by_role("combobox", name="Search messages")
    box.fill("KODUNUZ")
    counted(page, "1 found")
    assert "q=KODUNUZ" in page.url
    box.fill("status:delivered")
    counted(page, "2 found")
    again = site.open(page.url.partition("/_emulator/")[2])
    counted(again, "2 found")
    assert "status:delivered" == again.get_by_role("combobox", name="Search messages").input_value()
    old = site.open("?status=DELIVERED")
    counted(old, "2 found")
    old.get_by_role("button", name="Remove the filter Status").click()
    counted(old, "3 messages")


def test_a_message_in_detail(site) -> None:
    """The detail names the character that forced UCS-2, draws the parts, picks out code and link, shows the plan."""
    text = "Doğrulama kodunuz 482913 😀 https://magaza.example/onay?k=1. Tutar 1250 TL. " + "Kimseyle paylaşmayın. " * 3
    site.send(text.strip(), fields="<type>longSMS</type><languageCode>TR</languageCode>")
    page = site.open()
    rows(page).first.click()
    page.locator(".message h2").filter(has_text="+90 532 123 45 67").wait_for()
    facts = page.locator(".facts-area .facts").inner_text()
    assert ("UCS-2" in facts, "U+1F600" in facts, "left" in facts) == (True, True, True)
    assert text.strip() == "".join(page.locator(".phone .text").all_text_contents())
    flags = page.locator(".segment .flag").all_text_contents()
    assert [f"Part {nth + 1}/{len(flags)}: " for nth in range(len(flags))] == flags
    assert len(flags) > 1
    assert ["482913"] == page.locator(".picks .otp code").all_text_contents()
    assert ["https://magaza.example/onay?k=1"] == page.locator(".picks .url code").all_text_contents()
    assert ["Submitted", "Sent", "Delivered"] == page.locator(".timeline b").all_text_contents()
    page.get_by_role("region", name="Request").get_by_text("482913").wait_for()
    assert page.locator(".code .tag").count() > 10


def test_flash_is_shown_as_flash(site) -> None:
    """A flash message stands over the phone's screen, not in a bubble."""
    site.send("Acil durum", fields="<flash>1</flash>")
    page = site.open()
    rows(page).first.click()
    assert "Acil durum" == page.locator(".phone .flash .text").inner_text()
    assert 0 == page.locator(".phone .bubble").count()


def test_what_was_cut_is_shown(site) -> None:
    """A text cut to one part shows what was lost, and the clause."""
    site.send("a" * 160 + "KAYIP")
    page = site.open()
    rows(page).first.click()
    assert "KAYIP" == page.locator(".segment.lost").inner_text()
    assert "S-11" in page.locator(".text-area .hint").inner_text()


def test_things_can_be_copied(site) -> None:
    """The code and the curl line go to the clipboard."""
    site.send("Kodunuz 482913")
    page = site.open(permissions=["clipboard-read", "clipboard-write"])
    rows(page).first.click()
    page.locator(".otp button").click()
    page.get_by_text("Copied: 482913").wait_for()
    assert "482913" == page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Copy as").click()
    page.get_by_role("menuitem", name="Copy as curl").click()
    page.get_by_text("Copied as curl").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl -sS -X POST http://127.0.0.1:")


def test_a_refused_request_explains_itself(site) -> None:
    """A refusal shows code, clause and sentence, and the place is marked in the body; so is a field nobody read."""
    site.send("Merhaba", "905321234567", "902125550000", fields="<gelecek>x</gelecek>")
    page = site.open("?view=requests")
    row = rows(page).filter(has_text="-13")
    assert "S-06" in row.inner_text()
    row.click()
    finding = page.locator(".finding.refused")
    finding.wait_for()
    said = finding.inner_text()
    assert ("-13" in said, "S-06" in said, "no known mobile operator" in said) == (True, True, True)
    assert "line 7, column 1" in said
    assert "<gsm>902125550000</gsm>" == "".join(page.locator(".line.marked mark.refused").all_text_contents())
    assert "<gelecek>x</gelecek>" == "".join(page.locator(".line.marked mark.unread").all_text_contents())


def test_an_unreadable_request_is_marked_where_it_broke(site) -> None:
    """A body that is no XML shows -22 and the line where it stopped being any."""
    site.ask("POST", "/api/sendsms/xml/", "<SMS>\n<metin>A & B</metin>\n</SMS>")
    page = site.open("?view=requests&entry=1")
    page.locator(".finding.refused").filter(has_text="-22").wait_for()
    assert "2" == page.locator(".line.marked .number").first.inner_text()


def test_requests_are_live_and_filtered(site) -> None:
    """New requests come by themselves; outcome and operation narrow them down, in the URL."""
    page = site.open("?view=requests")
    site.send("x", password="yanlis")
    site.send("y")
    page.get_by_text("2 of 2 requests").wait_for()
    page.get_by_role("button", name="Refused").click()
    page.get_by_text("1 of 2 requests").wait_for()
    assert "refused=true" in page.url
    assert "Refused -5" in rows(page).inner_text()


def test_the_ledger(site) -> None:
    """The ledger shows credit, what was spent and given back, a chart and its lines, and follows."""
    site.send("bir", "905321234567", "905990000005")
    page = site.open("?view=credit")
    page.get_by_text("2 spent on 2 messages").wait_for()
    site.space("/clock", "POST", {"advance": 5})
    page.get_by_text("1 given back").wait_for()
    assert "Credit of test: from 1,000 to 999" == page.locator(".chart title").text_content()
    assert ["+1", "−2", "= 1,000"] == page.locator("tbody td:nth-child(3)").all_text_contents()


def points(page: Any) -> list[int]:
    """How high the chart's line stands at each of its points, in pixels below the highest."""
    path = page.locator(".chart path.stroke").get_attribute("d")
    heights = [float(height) for height in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]
    return [round(height - min(heights)) for height in heights]


def test_credit_that_was_set_is_in_the_chart(site) -> None:
    """The chart follows the kept lines: opened at 1000, set to 10, a charge of 1, set to 500."""
    site.space("/clock", "POST", {"advance": 60})
    site.space("/accounts/test", "PATCH", {"credit": "10"})
    site.space("/clock", "POST", {"advance": 60})
    site.send("bir")
    site.space("/clock", "POST", {"advance": 60})
    site.space("/accounts/test", "PATCH", {"credit": "500"})
    page = site.open("?view=credit")
    page.get_by_text("4 of 4 lines").wait_for()
    assert ["= 500", "−1", "= 10", "= 1,000"] == page.locator("tbody td:nth-child(3)").all_text_contents()
    assert ["Set by hand", "Charge", "Set by hand", "Opened"] == page.locator("tbody .chip").all_text_contents()
    assert "Credit of test: from 1,000 to 500" == page.locator(".chart title").text_content()
    top, before_set, low, before_charge, lowest, before_second, half, end = points(page)
    assert (top, low, lowest, half) == (before_set, before_charge, before_second, end)
    assert 0 == top < half < low <= lowest
    assert 0.49 < half / lowest < 0.52


def test_older_lines_of_the_ledger_are_loaded(site) -> None:
    """All lines can be reached, a page at a time, and Back leads to the newer ones; the chart is of all of them."""
    for _ in range(202):
        site.send("x")
    page = site.open("?view=credit")
    page.get_by_text("200 of 203 lines").wait_for()
    assert "Credit of test: from 1,000 to 798" == page.locator(".chart title").text_content()
    page.get_by_role("link", name="Older lines").click()
    page.get_by_text("3 of 203 lines").wait_for()
    assert ["−1", "−1", "= 1,000"] == page.locator("tbody td:nth-child(3)").all_text_contents()
    assert "Credit of test: from 1,000 to 798" == page.locator(".chart title").text_content()
    page.go_back()
    page.get_by_text("200 of 203 lines").wait_for()


HOSTILE = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>\"'`${1}{{1}}&amp;"


def test_hostile_texts_stay_text(chromium, site_of) -> None:
    """Markup in a text, title, number, header or user name is shown as it was written and does nothing."""
    title, user = "<b>t</b>", "<i onclick=pwned()>"
    account = {"user": user, "password": "p&<", "titles": [title]}
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;")
    with Emulator(clock={"start": "2026-01-31T09:00:00+03:00"}, accounts=[account]) as emulator:
        site = site_of(emulator)
        xml = (
            "<SMS><dogrulama><kullanici>&lt;i onclick=pwned()></kullanici><parola>p&amp;&lt;</parola></dogrulama>"
            f"<mesajiniz><baslik>&lt;b>t&lt;/b></baslik><metin>{escaped}</metin><alicilar><gsm>905321234567</gsm>"
            "<gsm>&lt;u>1&lt;/u></gsm></alicilar><type>longSMS</type></mesajiniz></SMS>"
        )
        site.ask("POST", f"/api/sendsms/xml/?x={'<script>'}", xml)
        page = site.open()
        assert HOSTILE in rows(page).inner_text()
        rows(page).first.click()
        page.get_by_role("region", name="Request").wait_for()
        assert HOSTILE == page.locator(".phone .text").text_content()
        assert title == page.locator(".phone .sender b").inner_text()
        assert page.evaluate("window.pwned") is None
        views = (
            "?view=requests&entry=1",
            "?view=credit",
            "?view=spaces",
            "?view=controls",
            *map("?view=controls&control={}".format, CONTROLS),
        )
        for view in views:
            page.goto(f"{site.url}/_emulator/{view}")
            page.locator("main .card").first.wait_for()
            assert 0 == page.locator("main script, main img, main b b, main u").count()
            assert page.evaluate("window.pwned") is None
        site.close()
        assert ([], []) == (site.complaints, site.foreign)


CONTROLS = ("accounts", "readings", "faults")


def test_a_stored_script_has_no_way_in(site) -> None:
    """Even a script that got into the page would not run: the policy allows the page's own files alone."""
    page = site.open()
    ran = page.evaluate(
        """() => {
             const tag = document.createElement('div');
             try { tag.innerHTML = '<img src=x onerror="window.pwned=1">'; } catch (error) { return 'refused'; }
             return 'made';
           }"""
    )
    assert "refused" == ran
    site.complaints.clear()  # that the browser said so is the point


def test_ten_thousand_messages(site) -> None:
    """Ten thousand messages: few rows in the page, quick to open, and the oldest can be reached."""
    site.space("/accounts/test", "PATCH", {"credit": "20000"})
    for nth in range(100):
        site.send(f"toplu {nth:03}", *(f"90532{nth:03}{index:04}" for index in range(100)))
    page = site.open()
    counted(page, "10,000 messages")
    assert rows(page).count() < 60
    page.evaluate(
        """() => {
             window.longest = 0;
             const note = (entry) => { window.longest = Math.max(window.longest, entry.duration); };
             new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({type: 'longtask'});
           }"""
    )
    page.wait_for_function(
        """() => { const list = document.querySelector('.list'); list.scrollTop = list.scrollHeight;
             return /toplu 000/.test(list.textContent); }""",
        timeout=40_000,
    )
    assert rows(page).count() < 60
    site.send("en yeni")
    counted(page, "10,001 messages")
    assert page.evaluate("window.longest") < 1000


def test_unread_marks(site) -> None:
    """Messages are unread until they were opened; all can be marked, and the marks survive a reload."""
    site.send("bir")
    site.send("iki")
    page = site.open()
    counted(page, "2 unread")
    rows(page).filter(has_text="bir").click()
    counted(page, "1 unread")
    page.reload()
    counted(page, "1 unread")
    page.get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name="Mark all read").click()
    page.wait_for_function("() => !document.querySelector('.counted').textContent.includes('unread')")
    site.send("uc")
    counted(page, "1 unread")
    site.space("/reset", "POST")
    page.get_by_role("heading", name="Waiting for the first message").wait_for()
    site.send("yeni bir")
    counted(page, "1 unread")


def test_by_keyboard_alone(site) -> None:
    """j, k, Enter, /, Escape, ? and digits do everything that a pointer does; the focus can always be seen."""
    for text in ("uc", "iki", "bir"):
        site.send(text)
    page = site.open()
    rows(page).first.wait_for()
    selected = page.locator("[role=option][aria-selected=true]")
    selected.filter(has_text="bir").wait_for()
    for key, text in (("j", "iki"), ("j", "uc"), ("k", "iki")):
        page.keyboard.press(key)
        selected.filter(has_text=text).wait_for()
    page.locator(".phone .text").filter(has_text="iki").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.classList.contains('detail')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.detail') !== null")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.getAttribute('role') === 'listbox'")
    page.keyboard.press("End")
    selected.filter(has_text="uc").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("bir")
    counted(page, "1 found")
    page.keyboard.press("Escape")
    counted(page, "3 messages")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.getAttribute('role') === 'listbox'")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    for key, view in (("2", "requests"), ("3", "controls"), ("4", "credit")):
        page.keyboard.press(key)
        page.wait_for_function(f"() => location.search.includes('view={view}')")
    page.keyboard.press("1")
    page.reload()
    page.wait_for_selector(".state.live")
    page.keyboard.press("Tab")
    assert "Skip to content" == page.evaluate("document.activeElement.textContent")


def test_on_a_narrow_screen_the_message_takes_its_place(site) -> None:
    """At 360 pixels list and message take turns, with a way back, and nothing is wider than the screen."""
    text = "Kodunuz 482913 https://magaza.example/cok/uzun/bir/adres/daha/da/uzun/olsun/diye"
    site.send(text, fields="<type>longSMS</type>")
    page = site.open(size=site.narrow)
    rows(page).first.click()
    page.locator(".phone").wait_for()
    assert not page.locator(".master").is_visible()
    page.get_by_role("button", name="Back to the list").click()
    page.locator(".master").wait_for()
    controls = (f"?view=controls&control={name}" for name in ("send", "clock", *CONTROLS))
    for view in ("?view=requests&entry=1", "?view=credit", "?view=spaces", *controls):
        page.goto(f"{site.emulator.url}/_emulator/{view}")
        page.locator("main .card").first.wait_for()
        assert 360 == page.evaluate("document.documentElement.scrollWidth")


def test_the_page_speaks_turkish(site) -> None:
    """A Turkish browser gets Turkish; a button changes the language, and it stays changed."""
    site.send("Merhaba")
    page = site.open(locale="tr-TR")
    assert ("tr", ["Mesajlar", "İstekler", "Kontroller", "Kredi", "Alanlar"]) == (
        page.evaluate("document.documentElement.lang"),
        [text.split("1")[0] for text in page.locator(".tabs a").all_text_contents()],
    )
    page.get_by_role("button", name="Ayarlar").click()
    page.get_by_label("Dil").select_option("en")
    page.locator(".tabs a").filter(has_text="Messages").wait_for()
    page.reload()
    page.wait_for_selector(".state.live")
    assert re.match("Messages", page.locator(".tabs a").first.inner_text())


def test_the_first_paint_waits_for_no_script(site) -> None:
    """The page's head is painted from the page and its style alone, whatever the modules take."""
    page = site.open(ready=False, java_script_enabled=False)
    assert page.locator(".top .brand").is_visible()


def test_a_view_is_loaded_when_it_is_opened(site) -> None:
    """The first view loads the modules that the page names, and asks for those it has by their ETags; another view
    brings its own, or says that it cannot.
    """
    loaded: list[Any] = []
    page = site.open()
    page.on("response", lambda answer: loaded.append(answer) if "/inbox/" in answer.url else None)
    page.goto(f"{site.url}/_emulator/")
    page.wait_for_selector(".state.live")
    named = page.eval_on_selector_all("link[rel=modulepreload]", "links => links.map((link) => link.href)")
    modules = {answer.url for answer in loaded if answer.url.endswith(".js")}
    assert {*named, f"{site.url}/_emulator/inbox/app.js"} == modules
    assert {304} == {answer.status for answer in loaded if answer.url in modules}
    page.route("**/inbox/ledger.js", lambda route: route.abort())
    page.keyboard.press("4")
    page.get_by_role("heading", name="The server does not answer").wait_for()
    site.complaints.clear()  # that it could not be loaded is said there, too
    page.unroute("**/inbox/ledger.js")
    page.get_by_role("button", name="Try now").click()
    page.locator("main.credit :is(h1, h2)").first.wait_for()
