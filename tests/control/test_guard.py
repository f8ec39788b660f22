"""Who may use the control API: no page of another site, no rebound name, nobody without the token."""

from typing import Any

import pytest

from kobikom_emulator import Emulator

SPACES = "/_emulator/spaces"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("api.localhost", 200),
        ("kobikom:8080", 200),
        ("host.docker.internal", 200),
        ("rebound.example", 403),
        ("127.0.0.1.rebound.example:8080", 403),
        ("evil.localhost.example", 403),
        ("rebound.example.", 403),
    ],
)
def test_a_rebound_name_is_refused(host: str, status: int, api: Any) -> None:
    """A Host that is no address, no local name and none of the settings' is 403, for reading and changing alike."""
    for method, body in (("GET", None), ("POST", {"name": "Nein"})):
        said = api.ask(method, SPACES, body, {"Host": host})
        assert (403 if status == 403 else {"GET": 200, "POST": 422}[method]) == said.status
        if status == 403:
            assert "Host" == said.body["field"]


def test_a_host_of_the_settings_is_let_in(asker: Any) -> None:
    """`control.hosts` names further hosts, in any case; health needs none of this."""
    with Emulator(control={"hosts": ["sms.example"]}) as emulator:
        api = asker(emulator)
        assert 200 == api.ask("GET", SPACES, headers={"Host": "SMS.example:8080"}).status
        assert 403 == api.ask("GET", SPACES, headers={"Host": "other.example"}).status
        assert 200 == api.ask("GET", "/_emulator/health", headers={"Host": "other.example"}).status


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"Origin": "http://evil.example"}, "Origin"),
        ({"Origin": "null"}, "Origin"),
        ({"Origin": "http://127.0.0.1:1"}, "Origin"),
        ({"Origin": "http://[bad"}, "Origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "Sec-Fetch-Site"),
    ],
)
def test_a_page_of_another_site_changes_nothing(headers: dict[str, str], field: str, api: Any) -> None:
    """A foreign Origin or a cross-site fetch is 403 where something would change; the space is not opened."""
    before = len(api.ask("GET", SPACES).body["spaces"])
    for method, path in (
        ("POST", SPACES),
        ("DELETE", f"{SPACES}/default/faults"),
        ("PATCH", f"{SPACES}/default/readings"),
    ):
        said = api.ask(method, path, {}, headers)
        assert (403, field) == (said.status, said.body["field"])
    assert before == len(api.ask("GET", SPACES).body["spaces"])


def test_the_servers_own_page_may_change_things(api: Any) -> None:
    """The same Origin as the Host, and a same-origin fetch, are let through."""
    host = api.emulator.url.removeprefix("http://")
    for headers in ({"Origin": f"http://{host}"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert 200 == api.ask("PATCH", f"{SPACES}/default/readings", {}, headers).status


def test_the_token_is_asked_for(asker: Any) -> None:
    """With a token set, everything but health is 401 without it, and says what it wants."""
    with Emulator(control={"token": "s3cret"}) as emulator:
        api = asker(emulator)
        assert 200 == api.ask("GET", "/_emulator/health").status
        for given in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "Basic s3cret"},
            {"Authorization": "Bearer"},
        ):
            for path in (SPACES, "/_emulator/openapi.json", "/_emulator/nothing"):
                said = api.ask("GET", path, headers=given)
                assert (401, "Bearer") == (said.status, said.headers["WWW-Authenticate"])
        assert 200 == api.ask("GET", SPACES, headers={"Authorization": "bearer s3cret"}).status
        assert "NO_DATA" == api.ask("GET", "/api/sendsms/xml/pull?kullanici=test&parola=test").body


CHANGES = [
    ("POST", SPACES, b'{"name":"never"}'),
    ("POST", f"{SPACES}/default/reset", b""),
    ("POST", "/_emulator/reset", b""),
    ("DELETE", f"{SPACES}/default/faults", b""),
    ("PUT", f"{SPACES}/default/accounts/never", b"{}"),
    ("PATCH", f"{SPACES}/default/readings", b"{}"),
    ("POST", "/_emulator/nothing", b""),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize(
    "content_type",
    [
        "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=application/json",
        "text/plain; application/json", "text/plain;charset=application/json", "application/json-seq",
        "application/xml; charset=UTF-8", "application/x; Content-Type: application/json",
    ],
)  # fmt: skip
def test_a_change_without_a_mark_of_its_own_is_refused(
    method: str, path: str, body: bytes, content_type: str, api: Any
) -> None:
    """What a form, a foreign page or a push can send is 415, changes nothing, and the answer says what to send."""
    entries = len(api.ask("GET", "/_emulator/journal").body["entries"])
    refusal = api.ask(method, path, body, {"Content-Type": content_type})
    assert (415, "Content-Type") == (refusal.status, refusal.body["field"])
    assert "Content-Type: application/json" in refusal.body["detail"]
    assert "X-Kobikom: 1" in refusal.body["detail"]
    assert entries == len(api.ask("GET", "/_emulator/journal").body["entries"])
    assert "never" not in {space["name"] for space in api.ask("GET", SPACES).body["spaces"]}


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"}, {"Content-Type": "Application/JSON; charset=utf-8"},
        {"Content-Type": "text/plain", "X-Kobikom": "1"}, {"Content-Type": "", "x-kobikom": "1"},
    ],
)  # fmt: skip
def test_a_change_with_a_mark_is_made(headers: dict[str, str], api: Any, space: dict[str, Any]) -> None:
    """The content type of JSON, in any case and with parameters, or the header of this API."""
    assert 200 == api.ask("POST", f"{SPACES}/{space['name']}/reset", b"", headers).status
    assert 200 == api.ask("PATCH", f"{SPACES}/{space['name']}/readings", b"{}", headers).status
