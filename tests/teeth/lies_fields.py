"""Law: deviations of S-10 to S-19, S-21: texts, fields, pushes."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from paper_server import parts

from teeth.controlled import Controlled
from teeth.lying import Deviation, aimed, code, has, heard, instead, resub, swap, twice
from teeth.pushing import Honest


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


def _pushing(policy: Honest) -> Any:
    def spoil(server: Controlled) -> None:
        server.pusher.policy = policy

    return spoil


def _long_is_two(body: bytes) -> bytes:
    found = re.search(rb"<metin>(.{161,})</metin>", body, re.DOTALL)
    if found is None or b"longSMS" in body:
        return body
    return body.replace(found[1], found[1][:306]).replace(b"<mesajiniz>", b"<mesajiniz><type>longSMS</type>")


TEXT = frozenset({"C-01", "S-11", "S-12", "S-21"})

DEVIATIONS = (
    Deviation("S-10", "puts 161 characters into a part", patch=_alphabets("PLAIN", single=161), also=TEXT),
    Deviation("S-10", "puts 159 characters into a part", patch=_alphabets("PLAIN", single=159), also=TEXT),
    Deviation("S-10", "splits into parts of 154", patch=_alphabets("PLAIN", multi=154), also=TEXT),
    Deviation("S-10", "splits into parts of 152", patch=_alphabets("PLAIN", multi=152), also=TEXT),
    Deviation(
        "S-10",
        "counts extension characters once",
        patch=_alphabets("PLAIN", one=parts.DEFAULT | parts.EXTENSION, two=frozenset()),
        also=TEXT,
    ),
    Deviation("S-10", "puts 71 characters into a UCS-2 part", patch=_alphabets("UCS2", single=71), also=TEXT),
    Deviation("S-10", "splits UCS-2 into parts of 70", patch=_alphabets("UCS2", multi=70), also=TEXT),
    Deviation("S-10", "gives Turkish texts 160 characters", patch=_alphabets("TURKISH", single=160), also=TEXT),
    Deviation(
        "S-10", "splits Turkish texts into parts of 153", patch=_alphabets("gsm+tr-locking", multi=153), also=TEXT
    ),
    Deviation(
        "S-11",
        "refuses long texts with -22",
        instead(
            lambda r: re.search(rb"<metin>[^<]{161,}<", r.body) is not None and b"longSMS" not in r.body, code(-22)
        ),
    ),
    Deviation("S-11", "sends at most two parts", heard(_long_is_two)),
    Deviation("S-12", "ignores datacoding 8", heard(swap("<datacoding>8<", "<datacoding>0<"))),
    Deviation("S-12", "ignores datacoding 24", heard(swap("<datacoding>24<", "<datacoding>240<"))),
    Deviation(
        "S-12",
        "does not know languageCode TR",
        heard(swap(">TR</languageCode>", "></languageCode>")),
        also=frozenset({"S-10"}),
    ),
    Deviation(
        "S-12",
        "does not know languageCode ES",
        heard(swap(">ES</languageCode>", "></languageCode>")),
        also=frozenset({"S-10"}),
    ),
    Deviation("S-12", "takes every languageCode for Turkish", heard(swap(">DE</languageCode>", ">ES</languageCode>"))),
    Deviation("S-12", "refuses what it can't encode", instead(has("中</metin>"), code(-23)), also=frozenset({"S-10"})),
    Deviation("S-13", "refuses flash 1", instead(has("<flash>1<"), code(-23))),
    Deviation("S-13", "charges flash twice", twice(has("<flash>1<"))),
    Deviation("S-13", "refuses datacoding 240", instead(has("<datacoding>240<"), code(-23)), also=frozenset({"S-12"})),
    Deviation("S-14", "refuses hexadecimal in lower case", instead(has("dEaD"), code(-23))),
    Deviation(
        "S-14", "puts 145 octets into a part", patch=lambda: patch("paper_server.parts.split_binary", _octets_145)
    ),
    Deviation("S-14", "cuts binary to one part", heard(resub(r"<binary>([0-9A-F]{280})[0-9A-F]*<", r"<binary>\1<"))),
    Deviation("S-14", "refuses an esmclass", instead(has("<esmclass>64<"), code(-23))),
    Deviation("S-15", "refuses a lone day", instead(has(">1d<"), code(-27))),
    Deviation("S-15", "takes units in any order", heard(swap(">1s1m<", ">1m1s<"))),
    Deviation("S-15", "refuses with -23", instead(has(">soon<"), code(-23))),
    Deviation("S-15", "counts minutes as hours", heard(swap(">2m1s<", ">2h1s<"))),
    Deviation("S-15", "takes 1s for a minute", heard(swap(">1s<", ">1m<"))),
    Deviation("S-16", "refuses more than 48 hours", instead(has(">48:01<", ">99:59<"), code(-23))),
    Deviation("S-16", "clamps to a day", heard(swap(">99:00<", ">24:00<"))),
    Deviation("S-16", "takes empty for an hour", heard(swap("<ValidityPeriod></", "<ValidityPeriod>01:00</"))),
    Deviation("S-17", "accepts flash 7", heard(swap("<flash>7<", "<flash>1<")), also=frozenset({"C-03"})),
    Deviation("S-17", "calls a broken validity -22", instead(has(">abc</ValidityPeriod>"), code(-22))),
    Deviation("S-17", "forgives odd hexadecimal", heard(swap("<binary>ABC<", "<binary>0ABC<"))),
    Deviation("S-17", "prefers binary over text", heard(swap("<metin>a</metin><binary>", "<metin></metin><binary>"))),
    Deviation("S-18", "forgets appids", heard(resub("<appid>.*?</appid>", ""))),
    Deviation("S-18", "pulls without regard to appid", aimed(lambda t: re.sub("&appid=[^&]*", "", t))),
    Deviation("S-18", "matches appids by their beginning", aimed(lambda t: re.sub("(&appid=[^&]*)x$", r"\1", t))),
    Deviation("S-19", "never pushes", spoil=_pushing(Honest(silent=True))),
    Deviation("S-19", "pushes in spite of nopush", spoil=_pushing(Honest(heed_nopush=False))),
    Deviation("S-19", "keeps a pushed report for pull", spoil=_pushing(Honest(keep_for_pull=True))),
    Deviation("S-19", "pushes another document", spoil=_pushing(Honest(tag="Report"))),
    Deviation("S-19", "retries once a minute", spoil=_pushing(Honest(ladder=(60, 60, 60, 60)))),
    Deviation("S-19", "gives up after two retries", spoil=_pushing(Honest(ladder=(60, 120)))),
    Deviation("S-19", "never gives up", spoil=_pushing(Honest(ladder=(60, 120, 300, 600, 900)))),
    Deviation(
        "S-21",
        "normalises white space",
        heard(lambda b: re.sub(rb"(<metin>.*?</metin>)", lambda m: re.sub(rb"  +|\t", b" ", m[1]), b, flags=re.DOTALL)),
    ),
    Deviation("S-21", "drops carriage returns", heard(swap("&#13;", ""))),
    Deviation("S-21", "trims texts", heard(resub(r"<metin>\s*(.*?)\s*</metin>", r"<metin>\1</metin>"))),
    Deviation("S-21", "decodes texts twice", heard(swap("&amp;amp;", "&amp;"))),
)
