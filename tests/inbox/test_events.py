"""A space's events come at once, many changes make few events, and open streams delay nothing."""

import http.client
import time

from kobikom_emulator import Emulator


def test_a_send_has_an_event(asker) -> None:
    """A follower gets an event at once, and another after a send."""
    with asker.follow() as stream:
        first = stream.event()
        asker.send()
        second = stream.event()
    assert ("change", 0, "change", 1) == (first[0], first[1]["requests"], second[0], second[1]["requests"])
    assert second[1]["change"] > first[1]["change"]


def test_the_answer_has_no_end(asker) -> None:
    """The answer is an event stream without a length, on a connection of its own."""
    with asker.follow() as stream:
        head = stream.head.lower()
    assert head.startswith("http/1.1 200 ok")
    assert ("content-type: text/event-stream" in head, "content-length" in head, "connection: close" in head) == (
        True,
        False,
        True,
    )


def test_a_reset_begins_another_epoch(asker) -> None:
    """After a reset the epoch differs, so that a page knows that ids mean other messages now."""
    with asker.follow() as stream:
        before = stream.event()[1]["epoch"]
        asker.json("POST", "/reset")
        after = stream.event()[1]["epoch"]
    assert before != after


def test_every_change_has_an_event(asker) -> None:
    """Clock, faults, readings, credit and forced outcomes are changes; looking and previews are none."""
    asker.send()
    message = asker.json("GET", "/messages")["messages"][0]["id"]
    changes = []
    with asker.follow() as stream:
        changes.append(stream.event()[1]["change"])
        asker.json("GET", "/messages")
        asker.json("POST", "/faults/preview", {"effect": {"kind": "garbage"}})
        for method, path, body in (
            ("POST", "/clock", {"advance": 60}),
            ("POST", "/faults", {"effect": {"kind": "garbage"}}),
            ("PATCH", "/readings", {"dates": "padded"}),
            ("PATCH", "/accounts/test", {"credit": "5"}),
            ("POST", f"/messages/{message}/outcome", {"status": "REJECTED"}),
        ):
            asker.json(method, path, body)
            changes.append(stream.event()[1]["change"])
    assert 6 == len(set(changes))
    assert changes[1] - changes[0] <= 2


def test_unreadable_requests_have_an_event(asker) -> None:
    """A request that is no XML is a change too."""
    with asker.follow() as stream:
        stream.event()
        asker.raw("POST", "/api/sendsms/xml/", b"<SMS")
        assert 1 == stream.event()[1]["requests"]


def test_a_burst_is_few_events(asker) -> None:
    """Hundreds of requests at once make a handful of events, the last of which counts all."""
    connection = http.client.HTTPConnection("127.0.0.1", asker.address.port, timeout=10)
    body = b"<bakiye><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama></bakiye>"
    with asker.follow() as stream:
        stream.event()
        for _ in range(300):
            connection.request("POST", "/api/sendsms/xml/", body)
            connection.getresponse().read()
        connection.close()
        events = 0
        while True:
            events += 1
            if stream.event()[1]["requests"] == 300:
                break
    assert events < 150


def test_a_closed_space_ends_its_streams(asker) -> None:
    """The followers of a space that is closed get the event `closed`, and the answer ends."""
    asker.raw("POST", "/_emulator/spaces", {"name": "kisa"})
    with asker.follow("kisa") as stream:
        stream.event()
        asker.raw("DELETE", "/_emulator/spaces/kisa")
        assert (("closed", {}), b"") == (stream.event(), stream.rest())


def test_a_stream_ends_with_its_client(asker) -> None:
    """When a follower goes away, nothing of it stays behind in the server."""
    streams = asker.emulator.running._http_server.streams
    with asker.follow() as stream:
        stream.event()
        assert 1 == asker.emulator.in_loop(lambda: len(streams))
    deadline = time.monotonic() + 20
    while asker.emulator.in_loop(lambda: len(streams)):
        assert time.monotonic() < deadline, "the stream stays"


def test_open_streams_hold_no_stop_up(asker_of) -> None:
    """A server with followers stops at once: far from the ten seconds that answers in flight may take."""
    emulator = Emulator()
    with emulator:
        asker = asker_of(emulator)
        streams = [asker.follow() for _ in range(5)]
        for stream in streams:
            stream.event()
        began = time.monotonic()
    took = time.monotonic() - began
    assert b"" == b"".join(stream.rest() for stream in streams)
    for stream in streams:
        stream.close()
    assert took < 8
