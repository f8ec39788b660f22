"""Judges drawn servers and counts: lies caught, caught at a statement that the lie breaks, and false alarms."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from types import FrameType

from deviant_servers.controlled_server import ControlledServer

from drawn_servers.honest import ForeignServer, HonestServer, honest_server
from drawn_servers.lies import Lie, drawn_lie
from drawn_servers.lying_server import LyingServer
from drawn_servers.serving import listening
from kobikom_contracts.control import Control
from kobikom_contracts.core.verdicts import Outcome
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target

BASES = 4
"""How many servers lie: the paper server, and this many drawn ones less one."""
LONGEST = 300
"""Seconds after which a judgement is given up."""
DISTURBANCE = "disturbance"
"""What a judge reports of a server beside verdicts; it begins the key of such a report."""
FINE = frozenset({Outcome.HELD, Outcome.NOT_CHECKABLE})


@dataclass(frozen=True, slots=True)
class Setting:
    """How drawn servers are judged."""

    seed: int
    profile: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge said of one server: statements that are not held, each with outcome and detail.

    ``touched``: in how many exchanges a client could see the lie. ``ended``: why there is no verdict.
    """

    index: int
    name: str
    touched: int = 0
    broken: Mapping[str, str] = field(default_factory=dict)
    ended: str = ""


class _TooLong(BaseException):
    """A judgement takes too long; not an Exception, so that the judge does not take it for a crash."""


def _stop(_: int, __: FrameType | None) -> None:
    raise _TooLong


def broken_statements(server: ControlledServer, setting: Setting) -> dict[str, str]:
    """The statements that are not held by a server, as the judge says; it uses the control API if there is one."""
    with listening(server) as url:
        target, wait = Target(url, "test", "test", exclusive=True, timeout=3.0, strict=False), time.sleep
        if isinstance(server, ForeignServer):
            wait = server.wait
        else:
            control = Control(url)
            control.probe()
            target = replace(target, control=control)
        run = judge_server(
            target, profile=setting.profile, seed=setting.seed, only=setting.only, nonce="drawn", wait=wait
        )
    broken = {
        one.statement.id: f"{one.outcome}: {one.detail}"
        for verdict in run.verdicts
        for one in verdict.statements
        if one.outcome not in FINE
    }
    return broken | {f"{DISTURBANCE} {one.kind}": one.sentence for one in run.disturbances}


def _within_time(index: int, name: str, server: ControlledServer, setting: Setting) -> Judgement:
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(LONGEST)
    touched = lambda: server.touched if isinstance(server, LyingServer) else 0  # noqa: E731 - read when it is over
    try:
        broken = broken_statements(server, setting)
    except _TooLong:
        return Judgement(index, name, touched(), {}, f"no verdict in {LONGEST} s")
    except Exception as error:  # noqa: BLE001 - reported with the server's name
        return Judgement(index, name, touched(), {}, f"{type(error).__name__}: {error}")
    finally:
        signal.alarm(0)
    return Judgement(index, name, touched(), broken)


def base_of(seed: int, index: int) -> HonestServer:
    """The honest server that tells the lie with a number."""
    base = index % BASES
    return HonestServer("the paper server") if base == 0 else replace(honest_server(seed, base), controlled=True)


def judge_honest(index: int, setting: Setting) -> Judgement:
    """The judgement of an honest server."""
    honest = honest_server(setting.seed, index)
    return _within_time(index, honest.name, honest.server(), setting)


def judge_base(index: int, setting: Setting) -> Judgement:
    """The judgement of a server that tells lies, without one."""
    base = base_of(setting.seed, index)
    return _within_time(index, base.name, base.server(), setting)


def judge_lie(index: int, setting: Setting) -> Judgement:
    """The judgement of a lying server."""
    lie = drawn_lie(setting.seed, index)
    server = LyingServer(lie.tell, **base_of(setting.seed, index).options())
    return _within_time(index, lie.name, server, setting)


@dataclass(frozen=True, slots=True)
class Caught:
    """A judgement of a lie against that of the same server without it."""

    lie: Lie
    judgement: Judgement
    new: Mapping[str, str]
    """Statements that hold without the lie."""

    @property
    def named(self) -> bool:
        """True when one of them belongs to a clause that the lie may break, or is a disturbance."""
        return any(one.partition(".")[0] in self.lie.clauses or one.startswith(DISTURBANCE) for one in self.new)


@dataclass(frozen=True, slots=True)
class Measure:
    """The judgements of all drawn servers."""

    setting: Setting
    lies: tuple[Caught, ...]
    honest: tuple[Judgement, ...]

    @property
    def touched(self) -> list[Caught]:
        """The lies that a client could see."""
        return [one for one in self.lies if one.judgement.touched]

    @property
    def caught(self) -> list[Caught]:
        """The touched lies that the judge saw."""
        return [one for one in self.touched if one.new]

    @property
    def named(self) -> list[Caught]:
        """The caught lies of which a broken statement was named."""
        return [one for one in self.caught if one.named]

    @property
    def missed(self) -> list[Caught]:
        """The touched lies that the judge did not see."""
        return [one for one in self.touched if not one.new]

    @property
    def false_alarms(self) -> list[Judgement]:
        """The honest servers that were accused, or not judged."""
        return [one for one in self.honest if one.broken or one.ended]


def measure(
    lies: Sequence[int], honest: Sequence[int], setting: Setting, *, workers: int
) -> Iterator[Judgement | Measure]:
    """Judge lies and honest servers by number: each judgement as it comes, and the measure as the last."""
    with ProcessPoolExecutor(workers) as pool:
        bases = sorted({index % BASES for index in lies})
        base_results = pool.map(judge_base, bases, [setting] * len(bases))
        honest_results = pool.map(judge_honest, honest, [setting] * len(honest))
        lie_results = pool.map(judge_lie, lies, [setting] * len(lies))
        known = dict(zip(bases, base_results, strict=True))
        judged_honest, judged_lies = [], []
        for one in honest_results:
            yield one
            judged_honest.append(one)
        for one in lie_results:
            yield one
            without = known[one.index % BASES].broken
            new = {statement: detail for statement, detail in one.broken.items() if statement not in without}
            judged_lies.append(Caught(drawn_lie(setting.seed, one.index), one, new))
    yield Measure(setting, tuple(judged_lies), tuple(judged_honest))
