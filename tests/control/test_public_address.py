"""The addresses that the server names and the pages that may change something, behind proxies that say more or less."""

from collections.abc import Mapping
from typing import Any

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.control.public_address import PublicAddress
from kobikom_emulator.settings import BadSettings

SPACES = "/_emulator/spaces"
FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "sms.example.test, inner:8080",
    "X-Forwarded-Prefix": "/kobikom/",
}


@pytest.mark.parametrize(
    ("settings", "headers", "url"),
    [
        ({}, {}, "http://own:1"),
        ({}, {"Host": "kobikom:8080"}, "http://kobikom:8080"),
        ({}, {"Host": "a b"}, "http://own:1"),
        ({"base_path": "/k"}, {"Host": "kobikom:8080"}, "http://kobikom:8080/k"),
        ({}, FORWARDED, "https://sms.example.test/kobikom"),
        ({"base_path": "/k"}, FORWARDED, "https://sms.example.test/kobikom"),
        ({}, {"Host": "h", "X-Forwarded-Proto": "gopher", "X-Forwarded-Prefix": "no path"}, "http://h"),
        ({"public_url": "https://sms.example.test", "base_path": "/k"}, FORWARDED, "https://sms.example.test/k"),
        ({"public_url": "https://sms.example.test/p", "base_path": "/k"}, {}, "https://sms.example.test/p"),
    ],
    ids=str,
)
def test_the_address_that_is_named(settings: dict[str, str], headers: Mapping[str, str], url: str) -> None:
    """The public address, else what a trusted proxy says, else the Host, else the server's own."""
    assert url == PublicAddress("http://own:1", **settings).url(headers)


@pytest.mark.parametrize(("trusted", "is_believed"), [([], False), (["10.0.0.0/8"], False), (["127.0.0.0/8"], True)])
def test_only_trusted_proxies_are_believed(asker: Any, trusted: list[str], is_believed: bool) -> None:
    """The headers of another peer are as if they were not there."""
    with Emulator(proxy={"trusted": trusted}) as emulator:
        api = asker(emulator)
        opened = api.ask("POST", SPACES, {"name": "a"}, FORWARDED)
        expected = "https://sms.example.test/kobikom/s/a" if is_believed else f"{emulator.url}/s/a"
        assert expected == opened.body["base_url"]
        page = {"Origin": "https://sms.example.test", "X-Forwarded-Host": "sms.example.test"}
        assert (200 if is_believed else 403) == api.ask("PATCH", f"{SPACES}/a/readings", {}, page).status


def test_a_page_of_the_public_address_may_change_things(asker: Any) -> None:
    """Whatever Host the proxy sends; the public name is also a known Host. Other pages may not."""
    with Emulator(proxy={"public_url": "https://sms.example.test"}) as emulator:
        api = asker(emulator)
        path = f"{SPACES}/default/readings"
        assert 200 == api.ask("PATCH", path, {}, {"Origin": "https://sms.example.test"}).status
        assert 200 == api.ask("GET", SPACES, headers={"Host": "sms.example.test"}).status
        assert 403 == api.ask("PATCH", path, {}, {"Origin": "https://other.example.test"}).status


def test_a_browser_says_that_a_page_asks_its_own_server(api: Any) -> None:
    """`Sec-Fetch-Site: same-origin` cannot be set by a page; another value does not let a foreign Origin in."""
    path, page = f"{SPACES}/default/readings", "http://public.example.test"
    for site, status in (("same-origin", 200), ("same-site", 403), ("none", 403), ("cross-site", 403)):
        assert status == api.ask("PATCH", path, {}, {"Origin": page, "Sec-Fetch-Site": site}).status


@pytest.mark.parametrize(
    ("path", "location"),
    [("/_emulator", "_emulator/"), ("/_emulator?view=faults", "_emulator/?view=faults"), ("/", "_emulator/"),
     ("/favicon.ico", "_emulator/inbox/icon.svg"), ("/kobikom", "kobikom/_emulator/"), ("/kobikom/", "_emulator/"),
     ("/kobikom/_emulator", "_emulator/")],
)  # fmt: skip
def test_redirects_are_relative(asker: Any, path: str, location: str) -> None:
    """They hold below any path that a proxy puts before them, and below the base path with and without a slash."""
    with Emulator(proxy={"base_path": "/kobikom"}) as emulator:
        assert location == asker(emulator).ask("GET", path, headers={"Accept": "text/html"}).headers["Location"]


@pytest.mark.parametrize(("path", "location"), [(SPACES, "spaces/a"), (f"{SPACES}/", "a")])
def test_the_location_of_a_space_is_relative(asker: Any, path: str, location: str) -> None:
    """To the address of the request."""
    with Emulator() as emulator:
        assert location == asker(emulator).ask("POST", path, {"name": "a"}).headers["Location"]


def test_requests_are_answered_with_and_without_the_base_path(asker: Any) -> None:
    """Vendor's API, spaces, control API and page; a path that only begins like the base path is none of them."""
    with Emulator(proxy={"base_path": "/kobikom"}) as emulator:
        api = asker(emulator)
        pull = "/api/sendsms/xml/pull?kullanici=test&parola=test"
        for prefix in ("", "/kobikom"):
            assert "NO_DATA" == api.ask("GET", prefix + pull).body
            assert "NO_DATA" == api.ask("GET", f"{prefix}/s/default{pull}").body
            assert 200 == api.ask("GET", f"{prefix}/_emulator/health").status
            assert 200 == api.ask("GET", f"{prefix}/_emulator/").status
        assert 404 == api.ask("GET", f"/kobikom2{pull}").status


@pytest.mark.parametrize(
    ("proxy", "message"),
    [
        ({"base_path": "kobikom"}, r"proxy.base-path \(argument proxy\): must be a path as in /kobikom"),
        ({"base_path": "/kobikom/"}, "without a slash at its end"),
        ({"public_url": "sms.example.test"}, "must be an address as in https://sms.example.test"),
        ({"trusted": ["proxy"]}, "must be addresses or networks"),
    ],
    ids=str,
)
def test_mistakes_in_the_settings(proxy: dict[str, Any], message: str) -> None:
    """One line that names the setting and shows how it is written."""
    with pytest.raises(BadSettings, match=message):
        Emulator(proxy=proxy)


@pytest.mark.parametrize(
    "path",
    ["/", "/favicon.ico", "/_emulator", "/_emulator/", "/_emulator/inbox/app.js", "/_emulator/health",
     "/_emulator/openapi.json", SPACES, f"{SPACES}/default", f"{SPACES}/default/journal", "/_emulator/journal",
     f"{SPACES}/nowhere"],
)  # fmt: skip
def test_head_is_there_wherever_get_is(api: Any, path: str) -> None:
    """With the status and headers of a GET, and without a body."""
    head, got = api.ask("HEAD", path), api.ask("GET", path)
    names = ("Content-Type", "Content-Length", "Location")
    assert (got.status, "") == (head.status, head.body)
    assert [got.headers[name] for name in names] == [head.headers[name] for name in names]


def test_a_wrong_method_names_head_too(api: Any) -> None:
    """Where GET is allowed."""
    assert "GET, HEAD, POST" == api.ask("DELETE", SPACES).headers["Allow"]
    assert "POST" == api.ask("HEAD", f"{SPACES}/default/reset").headers["Allow"]
