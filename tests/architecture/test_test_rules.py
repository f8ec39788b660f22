"""Rules for tests: each has a sentence that says what is proved, and none sleeps."""

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"

TEST_NODES = (ast.FunctionDef, ast.AsyncFunctionDef)


def trees() -> Iterator[tuple[str, ast.Module]]:
    """The path and the syntax tree of each Python file below tests/."""
    for path in sorted(TESTS.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_every_test_says_what_it_proves() -> None:
    """Each test has a docstring that ends like a sentence."""
    undocumented = [
        f"{path}: {node.name}"
        for path, tree in trees()
        if Path(path).name.startswith("test_")
        for node in ast.walk(tree)
        if isinstance(node, TEST_NODES) and node.name.startswith("test_")
        if not (ast.get_docstring(node) or "").endswith((".", "?", "!", "`", ")"))
    ]
    assert [] == undocumented


SLEEPERS = frozenset(("time", "asyncio", "anyio", "trio", "gevent", "eventlet"))
WAITABLE = frozenset(("Event", "Condition", "Barrier", "Queue", "SimpleQueue", "LifoQueue", "Semaphore", "Future"))
WAITING = frozenset(("wait", "wait_for", "get", "acquire", "result"))
SETTING = frozenset(("set", "notify", "notify_all"))
ALARMS = frozenset(("setitimer", "pause", "sigtimedwait"))
ENDING = frozenset(("kill", "terminate"))

# A deviant server or client may be slow: that is how it deviates. So may a drawn server.
SLOW_ON_PURPOSE = ("tests/deviant_servers/", "tests/deviant_clients/", "tests/drawn_servers/")


def test_no_test_sleeps() -> None:
    """No test sleeps, under any name: tests wait for events, not for time to pass."""
    sleeping = [
        f"{path}:{line}" for path, tree in trees() if not path.startswith(SLOW_ON_PURPOSE) for line in sleeps(tree)
    ]
    assert [] == sleeping


def sleeps(tree: ast.Module) -> list[int]:
    """The lines on which a module passes the time instead of waiting for something."""
    never_set = events(tree) - events_set(tree)
    return sorted(
        {
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call | ast.Attribute | ast.ImportFrom | ast.List) and passes_time(node, never_set)
        }
    )


def passes_time(node: ast.Call | ast.Attribute | ast.ImportFrom | ast.List, never_set: set[str]) -> bool:
    """Whether this sleeps, waits for something that nobody can set, or does something after a while."""
    match node:
        case ast.ImportFrom(module=str(module)):
            return module in SLEEPERS and any(alias.name == "sleep" for alias in node.names)
        case ast.Attribute(value=ast.Name(id="time"), attr="sleep") | ast.Attribute(attr="wait_for_timeout"):
            return True
        case ast.Attribute(value=ast.Name(id="signal"), attr=name):
            return name in ALARMS
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr="sleep"), args=[pause]):
            return module in SLEEPERS and not (isinstance(pause, ast.Constant) and pause.value == 0)
        case ast.Call(func=ast.Attribute(attr=method, value=ast.Call(func=maker))) if method in WAITING:
            return last_name(maker) in WAITABLE
        case ast.Call(func=ast.Attribute(attr="wait", value=ast.Name() | ast.Attribute() as event)):
            return last_name(event) in never_set
        # A watchdog that ends a process may run out; a test's own steps follow each other by their events.
        case ast.Call(func=maker, args=[_, action, *_]) if last_name(maker) == "Timer":
            return last_name(action) not in ENDING
        case ast.Call(func=maker) if last_name(maker) == "Timer":
            return True
        case ast.Call(func=maker, args=[*lists, _]) if last_name(maker) == "select" and len(lists) == 3:
            return all(isinstance(each, ast.List | ast.Tuple) and not each.elts for each in lists)
        case ast.List(elts=[ast.Constant(value="sleep"), *_]):
            return True
    return False


def last_name(node: ast.expr) -> str:
    """The last word of a dotted name."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def events(tree: ast.Module) -> set[str]:
    """The names that are bound to a new event."""
    bound = set()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=ast.Call(func=maker)) if last_name(maker) in ("Event", "Condition"):
                bound |= {last_name(target) for target in targets}
            case ast.AnnAssign(target=target, value=ast.Call(func=maker)) if last_name(maker) in ("Event", "Condition"):
                bound.add(last_name(target))
    return bound


def events_set(tree: ast.Module) -> set[str]:
    """The names on which something is set or notified, or that are handed to others, who may do it."""
    changed = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=event, attr=method) if method in SETTING:
                changed.add(last_name(event))
            case ast.Call(args=arguments, keywords=keywords):
                changed |= {last_name(each) for each in [*arguments, *(keyword.value for keyword in keywords)]}
            case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
                changed.add(last_name(value))
    return changed


def in_a_test(source: str) -> ast.Module:
    return ast.parse("async def test():\n" + indent(source, "    "))


@pytest.mark.parametrize(
    "source",
    [
        "time.sleep(1)",
        "pause = time.sleep",
        "from time import sleep",
        "from asyncio import sleep",
        "await asyncio.sleep(0.01)",
        "await asyncio.sleep(pause)",
        "await anyio.sleep(1)",
        "threading.Event().wait(0.1)",
        "Event().wait(timeout=0.1)",
        "await asyncio.wait_for(asyncio.Event().wait(), 0.1)",
        "pause = threading.Event()\npause.wait(0.1)",
        "self.pause: Event = Event()\nself.pause.wait(0.1)",
        "queue.Queue().get(timeout=0.1)",
        "threading.Semaphore(0).acquire(timeout=0.1)",
        "Timer(0.05, send)",
        "threading.Timer(interval=0.05, function=send)",
        "select.select([], [], [], 0.1)",
        "signal.setitimer(signal.ITIMER_REAL, 0.1)",
        "page.wait_for_timeout(100)",
        'subprocess.run(["sleep", "1"])',
    ],
)
def test_sleeping_is_seen_under_any_name(source: str) -> None:
    """Each way to pass the time is one that the rule above finds."""
    assert 1 == len(sleeps(in_a_test(source)))


@pytest.mark.parametrize(
    "source",
    [
        "await asyncio.sleep(0)",
        "time.monotonic()",
        "ready = threading.Event()\nother(ready)\nready.wait(20)",
        "ready = threading.Event()\nready.set()\nready.wait(20)",
        "ready.wait(20)",
        "answers.get(timeout=20)",
        "threading.Timer(30, process.kill)",
        "select.select([line], [], [], 20)",
        "page.locator(name).wait_for()",
        "thread.join(20)",
    ],
)
def test_waiting_for_something_is_no_sleep(source: str) -> None:
    """A time-out of a wait that somebody can end is patience, and a watchdog is no step of a test."""
    assert [] == sleeps(in_a_test(source))
