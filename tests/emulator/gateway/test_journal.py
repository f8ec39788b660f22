"""The journal: a bounded ring, explained and placed on demand, repeatable with curl."""

import base64
import shlex
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from kobikom_emulator.control.journal import EntrySummary, EntryView
from kobikom_emulator.domain.reasons import Reason, Remark
from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.journal.entries import Entry, HttpRefusal, Operation, Outcome, PushEntry, RequestEntry
from kobikom_emulator.journal.hints import HINTS
from kobikom_emulator.journal.journal import Journal, size_of
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.journal.places import Places
from kobikom_emulator.journal.rendering import curl, rendered, summary
from kobikom_emulator.journal.statements import STATEMENTS
from kobikom_emulator.ports import PushResponse
from kobikom_emulator.translation.codes import CODES
from kobikom_emulator.translation.notes import REMARKS

TURKCELL = "905321234567"


def drive(work: Any) -> Answer:
    """Run a coroutine that waits for nothing."""
    try:
        while True:
            work.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


def write(journal: Journal, body: bytes = b"", answer: bytes = b"") -> None:
    journal.write(
        RequestEntry(0, Operation.SEND, "u", Outcome.ACCEPTED, 0, WireRequest("POST", "", body), Answer((answer,)))
    )


@given(
    st.integers(1, 6),
    st.integers(1, 60),
    st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=40)), max_size=20),
)
def test_the_ring_is_bounded_by_count_and_bytes(limit: int, budget: int, entries: list[tuple[bytes, bytes]]) -> None:
    """The newest entries stay, whole but for a single one over the budget (T-11)."""
    journal = Journal(limit=limit, max_bytes=budget)
    for body, answer in entries:
        write(journal, body, answer)
    kept = list(journal)
    assert list(range(len(entries) - len(kept) + 1, len(entries) + 1)) == [entry.number for entry in kept]
    assert (len(entries), len(kept)) == (journal.written, len(journal))
    assert len(kept) <= limit
    assert bool(kept) is bool(entries)
    whole = [(entry.request.body, entry.answer.body) for _, entry in kept]
    if len(kept) > 1 or (kept and sum(map(len, whole[0])) <= budget):
        assert entries[-len(kept) :] == whole
        assert sum(len(body) + len(answer) for body, answer in whole) <= budget
    journal.clear()
    assert (0, []) == (len(journal), list(journal))


def _entries(body: bytes, text: str) -> list[Entry]:
    """An entry of each type that keeps `body` and `text` once in each place that can hold them."""
    head = ((b"Name", text.encode()),)
    wire, note = WireRequest("POST", text, body, "", head), Note(Kind.NOTED, "T-11.2", text, text, text)
    response = PushResponse(200, (("Name", text),), body)
    return [
        RequestEntry(
            0,
            Operation.SEND,
            "",
            Outcome.ACCEPTED,
            0,
            wire,
            Answer((body,)),
            intended=Answer((body, b"")),
            notes=(note,),
        ),
        PushEntry(0, "", Outcome.PUSHED, wire, response, error=text, notes=(note,)),
        HttpRefusal(0, wire, Answer((body,)), (note,)),
    ]


@pytest.mark.parametrize("index", range(3))
def test_the_budget_counts_heads_targets_and_notes(index: int) -> None:
    """Not bodies alone: every part of an entry that a client or a receiver decides the length of (T-11)."""
    empty, full = (size_of(_entries(body, text)[index]) for body, text in ((b"", ""), (b"x" * 100, "y" * 1000)))
    bodies, texts = [(3, 5), (2, 7), (2, 5)][index]
    assert 100 * bodies + 1000 * texts == full - empty


@pytest.mark.parametrize("index", range(3))
def test_long_heads_push_old_entries_out(index: int) -> None:
    """A journal of requests with long targets and heads stays within its budget (T-11)."""
    journal = Journal(limit=1000, max_bytes=50_000)
    for _ in range(50):
        journal.write(_entries(b"", "y" * 1000)[index])
    assert 5 < len(journal) < 11
    assert journal.bytes_kept <= 50_000
    assert sum(size_of(entry) for _, entry in journal) == journal.bytes_kept


@pytest.mark.parametrize("index", range(3))
def test_an_entry_over_the_budget_loses_its_head_and_most_of_its_notes(index: int) -> None:
    """What stays is short, whatever was long (T-11)."""
    entry = replace(_entries(b"x" * 10, "y" * 100_000)[index], notes=(Note(Kind.NOTED, "T-11.2", found="z"),) * 5000)
    journal = Journal(limit=9, max_bytes=6000)
    number = journal.write(entry)
    [(kept_as, kept)] = journal
    assert (1, 1) == (number, kept_as)
    assert ((), "y" * 200) == (kept.request.headers, kept.request.target)
    assert (21, "4980 more findings, over the journal's budget") == (len(kept.notes), kept.notes[-1].found)


def test_a_single_entry_over_the_budget_keeps_everything_but_its_bytes() -> None:
    """A single entry over the budget has the sizes of its bodies instead of them; the next entry is whole."""
    journal = Journal(limit=9, max_bytes=10)
    write(journal, b"x" * 99, b"y" * 88)
    [(_, entry)] = journal
    assert b"(99 bytes, over the journal's budget)" == entry.request.body
    assert b"(88 bytes, over the journal's budget)" == entry.answer.body
    write(journal, b"z")
    assert [b"z"] == [entry.request.body for _, entry in journal]


_NAMES = st.sampled_from(("a", "b", "gsm"))


def xml_trees() -> st.SearchStrategy[str]:
    """Documents of a few names, with line ends between the elements."""
    return st.recursive(
        _NAMES.map(lambda name: f"<{name}/>\n"),
        lambda inner: st.tuples(_NAMES, st.lists(inner, max_size=5)).map(
            lambda drawn: f"<{drawn[0]}>\n{''.join(drawn[1])}</{drawn[0]}>\n"
        ),
        max_leaves=30,
    )


def _path_of(element: etree._Element) -> str:
    parent = element.getparent()
    if parent is None:
        return f"/{element.tag}"
    nth = 1 + sum(1 for sibling in element.itersiblings(element.tag, preceding=True))
    return f"{_path_of(parent)}/{element.tag}" + (f"[{nth}]" if nth > 1 else "")


@pytest.mark.parametrize(
    ("xml", "path", "where"),
    [
        ("<SMS>\n  <dogrulama/>\n</SMS>", "/SMS/dogrulama/kullanici", (2, 3)),
        ("<SMS><mesajiniz/>\n<mesajiniz>\n<flash>7</flash></mesajiniz></SMS>", "/SMS/mesajiniz[2]/flash", (3, 1)),
        ("<sms><METIN>şş</METIN><x/></sms>", "/SMS/x", (1, 23)),
        ("<a:SMS xmlns:a='u'>\n<a:metin/></a:SMS>", "/SMS/metin", (2, 1)),
        ("<SMS>\n<gsm messageId='1'/></SMS>", "/SMS/gsm/@messageId", (2, 1)),
        ("<SMS/>", "/elsewhere", (0, 0)),
        ("<SMS/>", "", (0, 0)),
    ],
)
def test_places(xml: str, path: str, where: tuple[int, int]) -> None:
    """Line and column of the element, its nearest parent where it is missing."""
    assert where == Places(xml.encode(), [path]).of(Note(Kind.REFUSED, "S-01.1", path))


def test_a_known_place_stays() -> None:
    """The place that the XML parser gave is used unchanged."""
    assert (3, 4) == Places(b"<SMS/>", ["/SMS"]).of(Note(Kind.REFUSED, "A-04.1", "/SMS", line=3, column=4))


def test_locating_never_raises() -> None:
    """The places before the first error of a body that is not XML are found."""
    note = Note(Kind.REFUSED, "S-01.1", "/a/b")
    assert (1, 1) == Places(b"<a><<", ["/a/b"]).of(note)
    assert (0, 0) == Places(b"\xff", ["/a/b"]).of(note)


@given(xml_trees())
def test_each_element_of_any_document_is_found(xml: str) -> None:
    """Path and place of each element are those that a tree of the document gives, positions in names included."""
    root = etree.fromstring(xml.encode())
    wanted = {_path_of(element): element.sourceline for element in root.iter()}
    places = Places(xml.encode(), wanted)
    assert wanted == {path: places.of(Note(Kind.REFUSED, "S-01.1", path))[0] for path in wanted}


@pytest.mark.parametrize("name", ["a", "a" * 50_000])
def test_an_explanation_takes_memory_in_proportion_to_the_body(kobikom: Any, name: str) -> None:
    """Paths are made for the few places that notes name: a refused body of deep and long names is explained in a few
    times its own size, where the paths of all of its elements would take thousands (T-11).
    """
    inner = f"<{name}>" + "<i>" * 50 + "<u/>" * 40_000 + "</i>" * 50 + f"</{name}>"
    body = kobikom.body(kobikom.block(TURKCELL, flash="7"), inner)
    tracemalloc.start()
    try:
        kobikom.post(body)
        answered, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        explained = rendered(next(iter(kobikom.space.journal)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "S-17" in [finding["clause"] for finding in explained["explanation"]]
    assert peak - answered < 12 * len(body)


@pytest.mark.parametrize(
    ("dress", "readings"),
    [
        (lambda xml: xml.encode(), {}),
        (lambda xml: b"XML=" + xml.encode(), {}),
        (lambda xml: xml.encode("windows-1254"), {"undeclared-bytes": "windows-1254"}),
        (lambda xml: xml.encode("utf-16"), {}),
    ],
)
def test_explanations_are_placed_in_the_xml_as_the_server_saw_it(
    world: Callable[..., Any], dress: Callable[[str], bytes], readings: dict[str, str]
) -> None:
    """The XML of the entry is the document, in every form of body and encoding; the explanation has the clause in
    words.
    """
    kobikom = world(readings=readings)
    xml = kobikom.body(kobikom.block(TURKCELL, metin="şş", flash="7")).decode().replace("<flash>", "\n <flash>")
    kobikom.post(dress(xml))
    [note] = kobikom.journal()[-1]["explanation"]
    assert ("refused", -23, "S-17", 2, 2) == (note["kind"], note["code"], note["clause"], note["line"], note["column"])
    assert ("0 or 1", "'7'", STATEMENTS["S-17.1"].sentence, "I") == (
        note["expected"], note["found"], note["sentence"], note["mark"]
    )  # fmt: skip


def test_deep_documents_are_placed_too(world: Callable[..., Any]) -> None:
    """Places are found in documents of any depth that the space allows (T-11)."""
    from kobikom_emulator.space.space import Limits

    kobikom = world(limits=Limits(max_depth=200))
    body = kobikom.body("<x>" * 150 + "</x>" * 150 + "\n", kobikom.block(TURKCELL, flash="7"))
    kobikom.post(body)
    assert 2 == next(n["line"] for n in kobikom.journal()[-1]["explanation"] if n["kind"] == "refused")


@pytest.mark.parametrize(
    ("body", "clause", "line", "column"),
    [
        (b"<SMS>\n&</SMS>", "A-04", 2, 2),
        (b"", "T-02", None, None),
        (b"\n\n<x/>", "T-01", 1, 1),
        (b"<!DOCTYPE SMS><SMS/>", "T-11", 1, 1),
    ],
)
def test_unreadable_bodies_are_explained(kobikom: Any, body: bytes, clause: str, line: int, column: int) -> None:
    """An unreadable body is -22 with the place where the parser failed (A-04)."""
    assert [(-22, "", "")] == kobikom.results(kobikom.post(body))
    [note] = kobikom.journal()[-1]["explanation"]
    assert ("unreadable", "refused", -22) == tuple(
        kobikom.journal()[-1][key] for key in ("operation", "outcome", "code")
    )
    assert (clause, line) == (note["clause"], note["line"])
    assert note["column"] == column or abs(note["column"] - column) <= 1


@pytest.mark.parametrize(
    ("numbers", "outcome", "code"),
    [((TURKCELL,), "accepted", 0), ((TURKCELL, "1"), "partly", -13), (("1",), "refused", -13)],
)
def test_outcomes_of_sends(kobikom: Any, numbers: tuple[str, ...], outcome: str, code: int) -> None:
    """The entry of a send has its outcome and the first code that is not 0."""
    kobikom.send(*numbers)
    entry = kobikom.journal()[-1]
    assert ("send", "test", outcome, code) == (entry["operation"], entry["user"], entry["outcome"], entry["code"])
    assert "2026-01-31T06:00:00.000Z" == entry["at"]


def test_outcomes_of_pulls_and_queries(kobikom: Any) -> None:
    """Pulls are empty, given or refused, queries answered."""
    kobikom.pull()
    kobikom.send(TURKCELL)
    kobikom.later(1)
    kobikom.pull()
    kobikom.pull(password="x")
    kobikom.balance()
    assert [
        ("pull", "empty"),
        ("send", "accepted"),
        ("pull", "given"),
        ("pull", "refused"),
        ("balance", "answered"),
    ] == [(entry["operation"], entry["outcome"]) for entry in kobikom.journal()]
    assert "1 given, never again" == kobikom.journal()[2]["explanation"][0]["found"]


def test_unread_names_are_explained(kobikom: Any) -> None:
    """Unknown names are explained in accepted and refused requests (T-07)."""
    kobikom.send(TURKCELL, renk="mavi")
    assert [("unread", "T-07", "/SMS/mesajiniz/renk")] == kobikom.why()
    kobikom.send("1", renk="mavi")
    assert [("refused", "S-05"), ("unread", "T-07")] == [note[:2] for note in kobikom.why()]


def test_every_reason_and_remark_cites_a_statement() -> None:
    """The tables are total, cite statements that exist, and have a hint for each."""
    assert set(Reason) == set(CODES)
    assert set(Remark) == set(REMARKS)
    assert {cited for _, cited in CODES.values()} | {cited for cited, _ in REMARKS.values()} <= set(STATEMENTS)
    assert {*Reason, *Remark} - {Reason.FAULT} == set(HINTS)


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (WireRequest("GET", "/p?a=1&b=2"), "curl -sS 'http://h/p?a=1&b=2'"),
        (WireRequest("POST", "/", b"<a>'</a>", "text/xml"), None),
        (WireRequest("POST", "/", b"x"), "curl -sS -X POST http://h/ -H Content-Type: --data-binary x"),
        (WireRequest("POST", "/"), "curl -sS -X POST http://h/"),
    ],
)
def test_curl_lines(request_: WireRequest, line: str | None) -> None:
    """The curl command repeats the request and is quoted for a shell."""
    command = curl(request_, "http://h")
    if line is None:
        words = ["curl", "-sS", "-X", "POST", "http://h/", "-H", "Content-Type: text/xml", "--data-binary", "<a>'</a>"]
        assert words == shlex.split(command)
    else:
        assert line == command


@pytest.mark.parametrize("body", [b"\xff\xfe<", b"a\x00b", b"@file"])
def test_bodies_no_shell_can_hold_go_as_base64(body: bytes) -> None:
    """A body that a shell or curl would change is written as base64."""
    words = shlex.split(curl(WireRequest("POST", "/", body), "http://h"))
    assert body == base64.b64decode(words[1])
    assert ["--data-binary", "@-"] == words[-2:]


def test_entries_are_json(kobikom: Any) -> None:
    """Every entry is valid JSON; bodies that are not text come as base64, too."""
    kobikom.post(b"\xff\x00")
    entry = rendered(next(iter(kobikom.space.journal)))
    assert entry == msgspec.json.decode(msgspec.json.encode(entry))
    assert b"\xff\x00" == base64.b64decode(entry["request"]["body_base64"])


EFFECTS = [
    (
        {"kind": "drop", "moment": "after"},
        (None, "nothing", 0),
        True,
        "the request was carried out, the answer was not sent",
    ),
    ({"kind": "drop", "moment": "before"}, (None, "nothing", 0), False, "the request was not carried out"),
    ({"kind": "truncate", "bytes": 9}, (200, "cut", 9), True, "the first 9 bytes were sent"),
    ({"kind": "truncate", "bytes": 9999}, (200, "whole", 176), False, "the first 9999 bytes were sent"),
    ({"kind": "garbage"}, (200, "whole", 176), True, "random bytes were sent instead of the answer"),
    ({"kind": "http", "status": 503}, (503, "whole", 128), False, "HTTP 503 instead of carrying the request out"),
    ({"kind": "delay", "seconds": 1.5}, (200, "whole", 176), False, "1.5 seconds late"),
    ({"kind": "dribble", "bytes_per_second": 10}, (200, "whole", 176), False, "10 bytes a second"),
    ({"kind": "as-printed"}, (200, "whole", 176), False, "as the vendor's page prints it"),
    ({"kind": "status", "code": -23}, (200, "whole", 151), False, "status -23 for the whole request"),
    (
        {"kind": "status", "code": -23, "scope": "recipient"},
        (200, "whole", 163),
        False,
        "status -23 for the recipients that match",
    ),
]


@pytest.mark.parametrize(("effect", "sent", "altered", "sentence"), EFFECTS, ids=lambda case: str(case)[:40])
def test_an_altered_answer_is_kept_as_it_was_sent(
    kobikom: Any, effect: dict[str, Any], sent: tuple[int | None, str, int], altered: bool, sentence: str
) -> None:
    """Status and length on the wire, the answer that was meant beside it, and the rule in the explanation (E)."""
    rule = msgspec.convert({"effect": effect, "when": {"skip": 1}}, Rule)
    kobikom.space.faults.arm(rule, kobikom.clock.now())
    kobikom.send(TURKCELL)
    answer = drive(kobikom.posted(kobikom.body(kobikom.block(TURKCELL))))
    usual, entry = kobikom.journal()
    assert (None, []) == (usual["intended"], usual["explanation"])
    assert sent == tuple(entry["answer"][key] for key in ("status", "sent", "bytes_sent"))
    body = base64.b64decode(entry["answer"].get("body_base64", "")) or entry["answer"]["body"].encode()
    assert answer.sent_body == body
    assert sent[2] == len(body)
    assert altered is (entry["intended"] is not None)
    if altered:
        assert (200, "whole", 176) == tuple(entry["intended"][key] for key in ("status", "sent", "bytes_sent"))
        assert "<results>" in entry["intended"]["body"]
    [note] = [note for note in entry["explanation"] if note["kind"] == "fault"]
    assert ("E", f"fault rule #1 {effect['kind']}") == (note["clause"], note["found"].partition(": ")[0])
    assert sentence in note["found"]


def test_a_malformed_report_document_is_kept_beside_the_intended_one(kobikom: Any) -> None:
    """A send with two results and a pull that a rule answers as printed have the well-formed document as `intended`; an
    empty pull has none (E, R-02).
    """
    kobikom.space.faults.arm(msgspec.convert({"effect": {"kind": "as-printed"}}, Rule), kobikom.clock.now())
    kobikom.post(kobikom.body(kobikom.block(TURKCELL, TURKCELL)))
    kobikom.later(1)
    kobikom.pull()
    kobikom.pull()
    sent, given, empty = kobikom.journal()
    assert (
        sent["intended"]["body"]
        .replace("<result>\n<status>", "<status><")
        .endswith(sent["answer"]["body"].partition("</result>\n")[2])
    )
    assert given["intended"]["body"] == given["answer"]["body"] + "\n</DeliveryReport>"
    assert ("NO_DATA", None) == (empty["answer"]["body"], empty["intended"])


def test_a_rule_without_effect_is_said_to_have_none(kobikom: Any) -> None:
    """Rules that another rule or a refusal overrules fired all the same, and the explanation says so (E)."""
    for effect in ({"kind": "status", "code": -23}, {"kind": "http", "status": 503}, {"kind": "delay", "seconds": 1}):
        kobikom.space.faults.arm(msgspec.convert({"effect": effect}, Rule), kobikom.clock.now())
    kobikom.post(kobikom.body(kobikom.block(TURKCELL)))
    overruled, answering, delay = (note["found"] for note in kobikom.journal()[-1]["explanation"])
    assert "fault rule #1 status: without effect here: rule #2 had answered the request" == overruled
    assert ("HTTP 503" in answering, "1 seconds late" in delay) == (True, True)
    kobikom.space.faults.disarm(2)
    kobikom.post(kobikom.body(kobikom.block(TURKCELL), password="x"))
    overruled = kobikom.journal()[-1]["explanation"][1]["found"]
    assert "fault rule #1 status: without effect here: the request was refused for another reason" == overruled


def test_a_dropped_answer_has_no_status_in_short(kobikom: Any) -> None:
    """The summary of a dropped answer has no HTTP status (E)."""
    rule = msgspec.convert({"effect": {"kind": "drop", "moment": "after"}}, Rule)
    kobikom.space.faults.arm(rule, kobikom.clock.now())
    drive(kobikom.posted(kobikom.body(kobikom.block(TURKCELL))))
    short = summary(next(iter(kobikom.space.journal)))
    assert ("request", None, 0, 1) == tuple(short[key] for key in ("kind", "http_status", "answer_bytes", "accepted"))


def test_a_curl_line_takes_any_url_literally() -> None:
    """Brackets in a URL and arguments that begin with a dash are not interpreted by curl."""
    words = shlex.split(curl(WireRequest("POST", "http://[::1]:9/{a}", b"x", "text/xml"), ""))
    assert ["--globoff", "http://[::1]:9/{a}"] == words[4:6]
    words = shlex.split(curl(WireRequest("POST", "-o/somewhere", b"x", "text/xml"), ""))
    assert ["--url", "-o/somewhere"] == words[4:6]


def test_each_type_of_entry_has_a_kind(kobikom: Any) -> None:
    """The three types of entries have a `kind` and the same keys, in full and in short."""
    for entry in _entries(b"x", "y"):
        kobikom.space.journal.write(entry)
    numbered = list(kobikom.space.journal)
    assert ["request", "push", "http"] == [rendered(each)["kind"] for each in numbered]
    assert ["send", "push", "http"] == [summary(each)["operation"] for each in numbered]
    assert 1 == len({tuple(rendered(each)) for each in numbered}) == len({tuple(summary(each)) for each in numbered})
    for each in numbered:
        values = msgspec.json.decode(msgspec.json.encode(rendered(each)))
        assert values.keys() == msgspec.to_builtins(msgspec.convert(values, EntryView)).keys()
        assert msgspec.convert(summary(each), EntrySummary)
