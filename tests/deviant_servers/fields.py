"""Deviations of S-10 to S-19, S-21: texts, fields, pushes."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from paper_server import parts

from deviant_servers.controlled_server import ControlledServer
from deviant_servers.deviation import (
    Deviation,
    answer_instead,
    change_request,
    change_target,
    code,
    has,
    performed_twice,
    replacing,
    substituting,
)
from deviant_servers.pusher import PushPolicy


def _alphabets(name: str, **changes: Any) -> Any:
    """One capacity of the paper server's alphabets is another."""

    def patched() -> AbstractContextManager[object]:
        turkish = tuple(replace(a, **changes) if name in ("TURKISH", a.name) else a for a in parts.TURKISH)
        plain = replace(parts.PLAIN, **changes) if name == "PLAIN" else parts.PLAIN
        if name == "PLAIN":
            turkish = (plain, *parts.TURKISH[1:])
        ucs2 = replace(parts.UCS2, **changes) if name == "UCS2" else parts.UCS2
        return patch.multiple(parts, PLAIN=plain, TURKISH=turkish, UCS2=ucs2)

    return patched


def _octets_145(octets: bytes, *, long: bool) -> list[bytes]:
    if len(octets) <= 145 or not long:
        return [octets]
    return [octets[at : at + 134] for at in range(0, len(octets), 134)]


def _pushing(policy: PushPolicy) -> Any:
    def configure(server: ControlledServer) -> None:
        server.pusher.policy = policy

    return configure


def _long_is_two(body: bytes) -> bytes:
    text = re.search(rb"<metin>(.{161,})</metin>", body, re.DOTALL)
    if text is None or b"longSMS" in body:
        return body
    return body.replace(text[1], text[1][:306]).replace(b"<mesajiniz>", b"<mesajiniz><type>longSMS</type>")


TEXT = frozenset({"C-01", "S-11", "S-12", "S-21"})

DEVIATIONS = (
    Deviation(
        "S-10.3", "refuses longSMS", answer_instead(has(">longSMS<"), code(-23)), also=frozenset({"S-12", "S-20"})
    ),
    Deviation(
        "S-12.1", "refuses datacoding 8", answer_instead(has("<datacoding>8<"), code(-23)), also=frozenset({"S-10"})
    ),
    Deviation("S-12.3", "refuses languageCode ES", answer_instead(has(">ES<"), code(-23)), also=frozenset({"S-10"})),
    Deviation("S-16.1", "refuses a validity of 48 hours", answer_instead(has(">48:00</Val"), code(-23))),
    Deviation("S-19.1", "refuses nopush 0", answer_instead(has("<nopush>0<"), code(-23))),
    Deviation("S-10.2", "puts 161 characters into a part", patch=_alphabets("PLAIN", single=161), also=TEXT),
    Deviation("S-10.1", "puts 159 characters into a part", patch=_alphabets("PLAIN", single=159), also=TEXT),
    Deviation("S-10.4", "splits into parts of 154", patch=_alphabets("PLAIN", multi=154), also=TEXT),
    Deviation("S-10.4", "splits into parts of 152", patch=_alphabets("PLAIN", multi=152), also=TEXT),
    Deviation(
        "S-10.2",
        "counts extension characters once",
        patch=_alphabets("PLAIN", one=parts.DEFAULT | parts.EXTENSION, two=frozenset()),
        also=TEXT,
    ),
    Deviation("S-10.2", "puts 71 characters into a UCS-2 part", patch=_alphabets("UCS2", single=71), also=TEXT),
    Deviation("S-10.4", "splits UCS-2 into parts of 70", patch=_alphabets("UCS2", multi=70), also=TEXT),
    Deviation("S-10.2", "gives Turkish texts 160 characters", patch=_alphabets("TURKISH", single=160), also=TEXT),
    Deviation(
        "S-10.4", "splits Turkish texts into parts of 153", patch=_alphabets("gsm+tr-single", multi=153), also=TEXT
    ),
    Deviation(
        "S-11.1",
        "refuses long texts with -22",
        answer_instead(
            lambda r: re.search(rb"<metin>[^<]{161,}<", r.body) is not None and b"longSMS" not in r.body, code(-22)
        ),
    ),
    Deviation("S-11.1", "sends at most two parts", change_request(_long_is_two)),
    Deviation("S-10.2", "ignores datacoding 8", change_request(replacing("<datacoding>8<", "<datacoding>0<"))),
    Deviation("S-12.2", "ignores datacoding 24", change_request(replacing("<datacoding>24<", "<datacoding>240<"))),
    Deviation(
        "S-12.6",
        "does not know languageCode TR",
        change_request(replacing(">TR</languageCode>", "></languageCode>")),
        also=frozenset({"S-10"}),
    ),
    Deviation(
        "S-12.6",
        "does not know languageCode ES",
        change_request(replacing(">ES</languageCode>", "></languageCode>")),
        also=frozenset({"S-10"}),
    ),
    Deviation(
        "S-12.5",
        "treats every languageCode as Turkish",
        change_request(replacing(">DE</languageCode>", ">ES</languageCode>")),
    ),
    Deviation(
        "S-12.5", "refuses what it can't encode", answer_instead(has("中</metin>"), code(-23)), also=frozenset({"S-10"})
    ),
    Deviation("S-13.1", "refuses flash 1", answer_instead(has("<flash>1<"), code(-23))),
    Deviation("S-13.3", "charges flash twice", performed_twice(has("<flash>1<")), also=frozenset({"C-01"})),
    Deviation(
        "S-13.2", "refuses datacoding 240", answer_instead(has("<datacoding>240<"), code(-23)), also=frozenset({"S-12"})
    ),
    Deviation("S-14.1", "refuses hexadecimal in lower case", answer_instead(has("dEaD"), code(-23))),
    Deviation(
        "S-14.3", "puts 145 octets into a part", patch=lambda: patch("paper_server.parts.split_binary", _octets_145)
    ),
    Deviation(
        "S-14.3",
        "cuts binary to one part",
        change_request(substituting(r"<binary>([0-9A-F]{280})[0-9A-F]*<", r"<binary>\1<")),
    ),
    Deviation("S-14.5", "refuses an esmclass", answer_instead(has("<esmclass>64<"), code(-23))),
    Deviation("S-15.2", "refuses a lone day", answer_instead(has(">1d<"), code(-27))),
    Deviation("S-15.2", "accepts units in any order", change_request(replacing(">1s1m<", ">1m1s<"))),
    Deviation("S-15.4", "refuses with -23", answer_instead(has(">soon<"), code(-23))),
    Deviation(
        "S-15.1", "counts minutes as hours", change_request(replacing(">2m1s<", ">2h1s<")), also=frozenset({"R-03"})
    ),
    Deviation(
        "S-15.3", "treats 1s as a minute", change_request(replacing(">1s<", ">1m<")), also=frozenset({"R-03", "R-06"})
    ),
    Deviation("S-16.2", "refuses more than 48 hours", answer_instead(has(">48:01<", ">99:59<"), code(-23))),
    Deviation("S-16.2", "clamps to a day", change_request(replacing(">99:00<", ">24:00<"))),
    Deviation(
        "S-16.3",
        "treats an empty validity as an hour",
        change_request(replacing("<ValidityPeriod></", "<ValidityPeriod>01:00</")),
    ),
    Deviation(
        "S-17.1", "accepts flash 7", change_request(replacing("<flash>7<", "<flash>1<")), also=frozenset({"C-03"})
    ),
    Deviation("S-17.1", "answers -22 to a broken validity", answer_instead(has(">abc</ValidityPeriod>"), code(-22))),
    Deviation(
        "S-17.1", "accepts hexadecimal of odd length", change_request(replacing("<binary>ABC<", "<binary>0ABC<"))
    ),
    Deviation(
        "S-14.2",
        "prefers binary over text",
        change_request(replacing("<metin>a</metin><binary>", "<metin></metin><binary>")),
    ),
    Deviation("S-18.1", "ignores the appid of a send", change_request(substituting("<appid>.*?</appid>", ""))),
    Deviation(
        "S-18.1",
        "ignores the appid of a pull",
        change_target(lambda t: re.sub("&appid=[^&]*", "", t)),
        also=frozenset({"R-03"}),
    ),
    Deviation(
        "S-18.1", "matches appids by their beginning", change_target(lambda t: re.sub("(&appid=[^&]*)x$", r"\1", t))
    ),
    Deviation("S-19.2", "never pushes", configure=_pushing(PushPolicy(silent=True))),
    Deviation(
        "S-19.2",
        "pushes in spite of nopush",
        configure=_pushing(PushPolicy(obey_nopush=False)),
        also=frozenset({"R-03"}),
    ),
    Deviation("S-19.2", "keeps a pushed report for pull", configure=_pushing(PushPolicy(keep_for_pull=True))),
    Deviation("S-19.2", "pushes another document", configure=_pushing(PushPolicy(tag="Report"))),
    Deviation("S-19.4", "retries once a minute", configure=_pushing(PushPolicy(retries_after=(60, 60, 60, 60)))),
    Deviation("S-19.4", "gives up after two retries", configure=_pushing(PushPolicy(retries_after=(60, 120)))),
    Deviation("S-19.4", "never gives up", configure=_pushing(PushPolicy(retries_after=(60, 120, 300, 600, 900)))),
    Deviation(
        "S-21.1",
        "normalises white space",
        change_request(
            lambda b: re.sub(rb"(<metin>.*?</metin>)", lambda m: re.sub(rb"  +|\t", b" ", m[1]), b, flags=re.DOTALL)
        ),
    ),
    Deviation("S-21.1", "drops carriage returns", change_request(replacing("&#13;", ""))),
    Deviation(
        "S-21.1", "trims texts", change_request(substituting(r"<metin>\s*(.*?)\s*</metin>", r"<metin>\1</metin>"))
    ),
    Deviation("S-21.1", "decodes texts twice", change_request(replacing("&amp;amp;", "&amp;"))),
)
