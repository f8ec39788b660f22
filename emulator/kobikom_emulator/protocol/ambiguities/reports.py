"""The ambiguities of reports and balance (R, B)."""

from collections.abc import Mapping

from kobikom_emulator.protocol.ambiguities.ambiguity import Ambiguity

REPORTS: Mapping[str, Ambiguity] = {
    "report_close": Ambiguity(
        clause="R-02",
        marks="D, A",
        question="Is the report document closed?",
        page="The first report example ends without “</DeliveryReport>”, the second has it.",
        values={"closed": "with </DeliveryReport>", "as-printed": "without it, as the first example is printed"},
    ),
    "sent_attribute": Ambiguity(
        clause="R-02",
        marks="D",
        question="What is the attribute of a report called that says when its message was sent?",
        page="The examples print “sentdate”, the table of attributes “senddate”.",
        values={"sentdate": "sentdate, as in the examples", "senddate": "senddate, as in the table"},
    ),
    "pull_refusal": Ambiguity(
        clause="R-07",
        marks="D, A",
        question="Does a refused pull answer 5 or -5?",
        page="“5 – Geçersiz kullanıcı adı veya şifre”, where the dash may be a separator or a misplaced sign",
        values={"positive": "the bare number: 5, 10, 11", "negative": "with the sign of the send codes: -5, -10, -11"},
    ),
    "dates": Ambiguity(
        clause="R-08",
        marks="D, A, O",
        question="Which parts of a report's dates are padded with zeros?",
        page='“format(yyyy/m/d hh:mm:ss)” beside “sentdate="2005/7/19 22:0:0"”',
        values={
            "unpadded": "2005/7/19 22:0:0, as in the examples",
            "as-written": "2005/7/19 22:00:00, the rule yyyy/m/d hh:mm:ss to the letter",
            "padded": "2005/07/19 22:00:00, the ancestor's traffic",
        },
    ),
    "amount": Ambiguity(
        clause="B-01",
        marks="D",
        question="How is an amount written?",
        page="“<miktar>18.532</miktar>” is the only example.",
        values={
            "three-places": "a decimal point and three places: 914.000, 18.532",
            "shortest": "as short as it can be: 914, 18.5",
            "grouped": "whole units with a point between thousands, as in Turkish text: 18.532 is eighteen thousand",
        },
    ),
}
