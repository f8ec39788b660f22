"""Servers drawn by seed are what their names say, and a sample of them is judged rightly."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from deviant_servers.controlled_server import ControlledServer
from paper_server.messages import Request, Response

from drawn_servers.conditions import ALWAYS
from drawn_servers.drawn_conditions import EVERY_MAKER
from drawn_servers.effects import every
from drawn_servers.honest import honest_server
from drawn_servers.lies import EFFECTS, Lie, drawn_lie
from drawn_servers.lying_server import LyingServer
from drawn_servers.measure import Caught, Judgement, Setting, broken_statements
from drawn_servers.report import add_options, chosen
from kobikom_contracts.clauses import CLAUSES

LOGIN = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"
TINY = Setting(seed=1, profile="tiny")


def traffic() -> list[Request]:
    """A day of a small customer, refusals included."""
    gsms = '<gsm messageId="a&amp;b">+905329975725</gsm><gsm>905329975726</gsm><gsm messageId="çağrı">12</gsm>'
    block = f"<mesajiniz><metin> a  b </metin><alicilar>{gsms}</alicilar></mesajiniz>"
    later = block.replace("a&amp;b", "d").replace("<metin>", "<appid>x</appid><metin>")
    bodies = (
        f"<bakiye>{LOGIN}</bakiye>",
        f"<SMS>{LOGIN}{block}{later}</SMS>",
        f"<SMS>{LOGIN.replace('test', 'no')}{block}</SMS>",
        f"<SMS>{LOGIN.replace('test', 'no')}{later.replace('<appid>', '<ileriTarih>soon</ileriTarih><appid>')}</SMS>",
        f"<basliklar>{LOGIN}</basliklar>",
        "<SMS>",
        f"<bakiye>{LOGIN}</bakiye>",
    )
    posts = [Request("POST", "/api/sendsms/xml/", "HTTP/1.1", {}, body.encode()) for body in bodies]
    clock = Request("POST", "/_emulator/spaces/default/clock", "HTTP/1.1", {}, b'{"advance": 60}')
    queries = ("", "&appid=x", "&messageid=d", "", "&messageid=zz")
    path = "/api/sendsms/xml/pull?kullanici=test&parola=test"
    return [*posts, clock, *(Request("GET", path + query, "HTTP/1.1", {}) for query in queries), *posts]


def answers(server: ControlledServer) -> list[Response]:
    """What a server answers to the traffic."""
    return [server.respond(request) for request in traffic()]


def lies_with(effect_name: str) -> Lie:
    """The lie without a condition that has this effect, on everything that it can be done to."""
    effect = next(one for one in EFFECTS if one.name == effect_name)
    return Lie(f"any; always; {effect_name}", "any", ALWAYS, effect, every)


def test_draws_depend_on_seed_and_number() -> None:
    """The same seed and number draw the same lie and the same honest server, others draw others."""
    assert [drawn_lie(1, n).name for n in range(50)] == [drawn_lie(1, n).name for n in range(50)]
    assert [honest_server(1, n).name for n in range(50)] == [honest_server(1, n).name for n in range(50)]
    assert 95 < len({drawn_lie(seed, n).name for seed in (1, 2) for n in range(50)})
    assert 95 < len({honest_server(seed, n).name for seed in (1, 2) for n in range(50)})


def test_every_lie_names_clauses_that_exist() -> None:
    """Each effect and each condition names existing clauses, and each effect at least one."""
    draw = random.Random(0)
    named = [one.clauses for one in EFFECTS] + [maker(draw).clauses for _, maker in EVERY_MAKER for _ in range(20)]
    assert set() == frozenset().union(*named) - set(CLAUSES)
    assert [] == [one.name for one in EFFECTS if not one.clauses]


def test_effects_and_lies_fit_their_operations() -> None:
    """No two effects share a name, and a drawn condition can hold for an operation of its effect."""
    names = [one.name for one in EFFECTS]
    # Three are done to results and to reports alike: to their ids, and to a whole answer.
    assert len(names) == len(set(names)) + 3
    lies = [drawn_lie(3, number) for number in range(300)]
    assert [] == [lie.name for lie in lies if not lie.condition.operations & lie.effect.operations]


@pytest.mark.parametrize(
    ("times", "expected"),
    [((0, 1), [0, 1, 2, 3, 4, 5]), ((0, 0), [0]), ((1, 0), [1]), ((1, 2), [1, 3, 5]), ((2, 1), [2, 3, 4, 5])],
)
def test_times_of_a_lie(times: tuple[int, int], expected: list[int]) -> None:
    """A lie takes effect at those times that its condition holds which its name says."""
    lie = replace(lies_with("writes TL for the currency"), times=times)
    server = LyingServer(lie.tell)
    balance = traffic()[0]
    told = [b"<kur>TL<" in server.respond(balance).body for _ in range(6)]
    assert expected == [number for number, one in enumerate(told) if one]


def test_lie_that_never_takes_effect_changes_nothing() -> None:
    """A lying server whose lie is silent answers byte for byte what the honest server does."""
    assert answers(ControlledServer()) == answers(LyingServer(lambda _: False))


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda one: one.name)
def test_touched_means_changed(effect: object) -> None:
    """A lie that changed an answer says that it was touched, and an untouched one changed none."""
    lie = lies_with(effect.name)  # type: ignore[attr-defined]
    server = LyingServer(lie.tell)
    changed = answers(server) != answers(ControlledServer())
    assert changed <= (server.touched > 0)


@pytest.mark.parametrize(
    "name",
    [
        "answers HTTP 201",
        "gives the length in characters",
        "stores the text trimmed",
        "charges double",
        "leaves out the report",
        "gives the report again at the next pull",
        "echoes the number without a plus",
        "judges other faults before the login",
        "gives reports of any appid",
        "forgets the appid",
        "leaves the last title out",
    ],
)
def test_lies_touch_the_traffic(name: str) -> None:
    """Lies of each kind are touched by a small customer's traffic."""
    server = LyingServer(lies_with(name).tell)
    answers(server)
    assert server.touched > 0


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("adds an empty result", "S-01.1"),
        ("charges one recipient only", "C-05.1"),
        ("writes the status EXPIRED", "R-09.1"),
        ("writes no amount", "B-01.1"),
    ],
)
def test_sample_of_lies_is_caught(name: str, statement: str) -> None:
    """A lie without a condition is caught at a statement that it breaks."""
    server = LyingServer(lies_with(name).tell)
    setting = Setting(seed=1, profile="tiny", only=(statement.partition(".")[0],))
    assert statement in broken_statements(server, setting)


@pytest.mark.parametrize("index", [4, 5, 8])
def test_sample_of_honest_servers_is_left_alone(index: int) -> None:
    """Nothing is said against an honest server."""
    assert {} == broken_statements(honest_server(1, index).server(), TINY)


def test_attribution_is_by_clause() -> None:
    """A lie counts as caught where it belongs when one of the new statements is of its clauses."""
    lie = lies_with("writes the status EXPIRED")
    judgement = Judgement(0, lie.name, touched=1)
    assert Caught(lie, judgement, {"R-02.1": "", "R-09.1": ""}).named
    assert not Caught(lie, judgement, {"R-02.1": ""}).named


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--lies", "3", "--honest", "2"], ([0, 1, 2], [0, 1])),
        (["--lies", "2", "--from", "5", "--honest", "1"], ([5, 6], [5])),
        (["--only", "lie7"], ([7], [])),
        (["--only", "honest9", "--only", "lie1"], ([1], [9])),
    ],
)
def test_chosen_servers(arguments: list[str], expected: tuple[list[int], list[int]]) -> None:
    """The options say by number or name which servers are judged."""
    import argparse

    parser = argparse.ArgumentParser()
    add_options(parser)
    assert expected == chosen(parser.parse_args(arguments))
