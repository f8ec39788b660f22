"""The page below a path, as a proxy shows it."""

from kobikom_emulator import Emulator


def test_the_page_works_below_a_path(site_of) -> None:
    """Files, requests and events find the server below the path; a message is sent from there and appears."""
    with Emulator(proxy={"base_path": "/team/kobikom"}) as emulator:
        site = site_of(emulator)
        site.url = f"{emulator.url}/team/kobikom"
        requested: list[str] = []
        page = site.open("?view=spaces")
        page.get_by_text(site.url, exact=True).first.wait_for()
        page.on("request", lambda request: requested.append(request.url))
        page.goto(f"{site.url}/_emulator/?view=controls&control=send")
        page.wait_for_selector(".state.live")
        page.get_by_label("To", exact=True).fill("905321234567")
        page.get_by_label("Text", exact=True).fill("below a path")
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("link", name="See the message").click()
        page.get_by_text("below a path").first.wait_for()
        assert [] == [url for url in requested if not url.startswith(f"{site.url}/")]
        assert ["below a path"] == [message.text for message in emulator.kobikom.messages]
        site.close()
        assert [] == site.complaints
