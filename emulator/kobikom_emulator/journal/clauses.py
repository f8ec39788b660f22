"""The clauses of the protocol that explanations cite: id, sentence, source marks.

Sources: D the vendor's page says it, O a real client does it, A the ancestor manual settles it, I our own inference.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Clause(msgspec.Struct, frozen=True, gc=False):
    """One clause: its sentence and its sources."""

    id: str
    sentence: str
    sources: str


_TABLE = """
T-01 | D, O | POST /api/sendsms/xml/ serves sends, title and balance queries by root element; last slash optional.
T-02 | D, O | The body is bare XML, XML= with literal or url-encoded XML, or a form or multipart field XML.
T-03 | O | Content-Type is neither trusted nor required.
T-04 | O | Any Host, Expect: 100-continue, HTTP/1.0, keep-alive or close.
T-05 | A, O, I | Encoding: XML declaration or BOM, else the charset parameter, else UTF-8.
T-06 | O | White space before the XML is tolerated; character references and CDATA are decoded.
T-07 | A, O | Names match in any case, order is free, unknown tags are ignored and reported here, absent equals empty.
T-08 | A, O | Every application answer is HTTP 200; only method, path and size are plain HTTP errors.
T-09 | D | Content-Length always, never chunked; Content-Type as documented.
T-10 | D, A | Byte layout of send answers: declaration, line feeds only, no indentation.
T-11 | I | A DOCTYPE is refused, no entity is expanded, depth, size and number of recipients are capped.
A-01 | D, A | A missing or empty kullanici is -10.
A-02 | D, A | A missing or empty parola is -11; both missing is -10.
A-03 | D | An unknown user or a wrong password is -5, indistinguishable from each other.
A-04 | A, I | Order of judgement: unreadable XML is -22, then -10, -11, -5, then everything else.
A-05 | A | A refused request is answered by the results document with one result, empty messageid and destination.
A-06 | I | The same document answers a refused title or balance query.
S-01 | D, O | One result for each non-empty gsm, in document order, the number echoed as submitted.
S-02 | D, A | Status 0 and a messageid of 18 digits, unique on the server.
S-03 | D, A | A messageId on gsm is echoed as messageid and later as the report's id.
S-04 | D, A | The same messageId again in one request is -33 for each later one.
S-05 | D, I | No number at all is -6; empty gsm elements beside real ones are skipped.
S-06 | D, A | A number that is none, or of no known mobile operator, is -13 for that recipient.
S-07 | D, A | A valid number outside the account's coverage is -3 for that recipient.
S-08 | D, A | 90…, +90…, 0090…, 05… and 5… name the same number.
S-09 | D, A, I | baslik: at most 11 characters, 14 digits if numeric, and one of the account's titles, otherwise -34.
S-10 | D, A | One part holds 160 GSM characters, 155 with Turkish tables, 70 UCS-2; parts of longSMS 153, 149, 67.
S-11 | D, I | A text over one part without longSMS is sent as one part, the rest is lost.
S-12 | D, O, I | datacoding 8 is UCS-2; languageCode ES or TR adds the Turkish tables; what fits none becomes UCS-2.
S-13 | D, A | flash is 0 or 1; recorded, same price.
S-14 | D, A | binary is hexadecimal, excludes metin, at most 140 octets a part; technical fields are recorded.
S-15 | D, A | ileriTarih is an offset like 4d3h2m1s; empty or 1s means at once; anything else is -27.
S-16 | D, A | ValidityPeriod is HH:mm; over 48:00 is clamped to 48:00.
S-17 | I | A field that breaks its documented form and has no code of its own is -23.
S-18 | A | A message with an appid reports only to pulls that name it.
S-19 | D, A | With a pushurl and no nopush the report is posted there; retries after 1, 2, 5, 10 minutes.
S-20 | A, O | Several mesajiniz blocks are all sent, their results flattened in order.
S-21 | I | A text arrives exactly as written.
S-22 | I | The same number twice is sent twice.
C-01 | D, I | An accepted recipient costs parts times the price of its network, taken at once.
C-02 | D, A | Not enough credit is -2.
C-03 | A | A refused recipient costs nothing; a report of NOT_ALLOWED gives the charge back.
C-04 | D, I | The balance never goes below zero and what is taken is exactly the cost of what was accepted.
C-05 | D | A balance query right after shows it.
R-01 | D, O | GET /api/sendsms/xml/pull with kullanici, parola and optionally messageid and appid.
R-02 | D, A | A DeliveryReport document, one message element a report, oldest first.
R-03 | D | A report is given exactly once; afterwards, and when there is none, NO_DATA.
R-04 | D | With messageid only the named reports are given and consumed.
R-05 | I | An account sees its own reports only.
R-06 | D, I | A report exists from the moment its message is final.
R-07 | D, A | A refused pull is the bare number 10, 11 or 5.
R-08 | D, A, O | Dates as yyyy/m/d h:m:s, Turkey local time.
R-09 | D | The eleven statuses.
R-10 | D, A | gsmerror 0 for success, a code that fits for failures.
R-11 | A, I | A scheduled message is final after its time; one past its validity ends NOT_DELIVERED with 4101.
R-12 | A | sentdate is the submission and never after donedate.
H-01 | D | Titles: alphanumeric ones in normal, all-digit ones in sayisal.
B-01 | D, A | Balance: a point decimal with three places and the currency code.
E | D, I | -1, -23, -26, -99 and every other code can be caused by a fault rule; none appears by itself.
"""


def _clauses() -> dict[str, Clause]:
    rows = (line.split(" | ", 2) for line in _TABLE.strip().splitlines())
    return {id_: Clause(id_, sentence, sources) for id_, sources, sentence in rows}


CLAUSES: Mapping[str, Clause] = _clauses()
