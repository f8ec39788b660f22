"""The mistakes that are made with reports, pushes, dates, money and alarms."""

from __future__ import annotations

from fuzz_power.service.bugs_of_sending import Row

OF_RECORDS: tuple[Row, ...] = (
    # Between the pull and the database.
    ("balance-before-save", "Pulled reports are saved after the balance query, which may raise.", "lost-answer", True),
    ("no-data-is-error", "NO_DATA raises, and the rest of the nightly job is left out.", "outcome", True),
    ("pull-refusal-is-empty", "A refused pull counts as no reports.", "refusal", True),
    ("knows-no-minus-5", "A pull refused as -5 counts as no reports.", "pair", False),
    ("wants-the-end-tag", "A report document without its end tag is thrown away.", "reading", True),
    ("cut-pull-silent", "A pull that was cut raises no alarm.", "damaged-answer", True),
    ("cut-pull-thrown-away", "The complete reports of a cut pull are thrown away.", "damaged-answer", True),
    ("lost-pull-silent", "A pull without an answer raises no alarm.", "lost-answer", True),
    ("pull-html-is-empty", "A pull that is answered by other bytes counts as no reports.", "damaged-answer", True),
    ("lost-pull-repeated", "A lost pull is repeated; NO_DATA then means that all is well.", "lost-answer", True),
    ("stale-lock", "The lock of a nightly job that failed is never released.", "lost-answer", True),
    ("names-todays-ids", "The pull names the ids of today, so that late reports are never asked for.", "outcome", True),
    ("unknown-id-crashes", "A report of an unknown id raises, and the others are lost.", "lost-answer", True),
    ("unknown-status-crashes", "A status that the table does not contain raises.", "outcome", True),
    ("wants-sentdate", "A report without the attribute sentdate raises.", "reading", True),
    ("sentdate-watermark", "Reports of messages older than the newest one seen are skipped.", "outcome", True),
    ("text-watermark", "Reports are skipped whose donedate, as text, is smaller than one seen.", "clock", True),
    ("saves-over-others", "A collector saves all it read at its beginning over what others saved.", "race", False),
    # What a report means.
    ("delivered-in-name", "NOT_DELIVERED counts as delivered because the word is in it.", "outcome", True),
    ("two-statuses", "Statuses other than DELIVERED and NOT_DELIVERED are dropped.", "outcome", True),
    ("sent-is-pending", "SENT is not recorded: another report is expected.", "outcome", True),
    ("gsmerror-decides", "A report with gsmerror 0 counts as delivered.", "outcome", True),
    ("resend-not-sent", "A message that is reported NOT_SENT is sent again.", "outcome", True),
    ("ids-as-float", "Ids of digits are kept as floating point numbers.", "reading", True),
    ("ids-cut-15", "Ids are kept in a column of 15 characters.", "reading", True),
    ("ids-cut-20", "Ids are kept in a column of 20 characters.", "inputs", False),
    ("ids-in-lower-case", "Ids are compared in lower case.", "inputs", False),
    # Dates.
    ("dates-by-place", "Dates are cut out by the places they have on the page.", "clock", True),
    ("day-in-utc", "The daily summary counts days of UTC.", "clock", True),
    ("seconds-lost", "The time of a report is kept without seconds.", "outcome", True),
    # Pushes.
    ("push-twice-counts", "A report that is pushed twice is recorded twice.", "push", True),
    ("push-unknown-dropped", "A pushed report whose id is not known yet is dropped.", "push", True),
    ("push-last-wins", "Of two pushed reports the last that arrives counts.", "push", False),
    ("push-saved-later", "A pushed report is acknowledged before it is saved.", "restart", False),
    ("push-first-only", "Only the first report of a push is read.", "push", False),
    ("push-wants-end-tag", "A pushed document without its end tag is refused.", "reading", True),
    # Money and titles.
    ("money-float", "Amounts are kept as floating point numbers.", "credit", True),
    ("money-whole", "Amounts are kept as whole numbers.", "credit", True),
    ("money-never-grouped", "A point in an amount is always a decimal point.", "reading", True),
    ("money-three-places", "An amount without three decimals raises.", "reading", True),
    ("low-as-text", "The balance is compared with the limit as text.", "credit", True),
    ("low-for-good", "When the balance is low, sending pauses and never goes on.", "credit", True),
    ("low-once", "The alarm about a low balance is raised once in all.", "second-day", False),
    ("balance-silent", "A balance query that fails raises no alarm.", "lost-answer", True),
    ("balance-error-is-zero", "A refused balance query counts as the amount 0.", "refusal", True),
    ("titles-by-line", "Titles are found only with one element a line.", "reading", True),
    ("titles-failure-for-good", "A title query that fails once stops sending without end.", "lost-answer", True),
    # Alarms and logins.
    ("alarm-by-message", "Alarms are sent as messages by the same vendor, and lost with them.", "lost-answer", True),
    ("alarm-once", "An alarm of a kind is raised once in all.", "second-day", False),
    ("login-unquoted", "User and password are put into the pull's address unquoted.", "inputs", False),
)
