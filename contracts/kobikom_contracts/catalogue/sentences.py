"""Scenarios in sentences, English and Turkish: what is different from an ordinary day."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

Language = Literal["en", "tr"]

_EN: Mapping[str, tuple[str, str]] = {
    "send": ("send", "sends"),
    "pull": ("pull of reports", "pulls of reports"),
    "titles": ("query of titles", "queries of titles"),
    "balance": ("balance query", "balance queries"),
    "push": ("push of a report", "pushes of reports"),
    "": ("request", "requests"),
}
"""An operation, and several."""
_TR: Mapping[str, tuple[str, str]] = {
    "send": ("gönderimde", "gönderimden"),
    "pull": ("rapor çekmede", "rapor çekmeden"),
    "titles": ("başlık sorgusunda", "başlık sorgusundan"),
    "balance": ("bakiye sorgusunda", "bakiye sorgusundan"),
    "push": ("rapor itmede", "rapor itmeden"),
    "": ("istekte", "istekten"),
}
"""At an operation, and after it."""
_ORDINALS_TR = ("ilk", "ikinci", "üçüncü")
_ORDINALS_EN = ("first", "second", "third")


def tell(document: Mapping[str, Any], language: Language = "en") -> list[str]:
    """The sentences for a scenario's document; one that says so where nothing is different."""
    sentences = list(_sentences(document, english=language == "en"))
    nothing = "Nothing is different." if language == "en" else "Hiçbir şey farklı değil."
    return sentences or [nothing]


def _sentences(document: Mapping[str, Any], *, english: bool) -> Iterator[str]:
    for rule in document.get("faults", []):
        yield _rule(rule, english=english)
    for name, value in document.get("readings", {}).items():
        yield f"The reading {name} is {value}." if english else f"{name} okuması {value}."
    if outcomes := document.get("delivery", {}).get("outcomes"):
        ends = [_end(outcome, english=english) for outcome in outcomes]
        yield f"Messages end {' or '.join(ends)}." if english else f"Mesajlar {' ya da '.join(ends)} biter."
    if jitter := document.get("delivery", {}).get("jitter"):
        yield f"Reports come up to {jitter} s later." if english else f"Raporlar {jitter} sn'ye kadar gecikir."
    if "credit" in document:
        credit = document["credit"]
        yield f"The credit is {credit}." if english else f"Kredi {credit}."
    clock = document.get("clock", {})
    if "set" in clock:
        yield f"It is {clock['set']}." if english else f"Saat {clock['set']}."
    if "advance" in clock:
        yield (
            f"The clock is {_span(clock['advance'], english=True)} on."
            if english
            else f"Saat {_span(clock['advance'], english=False)} ileride."
        )
    for step in document.get("steps", []):
        yield _step(step, english=english)


def _rule(rule: Mapping[str, Any], *, english: bool) -> str:
    match, when = rule.get("match", {}), rule.get("when", {})
    where = _where(match.get("operation", ""), when.get("skip", 0), when.get("times"), english=english)
    what = _effect(rule["effect"], english=english)
    chance = when.get("probability", 1)
    if chance < 1:
        where += f", by a chance of {chance:.0%}" if english else f" %{chance * 100:.0f} olasılıkla"
    others = ", ".join(f"{name} {value}" for name, value in match.items() if name != "operation")
    if others:
        where += f" ({others})"
    sentence = f"{where}, {what}." if english else f"{where} {what}."
    return sentence[0].upper() + sentence[1:] if english else _capital(sentence)


def _capital(sentence: str) -> str:
    """With a capital letter, as Turkish has it: i becomes İ."""
    return ("İ" if sentence[0] == "i" else sentence[0].upper()) + sentence[1:]


def _where(operation: str, skip: int, times: int | None, *, english: bool) -> str:
    if english:
        one, many = _EN[operation]
        if times is None:
            return f"at every {one}" if not skip else f"at every {one} from the {_ordinal(skip, english=True)} on"
        if times == 1:
            return f"at the {_ordinal(skip, english=True)} {one}"
        if not skip:
            return f"at the first {times} {many}"
        return f"at {times} {many} from the {_ordinal(skip, english=True)} on"
    one = _TR[operation][0]
    if times is None:
        return f"her {one}" if not skip else f"{_ordinal(skip, english=False)} istekten başlayarak her {one}"
    if times == 1:
        return f"{_ordinal(skip, english=False)} {one}"
    if not skip:
        return f"ilk {times} {one}"
    return f"{_ordinal(skip, english=False)} istekten başlayarak {times} {one}"


def _ordinal(skip: int, *, english: bool) -> str:
    words = _ORDINALS_EN if english else _ORDINALS_TR
    if skip < len(words):
        return words[skip]
    return f"{skip + 1}th" if english else f"{skip + 1}."


def _effect(effect: Mapping[str, Any], *, english: bool) -> str:
    """What an effect does, without capital and full stop."""
    sentence = _EFFECTS[_key(effect)][0 if english else 1]
    return sentence.format(
        **{"status": "", "bytes": "", "seconds": 60, **effect, "whom": _whom(effect, english=english)}
    )


def _key(effect: Mapping[str, Any]) -> str:
    kind = effect["kind"]
    if kind in {"drop", "http", "stall"}:
        return f"{kind} {effect.get('moment', 'after' if kind == 'stall' else 'before')}"
    if kind in {"reports", "push"}:
        return f"{kind} {effect['change']}"
    return f"status {effect.get('scope', 'request')}" if kind == "status" else str(kind)


_EFFECTS: Mapping[str, tuple[str, str]] = {
    "status request": ("the whole request is refused with {code}", "isteğin tamamı {code} ile reddedilir"),
    "status recipient": (
        "{whom} refused with {code}, the others are accepted",
        "{whom} {code} ile reddedilir, ötekiler kabul edilir",
    ),
    "drop before": (
        "nothing is carried out and the connection closes without an answer",
        "hiçbir şey yapılmaz ve bağlantı yanıtsız kapanır",
    ),
    "drop after": ("the request is carried out, but its answer is lost", "istek yerine getirilir ama yanıtı kaybolur"),
    "http before": (
        "nothing is carried out and an HTML page with HTTP {status} comes",
        "hiçbir şey yapılmaz ve HTTP {status} ile bir HTML sayfası gelir",
    ),
    "http after": (
        "the request is carried out, but an HTML page with HTTP {status} comes instead of the answer",
        "istek yerine getirilir ama yanıt yerine HTTP {status} ile bir HTML sayfası gelir",
    ),
    "truncate": (
        "the request is carried out, but its answer ends after {bytes} bytes",
        "istek yerine getirilir ama yanıtı {bytes} bayttan sonra biter",
    ),
    "garbage": (
        "the request is carried out, but random bytes come instead of the answer",
        "istek yerine getirilir ama yanıt yerine rastgele baytlar gelir",
    ),
    "as-printed": (
        "the answer is malformed as the vendor's page prints it",
        "yanıt, sağlayıcının sayfasındaki gibi bozuktur",
    ),
    "reports repeated": ("each report comes twice in the answer", "her rapor yanıtta iki kez gelir"),
    "reports unknown-id": (
        "a report comes whose id no message has",
        "hiçbir mesajın kimliğini taşımayan bir rapor gelir",
    ),
    "reports unknown-status": (
        "the reports have a status that is documented nowhere",
        "raporlarda hiçbir belgede olmayan bir durum vardır",
    ),
    "close": (
        "every open connection closes unannounced after the answer",
        "yanıttan sonra açık bağlantıların hepsi haber verilmeden kapanır",
    ),
    "push twice": ("the report is pushed twice", "rapor iki kez itilir"),
    "push late": ("the report is pushed {seconds} seconds late", "rapor {seconds} saniye geç itilir"),
    "push unclosed": ("the report is pushed without the end of its document", "rapor, belgesinin sonu olmadan itilir"),
    "push before-answer": ("the reports are pushed before the answer comes", "raporlar yanıttan önce itilir"),
    "stall before": ("nothing is carried out and no answer comes", "hiçbir şey yapılmaz ve yanıt gelmez"),
    "stall after": ("the request is carried out, but no answer comes", "istek yerine getirilir ama yanıt gelmez"),
    "delay": ("the answer comes {seconds} seconds late", "yanıt {seconds} saniye geç gelir"),
    "dribble": (
        "the answer comes at {bytes_per_second} bytes a second",
        "yanıt saniyede {bytes_per_second} bayt hızla gelir",
    ),
}


def _whom(effect: Mapping[str, Any], *, english: bool) -> str:
    places = effect.get("places") or []
    if every := effect.get("every", 1) - 1:
        return f"every {every + 1}th recipient is" if english else f"her {every + 1}. alıcı"
    if not places:
        return "the recipients are" if english else "alıcılar"
    names = [_place(place, english=english) for place in places]
    if english:
        return (
            f"the {' and the '.join(names)} recipient is"
            if len(names) == 1
            else f"the {' and the '.join(names)} recipients are"
        )
    return f"{' ve '.join(names)} alıcı"


def _place(place: int, *, english: bool) -> str:
    if place == -1:
        return "last" if english else "son"
    if place < 0:
        return (
            f"{_ordinal(-place - 1, english=english)} last"
            if english
            else f"sondan {_ordinal(-place - 1, english=False)}"
        )
    return _ordinal(place - 1, english=english)


def _end(outcome: Mapping[str, Any], *, english: bool) -> str:
    after = outcome.get("after", 1)
    return (
        f"{outcome['status']} after {_span(after, english=True)}"
        if english
        else f"{_span(after, english=False)} sonra {outcome['status']} ile"
    )


_SPANS = ((86_400, "day", "gün"), (3600, "hour", "saat"), (60, "minute", "dakika"), (1, "second", "saniye"))


def _span(seconds: float, *, english: bool) -> str:
    for length, unit, turkish in _SPANS:
        if seconds >= length and seconds % length == 0:
            count = int(seconds // length)
            return f"{count} {unit}{'' if count == 1 else 's'}" if english else f"{count} {turkish}"
    return f"{seconds:g} seconds" if english else f"{seconds:g} saniye"


def _step(step: Mapping[str, Any], *, english: bool) -> str:
    after = step.get("after", {})
    operation, nth = after.get("operation", ""), after.get("count", 1) - 1
    changes = []
    if "advance" in step:
        span = _span(step["advance"], english=english)
        changes.append(f"the clock goes {span} on" if english else f"saat {span} ilerler")
    if "credit" in step:
        changes.append(f"the credit becomes {step['credit']}" if english else f"kredi {step['credit']} olur")
    if english:
        return f"After the {_ordinal(nth, english=True)} {_EN[operation][0]} {' and '.join(changes)}."
    return _capital(f"{_ordinal(nth, english=False)} {_TR[operation][1]} sonra {' ve '.join(changes)}.")
