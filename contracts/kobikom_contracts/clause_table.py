"""The clauses, their statements with marks, and the readings: data only.

A block is a clause: its id and subject, then a line for each statement with its marks. Statements shorten
those of the protocol page and are numbered in this order: T-01.1, T-01.2, …
"""

CLAUSE_TABLE = """
T-01 Address
D POST /api/sendsms/xml/ serves sends and title queries.
I The balance query is POSTed to the same address.
I Documents are told apart by their root SMS, basliklar or bakiye; another root is -22.
I The address without its last slash is the same resource, without a redirect.

T-02 Body
D XML= with literal XML after it is a body.
D Bare XML is a body of a title or balance query.
O Bare XML is a body of a send.
AO XML= with url-encoded XML after it is a body.
I A form or multipart field named XML is a body.
I XML= matches in any case, a BOM and white space are stripped, and literal XML is never form-decoded.
I A body that is neither XML nor has a field XML is -22.

T-03 Content-Type of requests
O A request without Content-Type is served.
I A Content-Type says at most the charset: any other value changes nothing.
DO The value “application/xml Accept: */*” is served.
I A charset that is unknown or wrong is ignored when the bytes are valid UTF-8.

T-04 HTTP
D The three host names that the page uses are served.
O Expect: 100-continue is served.
I HTTP/1.0 is served; after an answer the connection stays open or is closed, as its head says.
D A request target in absolute form, as the page prints it, is served.

T-05 Encoding
I The BOM decides the encoding, else the declaration, else the charset parameter, else it is UTF-8.
I ISO-8859-9 and windows-1254 are read when declared.
I Undeclared bytes that are not UTF-8 are refused or read as windows-1254.
I A BOM that contradicts the declaration is -22.
I UTF-16 declared over single-byte text is -22.

T-06 White space and references
DO White space before the XML is tolerated, after XML= too.
D U+00A0 between elements counts as white space.
O Character references are decoded.
I CDATA sections are decoded.

T-07 Names and order of elements
A Tag and attribute names match in any ASCII case.
D An absent optional tag equals an empty one.
I Unknown, repeated and misplaced elements and unknown attributes are ignored.
I The order of elements is free.

T-08 HTTP status
AO Every answer in the dialect is HTTP 200, refusals included.
D A successful send is answered with HTTP 200.
O Octets over 0x7F in a request target are taken as if percent-encoded.
I A wrong method is 405 with Allow, a wrong path 404.

T-09 Head of answers
D The answer to a send has a Content-Length.
D The answer to a send is labelled text/csv;charset= UTF-8, with that blank.
I Every other answer has the label of a send's.
I Every other answer has a Content-Length, and none is chunked.

T-10 Layout of answers
D A send's answer is the declaration, then <results> of <result>s, each of <status>, <messageid> and <destination>.
D 277 octets are the page's second answer in such lines with LF, none at the end.
D 176 octets are the page's first answer in such lines with an id of 15 characters.
A The ancestor's lengths are three LF and two a result.
D Title and balance answers are printed with an indentation of four blanks.
I Between elements stands no white space but that of one of these layouts.

T-11 Hardening
I A DOCTYPE is refused with -22, and no entity is expanded.
I Depth, sizes and numbers are capped; a cap answers in the dialect or with 413 or 414, in bounded time.

A-01 -10
D The codes of sends call -10 a wrong user name.
D The codes of pulls call 10 a missing user name.
A The ancestor means a missing user name by both.
I A missing or empty kullanici is -10; under login-codes=wrong an unknown one too.

A-02 -11
D The codes of sends call -11 a wrong password.
D The codes of pulls call 11 a missing password.
A The ancestor means a missing password by both.
I With user name and password missing the code is -10.
I A missing or empty parola is -11; under login-codes=wrong a wrong one too.

A-03 -5
D User name and password that are not valid are refused, by the code for it.
I Under login-codes=missing an unknown user and a wrong password are both -5 and can't be told apart.
I Under login-codes=wrong no -5 appears.

A-04 Order of judgement
AI Unreadable XML is judged first, then the login in the order -10, -11, -5, then everything else.

A-05 Refusal of a request
A It is the document of a send with one result, messageid and destination empty, or one result a recipient.

A-06 Refusal of a query
I A refused title or balance query is answered by that document.

S-01 Results
D Each non-empty gsm has one result, in document order.
D destination repeats a plain number as submitted.
I destination repeats a number of another form as submitted.
I White space around a number is stripped.

S-02 Accepted recipients
D Status 0 and a non-empty messageid.
D One generated id is printed, of 10 digits.
D The printed length 176 leaves 15 characters for the id.
A The ancestor's ids have 18 digits; no source shows another shape.
I No generated id is given twice.

S-03 Message ids of the client
D messageId is echoed as messageid and is the id of the report.
A It has no limit of length.
I Recipients with and without one may be mixed.
I An id that no pull can name is accepted all the same.

S-04 -33
D The same messageId twice is -33.

S-05 Missing numbers
DA A send without any number is -6.
I A block without numbers does not keep another block from being sent.
D Empty gsm elements beside numbers keep no number from being sent.
I A number with digits missing is -13 or -6.

S-06 -13
D An unknown number is not sent; its code is -13.
A The code is that recipient's alone, the others are sent.
A A refused recipient's messageid is empty, or the client's own.

S-07 -3
D A network out of coverage has the code -3.
A The code is that recipient's alone, the others are sent.
I By default only Turkish mobile networks are covered.

S-08 Forms of a number
I International, +, 00, 0 and bare national forms mean the same number, or + and 0 are refused.

S-09 Titles
D A title has at most 11 characters, or 14 digits; those of the account can be sent under.
A A longer or unknown title is refused with one code, or an unknown one accepted.
I An absent or empty title stands for the account's first.
D INVALID_SOURCE_ADDRESS reports a wrong sender.

S-10 Parts
D A text of 160 characters is one part.
I One part holds 160 GSM septets, 155 with a Turkish table, 70 UCS-2 units.
D With type longSMS a text over 160 characters is accepted.
I Parts of a longer text hold 153, 149 (146 with both Turkish tables), 67.
I A pair of an escape and a character stays in one part.
I Turkish texts get the table with the fewest parts, or always the single, or the locking one.
I longSMS matches in any case; an empty text is one part.

S-11 Long texts without longSMS
I They are cut to one part, split, or refused with -23.

S-12 Alphabets
D datacoding 8 is accepted, and stands for Unicode.
A datacoding 24 stands for Unicode too.
D languageCode ES is accepted.
O languageCode TR is accepted.
I A character outside the alphabet makes the text UCS-2 or becomes a question mark.
I ES and TR, in any case, bring the Turkish tables; other values bring nothing.

S-13 flash
D flash 0 and 1 are accepted.
A datacoding 240 and 24 are accepted as flash.
I A flash message costs the same.

S-14 binary and transport fields
D Hexadecimal binary is accepted.
A binary and metin exclude each other.
I One part holds 140 octets, each of several 134.
D wapurl, srcton, srcnpi, destton and destnpi are left empty.
I Transport fields with a value refuse no message.

S-15 ileriTarih
D An offset of days, hours, minutes and seconds in that order delays by just that.
A Any of the four may be left out.
D Empty or 1s is at once.
D Anything else is -27.

S-16 ValidityPeriod
D HH:mm up to 48:00 is accepted.
A More than 48:00 counts as 48:00 or is refused with -23.
I Empty counts as 48:00.
I 00:00 expires at once.

S-17 Broken values
I A value that breaks its field's form and has no code of its own is -23 for the request.

S-18 appid
A A message's report is given only to a pull of the same appid, or of none when the message had none.

S-19 Push
D A message may have pushurl and nopush, empty or nopush 0.
A With a pushurl the report is POSTed there as a DeliveryReport, once, and not pulled; nopush 1 leaves it for pull.
A Without a pushurl the account's default push URL counts.
A A failed push is tried again after 1, 2, 5 and 10 minutes, then no more.
I The URL is requested byte for byte.
I A pushurl that cannot be pushed to refuses no message.

S-20 Blocks
AO Several mesajiniz are all sent, their results flattened in order.

S-21 Fidelity of texts
I A text arrives exactly as written.

S-22 Repeated numbers
I The same number twice is sent twice.

C-01 Cost
I An accepted recipient costs parts times the price, taken at once.
I The default price is 1 a part.

C-02 Short credit
D Without enough credit the code is -2.

C-03 Free of charge
I What is refused costs nothing.
A A report of NOT_ALLOWED gives the charge back, no other does.

C-04 Conservation
I The balance never falls below zero, and falls by exactly what was accepted, under any concurrency.

C-05 Balance
I A balance query right after a send shows the charge.

R-01 Asking for reports
D GET …/pull with kullanici, parola and optional messageid, several ids separated by commas.
A appid may be a parameter.
I A slash after pull is optional, and parameter names match in any case.
I Kullanıcı and Parola as names are missing parameters.

R-02 Report document
D <DeliveryReport> without declaration; a <message> has id, sentdate, donedate, status, gsmerror in this order.
I Reports come oldest first.
D One example is not closed.
D The table calls sentdate senddate.

R-03 Once
D A report is given once.
D When it has been given the answer is NO_DATA.
A NO_DATA is those 7 octets alone.
I NO_DATA is also the answer when there never was a report.
I Parallel pulls give each report to exactly one of them.

R-04 Named reports
D With messageid only the named reports are given and consumed.
I An empty list names nothing and consumes nothing.
I Unknown ids are ignored; the client's ids and generated ones both name reports.

R-05 Own reports
I An account is given its own reports only.

R-06 Time of a report
D donedate is when the message ended: it is not in the future.
I The report exists from then on, and not before.

R-07 Refused pulls
D A missing user is 10, a missing password 11, a wrong pair 5, all with or all without a minus.
I The number is the whole body.

R-08 Dates
I Dates are Turkey's local time.
D The examples print year/month/day hour:minute:second.
D The rule for them is yyyy/m/d hh:mm:ss.
A The ancestor's traffic pads all of them.

R-09 Statuses
D A report has one of the eleven statuses.
I Each can be produced on demand.

R-10 gsmerror
D It is a number, 0 for a delivered message.
A A failure carries a code that fits.
D NOT_SENT carries 0.

R-11 Scheduled and expired messages
AI A scheduled message is final only after its time.
AI One undelivered past its validity ends NOT_DELIVERED with 4101.

R-12 sentdate
A It is when the message was submitted, and not after donedate.

H-01 Title answer
D The declaration, then basliklar with normal and sayisal, each of baslik elements.
I All-digit titles stand in sayisal, the others in normal.
D A group without titles is kept as an empty element.

B-01 Balance answer
D The declaration, then bakiye with miktar and kur.
I The amount is written with three places, as short as it can be, or in whole units with grouped thousands.
I kur is the currency in three capital letters.

E Codes and shape of results
D Every status is a code of the page's list.
I Every code can be provoked on demand; -1 and -99 never appear by themselves, -26 only where a store fails.
D Several results are well-formed, or as the page's second example prints them.
"""

# Each reading with the statement that a target breaks when it follows none of the values.
READINGS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("undeclared-bytes", "T-05.3", ("refuse", "windows-1254")),
    ("content-type", "T-09.2", ("as-documented", "xml")),
    ("answer-layout", "T-10.6", ("lines", "compact")),
    ("login-codes", "A-01.4", ("missing", "wrong")),
    ("refusal-shape", "A-05.1", ("single", "per-recipient")),
    ("message-id", "S-02.4", ("15-digits", "18-digits", "10-digits")),
    ("duplicate-id", "S-04.1", ("later-ones", "whole-request", "account-history")),
    ("empty-gsm", "S-05.3", ("skip", "refuse")),
    ("short-number", "S-05.4", ("unknown", "incomplete")),
    ("number-form", "S-08.1", ("lenient", "strict")),
    ("unknown-title", "S-09.2", ("refuse", "accept")),
    ("title-code", "S-09.2", ("-34", "-1", "-23", "-99")),
    ("turkish-table", "S-10.6", ("fewest", "single", "locking")),
    ("long-text", "S-11.1", ("cut", "split", "refuse")),
    ("unencodable", "S-12.5", ("ucs2", "question-mark")),
    ("long-validity", "S-16.2", ("clamp", "refuse")),
    ("short-credit", "C-02.1", ("per-recipient", "whole-request")),
    ("report-close", "R-02.3", ("closed", "as-printed")),
    ("sent-attribute", "R-02.4", ("sentdate", "senddate")),
    ("pull-refusal", "R-07.1", ("positive", "negative")),
    ("dates", "R-08.4", ("unpadded", "as-written", "padded")),
    ("amount", "B-01.2", ("three-places", "shortest", "grouped")),
    ("result-shape", "E.3", ("well-formed", "as-printed")),
)
