"""What the batches of a full block are searched by, a list for each field, so that most of a search is decided for a
whole batch without making a message of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from kobikom_emulator.domain.codes import codes_in, may_be_in
from kobikom_emulator.domain.delivery import Phase, Plan, Status, status_at
from kobikom_emulator.domain.folding import folded
from kobikom_emulator.domain.matching import MessageQuery, folded_once, in_plain_digits, pieces, text_matches
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.search import KINDS, Term
from kobikom_emulator.storage.rows import PAUSE, Row

_BETWEEN = "\0"
"""Stands between texts while they are folded together: many times quicker than one after the other."""

CODES = 50
"""Texts in which codes are looked for before the event loop runs other tasks: about a millisecond."""

Decision = bool | None
"""Whether a condition holds for all messages of a batch; None where that may differ between them."""


class Columns:
    """The rows of a block, and of each its text and title, folded. `own` has the numbers and ids of all messages."""

    __slots__ = ("_codes", "_distinct", "own", "rows", "texts", "titles")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.texts = _folded([row.batch.text for row in rows])
        self.titles = [folded_once(row.batch.title) for row in rows]
        self.own = ""
        self._distinct = tuple({*self.texts, *self.titles})
        self._codes: dict[str, Sequence[str]] = {}  # folded, by text

    def read_own(self) -> Iterator[None]:
        """Note the numbers and ids, with pauses."""
        lines: list[str] = []
        own: list[str] = []
        for row in self.rows:
            batch, size = row.batch, len(row.batch)
            lines.append(str(batch.first_id))
            if size <= PAUSE:
                _add_numbers(lines, batch, 0, size)
            else:
                for start in range(0, size, PAUSE):
                    _add_numbers(lines, batch, start, min(start + PAUSE, size))
                    own.append(folded("\n".join(lines)))
                    lines = []
                    yield
        own.append(folded("\n".join(lines)))
        self.own = "\n".join(own)

    def may_have(self, words: Iterable[str]) -> bool:
        """Whether each of the words is within a text, title, number or id."""
        own, distinct = self.own, self._distinct
        for word in words:  # a plain loop: a search asks this of every block
            if word in own:
                continue
            for text in distinct:
                if word in text:
                    break
            else:
                return False
        return True

    def decided(self, query: MessageQuery, now: int) -> Iterator[tuple[Row, bool] | None]:
        """The rows with messages that a query may include, newest first, and whether it includes all of them; None is
        a pause.
        """
        tests = self._tests(query, now)
        read = len(self._codes)
        for position in range(len(self.rows) - 1, -1, -1):
            all_included = True
            for test in tests:
                holds = test(position)
                if holds is None:
                    all_included = False
                elif not holds:
                    break
            else:
                yield self.rows[position], all_included
            if len(self._codes) - read >= CODES:
                read = len(self._codes)
                yield None

    def _tests(self, query: MessageQuery, now: int) -> list[Callable[[int], Decision]]:
        """The conditions of a query as functions of a row's position, the quicker ones first."""
        match, rows = query.match, self.rows
        tests = [self._of_word(word) for word in query.words]
        tests += [self._of_term(term, now) for term in query.terms if term.field != "code"]
        if query.since is not None or query.until is not None or query.unfinished_at is not None:
            tests.append(self._of_plan(query.includes_plan))
        if match.user is not None:
            tests.append(lambda position: rows[position].batch.user == match.user)
        if match.status is not None:
            tests.append(self._of_plan(lambda plan: status_at(plan, now) == match.status))
        if (title := match.title) is not None:
            tests.append(_of_values([row.batch.title for row in rows], lambda value: text_matches(title, value)))
        if (text := match.text) is not None:
            tests.append(lambda position: text_matches(text, rows[position].batch.text))
        if match.to is not None:
            tests.append(lambda position: None)
        return tests + [self._of_term(term, now) for term in query.terms if term.field == "code"]

    def _of_word(self, word: str) -> Callable[[int], Decision]:
        texts, titles = self.texts, self.titles
        otherwise = None if word in self.own else False
        return lambda position: word in texts[position] or word in titles[position] or otherwise

    def _of_term(self, term: Term, now: int) -> Callable[[int], Decision]:
        test = self._of_positive_term(term, now)
        if not term.negated:
            return test

        def negated(position: int) -> Decision:
            holds = test(position)
            return None if holds is None else not holds

        return negated

    def _of_positive_term(self, term: Term, now: int) -> Callable[[int], Decision]:
        value = term.value
        match term.field:
            case "any":
                return self._of_word(value)
            case "text" if not term.is_pattern:
                texts = self.texts
                return lambda position: value in texts[position]
            case "status":
                wanted = {status: str(status) in term.statuses for status in (*Phase, *Status)}
                return self._of_plan(lambda plan: wanted[status_at(plan, now)])
            case "code":
                return self._of_code(value)
            case "is" if value == "code":
                return self._of_code("")
            case "to":
                return self._of_recipient(term)
            case "title":
                return _of_values([row.batch.title for row in self.rows], term.is_in)
            case "user":
                return _of_values([row.batch.user for row in self.rows], term.is_in)
        rows = self.rows
        if term.field == "is":
            is_so = KINDS[value]
            return lambda position: is_so(rows[position].batch)
        return lambda position: term.of_batch(rows[position].batch)

    def _of_plan(self, holds: Callable[[Plan], bool]) -> Callable[[int], Decision]:
        rows = self.rows

        def test(position: int) -> Decision:
            row = rows[position]
            groups = row.batch.groups
            return holds(groups[0].plan) if len(groups) == 1 and not row.replanned else None

        return test

    def _of_recipient(self, term: Term) -> Callable[[int], Decision]:
        rows = self.rows
        if not all([piece in self.own for piece in pieces(term.value)]):
            return lambda position: False

        def test(position: int) -> Decision:
            batch = rows[position].batch
            return term.of_recipient(batch, 0) if len(batch) == 1 else None

        return test

    def _of_code(self, value: str) -> Callable[[int], Decision]:
        texts, rows, known = self.texts, self.rows, self._codes
        if not may_be_in(value, _BETWEEN.join(texts)):
            return lambda position: False

        def test(position: int) -> Decision:
            if value and not may_be_in(value, texts[position]):
                return False
            text = rows[position].batch.text
            codes = known.get(text)
            if codes is None:
                codes = known[text] = [folded(code) for code in codes_in(text)]
            return any([code.startswith(value) for code in codes])

        return test


def _add_numbers(lines: list[str], batch: Batch, start: int, end: int) -> None:
    """Add the numbers and ids of some messages of a batch; the generated id of the first is added already."""
    whole = start == 0 and end == len(batch)
    lines += batch.msisdns if whole else batch.msisdns[start:end]
    if batch.destinations is not batch.msisdns:
        lines += batch.destinations[start:end]
        lines += [in_plain_digits(number) for number in batch.destinations[start:end]]
    if batch.client_ids is not None:
        lines += batch.client_ids[start:end]
    if end > 1:
        lines += [str(generated) for generated in range(batch.first_id + max(start, 1), batch.first_id + end)]


def _of_values(values: Sequence[str], holds: Callable[[str], bool]) -> Callable[[int], Decision]:
    """A condition on a field of which a block has few values."""
    decisions = {value: holds(value) for value in set(values)}
    return lambda position: decisions[values[position]]


def _folded(texts: Sequence[str]) -> Sequence[str]:
    """The same texts, folded; equal ones are one object."""
    distinct = list(dict.fromkeys(texts))
    together = folded(_BETWEEN.join(distinct)).split(_BETWEEN)
    if len(together) != len(distinct):
        together = [folded(text) for text in distinct]
    by_text = dict(zip(distinct, together, strict=True))
    return [by_text[text] for text in texts]
