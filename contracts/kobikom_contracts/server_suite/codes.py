"""Codes of answers, as text (E), and those that refuse a login (A-01 to A-03, R-07)."""

CODES = frozenset(
    ("0", "-1", "-2", "-3", "-5", "-6", "-10", "-11", "-13", "-22", "-23", "-26", "-27", "-33", "-34", "-99")
)
"""The codes of the page's list."""
LOGIN_REFUSALS = frozenset({"-5", "-10", "-11"})
"""What a document with a login that is missing or wrong is refused with."""
PULL_REFUSALS = frozenset({"5", "10", "11"}) | LOGIN_REFUSALS
"""The same for a pull, under both values of the reading ``pull-refusal``."""
