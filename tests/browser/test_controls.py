"""Each form of the inbox's Controls changes what its labels say."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kobikom_emulator import Emulator

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser controls")]


def test_send_a_test_message(site) -> None:
    """The form posts to the API; its answer leads to the message."""
    page = site.open("?view=controls&control=send")
    page.locator("select").filter(has_text="Kobikom").first.wait_for()
    page.locator("form textarea").first.fill("905321234567, 12345")
    page.locator("form textarea").last.fill("Şimdi & <burada>")
    page.get_by_label("Language code").select_option("TR")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="Not accepted, or not all of it").wait_for()
    [message] = site.space("/messages")["messages"]
    assert ("905321234567", "Şimdi & <burada>", "Kobikom") == (message["to"], message["text"], message["title"])
    page.get_by_role("link", name="See the message").click()
    page.locator(".phone .text").filter(has_text="Şimdi & <burada>").wait_for()


def test_magic_numbers_are_a_button_away(site) -> None:
    """A button fills in a number whose end is known."""
    page = site.open("?view=controls&control=send")
    page.locator("select").filter(has_text="Kobikom").first.wait_for()
    page.get_by_role("button", name="Rejected").click()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="Accepted").wait_for()
    site.space("/clock", "POST", {"advance": 5})
    assert "REJECTED" == site.space("/messages")["messages"][0]["status"]


@pytest.mark.parametrize(("button", "status"), [("Deliver", "DELIVERED"), ("Fail", "NOT_DELIVERED")])
def test_deliver_or_fail_one(site, button: str, status: str) -> None:
    """A message under way ends at once, as the button says, and the page shows it."""
    site.send("Merhaba", "905990000024")
    page = site.open()
    page.locator(".list [role=option]").first.click()
    page.get_by_role("button", name=button, exact=True).click()
    page.locator(".head .chip").filter(has_text={"DELIVERED": "Delivered"}.get(status, "Not delivered")).wait_for()
    assert status == site.space("/messages")["messages"][0]["status"]


def test_any_other_end(site) -> None:
    """Any status, gsmerror and delay can be chosen."""
    site.send("Merhaba")
    page = site.open()
    page.locator(".list [role=option]").first.click()
    page.get_by_role("button", name="Another outcome").click()
    form = page.locator("dialog.outcome form")
    form.locator("select").select_option("REJECTED")
    form.get_by_label("gsmerror").fill("500")
    form.get_by_label("After (seconds)").fill("60")
    form.get_by_role("button", name="Apply").click()
    page.locator(".timeline b").filter(has_text="Rejected").wait_for()
    message = site.space("/messages")["messages"][0]["id"]
    plan = site.space(f"/messages/{message}")["plan"]
    assert ("REJECTED", 500, "2026-01-31T06:01:00Z") == (plan["status"], plan["gsm_error"], plan["done_at"])


def test_an_end_that_stands_is_said(site) -> None:
    """A message whose report was given can't end otherwise; the page says what the server said."""
    site.send("Merhaba")
    site.space("/clock", "POST", {"advance": 5})
    site.ask("GET", "/api/sendsms/xml/pull?kullanici=test&parola=test")
    page = site.open()
    page.locator(".list [role=option]").first.click()
    page.get_by_role("button", name="Fail", exact=True).click()
    page.locator(".toast.bad").filter(has_text="its report was given already").wait_for()


def test_the_clock(site) -> None:
    """Advance, set, run, freeze and rate: the page's clock and the space's are one."""
    page = site.open("?view=controls&control=clock")
    page.get_by_role("button", name="+1 day").click()
    page.locator(".face").filter(has_text="1 Feb 2026, 09:00:00").wait_for()
    page.get_by_label("Advance by (seconds)").fill("90")
    page.get_by_role("button", name="Advance", exact=True).click()
    page.locator(".face").filter(has_text="09:01:30").wait_for()
    page.get_by_label("Set to (Turkey's time)").fill("2026-03-01T12:00:00")
    page.get_by_role("button", name="Set", exact=True).click()
    page.locator(".face").filter(has_text="1 Mar 2026, 12:00:00").wait_for()
    assert "2026-03-01T09:00:00Z" == site.space("/clock")["now"]
    page.get_by_label("Emulated seconds per real second").fill("60")
    page.get_by_role("button", name="Set the rate").click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Freeze").wait_for()
    assert (False, 60.0) == (site.space("/clock")["frozen"], site.space("/clock")["rate"])
    page.get_by_role("button", name="Freeze").click()
    page.get_by_role("button", name="Run", exact=True).wait_for()
    assert site.space("/clock")["frozen"]


def test_statuses_follow_a_running_clock(chromium, site_of) -> None:
    """When a plan's hour comes on a running clock, the open page shows it without any event."""
    with Emulator() as emulator:
        site = site_of(emulator)
        page = site.open()
        site.send("Merhaba")
        page.locator(".list [role=option]").filter(has_text="On its way").wait_for()
        page.locator(".list [role=option]").filter(has_text="Delivered").wait_for()
        site.close()


EFFECTS: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    (
        "status",
        {"Code": "-2", "For": "recipient", "Of these, only": "1, -1"},
        {"kind": "status", "code": -2, "scope": "recipient", "places": [1, -1], "every": 1},
    ),
    ("http", {"HTTP status": "502", "Moment": "after"}, {"kind": "http", "status": 502, "moment": "after"}),
    (
        "status",
        {"Code": "-3", "For": "recipient", "Of these, every": "2"},
        {"kind": "status", "code": -3, "scope": "recipient", "places": [], "every": 2},
    ),
    ("delay", {"Seconds": "2.5"}, {"kind": "delay", "seconds": 2.5}),
    ("drop", {"Moment": "before"}, {"kind": "drop", "moment": "before"}),
    ("truncate", {"Bytes": "12"}, {"kind": "truncate", "bytes": 12}),
    ("garbage", {}, {"kind": "garbage"}),
    ("dribble", {"Bytes per second": "7"}, {"kind": "dribble", "bytes_per_second": 7.0}),
    ("as-printed", {}, {"kind": "as-printed"}),
    ("reports", {"Change": "unknown-id"}, {"kind": "reports", "change": "unknown-id"}),
    ("close", {}, {"kind": "close"}),
    ("push", {"Change": "late", "Seconds": "90"}, {"kind": "push", "change": "late", "seconds": 90.0}),
    ("stall", {"Moment": "before", "Seconds": "1.5"}, {"kind": "stall", "moment": "before", "seconds": 1.5}),
]


def other_fault(page: Any) -> Any:
    """The form for any fault, opened."""
    page.get_by_text("Any other fault").click()
    return page.locator("details form")


def test_every_effect_has_its_form(site) -> None:
    """Each kind of effect can be added with its own fields; the list says it in a sentence and removes it."""
    page = site.open("?view=controls&control=faults")
    form = other_fault(page)
    for kind, fields, _ in EFFECTS:
        form.get_by_label("What happens").select_option(kind)
        for label, value in fields.items():
            control = form.get_by_label(label, exact=True)
            if control.evaluate("each => each.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)
        before = page.locator(".armed li").count()
        form.get_by_role("button", name="Add fault", exact=True).click()
        page.wait_for_function(f"() => document.querySelectorAll('.armed li').length === {before + 1}")
    armed = site.space("/faults")["faults"]
    assert [effect for _, _, effect in EFFECTS] == [each["rule"]["effect"] for each in armed]
    page.get_by_role("button", name="Remove rule 1", exact=True).click()
    page.wait_for_function(f"() => document.querySelectorAll('.armed li').length === {len(EFFECTS) - 1}")
    page.get_by_role("button", name="Remove all").click()
    page.get_by_text("No fault is active").wait_for()
    assert [] == site.space("/faults")["faults"]


def test_match_and_when_of_a_fault(site) -> None:
    """All conditions of a rule can be given; it is said in a sentence, and its preview shows what it would match."""
    site.send("Kodunuz 1", "905321234567", fields="<baslik>Kobikom</baslik>")
    site.send("Merhaba", "905421234567")
    page = site.open("?view=controls&control=faults")
    form = other_fault(page)
    form.get_by_label("To (pattern)").fill("90532*")
    form.get_by_label("User").fill("test")
    form.get_by_label("Title (pattern)").fill("Kobi*")
    form.get_by_label("Text (pattern)").fill("*odunuz*")
    form.get_by_label("Skip the first").fill("1")
    form.get_by_label("Times").fill("3")
    form.get_by_label("Chance (%)").fill("50")
    form.get_by_label("Until (Turkey's time)").fill("2026-02-01T00:00:00")
    conditions = "user test, to 90532*, title Kobi*, text *odunuz*, not the first one, with a chance of 50 %"
    sentence = f"The next 3 sends ({conditions}, until 01.02.2026 00:00:00): it fails with -26."
    form.locator(".sentence").filter(has_text=sentence).wait_for()
    form.get_by_role("button", name="What would this match?").click()
    preview = page.locator(".preview")
    preview.get_by_text("1 of the last 2 requests matches").wait_for()
    assert "905321234567" in preview.inner_text()
    assert [] == site.space("/faults")["faults"]
    form.get_by_role("button", name="Add fault", exact=True).click()
    page.locator(".armed li").wait_for()
    [armed] = site.space("/faults")["faults"]
    match = {"operation": "send", "user": "test", "to": "90532*", "title": "Kobi*", "text": "*odunuz*"}
    assert match == armed["rule"]["match"]
    assert {"skip": 1, "times": 3, "probability": 0.5, "until": "2026-02-01T00:00:00+03:00"} == armed["rule"]["when"]


def test_the_next_send_is_made_to_fail_in_two_clicks(site) -> None:
    """Controls opens on the presets; the badge says that a fault is active until it is used up, and it is listed so."""
    page = site.open()
    assert not page.locator(".faults").is_visible()
    page.get_by_role("link", name="Controls").click()
    page.get_by_role("button", name="The next send fails with -26").click()
    page.locator(".faults").filter(has_text="1 fault").wait_for()
    page.locator(".armed li").filter(has_text="#1 The next send: it fails with -26.").wait_for()
    assert "<status>-26</status>" in site.send("Merhaba")
    page.locator(".faults").wait_for(state="hidden")
    page.locator(".armed .spent").filter(has_text="#1 One send: it fails with -26.").wait_for()
    page.get_by_text("No fault is active").wait_for()


def test_every_preset_can_be_added(site) -> None:
    """None of them is refused by the server, and each becomes one rule."""
    page = site.open("?view=controls")
    presets = page.locator(".presets button")
    presets.first.wait_for()
    for nth in range(presets.count()):
        presets.nth(nth).click()
        page.wait_for_function(f"() => document.querySelectorAll('.armed li').length === {nth + 1}")
    kinds = [fault["rule"]["effect"]["kind"] for fault in site.space("/faults")["faults"]]
    assert ["status", "status", "drop", "delay", "http", "as-printed"] == kinds


def test_a_rule_that_can_never_match_is_refused(site) -> None:
    """What the server says against a rule stands beside the field, in the page's language, until it is changed."""
    page = site.open("?view=controls&control=faults", locale="tr-TR")
    page.get_by_text("Başka bir arıza").click()
    form = page.locator("details form")
    form.get_by_label("İşlem").select_option("balance")
    form.get_by_label("Alıcı (kalıp)").fill("90532*")
    form.get_by_role("button", name="Arıza ekle", exact=True).click()
    error = page.locator(".field").filter(has_text="Alıcı (kalıp)").locator(".error")
    error.filter(has_text="bakiye sorgusu içinde bu alan yok, kural hiç eşleşmez").wait_for()
    form.get_by_label("Alıcı (kalıp)").fill("")
    error.wait_for(state="detached")


def test_credit(site) -> None:
    """An account's credit is set, to 0 too; an amount with a comma is one in Turkish."""
    page = site.open("?view=controls&control=accounts", locale="tr-TR")
    page.get_by_label("Kredi", exact=True).fill("12,345")
    page.get_by_role("button", name="Krediyi ayarla").click()
    page.locator(".face").filter(has_text="12,345").wait_for()
    assert "12.345" == site.space("/accounts/test")["credit"]
    page.get_by_role("button", name="Sıfır yap").click()
    page.wait_for_function("() => document.querySelector('.face').textContent.startsWith('0 ')")
    assert "0.000" == site.space("/accounts/test")["credit"]


def test_the_terms_of_an_account(site) -> None:
    """Titles, prices, coverage, push address and delivery are set at once; an error stands beside its field."""
    page = site.open("?view=controls&control=accounts")
    page.get_by_text("Change titles, prices, coverage and delivery").click()
    form = page.locator("details form")
    form.get_by_label("Titles").fill("SHOP, 5551234")
    form.get_by_label("Price a part").fill("0.045")
    form.get_by_label("Coverage").fill("TR, de")
    form.get_by_label("Report goes to").fill("http://127.0.0.1:9000/reports")
    form.get_by_role("button", name="Add a price").click()
    form.get_by_label("Network or country").fill("vodafone")
    form.locator(".field-row").first.get_by_label("Price a part").fill("much")
    form.get_by_role("button", name="Add an end").click()
    form.locator(".field-row").last.get_by_label("Share").fill("3")
    form.get_by_role("button", name="Change the account").click()
    form.locator(".field-row").first.locator(".error").wait_for()
    assert "1" == site.space("/accounts/test")["price"]
    form.locator(".field-row").first.get_by_label("Price a part").fill("0,05")
    form.get_by_role("button", name="Change the account").click()
    page.locator("dd").filter(has_text="SHOP, 5551234").wait_for()
    account = site.space("/accounts/test")
    assert (["SHOP", "5551234"], "0.045") == (account["titles"], account["price"])
    assert {"vodafone": "0.05"} == account["prices"]
    assert (["DE", "TR"], "http://127.0.0.1:9000/reports") == (account["coverage"], account["push_url"])
    outcomes = [(each["status"], each["weight"]) for each in account["delivery"]["outcomes"]]
    assert [("DELIVERED", 1), ("NOT_DELIVERED", 3)] == outcomes


def test_an_account_is_added_and_removed(site) -> None:
    """With user and password; a user that is there already is refused beside the field and not sent."""
    page = site.open("?view=controls&control=accounts")
    form = page.get_by_role("region", name="Add an account")
    form.get_by_label("User").fill("test")
    form.get_by_label("Password").fill("s3cret")
    form.get_by_role("button", name="Add the account").click()
    form.locator(".error").filter(has_text="There is an account of this user").wait_for()
    assert "test" == site.space("/accounts/test")["password"]
    form.get_by_label("User").fill("bank")
    form.get_by_role("button", name="Add the account").click()
    page.get_by_role("heading", name="bank").wait_for()
    assert "s3cret" == site.space("/accounts/bank")["password"]
    page.get_by_role("button", name="Remove the account bank").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_role("heading", name="bank").wait_for(state="detached")
    assert ["test"] == [account["user"] for account in site.space("/accounts")["accounts"]]


def test_behaviour(site) -> None:
    """A value is chosen beside the page's own sentence, its bytes are shown, and all can go back."""
    page = site.open("?view=controls&control=readings")
    card = page.locator("#reading-card-long-text")
    assert "160" in card.locator("blockquote").inner_text()
    card.get_by_text("What goes over the wire").click()
    assert "999.000" in card.get_by_role("region", name="cut", exact=True).inner_text()
    assert "998.000" in card.get_by_role("region", name="split", exact=True).inner_text()
    card.get_by_role("radio", name="split").check()
    card.get_by_text("changed").wait_for()
    assert "split" == {each["name"]: each["value"] for each in site.space("/readings")["readings"]}["long-text"]
    page.get_by_role("button", name="All to their defaults (1 changed)").click()
    page.locator(".card.changed").wait_for(state="detached")
    assert "cut" == {each["name"]: each["value"] for each in site.space("/readings")["readings"]}["long-text"]


LEARNED = """# Learned from recorded traffic.
[readings]
long-text = "split"
content-type = "as-documented"
# amount = "three-places"
"""


def test_learned_behaviour_is_applied_after_it_was_shown(site) -> None:
    """A readings.toml shows what it changes; a recording is recognised; nothing changes before the button."""
    page = site.open("?view=controls&control=learn")
    chooser = page.get_by_label("readings.toml or JSON")
    chooser.set_input_files({"name": "a.har", "mimeType": "application/json", "buffer": b'{"log": {"entries": []}}'})
    page.get_by_text("This is a recording.").wait_for()
    chooser.set_input_files({"name": "readings.toml", "mimeType": "text/plain", "buffer": LEARNED.encode()})
    page.get_by_text("2 decided, 21 open").wait_for()
    assert ["long-textcutsplit "] == page.locator("tr.cited").all_text_contents()
    assert "cut" == {each["name"]: each["value"] for each in site.space("/readings")["readings"]}["long-text"]
    page.get_by_role("button", name="Apply 1 change").click()
    page.get_by_text("Applied.").wait_for()
    assert "split" == {each["name"]: each["value"] for each in site.space("/readings")["readings"]}["long-text"]


def test_the_page_says_where_everything_is_kept(site, site_of, tmp_path) -> None:
    """In memory, or in a file of this name; in both languages."""
    page = site.open("?view=spaces")
    page.get_by_text("Everything is in memory and is lost when the server ends.").wait_for()
    with Emulator(store=str(tmp_path / "kobikom.sqlite")) as emulator:
        keeping = site_of(emulator)
        page = keeping.open("?view=spaces", locale="tr-TR")
        page.get_by_text("Her şey kobikom.sqlite dosyasında saklanır").wait_for()
        keeping.close()
        assert ([], []) == (keeping.complaints, keeping.foreign)


def test_reset_asks_first(site) -> None:
    """A reset happens only after a yes; then everything is as in the beginning, on other open pages too."""
    site.send("Merhaba")
    other = site.open()
    other.locator(".list [role=option]").first.wait_for()
    page = site.open("?view=spaces")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("dialog").wait_for(state="detached")
    assert 1 == site.space()["messages"]
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    other.get_by_role("heading", name="Waiting for the first message").wait_for()
    assert 0 == site.space()["messages"]


def test_spaces_are_opened_switched_and_closed(site) -> None:
    """A new space is gone to at once, shows its own messages only, and can be left and closed."""
    site.send("varsayilan")
    page = site.open("?view=spaces")
    form = page.locator("form.card")
    form.get_by_label("Name").fill("deneme-1")
    form.get_by_label("Seed").fill("7")
    form.get_by_label("With a frozen clock").check()
    form.get_by_role("button", name="Open").click()
    page.wait_for_url("**space=deneme-1**")
    opened = site.ask("GET", "/_emulator/spaces/deneme-1")
    assert (7, True) == (opened["seed"], opened["clock"]["frozen"])
    page.goto(f"{site.emulator.url}/_emulator/?space=deneme-1")
    page.get_by_role("heading", name="Waiting for the first message").wait_for()
    site.send("ozel", user=opened["accounts"][0]["user"], password=opened["accounts"][0]["password"])
    page.locator(".list [role=option]").filter(has_text="ozel").wait_for()
    page.get_by_label("Space", exact=True).select_option("default")
    page.locator(".list [role=option]").filter(has_text="varsayilan").wait_for()
    page.goto(f"{site.emulator.url}/_emulator/?view=controls&control=spaces")  # an earlier address
    page.get_by_role("button", name="Close deneme-1").click()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("heading", name="deneme-1").wait_for(state="detached")
    assert "view=spaces" in page.locator(".tabs [aria-current]").get_attribute("href")
    assert ["default"] == [space["name"] for space in site.ask("GET", "/_emulator/spaces")["spaces"]]


def test_lists_are_downloaded_as_they_are_filtered(site) -> None:
    """Messages as CSV and JSON Lines, requests as JSON Lines and HAR. A link that is copied or saved without a click
    leads to the same file.
    """
    site.send("bir")
    site.send("iki")
    page = site.open("?q=iki")
    page.locator(".list [role=option]").filter(has_text="iki").wait_for()
    for point in ("hover", "focus"):
        link = page.get_by_role("link", name="Download as JSON Lines")
        getattr(link, point)()
        assert {"q": ["iki"], "format": ["jsonl"]} == parse_qs(urlsplit(link.get_attribute("href")).query)
        page.reload()
    saved = {}
    for view, names in (("?q=iki", ("CSV", "JSON Lines")), ("?view=requests", ("JSON Lines", "HAR"))):
        page.goto(f"{site.emulator.url}/_emulator/{view}")
        for name in names:
            with page.expect_download() as download:
                page.get_by_role("link", name=f"Download as {name}").click()
            saved[download.value.suggested_filename] = download.value.path().read_text("utf-8")
    lines = {file: text.count("\n") for file, text in saved.items() if not file.endswith(".har")}
    expected = {"messages.csv": 2, "messages.jsonl": 1, "journal.jsonl": 2}
    assert {f"kobikom-default-{file}": count for file, count in expected.items()} == lines
    assert 2 == len(json.loads(saved["kobikom-default-journal.har"])["log"]["entries"])
    assert "iki" in saved["kobikom-default-messages.csv"]


def test_a_list_is_downloaded_with_a_token(chromium, site_of) -> None:
    """A browser sends no token with a link, so the page fetches the file itself."""
    with Emulator({"control": {"token": "gizli"}}) as emulator:
        site = site_of(emulator)
        site.send("Merhaba")
        page = site.open(ready=False)
        page.get_by_role("textbox", name="Token").fill("gizli")
        page.get_by_role("button", name="Continue").click()
        page.locator(".list [role=option]").filter(has_text="Merhaba").wait_for()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download as CSV").click()
        assert "kobikom-default-messages.csv" == download.value.suggested_filename
        assert download.value.path().read_text("utf-8").startswith("id,")


def test_webhooks_are_added_and_removed(site) -> None:
    """The list shows the address, the counters and the last error; the secret is shown once."""
    page = site.open("?view=controls&control=webhooks")
    page.get_by_text("Nothing is posted anywhere.").wait_for()
    page.get_by_label("Address").fill("http://127.0.0.1:9/hook")
    page.get_by_label("message.refused").uncheck()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("0 waiting, 0 sent, 0 failed, 0 dropped").wait_for()
    page.get_by_text("whsec_").wait_for()
    (webhook,) = site.space("/webhooks")["webhooks"]
    assert ["message.accepted", "message.delivered", "message.failed"] == webhook["events"]
    site.send("Merhaba")
    page.get_by_text("Last error").wait_for()
    page.get_by_role("button", name="Remove webhook 1").click()
    page.get_by_text("Nothing is posted anywhere.").wait_for()
    assert [] == site.space("/webhooks")["webhooks"]


def test_a_state_is_saved_and_restored(site) -> None:
    """The file that the page saves is one that it takes."""
    site.send("kalan")
    page = site.open("?view=spaces")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the state").click()
    assert "kobikom-default-state.json" == download.value.suggested_filename
    site.space("/reset", "POST", {})
    page.get_by_label("Restore a saved state").set_input_files(download.value.path())
    page.get_by_role("dialog").get_by_role("button", name="Replace").click()
    page.get_by_text("The state is restored").wait_for()
    assert ["kalan"] == [message["text"] for message in site.space("/messages")["messages"]]


LATE_REFUSAL = """async () => {
  const { get, onTokenNeeded, token } = await import("/_emulator/inbox/api.js");
  let asked = 0;
  onTokenNeeded(async () => { asked += 1; });
  token.set("old");
  window.fetch = async (_, { headers }) => {
    const refused = headers.Authorization === "Bearer old";
    token.set("new");
    return new Response("{}", { status: refused ? 401 : 200 });
  };
  await get("/spaces");
  return asked;
}"""
"""A request with the old token is refused after the new one was given."""


def test_a_late_refusal_of_the_old_token_does_not_ask_again(site) -> None:
    """A 401 for a token that was replaced since is answered by asking the server again, not the person."""
    assert 0 == site.open().evaluate(LATE_REFUSAL)


def test_the_token_is_asked_for_and_kept(chromium, site_of) -> None:
    """With a token set the page asks for it, again after a wrong one, sends it for events too and keeps it a while."""
    with Emulator({"control": {"token": "gizli"}}) as emulator:
        site = site_of(emulator)
        page = site.open(ready=False)
        page.get_by_role("dialog").get_by_label("Token").fill("yanlis")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("alert").filter(has_text="This token was refused.").wait_for()
        page.get_by_role("dialog").get_by_label("Token").fill("gizli")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_selector(".state.live")
        site.send("Merhaba")
        page.locator(".list [role=option]").filter(has_text="Merhaba").wait_for()
        page.reload()
        page.wait_for_selector(".state.live")
        assert "gizli" == page.evaluate("sessionStorage.getItem('kobikom-token')")
        site.close()
