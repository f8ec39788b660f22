"""Runs pytest with the plugin in separate runs: what tests get, what a failure shows, what it costs unused."""

import re
import socket

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.driver import ControlRefused, KobikomServer
from kobikom_emulator.space.new_space import NewSpace

pytest_plugins = ["pytester"]

HEAVY = ("aiohttp", "lxml", "msgspec", "phonenumbers", "asyncio", "http.client")


def test_each_test_has_a_kobikom_of_its_own(inner: pytest.Pytester) -> None:
    """The fixture gives credentials and a base URL, and nothing of another test is seen in it."""
    inner.makepyfile(
        """
        import pytest
        from sender import send

        @pytest.mark.parametrize("time", [1, 2])
        def test_one(kobikom, time):
            assert [] == kobikom.messages
            assert "<status>0</status>" in send(kobikom)
            message = kobikom.wait_for(to="90532*", text="*1234*")
            assert ("905329975725", "sent") == (message.to, message.status)
            assert f"{kobikom.url}/s/{kobikom.name}" == kobikom.base_url

        def test_spaces_are_closed(kobikom_server, kobikom):
            assert ["default", kobikom.name] == kobikom_server.spaces
        """
    )
    inner.runpytest_inprocess().assert_outcomes(passed=3)


def test_a_failing_test_shows_what_its_space_was_asked(inner: pytest.Pytester) -> None:
    """The report has a section with time, operation, outcome, code and why; a passing test has none."""
    inner.makepyfile(
        """
        import pytest
        from sender import send

        def test_refused(kobikom):
            send(kobikom, title="Nobody")
            assert False

        def test_passes(kobikom):
            send(kobikom)

        @pytest.fixture
        def app(kobikom):
            send(kobikom)
            raise OSError("no database")

        def test_never_begins(app):
            pass
        """
    )
    result = inner.runpytest_inprocess()
    result.assert_outcomes(failed=1, passed=1, errors=1)
    said = result.stdout.str()
    assert 2 == said.count("- kobikom journal -")
    result.stdout.fnmatch_lines(
        [
            "#1 06:00:00Z send as *: accepted 0",
            "space refused-*, http://127.0.0.1:*/s/refused-*, user refused-*",
            "#1 06:00:00Z send as *: refused -34",
            "    S-09: /SMS/mesajiniz/baslik (line 1, column *) expected one of the account's titles*, found 'Nobody'",
        ]
    )


def test_the_marker_says_what_the_space_is_like(inner: pytest.Pytester) -> None:
    """Seed, readings, clock, accounts and magic numbers of a test's space; the closest marker has the last word."""
    inner.makepyfile(
        """
        import pytest
        from sender import send

        pytestmark = pytest.mark.kobikom(seed=1, readings={"dates": "padded"})

        @pytest.mark.kobikom(seed=7, readings={"long_text": "split"}, clock="2030-05-06T07:08:09+03:00")
        def test_marked(kobikom):
            assert (7, "split", "unpadded") == (kobikom.seed, kobikom.readings["long-text"], kobikom.readings["dates"])
            assert "2030-05-06T04:08:09+00:00" == kobikom.clock.now().isoformat()

        @pytest.mark.kobikom(accounts=[{"user": "shop", "credit": "2"}, {"user": "bank"}], magic_numbers=False)
        def test_accounts(kobikom):
            assert (1, "shop", "padded") == (kobikom.seed, kobikom.user, kobikom.readings["dates"])
            assert 2 == kobikom.account().credit
            assert 1000 == kobikom.account("bank").credit
            assert "<status>-13</status>" in send(kobikom, to="905990000004")

        @pytest.mark.kobikom(clock="running")
        def test_running(kobikom):
            assert not kobikom.clock.frozen
        """
    )
    inner.runpytest_inprocess("--strict-markers").assert_outcomes(passed=3)


@pytest.mark.parametrize("marker", ["sed=1", "7"])
def test_a_marker_that_says_nothing_is_an_error(inner: pytest.Pytester, marker: str) -> None:
    """An unknown option of the marker ends the run before its first test, with the test and the known options named:
    all fields of a new space but the name, which is made of the test's.
    """
    inner.makepyfile(f"import pytest\n@pytest.mark.kobikom({marker})\ndef test_it(kobikom): pass\n")
    result = inner.runpytest_subprocess()
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    said = result.stdout.str() + result.stderr.str()
    options = ", ".join(sorted({*NewSpace.__struct_fields__} - {"name"}))
    assert re.search(rf"ERROR: \S*::test_it: the marker kobikom takes {options}, not {marker[:3]}", said), said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        (
            'readings={"dates": "wide"}',
            "marker kobikom: readings: dates cannot be 'wide': choose one of unpadded, as-written, padded",
        ),
        ('clock="tomorrow"', "ini option kobikom_clock or marker kobikom: clock*"),
        ('accounts=[{"user": "x", "credit": "much"}]', "marker kobikom: accounts*credit*"),
    ],
)
def test_a_wrong_value_in_a_marker_is_one_line(inner: pytest.Pytester, marker: str, said: str) -> None:
    """A value that the server refuses is named with its field, without a traceback."""
    inner.makepyfile(f"import pytest\n@pytest.mark.kobikom({marker})\ndef test_it(kobikom): pass\n")
    result = inner.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])
    assert "During handling" not in result.stdout.str()


def test_wrong_settings_end_the_run_with_one_message(inner: pytest.Pytester) -> None:
    """A setting in kobikom_settings that does not exist is named once, however many tests would need the server."""
    inner.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="session")
        def kobikom_settings():
            return {"limits": {"max-weight": 1}}

        @pytest.mark.parametrize("n", range(3))
        def test_it(kobikom, n): pass
        """
    )
    result = inner.runpytest_subprocess()
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    assert 1 == result.stdout.str().count("Exit: kobikom_settings: limits.max-weight")


@pytest.mark.parametrize("workers", [[], ["-p", "xdist.plugin", "-n2"]], ids=["alone", "xdist"])
def test_the_settings_reach_the_spaces_of_tests(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]
) -> None:
    """Variables set how the spaces of tests begin, but for the port; the marker of a test comes before them."""
    monkeypatch.setenv("KOBIKOM_READINGS__LONG_TEXT", "split")
    monkeypatch.setenv("KOBIKOM_DELIVERY__OUTCOMES", '[{"status": "REJECTED", "after": 0}]')
    monkeypatch.setenv("KOBIKOM_PORT", "1")
    inner.makepyfile(
        """
        import pytest
        from sender import send

        def test_environment(kobikom):
            send(kobikom)
            assert ["REJECTED"] == [message.status for message in kobikom.messages]
            assert "split" == kobikom.readings["long-text"]

        @pytest.mark.kobikom(readings={"long-text": "refuse"}, delivery={"outcomes": [{"status": "SENT", "after": 0}]},
                             limits={"max_recipients": 1}, faults=[{"effect": {"kind": "garbage"}}],
                             messages=[{"to": "905329975725", "text": "Hello"}])
        def test_marker(kobikom):
            assert ["SENT"] == [message.status for message in kobikom.messages]
            assert "refuse" == kobikom.readings["long-text"]
            assert 1 == kobikom.beginning["limits"]["max_recipients"]
            assert 1 == len(kobikom.beginning["faults"])
        """
    )
    inner.runpytest_subprocess(*workers).assert_outcomes(passed=2)


def test_the_settings_fixture_reaches_the_spaces_of_tests(inner: pytest.Pytester) -> None:
    """Delivery, magic numbers and default terms of kobikom_settings are those of every space."""
    inner.makepyfile(
        """
        import pytest
        from sender import send

        @pytest.fixture(scope="session")
        def kobikom_settings():
            return {"delivery": {"outcomes": [{"status": "REJECTED", "after": 0}]}, "account-defaults": {"credit": 3}}

        def test_it(kobikom):
            assert 3 == kobikom.account().credit
            send(kobikom)
            assert ["REJECTED"] == [message.status for message in kobikom.messages]
        """
    )
    inner.runpytest_inprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize("workers", [[], ["-p", "xdist.plugin", "-n2"]], ids=["alone", "xdist"])
def test_a_wrong_variable_ends_the_run_with_one_message(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]
) -> None:
    """Before the first test, as a usage error that names the variable."""
    monkeypatch.setenv("KOBIKOM_READINGS__LONG_TEXT", "maybe")
    inner.makepyfile("def test_it(kobikom): pass\n")
    result = inner.runpytest_subprocess(*workers)
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    output = result.stdout.str() + result.stderr.str()
    assert 1 == output.count("ERROR: long-text cannot be 'maybe'"), output
    assert "Traceback" not in output


def test_wrong_settings_end_a_run_of_workers(inner: pytest.Pytester) -> None:
    """Under pytest-xdist each worker fails one test with the message, and the controller ends the run with it."""
    pytest.importorskip("xdist")
    inner.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="session")
        def kobikom_settings():
            return {"limits": {"max-weight": 1}}

        @pytest.mark.parametrize("n", range(20))
        def test_it(kobikom, n): pass
        """
    )
    result = inner.runpytest_subprocess("-p", "xdist.plugin", "-n2")
    assert pytest.ExitCode.OK != result.ret
    outcomes = result.parseoutcomes()
    assert outcomes["errors"] <= 4, outcomes
    result.stdout.fnmatch_lines(["*Interrupted: *kobikom_settings: limits.max-weight*"])
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://somewhere", "ERROR: --kobikom-url: 'ftp://somewhere' is not the address of an emulator"),
        ("http://127.0.0.1:port", "ERROR: --kobikom-url: 'http://127.0.0.1:port' is not the address of an emulator"),
        ("http://127.0.0.1:{port}", "Exit: --kobikom-url: http://127.0.0.1:{port} does not answer as an emulator"),
    ],
    ids=["scheme", "port", "nobody"],
)
def test_a_wrong_address_ends_the_run_with_one_message(inner: pytest.Pytester, url: str, said: str) -> None:
    """An address that is none, or at which no emulator answers, is a usage error and no traceback."""
    inner.makepyfile("def test_one(kobikom): pass\ndef test_two(kobikom): pass\n")
    with socket.socket() as nobody:  # bound, not listening: connections to it are refused
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        result = inner.runpytest_subprocess("--kobikom-url", url.format(port=port))
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    output = result.stdout.str() + result.stderr.str()
    assert 1 == output.count(said.format(port=port)), output
    assert "Traceback" not in output


def test_wrong_usage_in_a_worker_fails_the_tests(inner: pytest.Pytester) -> None:
    """Under pytest-xdist the same messages fail the tests that need the server; no worker crashes."""
    pytest.importorskip("xdist")
    inner.makepyfile(
        """
        import pytest

        @pytest.mark.kobikom(sed=1)
        def test_marked(kobikom): pass

        def test_other(): pass
        """
    )
    result = inner.runpytest_subprocess("-p", "xdist.plugin", "-n1")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the marker kobikom takes *, not sed"])


def test_the_same_test_is_the_same_every_time(inner: pytest.Pytester) -> None:
    """Alone, among others or on another server, a test's space gives the same credentials, ids and bytes."""
    inner.makepyfile(
        """
        from pathlib import Path
        from sender import pull, send

        def test_other(kobikom):
            send(kobikom)

        def test_this(kobikom):
            answer = send(kobikom, to="905329975725 905321112233")
            kobikom.clock.advance(5)
            with Path("said").open("a") as said:
                said.write(f"{kobikom.name} {kobikom.user} {kobikom.password} {answer} {pull(kobikom)}\\0")
        """
    )
    inner.runpytest_inprocess().assert_outcomes(passed=2)
    inner.runpytest_inprocess("-k", "this").assert_outcomes(passed=1, deselected=1)
    first, second, _ = (inner.path / "said").read_text().split("\0")
    assert first == second
    assert "DELIVERED" in first


def test_a_server_that_runs_elsewhere_is_used(inner: pytest.Pytester) -> None:
    """With --kobikom-url and its token the spaces are opened there, and closed again, even if their name is taken."""
    inner.makepyfile(
        """
        from sender import send

        def test_there(kobikom, pytestconfig):
            assert kobikom.url == pytestconfig.getoption("--kobikom-url")
            print(kobikom.name)
            send(kobikom)
            kobikom.assert_sent(count=1)
        """
    )
    with Emulator(control={"token": "s3cret"}) as emulator:
        there = KobikomServer.of(emulator)
        arguments = ["-s", "--kobikom-url", emulator.url, "--kobikom-token", "s3cret"]
        first = inner.runpytest_inprocess(*arguments)
        first.assert_outcomes(passed=1)
        assert ["default"] == there.spaces
        (name,) = re.findall(r"there-[0-9a-f]{8}", first.stdout.str())
        with there.open(name=name):
            inner.runpytest_inprocess(*arguments).assert_outcomes(passed=1)
        without_token = inner.runpytest_subprocess(*arguments[:3])
        assert pytest.ExitCode.USAGE_ERROR == without_token.ret
        without_token.stdout.fnmatch_lines(["*Exit: --kobikom-url: *its token*"])


def test_the_workers_of_xdist_share_a_server(inner: pytest.Pytester) -> None:
    """Every worker opens its spaces in the one server of the controller, and a failure there shows its journal."""
    pytest.importorskip("xdist")
    inner.makepyfile(
        """
        import os
        from pathlib import Path
        import pytest
        from sender import send

        @pytest.mark.parametrize("n", range(6))
        def test_there(kobikom, n):
            send(kobikom, text=f"number {n}")
            kobikom.assert_sent(text=f"number {n}", count=1)
            kobikom.assert_none(text=f"number {n + 1}")
            Path(f"seen-{n}").write_text(f"{os.environ['PYTEST_XDIST_WORKER']} {kobikom.url}")
            assert n < 5
        """
    )
    result = inner.runpytest_subprocess("-p", "xdist.plugin", "-n2", "--dist=each")
    result.assert_outcomes(passed=10, failed=2)
    assert 2 == result.stdout.str().count("- kobikom journal -")
    seen = [path.read_text().split() for path in inner.path.glob("seen-*")]
    assert 6 == len(seen)
    assert 1 == len({url for _, url in seen})


@pytest.mark.parametrize("workers", [[], ["-p", "xdist.plugin", "-n1"]], ids=["alone", "xdist"])
def test_who_never_asks_pays_nothing(inner: pytest.Pytester, workers: list[str]) -> None:
    """A run whose tests use no Kobikom imports neither the server nor the handle, in the controller and in a worker."""
    inner.makepyfile(
        conftest=f"""
        import sys

        def pytest_sessionfinish(session):
            heavy = [name for name in {HEAVY!r} if name in sys.modules and name not in FIRST]
            assert [] == heavy + [name for name in sys.modules if name.startswith("kobikom_emulator.")
                                  and name != "kobikom_emulator.pytest_plugin"]
            print("nothing heavy")

        FIRST = [] if {workers!r} == [] else ["asyncio", "http.client"]
        """,
        test_it="def test_it(): pass\n",
    )
    result = inner.runpytest_subprocess("-s", *workers)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*nothing heavy*"])
    assert 0 == result.ret


def test_the_fixtures_can_be_overridden(inner: pytest.Pytester) -> None:
    """A project has settings of its own, or a space of its own making, and its journal is shown all the same."""
    inner.makepyfile(
        """
        import pytest
        from sender import send

        @pytest.fixture(scope="session")
        def kobikom_settings():
            return {"limits": {"max-recipients": 1}}

        @pytest.fixture
        def kobikom(kobikom_server):
            with kobikom_server.open(name="mine", accounts=[{"user": "me", "titles": ["MINE"]}]) as space:
                yield space

        def test_mine(kobikom):
            assert "<status>-23</status>" in send(kobikom, title="MINE", to="905329975725 905329975726")
            assert "me" == ""
        """
    )
    result = inner.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["space mine, *", "#1 * send as me: refused -23"])


def test_a_project_chooses_its_clock(inner: pytest.Pytester) -> None:
    """The ini option kobikom_clock is for every test whose marker does not say otherwise."""
    inner.makeini("[pytest]\nkobikom_clock = 2030-01-01T00:00:00+03:00\n")
    inner.makepyfile(
        """
        def test_clock(kobikom):
            assert kobikom.clock.frozen
            assert 2029 == kobikom.clock.now().year
        """
    )
    inner.runpytest_inprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize("source", ["settings", "environment"])
def test_the_server_s_clock_is_that_of_each_test(
    inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """`clock.start` of the server's settings, unless the marker says otherwise."""
    start = "2030-01-01T00:00:00+03:00"
    if source == "settings":
        fixture = "@pytest.fixture(scope='session')\ndef kobikom_settings():\n"
        inner.makeconftest(f"import pytest\n{fixture}    return {{'clock': {{'start': '{start}'}}}}\n")
    else:
        monkeypatch.setenv("KOBIKOM_CLOCK__START", start)
    inner.makepyfile(
        """
        import pytest

        def test_clock(kobikom):
            assert (True, 2029) == (kobikom.clock.frozen, kobikom.clock.now().year)

        @pytest.mark.kobikom(clock="2031-06-01T00:00:00+03:00")
        def test_marked(kobikom):
            assert 2031 == kobikom.clock.now().year
        """
    )
    inner.runpytest_inprocess().assert_outcomes(passed=2)


@pytest.mark.parametrize("client", ["requests", "httpx", "urllib"])
def test_a_plain_test_uses_any_client(inner: pytest.Pytester, client: str) -> None:
    """A blocking client of any make sends, and the test waits for the message."""
    pytest.importorskip(client.partition(".")[0])
    posts = {
        "requests": "import requests\n    requests.post(url, data=body(kobikom), timeout=9)",
        "httpx": "import httpx\n    httpx.post(url, content=body(kobikom), trust_env=False)",
        "urllib": "send(kobikom)",
    }
    inner.makepyfile(
        "from sender import body, send\n"
        "def test_client(kobikom):\n    url = kobikom.base_url + '/api/sendsms/xml/'\n"
        f"    {posts[client]}\n    kobikom.wait_for(text='Kod*')\n"
    )
    inner.runpytest_subprocess().assert_outcomes(passed=1)


ASYNC = """
import {library}
import pytest
from sender import body

{mark}
async def test_client(kobikom):
    url = kobikom.url + "/api/sendsms/xml/"
    {post}
    assert "Kodunuz 1234" == (await kobikom.aio.wait_for(to="90532*")).text
    await kobikom.aio.assert_none(text="9999")
    assert 1 == len(await kobikom.aio.wait_for_all(1))
    await kobikom.aio.drain()
    kobikom.clock.advance(1)
    assert ["DELIVERED"] == [report.status for report in kobikom.reports]
"""
HTTPX = "async with httpx.AsyncClient(trust_env=False) as c: await c.post(url, content=body(kobikom))"
AIOHTTP = "async with aiohttp.ClientSession() as c, c.post(url, data=body(kobikom)) as r: await r.read()"


@pytest.mark.parametrize(
    ("library", "post", "plugin", "mark"),
    [
        ("httpx", HTTPX, "pytest_asyncio", "@pytest.mark.asyncio"),
        ("aiohttp", AIOHTTP, "pytest_asyncio", "@pytest.mark.asyncio"),
        ("httpx", HTTPX, "anyio", "@pytest.mark.anyio"),
    ],
    ids=["asyncio-httpx", "asyncio-aiohttp", "anyio-httpx"],
)
def test_a_coroutine_uses_any_client(inner: pytest.Pytester, library: str, post: str, plugin: str, mark: str) -> None:
    """Tests of pytest-asyncio and anyio (asyncio and trio) send with their own client and wait without blocking."""
    for name in (library, plugin, "trio"):
        pytest.importorskip(name)
    inner.makepyfile(ASYNC.format(library=library, post=post, mark=mark))
    inner.makeini(
        "[pytest]\nfilterwarnings = error\nasyncio_default_fixture_loop_scope = function\n"
        if plugin == "pytest_asyncio"
        else "[pytest]\nfilterwarnings = error\n"
    )
    module = {"pytest_asyncio": "pytest_asyncio.plugin", "anyio": "anyio.pytest_plugin"}[plugin]
    inner.runpytest_subprocess("-p", module).assert_outcomes(passed=2 if plugin == "anyio" else 1)


def test_hypothesis_shrinks_to_the_smallest_failing_scenario(inner: pytest.Pytester) -> None:
    """A drawn scenario is played in the test's space, which is reset before each example."""
    inner.makepyfile(
        """
        from hypothesis import HealthCheck, given, settings
        from kobikom_contracts import scenarios
        from sender import send

        @settings(derandomize=True, database=None, deadline=None, max_examples=30,
                  suppress_health_check=list(HealthCheck))
        @given(scenario=scenarios(operations=["send"], kinds=["status"]))
        def test_survives(kobikom, scenario):
            kobikom.play(scenario)
            assert [] == kobikom.messages
            send(kobikom, to="905329975725")
            send(kobikom, to="905329975726")
        """
    )
    inner.runpytest_inprocess("-p", "_hypothesis_pytestplugin").assert_outcomes(passed=1)


def test_a_space_with_a_taken_name_is_refused_elsewhere() -> None:
    """The driver names the field at fault."""
    with Emulator() as emulator:
        server = KobikomServer.of(emulator)
        with server.open(name="once"), pytest.raises(ControlRefused, match="once") as refused:
            server.open(name="once")
        assert (409, "name") == (refused.value.status, refused.value.field)


@pytest.mark.parametrize("first", [True, False])
def test_both_plugins_can_be_loaded(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, first: bool) -> None:
    """The emulator's and the contracts' plugin share the option --kobikom-url, in either order."""
    plugins = ["kobikom_emulator.pytest_plugin", "kobikom_contracts.pytest_mode"]
    monkeypatch.setenv("PYTEST_PLUGINS", ",".join(plugins if first else plugins[::-1]))
    inner.makepyfile("def test_here(kobikom): assert kobikom.name")
    inner.runpytest_inprocess().assert_outcomes(passed=1)


DAYS = """
import pytest
from kobikom_contracts import days
from sender import send

CHOSEN = [day for day in days(kinds=["drop", "status", "ordinary"], operations=["send", "balance"])
          if day.name in {"ordinary", "send-drop-before", "send-status-2", "balance-drop-before"}]

@pytest.mark.parametrize("day", CHOSEN, ids=str)
def test_day(kobikom, day):
    kobikom.play(day, text="Merhaba")
    try:
        send(kobikom, text="Merhaba")
    except OSError:
        pass
"""


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "2")], ids=["alone", "xdist"])
def test_a_day_whose_fault_never_fired_is_not_passed(inner: pytest.Pytester, workers: tuple[str, ...]) -> None:
    """It is skipped with its name; the run's last lines say which kinds fired and which never did."""
    inner.makepyfile(DAYS)
    result = inner.runpytest_subprocess("-rs", *workers)
    result.assert_outcomes(passed=3, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "kobikom faults fired: drop 1, status 1",
            "*nothing of the day balance-drop-before happened: no fault fired, no step came*",
        ]
    )


def test_kinds_that_never_fired_are_named(inner: pytest.Pytester) -> None:
    """Also those of drawn scenarios, whose tests are left as they are."""
    inner.makepyfile(
        """
        def test_drawn(kobikom):
            kobikom.play({"faults": [{"effect": {"kind": "garbage"}, "match": {"operation": "pull"}}]})
        """
    )
    result = inner.runpytest_inprocess()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["kobikom faults never fired: garbage"])


def test_each_distinct_failure_has_its_scenario(inner: pytest.Pytester) -> None:
    """Hypothesis finds two failures of one test; the report has the file of each, with the inputs."""
    inner.makepyfile(
        """
        from hypothesis import HealthCheck, given, settings, strategies as st

        @settings(derandomize=True, database=None, deadline=None, max_examples=60,
                  suppress_health_check=list(HealthCheck))
        @given(credit=st.sampled_from(["1", "2", "3"]))
        def test_survives(kobikom, credit):
            kobikom.play({"credit": credit}, number=int(credit) + 40)
            if credit == "2":
                raise ValueError(credit)
            assert credit != "3"
        """
    )
    result = inner.runpytest_inprocess("-p", "_hypothesis_pytestplugin")
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert (2, 1, 1, 0) == tuple(
        text.count(part) for part in ("- kobikom scenario ", '"credit": "2"', '"credit": "3"', '"credit": "1"')
    )
    assert ["42", "43"] == sorted(line.split(": ")[1] for line in text.splitlines() if '"number"' in line)


def test_the_emulator_is_loaded_as_in_a_program(inner: pytest.Pytester) -> None:
    """Its modules are not rewritten for their assertions, those of tests are; garbage is collected as before."""
    inner.makeconftest(
        """
        import pytest
        pytest.register_assert_rewrite("kobikom_emulator.embed", "helper")
        """
    )
    inner.makepyfile(helper="")
    inner.makepyfile(
        """
        import gc
        import sys

        def test_it(kobikom):
            import helper

            specs = [sys.modules[name].__spec__ for name in ("kobikom_emulator.embed", "helper")]
            loaders = [type(spec.loader).__name__ for spec in specs]
            assert ["SourceFileLoader", "AssertionRewritingHook"] == loaders
            assert gc.isenabled()
        """
    )
    inner.runpytest_subprocess().assert_outcomes(passed=1)
