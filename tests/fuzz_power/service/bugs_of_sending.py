"""The mistakes that are made when messages are sent."""

from __future__ import annotations

Row = tuple[str, str, str, bool]

OF_SENDING: tuple[Row, ...] = (
    # What was sent, when no usable answer came.
    ("resend-after-timeout", "A request that timed out is sent again.", "stalled-answer", True),
    ("resend-after-close", "A request whose connection was closed is sent again later.", "lost-answer", True),
    ("transport-repeats", "The HTTP layer repeats a POST at once when the connection closes.", "lost-answer", True),
    ("resend-after-5xx", "A request that got HTTP 5xx is sent again.", "http-error-after", True),
    ("resend-after-damage", "A request whose answer cannot be read is sent again.", "damaged-answer", True),
    ("resend-unmentioned", "Recipients that a cut answer leaves out are sent again.", "damaged-answer", True),
    ("trusts-ids", "A lost request is sent again with the same ids, in the hope of -33.", "lost-answer", True),
    ("new-id-after-33", "After a lost answer what gets -33 is sent with a new id.", "lost-answer", True),
    ("no-answer-is-success", "Messages whose answer was lost are recorded as accepted.", "lost-answer", True),
    ("no-answer-is-refusal", "Messages whose answer was lost are recorded as refused.", "lost-answer", True),
    ("http-error-forgotten", "After an HTTP error the batch is left unfinished without an alarm.", "http-error", True),
    ("4xx-is-final", "HTTP 4xx drops the messages without an alarm.", "http-error", True),
    ("down-for-good", "After one transport error nothing is sent any more.", "lost-answer", True),
    ("resend-after-restart", "Messages that were being sent at a restart are queued again.", "restart", False),
    ("sending-stays", "Messages that were being sent at a restart stay so without an alarm.", "restart", False),
    ("claims-after-answer", "A worker claims messages only when their answer has come.", "race", False),
    # How the results are read.
    ("first-status-for-all", "The first status counts for every recipient.", "refusal", True),
    ("last-status-for-all", "The last status counts for every recipient.", "refusal", True),
    ("results-by-position", "The results are matched with the recipients by their position.", "damaged-answer", True),
    ("zero-in-status", "A status with the digit 0 in it is success, -10 too.", "refusal", True),
    ("200-is-success", "HTTP 200 is success whatever the body says.", "refusal", True),
    ("no-minus-is-success", "A body without a negative status is success, an HTML page too.", "damaged-answer", True),
    ("no-result-is-success", "Recipients without a result are accepted.", "refusal", True),
    ("one-shortage-is-all", "One -2 makes the whole batch refused; all of it is sent later.", "credit", True),
    ("resend-whole-batch", "One refused recipient makes the whole batch be sent again.", "refusal", True),
    ("stops-at-refusal", "Results after the first refused one are not read.", "refusal", True),
    ("unknown-code-is-success", "A code that is not in the table is success.", "refusal", True),
    ("unknown-code-crashes", "A code that is not in the table raises KeyError.", "refusal", True),
    ("strict-xml", "Answers that are not well-formed are thrown away, those the page prints too.", "reading", True),
    ("wants-line-breaks", "Results are found only with one element a line.", "reading", True),
    ("wants-csv-type", "Answers of another Content-Type than text/csv are thrown away.", "reading", True),
    ("match-by-id-only", "A refusal without an id is not matched with its recipient.", "refusal", True),
    ("reads-one-block", "Only the first 2048 bytes of an answer are read.", "inputs", False),
    # What is done after a refusal.
    ("shortage-is-final", "A message that gets -2 is dropped without an alarm.", "credit", True),
    ("refusal-silent", "A message that is refused for good raises no alarm.", "refusal", True),
    ("final-retried", "A number that is refused as invalid is tried again and again.", "refusal", True),
    ("login-refusal-for-good", "After -5, -10 or -11 nothing is sent any more.", "refusal", True),
    ("otp-sent-late", "A one-time password is sent although its time is over.", "refusal", True),
    ("otp-without-validity", "The vendor gets no validity for one-time passwords.", "outcome", True),
    ("opt-out-checked-once", "A customer who opts out gets what is tried again after that.", "refusal", True),
    ("schedule-stale", "The offset of a scheduled message is that of the first attempt.", "refusal", True),
    ("schedule-negative", "A scheduled message that is late gets a negative offset.", "credit", True),
    ("schedule-drops-days", "The offset of a scheduled message leaves out whole days.", "clock", True),
    # What is sent.
    ("numbers-as-typed", "Numbers are sent the way customers typed them.", "reading", True),
    ("text-unescaped", "The text is put into the document unescaped.", "inputs", False),
    ("text-cut-160", "The text is cut after 160 characters.", "inputs", False),
    ("long-by-160", "Only texts over 160 characters are marked long, Unicode ones too.", "inputs", False),
    ("text-ascii", "Characters outside Latin and Turkish are sent as question marks.", "inputs", False),
    ("opt-out-as-typed", "An opt-out is compared with the number as it was typed.", "inputs", False),
    ("ids-begin-again", "The shop's ids begin again after a restart.", "restart", False),
)
