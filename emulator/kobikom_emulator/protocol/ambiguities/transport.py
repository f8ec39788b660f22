"""The ambiguities of requests, logins and the form of answers (T, A, E)."""

from collections.abc import Mapping

from kobikom_emulator.protocol.ambiguities.ambiguity import Ambiguity

TRANSPORT: Mapping[str, Ambiguity] = {
    "undeclared_bytes": Ambiguity(
        clause="T-05",
        marks="A, O, I",
        question="How are bytes read that declare no encoding and are not UTF-8?",
        page="The page declares no encoding for requests and prints Turkish letters in its examples: "
        "“kullanıcı_adiniz”, “ŞİFRE”.",
        values={
            "refuse": "status -22, as for any unreadable XML",
            "windows-1254": "read as windows-1254, what a Turkish Windows program writes",
        },
    ),
    "content_type": Ambiguity(
        clause="T-09",
        marks="D",
        question="Which Content-Type do answers carry?",
        page="“Content-Type: text/csv;charset= UTF-8”",
        values={
            "as-documented": "text/csv;charset= UTF-8, the blank included",
            "xml": "application/xml; charset=UTF-8",
        },
    ),
    "answer_layout": Ambiguity(
        clause="T-10",
        marks="D, A",
        question="How are answers laid out in lines?",
        page="The examples print one element a line; “Content-Length: 277” is the second one so, without a line "
        "end at its end.",
        values={
            "lines": "one element a line, LF, none at the end; titles and balance indented by four blanks as printed",
            "compact": "as the ancestor's lengths suggest: three LF plus two a result; titles and balance on one line",
        },
    ),
    "refusal_shape": Ambiguity(
        clause="A-05",
        marks="A",
        question="How many results answer a request that is refused as a whole?",
        page="The page lists the codes (-5: “Kullanıcı adı ve şifre geçersiz”, …) but shows no refused answer.",
        values={
            "single": "exactly one, with empty messageid and destination",
            "per-recipient": "one for each recipient, its number echoed",
        },
    ),
    "result_shape": Ambiguity(
        clause="E",
        marks="D",
        question="Are answers with several results well-formed?",
        page="The second answer example lacks the second “<result>” and prints “<status><0</status>”.",
        values={
            "well-formed": "one <result> element each",
            "as-printed": "byte for byte as the page's second example: a torture for parsers",
        },
    ),
    "login_codes": Ambiguity(
        clause="A-01",
        marks="D, A",
        question="Does -10 mean that the user is missing or that it is wrong, and -11 of the password?",
        page="“-10 Kullanıcı Adı hatalı”, “-11 Parola hatalı”, “-5 Kullanıcı adı ve şifre geçersiz” for sends; "
        "“10 – Eksik Kallanıcı Adı hatası”, “11 – Eksik Şifre Hatası” for pulls",
        values={
            "missing": "-10 and -11 for what is missing or empty, -5 for an unknown user or a wrong password",
            "wrong": "-10 for an unknown user too, -11 for a wrong password too; -5 does not appear",
        },
    ),
}
