"""The clauses as rows (id, source marks, sentence) and the readings: data only.

The sentences shorten those of the protocol page; tests compare ids, marks and readings with it.
"""

ROWS: tuple[tuple[str, str, str], ...] = (
    (
        "T-01",
        "DO",
        "POST /api/sendsms/xml/ serves sends, title and balance queries, told apart by "
        "the root element; without the trailing slash it is the same resource, without a redirect.",
    ),
    (
        "T-02",
        "DO",
        "The body may be bare XML, XML= with literal XML, XML= url-encoded, or a form or "
        "multipart field XML; literal XML is never form-decoded.",
    ),
    ("T-03", "O", "Content-Type is never trusted or required."),
    ("T-04", "O", "Any Host, Expect: 100-continue, HTTP/1.0, keep-alive and close all work."),
    (
        "T-05",
        "AOI",
        "Encoding comes from the XML declaration or BOM, else the charset parameter, "
        "else UTF-8; Turkish legacy encodings work when declared.",
    ),
    (
        "T-06",
        "O",
        "White space before the XML is tolerated; character references and CDATA are decoded.",
    ),
    (
        "T-07",
        "AO",
        "Tag and attribute names match in any case, order is free, unknown tags are "
        "ignored, absent optional tags equal empty ones.",
    ),
    (
        "T-08",
        "AO",
        "Every application answer, refusals included, is HTTP 200; a wrong method is 405 with Allow, a wrong path 404.",
    ),
    (
        "T-09",
        "D",
        "Content-Length always, never chunked; the answer's Content-Type is the documented one.",
    ),
    (
        "T-10",
        "DA",
        "Send answers are laid out byte for byte: declaration, LF only, no indentation, 3 newlines plus 2 a result.",
    ),
    (
        "T-11",
        "I",
        "A DOCTYPE is refused (-22), no entity is expanded, excessive depth is refused in "
        "the dialect and in bounded time.",
    ),
    ("A-01", "DA", "A missing or empty kullanici is answered -10."),
    ("A-02", "DA", "A missing or empty parola is answered -11 (both missing: -10)."),
    ("A-03", "D", "An unknown user and a wrong password are both -5 and can't be told apart."),
    ("A-04", "AI", "Order of judgement: XML (-22), then -10, -11, -5, then everything else."),
    (
        "A-05",
        "A",
        "A refusal of the whole request is the same document with one result, messageid and destination empty.",
    ),
    ("A-06", "I", "A refused title or balance query is answered by the same refusal document."),
    (
        "S-01",
        "DO",
        "One result for each non-empty gsm, in document order, destination echoing the "
        "number as submitted, white space stripped.",
    ),
    (
        "S-02",
        "DA",
        "An accepted recipient gets status 0 and a messageid of 18 digits, unique on the server.",
    ),
    (
        "S-03",
        "DA",
        "A client's messageId is echoed as messageid and is the report's id; no length "
        "limit; with and without may be mixed.",
    ),
    (
        "S-04",
        "DA",
        "The same client messageId twice in one request: the first stands, later ones get -33.",
    ),
    ("S-05", "DI", "No non-empty gsm at all: -6; empty gsm beside real ones are skipped."),
    (
        "S-06",
        "DA",
        "A number that is none, or of no mobile operator: -13 for that recipient, the "
        "others go on; its messageid is empty or the client's own.",
    ),
    ("S-07", "DA", "A valid number outside the account's coverage: -3 for that recipient."),
    ("S-08", "DA", "International, +, 00, 0 and bare national forms mean the same number."),
    (
        "S-09",
        "DAI",
        "A title has at most 11 alphanumeric or 14 numeric characters and is one of the "
        "account's, otherwise -34; absent or empty it is the account's first.",
    ),
    (
        "S-10",
        "DA",
        "One part holds 160 GSM characters, 155 with the Turkish table, 70 UCS-2; longSMS parts hold 153, 149, 67.",
    ),
    ("S-11", "DI", "Text over one part without longSMS is cut to one part."),
    (
        "S-12",
        "DOI",
        "datacoding 8 or 24 is UCS-2; languageCode ES or TR adds the Turkish tables; a "
        "character outside the alphabet makes the text UCS-2.",
    ),
    ("S-13", "DA", "flash is 0 or 1, recorded, at the same price."),
    (
        "S-14",
        "DA",
        "binary is hexadecimal, at most 140 octets a part, instead of metin; transport "
        "fields are recorded and never refused.",
    ),
    (
        "S-15",
        "DA",
        "ileriTarih is an offset in days, hours, minutes, seconds in that order; empty or "
        "1s is at once; anything else is -27.",
    ),
    ("S-16", "DA", "ValidityPeriod is HH:mm; over 48:00 is clamped to 48:00, not refused."),
    (
        "S-17",
        "I",
        "A field whose value breaks its documented form and has no code of its own: -23.",
    ),
    (
        "S-18",
        "A",
        "A message sent with an appid is reported only to a pull naming that appid; a pull "
        "without one gets those without.",
    ),
    (
        "S-19",
        "DA",
        "With a pushurl the report is POSTed there as a DeliveryReport and not pulled; "
        "nopush 1 leaves it for pull; failures are retried after 1, 2, 5, 10 minutes.",
    ),
    ("S-20", "AO", "Several mesajiniz blocks in one SMS are all sent, results flattened in order."),
    ("S-21", "I", "Text arrives exactly as written, line ends included."),
    ("S-22", "I", "The same number twice is sent twice."),
    ("C-01", "DI", "An accepted recipient costs parts times the price, taken at once."),
    ("C-02", "DA", "Without enough credit: -2."),
    (
        "C-03",
        "A",
        "A refused recipient costs nothing; a report of NOT_ALLOWED gives the charge back.",
    ),
    (
        "C-04",
        "DI",
        "The balance never goes below zero under any concurrency; credit taken equals the "
        "cost of what was accepted, exactly.",
    ),
    ("C-05", "D", "A balance query right after a send shows the charge."),
    (
        "R-01",
        "DO",
        "GET …/pull with kullanici, parola, optional messageid and appid, with or without "
        "a slash, parameter names in any case.",
    ),
    (
        "R-02",
        "DA",
        "A pull answers <DeliveryReport> with one <message id sentdate donedate status "
        "gsmerror/> a report, oldest first, without an XML declaration.",
    ),
    (
        "R-03",
        "D",
        "A report is given exactly once; then, and when there is none: the 7 bytes NO_DATA.",
    ),
    (
        "R-04",
        "D",
        "With messageid only the named reports are given and consumed; client ids and "
        "generated ids both work; unknown ids are ignored.",
    ),
    ("R-05", "I", "An account sees its own reports only."),
    ("R-06", "DI", "A report exists from the moment its message is final."),
    (
        "R-07",
        "DA",
        "A pull with a missing user answers 10, a missing password 11, a wrong pair 5: the bare number.",
    ),
    ("R-08", "DAO", "Dates are yyyy/m/d h:m:s, unpadded, Turkey local time."),
    ("R-09", "D", "The eleven documented statuses, and no other; all can be produced on demand."),
    ("R-10", "DA", "gsmerror is 0 for success; failures carry a code that fits."),
    (
        "R-11",
        "AI",
        "A scheduled message is final only after its time; one undelivered past its "
        "validity ends NOT_DELIVERED with 4101.",
    ),
    ("R-12", "A", "sentdate is not after donedate, and is when the message was submitted."),
    (
        "H-01",
        "D",
        "A title query lists alphanumeric titles in normal and all-digit ones in sayisal, "
        "an empty group kept as an element.",
    ),
    (
        "B-01",
        "DA",
        "A balance query answers miktar with a decimal point and three places, and kur.",
    ),
    (
        "E",
        "DAI",
        "-1, -26, -99 and the other codes can be provoked by a fault rule; none appears by "
        "itself; results are well-formed.",
    ),
)

READINGS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("undeclared-bytes", "T-05", ("refuse", "windows-1254")),
    ("content-type", "T-09", ("as-documented", "xml")),
    ("refusal-shape", "A-05", ("single", "per-recipient")),
    ("duplicate-id", "S-04", ("later-ones", "whole-request", "account-history")),
    ("empty-gsm", "S-05", ("skip", "refuse")),
    ("number-form", "S-08", ("lenient", "strict")),
    ("unknown-title", "S-09", ("refuse", "accept")),
    ("long-text", "S-11", ("cut", "split", "refuse")),
    ("unencodable", "S-12", ("ucs2", "question-mark")),
    ("short-credit", "C-02", ("per-recipient", "whole-request")),
    ("report-close", "R-02", ("closed", "as-printed")),
    ("pull-refusal", "R-07", ("positive", "negative")),
    ("dates", "R-08", ("unpadded", "padded")),
    ("result-shape", "E", ("well-formed", "as-printed")),
)
