"""Fault rules: every effect, match and when, and every rule that is refused (clause E)."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from kobikom_emulator.domain.invalid import explain
from kobikom_emulator.exchange import Answer, Transmission, WireRequest
from kobikom_emulator.faults.as_printed import AsPrinted
from kobikom_emulator.faults.chain import FaultChain, NeverMatches
from kobikom_emulator.faults.close import Close
from kobikom_emulator.faults.delay import Delay
from kobikom_emulator.faults.dribble import Dribble
from kobikom_emulator.faults.drop import Drop
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.faults.garbage import Garbage
from kobikom_emulator.faults.http import Http
from kobikom_emulator.faults.kinds import KINDS
from kobikom_emulator.faults.push import Push
from kobikom_emulator.faults.reports import Reports
from kobikom_emulator.faults.rule import Incoming, Match, Rule, When
from kobikom_emulator.faults.stall import Stall
from kobikom_emulator.faults.status import Status
from kobikom_emulator.faults.truncate import Truncate
from kobikom_emulator.protocol.codes import Code

TURKCELL, VODAFONE = "905321234567", "905421234567"
START = 1_769_839_200_000
QUERY = "<{0}><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></{0}>"


def rule(effect: dict[str, Any], **more: Any) -> Rule:
    return msgspec.convert({"effect": effect, **more}, Rule)


def arm(kobikom: Any, effect: dict[str, Any], **more: Any) -> None:
    kobikom.space.faults.arm(rule(effect, **more), START)


def drive(work: Any) -> Answer:
    """Run what waits for nobody."""
    try:
        while True:
            work.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


def pull(kobikom: Any, query: str = "kullanici=test&parola=test") -> Answer:
    return drive(kobikom.gateway.pull(WireRequest("GET", f"/api/sendsms/xml/pull?{query}")))


@pytest.mark.parametrize("code", [int(code) for code in Code if code])
def test_every_code_for_a_request(kobikom: Any, code: int) -> None:
    """One result, nothing sent, nothing charged; queries too; explained under E."""
    arm(kobikom, {"kind": "status", "code": code})
    assert [(code, "", "")] == kobikom.send(TURKCELL, VODAFONE)
    assert [("refused", "E", "/SMS"), ("fault", "E", "")] == kobikom.why()
    assert [(code, "", "")] == kobikom.results(kobikom.post(QUERY.format("basliklar").encode()))
    assert str(abs(code)).encode() == pull(kobikom).body
    kobikom.space.faults.clear()
    assert Decimal(1000) == kobikom.balance()


@pytest.mark.parametrize("code", [int(code) for code in Code if code])
def test_every_code_for_single_recipients(kobikom: Any, code: int) -> None:
    """Those the rule matches fail, keep their id and cost nothing; the others go."""
    arm(kobikom, {"kind": "status", "code": code, "scope": "recipient"}, match={"to": "+90542*"})
    answered = kobikom.send(TURKCELL, "", VODAFONE, "+905421234567", ids=["a", "b", "c"])
    assert [(0, "a"), (code, "c"), (code, "")] == [each[:2] for each in answered]
    assert Decimal(999) == kobikom.balance()


def test_a_wrong_login_takes_precedence_over_a_fault(kobikom: Any) -> None:
    """A request with a wrong password gets -5 (5 for a pull), not the code of the fault rule (A-04)."""
    arm(kobikom, {"kind": "status", "code": -23})
    assert [(-5, "", "")] == kobikom.results(kobikom.post(kobikom.body(password="x")))
    assert b"5" == pull(kobikom, "kullanici=test&parola=x").body


def test_http_errors_carry_nothing_out(kobikom: Any) -> None:
    """A proxy's page instead of an answer; reports stay where they are."""
    kobikom.send(TURKCELL)
    kobikom.later(1)
    arm(kobikom, {"kind": "http", "status": 503})
    answer = drive(kobikom.posted(kobikom.body(kobikom.block(TURKCELL))))
    assert (503, "text/html", True) == (answer.status, answer.content_type, b"503 Service Unavailable" in answer.body)
    assert 503 == pull(kobikom).status
    assert ("fault", ["#1 http"]) == (kobikom.journal()[-1]["outcome"], kobikom.journal()[-1]["faults"])
    kobikom.space.faults.clear()
    arm(kobikom, {"kind": "http", "status": 599})
    assert b"599 Error" in pull(kobikom).body
    kobikom.space.faults.clear()
    assert (Decimal(999), 1) == (kobikom.balance(), len(kobikom.reports()))


@pytest.mark.parametrize(("moment", "left"), [("before", "1000"), ("after", "999")])
def test_dropped_connections(kobikom: Any, moment: str, left: str) -> None:
    """Before: never carried out. After: accepted and charged, only the answer is lost."""
    arm(kobikom, {"kind": "drop", "moment": moment}, when={"times": 1})
    answer = drive(kobikom.posted(kobikom.body(kobikom.block(TURKCELL))))
    assert Transmission(drop=True) == answer.transmission
    assert Decimal(left) == kobikom.balance()


@pytest.mark.parametrize(
    ("effect", "transmission"),
    [
        ({"kind": "delay", "seconds": 1.5}, Transmission(delay=1.5)),
        ({"kind": "truncate", "bytes": 7}, Transmission(truncate_at=7)),
        ({"kind": "dribble", "bytes_per_second": 10}, Transmission(bytes_per_second=10.0)),
    ],
)
def test_manners_leave_the_answer_whole(kobikom: Any, effect: dict[str, Any], transmission: Transmission) -> None:
    """The request is carried out and the answer is unchanged; only the way it is transmitted differs."""
    plain = drive(kobikom.posted(kobikom.body(kobikom.block("1"))))
    arm(kobikom, effect)
    answer = drive(kobikom.posted(kobikom.body(kobikom.block("1"))))
    assert (plain.body, transmission) == (answer.body, answer.transmission)


def test_several_rules_add_up(kobikom: Any) -> None:
    """In the order they were armed; delays add, the first code wins."""
    arm(kobikom, {"kind": "delay", "seconds": 1})
    arm(kobikom, {"kind": "status", "code": -1})
    arm(kobikom, {"kind": "status", "code": -99})
    arm(kobikom, {"kind": "delay", "seconds": 2})
    answer = drive(kobikom.posted(kobikom.body(kobikom.block(TURKCELL))))
    assert (3.0, [(-1, "", "")]) == (answer.transmission.delay, kobikom.results(answer.body))
    assert ["#1 delay", "#2 status", "#3 status", "#4 delay"] == kobikom.journal()[-1]["faults"]


def test_the_first_rule_wins_for_a_recipient(kobikom: Any) -> None:
    """Where two rules fail the same recipient; each fails the others that it matches."""
    arm(kobikom, {"kind": "status", "code": -13, "scope": "recipient"}, match={"to": "90532*"})
    arm(kobikom, {"kind": "status", "code": -34, "scope": "recipient"})
    assert [-13, -34] == [code for code, *_ in kobikom.send(TURKCELL, VODAFONE)]


def test_the_first_answer_instead_of_the_work_wins(kobikom: Any) -> None:
    """A second one is not given, but both rules fired."""
    arm(kobikom, {"kind": "http", "status": 503})
    arm(kobikom, {"kind": "http", "status": 500})
    assert 503 == pull(kobikom).status
    assert [1, 1] == [armed.fired for armed in kobikom.space.faults.rules]


def test_garbage_is_random_but_seeded(world: Callable[..., Any]) -> None:
    """As many bytes as the answer had, the same from the same seed; the request was carried out."""

    def noise(seed: int) -> list[bytes]:
        kobikom = world(seed=seed)
        arm(kobikom, {"kind": "garbage"}, match={"operation": "send"})
        got = [kobikom.post(kobikom.body(kobikom.block(TURKCELL))) for _ in range(2)]
        assert Decimal(998) == kobikom.balance()
        return got

    first, second = noise(1)
    assert (176, 176, True) == (len(first), len(second), first != second)
    assert [first, second] == noise(1)
    assert [first, second] != noise(2)


def test_as_printed_answers(kobikom: Any) -> None:
    """Sends and pulls malformed as the page prints them, by rule instead of by reading (E, R-02)."""
    arm(kobikom, {"kind": "as-printed"})
    body = kobikom.post(kobikom.body(kobikom.block(TURKCELL, TURKCELL)))
    assert (1, True) == (body.count(b"<result>"), b"<status><0</status>" in body)
    kobikom.later(1)
    body = pull(kobikom).body
    assert (True, 2, False) == (
        body.startswith(b"<DeliveryReport>"), body.count(b"<message "), b"</DeliveryReport>" in body
    )  # fmt: skip


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({}, True),
        ({"operation": "send"}, True),
        ({"operation": "pull"}, False),
        ({"user": "test"}, True),
        ({"user": "tes"}, False),
        ({"to": "90532*"}, True),
        ({"to": "90532?23456?"}, True),
        ({"to": "90533*"}, False),
        ({"to": "+905421234567"}, True),
        ({"to": "+90 542 123 45 67"}, True),
        ({"to": "0542*"}, True),
        ({"to": "90542123456[7]"}, False),
        ({"title": "Kob*"}, True),
        ({"title": "kob*"}, False),
        ({"text": "*kod*"}, True),
        ({"text": "kod"}, False),
        ({"text": "[k]od 1234"}, False),
        ({"text": "kod ????"}, True),
        ({"operation": "send", "to": "90532*", "text": "*1234"}, True),
        ({"operation": "send", "to": "90532*", "text": "*12"}, False),
    ],
)
def test_matching(match: dict[str, str], hit: bool) -> None:
    """Every condition that is given holds; only * and ? are wild, case counts, the form of a number does not."""
    incoming = Incoming("send", "test", [[TURKCELL], ["+905421234567"]], ["Kobikom"], ["kod 1234"])
    assert hit is msgspec.convert(match, Match).matches(incoming)


@pytest.mark.parametrize(
    ("when", "fired"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"skip": 2}, [3, 4, 5]),
        ({"times": 2}, [1, 2]),
        ({"skip": 1, "times": 2}, [2, 3]),
        ({"until": "2026-01-31T09:00:03+03:00"}, [1, 2, 3]),
    ],
)
def test_when(when: dict[str, Any], fired: list[int]) -> None:
    """Not the first `skip`, at most `times`, not at or after `until`; only matching requests count."""
    chain = FaultChain(0)
    chain.arm(rule({"kind": "garbage"}, when=when, match={"operation": "send"}), START)
    hits = []
    for nth in range(1, 6):
        assert () == chain.fire(Incoming("pull", "test"), START).armed
        if chain.fire(Incoming("send", "test"), START + (nth - 1) * 1000).armed:
            hits.append(nth)
    assert fired == hits
    assert len(fired) == chain.rules[0].fired


@pytest.mark.parametrize(
    ("effect", "operation"),
    [({"kind": "status", "code": -2, "scope": "recipient"}, "balance"), ({"kind": "as-printed"}, "titles")],
)
def test_a_rule_is_not_used_up_where_it_can_do_nothing(effect: dict[str, Any], operation: Any) -> None:
    """A balance query has no recipients and no malformed answer: a rule that fires once waits for its send."""
    chain = FaultChain(0)
    chain.arm(rule(effect, when={"times": 1}), START)
    assert () == chain.fire(Incoming(operation, "test"), START).armed
    assert 1 == len(chain.fire(Incoming("send", "test"), START).armed)


def test_probability_is_seeded() -> None:
    """About as often as it says, the same times from the same seed."""

    def hits(seed: int) -> list[bool]:
        chain = FaultChain(seed)
        chain.arm(rule({"kind": "garbage"}, when={"probability": 0.25}), START)
        return [bool(chain.fire(Incoming("send", "test"), START).armed) for _ in range(1000)]

    assert hits(1) == hits(1)
    assert hits(1) != hits(2)
    assert 195 < sum(hits(1)) < 305


def test_clearing_restarts_numbers_and_random_draws() -> None:
    """As if the chain were new; a rule can be disarmed once."""
    chain = FaultChain(5)
    garbage = rule({"kind": "garbage"}, when={"probability": 0.5})

    def draws() -> list[int]:
        chain.arm(garbage, START)
        return [len(chain.fire(Incoming("send", "t"), START).armed) for _ in range(40)]

    first = draws()
    chain.clear()
    assert (first, 1) == (draws(), chain.rules[0].number)
    assert [True, False, 0] == [chain.disarm(1), chain.disarm(1), len(chain)]
    assert 2 == chain.arm(garbage, START).number


@pytest.mark.parametrize(
    ("effect", "more", "field"),
    [
        ({"kind": "garbage"}, {"when": {"skip": -1}}, "when.skip"),
        ({"kind": "garbage"}, {"when": {"times": 0}}, "when.times"),
        ({"kind": "garbage"}, {"when": {"probability": 0}}, "when.probability"),
        ({"kind": "garbage"}, {"when": {"probability": 1.1}}, "when.probability"),
        ({"kind": "garbage"}, {"when": {"until": "2026-01-31T09:00:00"}}, "when.until"),
        ({"kind": "garbage"}, {"when": {"until": "9999-01-31T09:00:00Z"}}, "when.until"),
        ({"kind": "garbage"}, {"when": {"ever": 1}}, "when.ever"),
        ({"kind": "garbage"}, {"match": {"operation": "register"}}, "match.operation"),
        ({"kind": "garbage"}, {"match": {"from": "*"}}, "match.from"),
        ({"kind": "garbage", "bytes": 1}, {}, "effect.bytes"),
        ({"kind": "noise"}, {}, "effect.kind"),
        ({"kind": "status"}, {}, "effect.code"),
        ({"kind": "status", "code": 0}, {}, "effect.code"),
        ({"kind": "status", "code": 1000}, {}, "effect.code"),
        ({"kind": "status", "code": -1, "scope": "message"}, {}, "effect.scope"),
        ({"kind": "http", "status": 199}, {}, "effect.status"),
        ({"kind": "http", "status": 204}, {}, "effect.status"),
        ({"kind": "status", "code": -1, "scope": "recipient", "places": [0]}, {}, "effect.places"),
        ({"kind": "status", "code": -1, "scope": "recipient", "every": 0}, {}, "effect.every"),
        ({"kind": "stall", "seconds": 0}, {}, "effect.seconds"),
        ({"kind": "reports", "change": "none"}, {}, "effect.change"),
        ({"kind": "push", "change": "never"}, {}, "effect.change"),
        ({"kind": "http", "status": 600}, {}, "effect.status"),
        ({"kind": "delay", "seconds": 0}, {}, "effect.seconds"),
        ({"kind": "delay", "seconds": 3601}, {}, "effect.seconds"),
        ({"kind": "drop", "moment": "between"}, {}, "effect.moment"),
        ({"kind": "truncate", "bytes": -1}, {}, "effect.bytes"),
        ({"kind": "dribble", "bytes_per_second": 0}, {}, "effect.bytes_per_second"),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_where_it_is_given(effect: dict[str, Any], more: dict[str, Any], field: str) -> None:
    """Such a rule cannot be made, and the error names the field."""
    with pytest.raises(msgspec.ValidationError) as caught:
        rule(effect, **more)
    assert field == explain(caught.value, Rule, {"effect": effect, **more}).path


def test_wrong_values_are_refused_in_python_too() -> None:
    """The same limits hold for rules that a program makes."""
    for make, field in (
        (lambda: Status(code=0), "code"),
        (lambda: Status(code=-1000), "code"),
        (lambda: Http(status=199), "status"),
        (lambda: When(times=0), "times"),
        (lambda: When(until=datetime(2026, 1, 31)), "until"),  # noqa: DTZ001  # that is the mistake
    ):
        with pytest.raises(ValueError, match=f"^{field}: "):
            make()


@pytest.mark.parametrize(
    ("never", "field"),
    [
        (rule({"kind": "garbage"}, when={"until": "2026-01-31T09:00:00+03:00"}), "when.until"),
        (rule({"kind": "garbage"}, match={"operation": "pull", "to": "*"}), "match.to"),
        (rule({"kind": "garbage"}, match={"operation": "titles", "title": "*"}), "match.title"),
        (rule({"kind": "garbage"}, match={"operation": "balance", "text": "*"}), "match.text"),
        (rule({"kind": "status", "code": -5, "scope": "recipient"}, match={"operation": "pull"}), "match.operation"),
        (rule({"kind": "as-printed"}, match={"operation": "titles"}), "match.operation"),
        (rule({"kind": "garbage"}, match={"operation": "push"}), "match.operation"),
        (rule({"kind": "reports", "change": "repeated"}, match={"operation": "send"}), "match.operation"),
        (rule({"kind": "push", "change": "twice"}, match={"operation": "send"}), "match.operation"),
        (rule({"kind": "status", "code": -3, "places": [1]}), "effect.places"),
        (rule({"kind": "status", "code": -3, "every": 2}), "effect.every"),
        (rule({"kind": "status", "code": -3, "scope": "recipient", "every": 2, "places": [1]}), "effect.every"),
    ],
)
def test_rules_that_can_never_do_anything(never: Rule, field: str) -> None:
    """The problem names the field, such a rule cannot be armed, and several are armed together or not at all."""
    assert never.problem(START).startswith(field + ":")
    chain = FaultChain(0)
    with pytest.raises(NeverMatches, match=f"^{field}"):
        chain.arm(never, START)
    with pytest.raises(NeverMatches, match=rf"^faults\[1\]\.{field}"):
        chain.arm_all([rule({"kind": "garbage"}), never], START)
    assert 0 == len(chain)


def test_rules_that_make_sense() -> None:
    """Nothing to say about them."""
    fine = [
        rule({"kind": "status", "code": -5, "scope": "recipient"}, match={"to": "*", "operation": "send"}),
        rule({"kind": "truncate", "bytes": 0}),
        rule({"kind": "as-printed"}, match={"operation": "pull"}),
        rule({"kind": "drop", "moment": "after"}, when={"until": "2026-01-31T09:00:00.001+03:00", "probability": 0.1}),
    ]
    assert ["", "", "", ""] == [each.problem(START) for each in fine]


EFFECTS: tuple[tuple[Effect, str], ...] = (
    (Status(code=-26), "status -26 for the whole request"),
    (Status(code=-26, scope="recipient"), "status -26 for the recipients that match"),
    (Http(status=503), "HTTP 503 instead of carrying the request out"),
    (Delay(seconds=1.5), "the answer was sent 1.5 seconds late"),
    (Drop(moment="before"), "the request was not carried out, the answer was not sent, the connection was closed"),
    (Drop(moment="after"), "the request was carried out, the answer was not sent, the connection was closed"),
    (Truncate(bytes=20), "the first 20 bytes were sent, then the connection was closed"),
    (Truncate(bytes=1), "the first byte was sent, then the connection was closed"),
    (Garbage(), "random bytes were sent instead of the answer"),
    (Dribble(bytes_per_second=20), "the answer was sent at 20 bytes a second"),
    (AsPrinted(), "the answer was malformed as the vendor's page prints it"),
    (Http(status=502, moment="after"), "the request was carried out, HTTP 502 was sent instead of its answer"),
    (Reports(change="repeated"), "each report was given twice"),
    (Reports(change="unknown-id"), "a report was added whose id no message has"),
    (Reports(change="unknown-status"), "the reports had a status that is documented nowhere"),
    (Close(), "every open connection was closed after the answer, unannounced"),
    (Stall(), "the request was carried out, the answer was held"),
    (Stall(moment="before"), "the request was not carried out, nothing was sent, the connection was held"),
    (Push(change="twice"), "the report was pushed twice"),
    (Push(change="late", seconds=90), "the report was pushed 90 seconds late"),
    (Push(change="unclosed"), "the report was pushed without the end of its document"),
    (Push(change="before-answer"), "the answer was held until the reports were pushed"),
)


@pytest.mark.parametrize(("effect", "sentence"), EFFECTS, ids=str)
def test_every_effect_describes_itself(effect: Effect, sentence: str) -> None:
    """One plain sentence for the journal, of the values it has."""
    assert sentence == effect.description()


def test_every_kind_describes_itself() -> None:
    """No kind is left out of the table above, and each has a docstring to show."""
    assert set(KINDS) == {effect.kind for effect, _ in EFFECTS}
    assert [] == [name for name, kind in KINDS.items() if not kind.__doc__]


def test_counts_are_exported_and_restored() -> None:
    """A chain that got another's rules back with their counts fires as that one would have gone on."""
    first, second = FaultChain(0), FaultChain(0)
    first.arm(rule({"kind": "garbage"}, when={"skip": 1, "times": 2}), START)
    first.arm(rule({"kind": "drop", "moment": "after"}, when={"until": "2026-01-31T09:00:00.001+03:00"}), START)
    for _ in range(2):
        first.fire(Incoming("send", "t"), START)
    exported = first.export()
    assert [(2, 1), (2, 2)] == [(rule.matched, rule.fired) for rule in exported.rules]
    second.restore(exported, 1)
    assert first.rules == second.rules
    assert [1, 0] == [len(second.fire(Incoming("send", "t"), START + 1).armed) for _ in range(2)]


def test_the_no_op_does_nothing() -> None:
    """What every effect starts from."""
    from random import Random

    from kobikom_emulator.protocol.readings import Readings

    answer, effect = Answer((b"x",)), Effect()
    assert ("", None, None, None) == (
        effect.problem(), effect.request_code(), effect.before(), effect.recipient_code()
    )  # fmt: skip
    assert (True, "nothing was changed") == (effect.affects("send"), effect.description())
    assert (answer, Readings()) == (effect.after(answer, Random(0)), effect.readings(Readings()))


def test_rules_of_the_blueprint_come_back_with_a_reset(world: Callable[..., Any]) -> None:
    """Armed at the beginning and after a reset, but not once their time has passed."""
    lasting = rule({"kind": "status", "code": -1})
    passing = rule({"kind": "status", "code": -99}, when={"until": "2026-01-31T09:00:05+03:00"})
    kobikom = world(faults=(passing, lasting))
    assert [-99] == kobikom.codes(TURKCELL)
    kobikom.space.faults.clear()
    assert [0] == kobikom.codes(TURKCELL)
    kobikom.reset()
    assert [-99] == kobikom.codes(TURKCELL)
    kobikom.clock.start = lambda **start: kobikom.clock.set(START + 10_000)  # a running clock goes on over a reset
    kobikom.reset()
    assert [-1] == kobikom.codes(TURKCELL)
