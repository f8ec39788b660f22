"""The ambiguities of sends and credit (S, C)."""

from collections.abc import Mapping

from kobikom_emulator.protocol.ambiguities.ambiguity import Ambiguity

SENDING: Mapping[str, Ambiguity] = {
    "message_id": Ambiguity(
        clause="S-02",
        marks="D, A",
        question="How many digits has a generated message id?",
        page='“id="1023012301"” has 10 digits; “Content-Length: 176” is the first example with 15; the '
        "ancestor's ids have 18.",
        values={
            "15-digits": "15 digits, as the printed length says",
            "18-digits": "18 digits, as the ancestor's",
            "10-digits": "10 digits, as the printed report id",
        },
    ),
    "duplicate_id": Ambiguity(
        clause="S-04",
        marks="D, A",
        question="Which recipients does “Birden fazla MessageID” refuse?",
        page="-33: “Birden fazla MessageID durum hatası”",
        values={
            "later-ones": "the first use of an id in a request stands, each later one gets -33",
            "whole-request": "every recipient of the request gets -33",
            "account-history": "as later-ones, and an id the account has ever used before gets -33 too",
        },
    ),
    "empty_gsm": Ambiguity(
        clause="S-05",
        marks="D, I",
        question="What happens to an empty <gsm></gsm> beside real numbers?",
        page="The first example sends one number and three empty “<gsm></gsm>”; -6: “Gönderim numarasında eksiklik”",
        values={"skip": "skipped without a result", "refuse": "a result with status -6 each"},
    ),
    "short_number": Ambiguity(
        clause="S-05",
        marks="D",
        question="Which code does a number with digits missing get?",
        page="-6: “Gönderim numarasında eksiklik”; -13: “Bilinmeyen gönderim numarası”",
        values={"unknown": "-13, as for any number that is none", "incomplete": "-6, the other sense of the words"},
    ),
    "number_form": Ambiguity(
        clause="S-08",
        marks="D, A",
        question="Are numbers with a leading + or 0 accepted?",
        page="GSM: “Mesaj kime gönderilecek +, 0 uluslararası gönderim için kullanımı”",
        values={
            "lenient": "90…, +90…, 0090…, 05… and 5… name the same number",
            "strict": "international digits only: a leading + or 0 is -13",
        },
    ),
    "unknown_title": Ambiguity(
        clause="S-09",
        marks="D, A, I",
        question="What happens to a title that is not the account's?",
        page="baslik: “Dinamik mesaj gönderen id”, “Alphanumeric max.length :11”, “Numeric max.length: 14”; "
        "INVALID_SOURCE_ADDRESS: “Yanlış / Geçersiz / Kaynak Adres”",
        values={
            "refuse": "status -34 for the request",
            "accept": "accepted and charged, later reported INVALID_SOURCE_ADDRESS",
        },
    ),
    "title_code": Ambiguity(
        clause="S-09",
        marks="A, I",
        question="Which code does an unknown or too long title get?",
        page="The page does not say; “-34 Mesaj iletilemedi”, “-1 Gönderim başarısız”, “-23 Genel hata”, “-99 "
        "Birden çok gönderim hatası nedeni ?”",
        values={
            "-34": "-34, which is SENDER_NOT_ALLOWED in the ancestor",
            "-1": "-1, sending failed",
            "-23": "-23, general error",
            "-99": "-99, several reasons",
        },
    ),
    "long_text": Ambiguity(
        clause="S-11",
        marks="D, I",
        question="What happens to a text over one part without type longSMS?",
        page="metin: “Mesaj alanı boyut 160 karakter olmalı”; type: “Seçimli parametre longSMS”, “Bos kullanın "
        "160 dan fazla karakter mesajda bu değer kullanılır”",
        values={
            "cut": "sent as one part, the rest is lost",
            "split": "sent in parts, as with longSMS",
            "refuse": "status -23 for the request",
        },
    ),
    "turkish_table": Ambiguity(
        clause="S-10",
        marks="I",
        question="Which national language table does a Turkish text get?",
        page="languageCode: “Türkçe gönderimler için ES kullanılmalı”; nothing about tables",
        values={
            "fewest": "single shift, locking shift or both, whichever gives the fewest parts",
            "single": "single shift: every Turkish letter outside the default alphabet counts 2",
            "locking": "locking shift",
        },
    ),
    "unencodable": Ambiguity(
        clause="S-12",
        marks="D, O, I",
        question="What happens to a character outside the alphabet when no datacoding asks for Unicode?",
        page="DataCoding: “Default : 0”, “Değer: 8 (Unicode göndderim içn)”",
        values={"ucs2": "the message is sent as UCS-2", "question-mark": "each such character becomes ?"},
    ),
    "long_validity": Ambiguity(
        clause="S-16",
        marks="D, A",
        question="What happens to a ValidityPeriod over 48 hours?",
        page="“ValidityPeriod HH:mm maksimum 48 saat olabilir default boş”",
        values={"clamp": "it counts as 48:00", "refuse": "status -23 for the request"},
    ),
    "short_credit": Ambiguity(
        clause="C-02",
        marks="D, A",
        question="Who gets -2 when the credit pays only some recipients?",
        page="-2: “Hesapta yeterli kredi yok”",
        values={
            "per-recipient": "those that can be paid go, in document order, the rest get -2",
            "whole-request": "nothing goes, every result is -2",
        },
    ),
}
