"""Strategies for the answers of a server: results of sends, and delivery reports."""

from __future__ import annotations

from xml.sax.saxutils import escape

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kobikom_contracts.reader import Report, Result, send_layout
from kobikom_contracts.strategies.msisdns import STATUSES, turkish_msisdns
from kobikom_contracts.strategies.texts import message_ids


def answers(*, results: int = 4) -> SearchStrategy[tuple[bytes, tuple[Result, ...]]]:
    """Send answers as documented: the bytes, and the results a client must find in them."""
    code = st.sampled_from(("0", "-1", "-2", "-3", "-13", "-33", "-99"))
    one = st.tuples(code, st.integers(10**17, 10**18 - 1), turkish_msisdns()).map(
        lambda t: Result(t[0], str(t[1]) if t[0] == "0" else "", t[2])
    )

    def render(drawn: list[Result]) -> tuple[bytes, tuple[Result, ...]]:
        text = send_layout(tuple(drawn)).replace("?><results>", "?>\n<results>\n")
        text = text.replace("<result>", "<result>\n").replace("</result>", "</result>\n")
        return (text + "\n").encode(), tuple(drawn)

    return st.lists(one, min_size=1, max_size=results).map(render)


def reports() -> SearchStrategy[Report]:
    """Reports of every status, dates unpadded, gsmerror 0 for success."""
    date = st.datetimes().map(lambda t: f"{t.year:04d}/{t.month}/{t.day} {t.hour}:{t.minute}:{t.second}")

    def build(ident: str, when: str, status: str, error: int) -> Report:
        return Report(ident, when, when, status, str(0 if status in STATUSES[:2] + STATUSES[3:4] else error))

    return st.builds(
        build,
        message_ids(),
        date,
        st.sampled_from(STATUSES),
        st.sampled_from((1, 27, 31, 32, 34, 256, 500, 2048, 4101)),
    )


def report_documents(*, most: int = 4) -> SearchStrategy[tuple[bytes, tuple[Report, ...]]]:
    """Pull answers as documented: the bytes, and the reports in them (none: ``NO_DATA``)."""

    def render(drawn: list[Report]) -> tuple[bytes, tuple[Report, ...]]:
        if not drawn:
            return b"NO_DATA", ()
        rows = "".join(
            f'<message id="{escape(r.id, {chr(34): "&quot;"})}" sentdate="{r.sentdate}"'
            f' donedate="{r.donedate}" status="{r.status}" gsmerror="{r.gsmerror}"/>\n'
            for r in drawn
        )
        return f"<DeliveryReport>\n{rows}</DeliveryReport>\n".encode(), tuple(drawn)

    return st.lists(reports(), max_size=most, unique_by=lambda r: r.id).map(render)
