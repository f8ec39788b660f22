"""Each tool of the MCP server, called by the package's own client in memory."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import Client

from kobikom_emulator import Emulator
from kobikom_emulator.driver.transport import OverHttp
from kobikom_emulator.faults.kinds import KINDS
from kobikom_emulator.mcp_server.server import ANNOTATIONS, build_server

DELETING = {"reset_space", "close_space", "disarm_faults"}
CHANGING = DELETING | {"open_space", "arm_fault", "move_clock"}


class Agent:
    """An agent with the tools of an emulator."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def call(self, tool: str, **arguments: Any) -> Any:
        """The structured result of a tool that succeeds."""
        result = await self.client.call_tool(tool, arguments)
        assert not result.is_error, result.content
        return result.structured_content

    async def failure(self, tool: str, **arguments: Any) -> str:
        """The text of a tool that fails."""
        result = await self.client.call_tool(tool, arguments)
        assert result.is_error
        return str(result.content[0].text)


@asynccontextmanager
async def agent_at(url: str) -> AsyncIterator[Agent]:
    transport = OverHttp(url)
    try:
        async with Client(build_server(transport, version="0")) as client:
            yield Agent(client)
    finally:
        transport.close()


async def test_the_tools_are_those_of_the_table(emulator: Emulator) -> None:
    """Each has a description and a schema; only those that delete something are marked destructive."""
    async with agent_at(emulator.url) as agent:
        tools = {tool.name: tool for tool in (await agent.client.list_tools()).tools}
    assert set(ANNOTATIONS) == set(tools)
    assert [] == [name for name, tool in tools.items() if not tool.description]
    hints = {name: tool.annotations for name, tool in tools.items()}
    assert DELETING == {name for name, each in hints.items() if each.destructive_hint}
    assert set(tools) - CHANGING == {name for name, each in hints.items() if each.read_only_hint}


async def test_a_tool_that_reads_changes_nothing(emulator: Emulator, program: Any) -> None:
    """The exported state and the journal are the same after each of them."""
    program.send("Kodunuz 1234")
    program.send(title="Nobody")
    arguments = {"look_up_clause": {"query": "S-09"}}

    def everything() -> tuple[Any, Any]:
        return emulator.kobikom.state(), [entry.id for entry in emulator.journal]

    before = everything()
    async with agent_at(emulator.url) as agent:
        for name, hints in ANNOTATIONS.items():
            if hints.read_only_hint:
                await agent.call(name, **arguments.get(name, {}))
                assert before == everything(), name


async def test_messages_are_listed(emulator: Emulator, program: Any) -> None:
    """Newest first, filtered, as many as asked for."""
    for text in ("Bir", "İki", "Üç"):
        program.send(text)
    async with agent_at(emulator.url) as agent:
        newest = await agent.call("list_messages", limit=2)
        second = await agent.call("list_messages", text="İ*", to="+90 532 997*")
        nothing = await agent.call("list_messages", search="yok")
    assert (["Üç", "İki"], True) == ([message["text"] for message in newest["messages"]], newest["more"])
    assert (["İki"], []) == ([message["text"] for message in second["messages"]], nothing["messages"])


async def test_a_message_is_waited_for(emulator: Emulator, program: Any) -> None:
    """One that is there is returned at once; a wait in vain names what came near."""
    program.send("Kodunuz 1234")
    async with agent_at(emulator.url) as agent:
        message = await agent.call("wait_for_message", text="*1234*", timeout=20)
        failure = await agent.failure("wait_for_message", text="*9999*", timeout=0)
    assert ("905329975725", "Kodunuz 1234", "1") == (message["to"], message["text"], message["cost"])
    assert "text is 'Kodunuz 1234', not '*9999*'" in failure


@pytest.mark.parametrize(
    ("text", "code", "candidates"),
    [
        ("Kodunuz 1234", "1234", ["1234"]),
        ("Doğrulama kodunuz: 123 456. Kimseyle paylaşmayın.", "123456", ["123456"]),
        ("4821-0007 is your code", "48210007", ["48210007"]),
        ("Siparis 20240917 icin onay kodu 5519", "5519", ["5519"]),
        ("31.01.2026 09:00 randevu, tutar 1.250,00 TL, http://x/12345", None, []),
        ("Bizi 08502221234 numaradan arayin", None, []),
        ("Merhaba", None, []),
    ],
)
async def test_a_code_is_read(
    text: str, code: str | None, candidates: list[str], emulator: Emulator, program: Any
) -> None:
    """Out of the newest message; dates, times, amounts, numbers of phones and URLs are no codes."""
    program.send("Kodunuz 9999", to="905329975726")
    program.send(text)
    async with agent_at(emulator.url) as agent:
        result = await agent.call("read_code", to="905329975725")
    assert (code, candidates, text) == (result["code"], result["candidates"], result["message"]["text"])


async def test_a_refusal_is_explained_with_its_clause(emulator: Emulator, program: Any) -> None:
    """The newest, or the one that is named: clause, mark, place, expected, found, hint; without the request's body."""
    program.send(title="Nobody")
    program.send()
    program.send(to="12")
    async with agent_at(emulator.url) as agent:
        newest = await agent.call("explain_refusal")
        first = await agent.call("explain_refusal", request=1)
        requests = await agent.call("list_requests", outcome="refused")
        clause = await agent.call("look_up_clause", query=first["explanation"][0]["clause"])
    assert (3, 1) == (newest["request"], first["request"])
    assert ("refused", -34) == (first["outcome"], first["code"])
    finding = first["explanation"][0]
    assert ("refused", "/SMS/mesajiniz/baslik", 1) == (finding["kind"], finding["path"], finding["line"])
    assert finding["sentence"] in [statement["sentence"] for statement in clause["statements"]]
    assert "<parola>" not in json.dumps([newest, first])
    assert [3, 1] == [request["id"] for request in requests["requests"]]


async def test_where_nothing_was_refused_the_tool_says_so(emulator: Emulator, program: Any) -> None:
    """An empty explanation, no error."""
    program.send()
    async with agent_at(emulator.url) as agent:
        result = await agent.call("explain_refusal")
    assert (None, []) == (result["request"], result["explanation"])
    assert "no request" in result["hint"]


@pytest.mark.parametrize(
    ("query", "expected"), [("S-09", "S-09.1"), ("s-09.2", "S-09.2"), ("given once", "R-03.1"), ("no such words", None)]
)
async def test_a_clause_is_looked_up(query: str, expected: str | None, emulator: Emulator) -> None:
    """By its id, by a statement's, or by words; each statement has its mark."""
    async with agent_at(emulator.url) as agent:
        statements = (await agent.call("look_up_clause", query=query))["statements"]
    assert (expected is None) == (statements == [])
    assert expected is None or expected in [statement["statement"] for statement in statements]
    assert set() == {letter for statement in statements for letter in statement["mark"]} - set("DOAI")


async def test_a_fault_is_armed_and_disarmed(emulator: Emulator, program: Any) -> None:
    """It hits the next request of the program; disarmed, it does not."""
    async with agent_at(emulator.url) as agent:
        armed = await agent.call(
            "arm_fault", effect={"kind": "status", "code": -26}, match={"operation": "send"}, when={"times": 2}
        )
        assert b"<status>-26</status>" in program.send()
        (shown,) = (await agent.call("list_faults"))["faults"]
        assert (armed["id"], 1) == (shown["id"], shown["fired"])
        assert {"disarmed": armed["id"]} == await agent.call("disarm_faults", space="default", fault=armed["id"])
        assert b"<status>0</status>" in program.send()


async def test_every_effect_is_described(emulator: Emulator) -> None:
    """An agent can arm a kind of fault without reading a page."""
    async with agent_at(emulator.url) as agent:
        (tool,) = [tool for tool in (await agent.client.list_tools()).tools if tool.name == "arm_fault"]
    assert tool.description is not None
    assert [] == [kind for kind in KINDS if f" {kind} (" not in tool.description]


async def test_the_clock_is_moved(emulator: Emulator, program: Any) -> None:
    """Delivery follows it."""
    program.send()
    async with agent_at(emulator.url) as agent:
        clock = await agent.call("move_clock", advance=60)
        (message,) = (await agent.call("list_messages", status="DELIVERED"))["messages"]
        later = await agent.call("move_clock", set_to="2026-02-01T09:00:00+03:00", freeze=False)
    assert ("2026-01-31T06:01:00Z", "DELIVERED") == (clock["now"], message["status"])
    assert (False, "2026-02-01") == (later["frozen"], later["now"][:10])


async def test_a_space_is_opened_used_reset_and_closed(
    emulator: Emulator, program_of: Callable[[dict[str, Any]], Any]
) -> None:
    """The program under test gets its credentials; the list shows no password."""
    async with agent_at(emulator.url) as agent:
        opened = await agent.call("open_space", name="agent", clock="2026-01-31T09:00:00+03:00", credit="5")
        program_of(opened).send()
        listed = {space["name"]: space for space in (await agent.call("list_spaces"))["spaces"]}
        assert (1, "4.000") == (listed["agent"]["messages"], listed["agent"]["accounts"][0]["credit"])
        assert opened["password"] not in json.dumps(listed)
        await agent.call("reset_space", space="agent")
        assert [] == (await agent.call("list_messages", space="agent"))["messages"]
        await agent.call("close_space", space="agent")
        assert {"default"} == {space["name"] for space in (await agent.call("list_spaces"))["spaces"]}


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("list_messages", {"space": "nowhere"}, "there is no space 'nowhere'"),
        ("list_messages", {"limit": 1000}, "less than or equal to 100"),
        ("list_messages", {"status": "TESLIM"}, "DELIVERED"),
        ("close_space", {"space": "default"}, "the default space can't be closed"),
        ("reset_space", {}, "space"),
        ("arm_fault", {"effect": {"kind": "nope"}}, "status"),
        ("move_clock", {"set_to": "gestern"}, "set"),
        ("explain_refusal", {"request": 99}, "no journal entry 99"),
        ("open_space", {"name": "Not A Name"}, "name"),
        ("list_messages", {"space": "../../reset"}, "there is no space"),
    ],
)
async def test_a_wrong_call_is_answered_with_what_was_wrong(
    tool: str, arguments: dict[str, Any], expected: str, emulator: Emulator
) -> None:
    """An error that the agent can mend, not a broken server."""
    async with agent_at(emulator.url) as agent:
        assert expected in await agent.failure(tool, **arguments)


async def test_an_emulator_that_is_away_is_named(unused_tcp_port: int) -> None:
    """With its address, so that the agent can start it."""
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with agent_at(url) as agent:
        assert f"no answer from the emulator at {url}" in await agent.failure("list_spaces")
