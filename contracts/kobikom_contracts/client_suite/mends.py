"""How to mend what a client does wrong: a line for each clause, or for a cause where that is more exact."""

from __future__ import annotations

from collections.abc import Mapping

from kobikom_contracts.core.verdicts import Violation

_BY_CAUSE: tuple[tuple[str, str], ...] = (
    (
        "a call does not end: answered",
        "read as many octets as Content-Length says instead of waiting for the end of the connection; dispose of the "
        "response (`using`, `close()`)",
    ),
    (
        "a call does not end",
        "set a time-out for the whole request: CURLOPT_TIMEOUT, Guzzle `timeout`, Java HttpRequest.timeout or "
        "setReadTimeout, HttpClient.Timeout, AbortSignal.timeout",
    ),
    ("the adapter breaks its protocol", "compare the adapter's line with `kobikom-contracts client --schema`"),
    ("the adapter ends", "catch the exception in the adapter and answer an error with its kind"),
    (
        "a text is cut or emptied",
        "replace what XML cannot carry before escaping (htmlspecialchars with ENT_SUBSTITUTE | ENT_DISALLOWED), or "
        "refuse the text",
    ),
)
_BY_STATEMENT: Mapping[str, str] = {
    "K-01": "POST sends and queries to /api/sendsms/xml/, GET pulls from /api/sendsms/xml/pull",
    "K-02": "count Content-Length in octets of the encoded body: strlen, Buffer.byteLength, getBytes(UTF_8).length",
    "K-03": "encode the document as UTF-8, or name its encoding in the XML declaration, and use an XML library",
    "K-04": "escape the text once: htmlspecialchars($text, ENT_XML1), StringEscapeUtils.escapeXml10, "
    "SecurityElement.Escape",
    "K-05": "write a carriage return as &#13;, because an XML reader turns a bare one into a line feed",
    "K-06": "escape user and password in XML, and encode them in an address: rawurlencode, "
    "URLEncoder, encodeURIComponent",
    "K-07": "write the documented fields only; type is empty or longSMS, flash 0 or 1, ileriTarih such as 1d2h, "
    "ValidityPeriod HH:mm",
    "K-08": "take title, flash, delay and validity from the caller; leave a field empty that was not asked for",
    "K-09": "write one <gsm> a recipient, with its own messageId, and drop or merge none",
    "K-10": "make message ids that are new across restarts, such as UUIDs, or write none: the server makes its own",
    "K-11": "set type to longSMS when the text is longer than one part, and never cut it",
    "K-12": "set languageCode to ES for Turkish letters, or datacoding to 8 for any letter outside GSM 03.38",
    "K-13": "find each recipient's result by its <destination>, and keep its <messageid>",
    "K-14": "read the <status> of each <result>; only 0 is accepted",
    "K-15": "read the single <result> of a refused send, and hand out its code",
    "K-16": "leave framing to an HTTP library: it undoes chunks, and reads until the body is complete",
    "K-17": "read until the body is complete, into a buffer that grows",
    "K-18": "compare the number of results with the number of recipients",
    "K-19": "report a send without an answer as of unknown fate: it may have gone out",
    "K-20": "check that the body is as long as announced and ends with </results>",
    "K-21": "check the HTTP status and the root element before reading results",
    "K-22": "switch off retries for POST: -Dsun.net.http.retryPost=false, HttpRequestRetryHandler, "
    "urllib3 Retry(0); for curl and Guzzle CURLOPT_FRESH_CONNECT and CURLOPT_FORBID_REUSE",
    "K-23": "tell a failed connection (nothing was sent) from a lost answer",
    "K-24": "limit the whole request, not each read: CURLOPT_TIMEOUT, HttpRequest.timeout, "
    "CancellationToken, AbortSignal",
    "K-25": "read the printed answer with a pattern, or report unknown fate when XML does not parse",
    "K-26": "hand out every <message> of every pull: a report is given once",
    "K-27": "read dates as yyyy/M/d H:m:s in Europe/Istanbul",
    "K-28": "compare the body with NO_DATA before parsing it",
    "K-29": "read a bare number (5, 10, 11, with or without a minus) as a refusal",
    "K-30": "report a pull without a whole answer as a failure: its reports may be gone; switch off repeated GETs, "
    "as by -Djdk.httpclient.redirects.retrylimit=1",
    "K-31": "join the ids with commas in messageid, encoded; pull nothing when there are none",
    "K-32": "pull only when asked: a pull takes the reports away",
    "K-33": "read <message> elements up to the end of the body, whether or not </DeliveryReport> follows",
    "K-34": "read both groups, normal and sayisal, and unescape the titles",
    "K-35": "read the amount as a decimal (BigDecimal, decimal, a string), not as a float",
    "K-36": "look for a <result> in the answer to a query: it is a refusal",
    "K-37": "fail when the answer has no titles or no amount",
    "K-38": "drop the connection after a failure, and keep nothing of it for the next call",
    "K-39": "set a time-out by default: CURLOPT_TIMEOUT, default_socket_timeout, setReadTimeout, HttpClient.Timeout",
    "K-40": "set datacoding to 8 only when the text has a letter outside GSM 03.38",
    "K-41": "do not follow redirects: CURLOPT_FOLLOWLOCATION false, Guzzle allow_redirects false, Redirect.NEVER, "
    "AllowAutoRedirect false, redirect: 'manual'",
    "K-42": "read a pushed body as a pulled one, with or without </DeliveryReport>",
    "K-43": "answer 200 once a push is stored, also when its id is known already or not at all",
}


def mend_of(statement: str, violation: Violation) -> str:
    """A line that says how to mend a violation; empty where none is known."""
    for beginning, mend in _BY_CAUSE:
        if violation.cause.startswith(beginning):
            return mend
    return _BY_STATEMENT.get(statement, "")
