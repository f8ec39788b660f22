"""Writes the protocol pages from the program's tables of statements and readings, in English and Turkish.

`python tests/docs/protocol_page.py` writes docs/protocol.md and docs/protocol.tr.md; the tests compare them.
"""

import re
import sys
from pathlib import Path

from kobikom_emulator.journal.statements import clauses
from kobikom_emulator.phrases import Language
from kobikom_emulator.protocol.ambiguities.ambiguity import Ambiguity
from kobikom_emulator.protocol.readings import CATALOGUE

DOCS = Path(__file__).resolve().parents[2] / "docs"
FILES: dict[Language, str] = {"en": "protocol.md", "tr": "protocol.tr.md"}

_AREAS: dict[Language, dict[str, str]] = {
    "en": {
        "T": "T: transport",
        "A": "A: signing in",
        "S": "S: sending",
        "C": "C: credit",
        "R": "R: delivery reports",
        "H": "H and B: titles and balance",
        "E": "E: the remaining codes",
    },
    "tr": {
        "T": "T: taşıma",
        "A": "A: giriş",
        "S": "S: gönderim",
        "C": "C: kredi",
        "R": "R: iletim raporları",
        "H": "H ve B: başlıklar ve bakiye",
        "E": "E: kalan kodlar",
    },
}
_HEADS: dict[Language, tuple[str, str]] = {
    "en": ("| id | what holds | mark |", "| value | what happens |"),
    "tr": ("| no | kural | işaret |", "| değer | ne olur |"),
}
_INTRODUCTION: dict[Language, str] = {
    "en": """\
# The protocol, statement by statement

This page is how we read Kobikom's SMS XML API. The vendor documents it on one Turkish web page, “SMS Api Dökümanı”, for
customers of sms1.kobikom.com. Where that page says something, it is right. It leaves much open, so every statement here
has an id and a mark that says what its source is. [Türkçesi](protocol.tr.md).

| mark | who says so |
|---|---|
| **D** | documented: the vendor's page says or prints it |
| **O** | observed: a real public client of this API does it |
| **A** | ancestor: the page follows, tag by tag, a public English manual of another SMS provider from 2014. That manual says it, the page does not |
| **I** | inferred: nobody says it. We chose, and it may be wrong |

**Only D is the vendor's word.** A server that does what the page prints is never in the wrong. Two marks on one statement
mean that both say the same.

An id is the clause's (`S-09`) with a number: `S-09.2` is its second statement. Ids are never reused.
`kobikom-emulator explain` and the journal cite statements; the contract suite uses the same ids.

What can be understood in more than one way has a *reading*: a setting with two or more values. They are listed in
[Where the page leaves a choice](#where-the-page-leaves-a-choice). Turkish words of the wire are explained in the
[glossary](glossary.md).
""",
    "tr": """\
# Protokol, kural kural

Bu sayfa, Kobikom'un SMS XML API'sini nasıl okuduğumuzu anlatır. Sağlayıcının tek belgesi, sms1.kobikom.com müşterileri
için yazılmış “SMS Api Dökümanı” sayfasıdır; bir şey söylediği yerde o geçerlidir. Pek çok şeyi açık bıraktığı için
buradaki her kuralın bir numarası ve dayanağını gösteren bir işareti vardır. [In English](protocol.md).

| işaret | dayanak |
|---|---|
| **D** | belge: sağlayıcının sayfasında yazıyor |
| **O** | gözlem: bu API'nin herkese açık gerçek bir istemcisi böyle yapıyor |
| **A** | ata kılavuz: sayfa, başka bir SMS sağlayıcısının 2014 tarihli İngilizce kılavuzunu etiket etiket izliyor; kılavuz söylüyor, sayfa söylemiyor |
| **I** | çıkarım: kimse söylemiyor, biz seçtik; yanlış olabilir |

**Yalnızca D sağlayıcının sözüdür.** Sayfada yazanı yapan bir sunucu hiçbir zaman haksız sayılmaz. İki işaret, ikisinin de
aynı şeyi söylediği anlamına gelir.

Kural numarası, maddenin numarasıdır (`S-09`) ve bir sıra alır: `S-09.2` o maddenin ikinci kuralıdır. Numaralar yeniden
kullanılmaz. `kobikom-emulator explain` ve günlük bu numaraları verir.

Birden çok biçimde anlaşılabilen yerlerin bir *yorumu* (reading) vardır: iki ya da daha çok değerli bir ayar. Hepsi
[Sayfanın açık bıraktıkları](#sayfanın-açık-bıraktıkları) bölümündedir.
""",
}
_ORDER: dict[Language, str] = {
    "en": """\
Recipients are judged in the order -33, -13, -3, -2. Which of several faults of a whole request is answered (-6, -23, -27,
-34) is not promised; the explanation names all of them.
""",
    "tr": """\
Alıcılar -33, -13, -3, -2 sırasıyla denetlenir. İsteğin tamamını ilgilendiren birkaç hatadan hangisinin yanıtlanacağı
(-6, -23, -27, -34) belirli değildir; açıklama hepsini sayar.
""",
}
_CHOICES: dict[Language, str] = {
    "en": """\
## Where the page leaves a choice

Each of these is a setting: `--reading NAME=VALUE`, `KOBIKOM_READINGS__NAME`, or a line under `[readings]` (see
[configuration](configuration.md#readings)). The first value is the default. A good client works with all of them. If you
know which one the real service follows, choose it. `kobikom-emulator readings` prints this list.
""",
    "tr": """\
## Sayfanın açık bıraktıkları

Her biri bir ayardır: `--reading AD=DEĞER`, `KOBIKOM_READINGS__AD` ya da `[readings]` altında bir satır
([yapılandırma](configuration.md#readings)). İlk değer varsayılandır. İyi bir istemci hepsiyle çalışır. Gerçek hizmetin
hangisine uyduğunu biliyorsanız onu seçin. Bu listeyi `kobikom-emulator readings --lang tr` yazdırır.
""",
}


def protocol_page(language: Language) -> str:
    """The whole page."""
    pieces = [_INTRODUCTION[language]]
    area = ""
    rows: list[str] = []
    for clause, statements in clauses().items():
        letter = "H" if clause[0] == "B" else clause[0]
        if letter != area:
            pieces += _table(rows)
            if area == "S":
                pieces.append(_ORDER[language])
            area = letter
            rows = [f"## {_AREAS[language][letter]}\n", _HEADS[language][0], "|---|---|---|"]
        for each in statements:
            text = each.turkish if language == "tr" else each.sentence
            rows.append(f"| {each.id} | {_linked(marked_up(text), clause)} | {each.mark} |")
    pieces += _table(rows)
    pieces.append(_CHOICES[language])
    pieces += [_reading(each.in_language(language), language) for each in CATALOGUE]
    return "\n".join(pieces)


def _table(rows: list[str]) -> list[str]:
    return ["\n".join(rows) + "\n"] if rows else []


def _reading(ambiguity: Ambiguity, language: Language) -> str:
    clause, page, default = {
        "en": ("Clause", "The page", "default"),
        "tr": ("Madde", "Sayfa", "varsayılan"),
    }[language]
    lines = [
        f"### {ambiguity.name}\n",
        f"{clause} {ambiguity.clause} ({ambiguity.marks}). {marked_up(ambiguity.question)}\n",
        f"{page}: {marked_up(ambiguity.page)}\n",
        _HEADS[language][1],
        "|---|---|",
    ]
    for value, meaning in ambiguity.values.items():
        chosen = f" ({default})" if value == ambiguity.default else ""
        lines.append(f"| `{value}`{chosen} | {marked_up(meaning)} |")
    return "\n".join(lines) + "\n"


def marked_up(text: str) -> str:
    """A text for Markdown: what looks like markup stands in backticks."""
    return re.sub(r"(?:</?\??[\w<>/]+>?|<\?xml|&#?\w+;|\*/\*|(?<= )<(?= ))", lambda match: f"`{match[0]}`", text)


def _linked(text: str, clause: str) -> str:
    """A text in which the names of the clause's readings are links to them."""
    for ambiguity in CATALOGUE:
        if ambiguity.clause == clause:
            text = re.sub(rf"(?<![\w-]){ambiguity.name}(?![\w-])", f"[`{ambiguity.name}`](#{ambiguity.name})", text)
    return text


if __name__ == "__main__":
    for language, file in FILES.items():
        (DOCS / file).write_text(protocol_page(language), encoding="utf-8")
    sys.exit(0)
