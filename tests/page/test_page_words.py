"""What the clauses quote of the vendor's page stands on it."""

from page import PAGE

from kobikom_emulator.journal.statements import clauses
from kobikom_emulator.journal.statements.page_words import PAGE_WORDS


def without_space(text: str) -> str:
    """Without white space: the stored page has none between the cells of its tables."""
    return "".join(text.split())


def test_every_quote_is_the_pages() -> None:
    """Word for word, its spelling included."""
    page = without_space(PAGE)
    assert [] == [quote for quotes in PAGE_WORDS.values() for quote in quotes if without_space(quote) not in page]


def test_what_is_documented_is_quoted() -> None:
    """Each clause with a statement of the page (D) has at least one quote, and only clauses have some."""
    documented = {clause for clause, statements in clauses().items() if any("D" in each.mark for each in statements)}
    assert (set(), set()) == (documented - set(PAGE_WORDS), set(PAGE_WORDS) - set(clauses()))
