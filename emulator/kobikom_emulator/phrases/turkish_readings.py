"""The Turkish texts of the readings: question, what the page says, and the meaning of each value.

What the page itself prints (“…”) is the same in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping

READINGS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "undeclared-bytes": (
        "Kodlaması bildirilmemiş ve UTF-8 olmayan baytlar nasıl okunur?",
        "istekler için kodlama bildirilmez, örneklerde Türkçe harf vardır: “kullanıcı_adiniz”, “ŞİFRE”.",
        {
            "refuse": "okunamayan her XML gibi -22",
            "windows-1254": "Türkçe Windows programlarının yazdığı windows-1254 olarak okunur",
        },
    ),
    "content-type": (
        "Yanıtlar hangi Content-Type ile gelir?",
        "“Content-Type: text/csv;charset= UTF-8”",
        {
            "as-documented": "text/csv;charset= UTF-8, aradaki boşlukla",
            "xml": "application/xml; charset=UTF-8",
        },
    ),
    "answer-layout": (
        "Yanıtların satırları nasıl dizilir?",
        "Örneklerde her öğe ayrı satırdadır; “Content-Length: 277” ikincinin böyle, sonda satır sonu olmadan "
        "uzunluğudur.",
        {
            "lines": "her satırda bir öğe, LF, sonda satır sonu yok; başlık ve bakiye yazıldığı gibi dört boşluklu",
            "compact": "ata kılavuzun uzunluklarındaki gibi: üç LF ve sonuç başına iki; başlık ve bakiye tek satırda",
        },
    ),
    "refusal-shape": (
        "Bütünüyle reddedilen isteğe kaç sonuç döner?",
        "kodlar sayılır (-5: “Kullanıcı adı ve şifre geçersiz”, …) ama reddedilmiş bir yanıt gösterilmez.",
        {
            "single": "tek bir sonuç, messageid ve destination boş",
            "per-recipient": "her alıcı için bir sonuç, numarası yinelenerek",
        },
    ),
    "result-shape": (
        "Birden çok sonuçlu yanıtlar düzgün biçimli midir?",
        "İkinci yanıt örneğinde ikinci “<result>” eksiktir ve “<status><0</status>” yazar.",
        {
            "well-formed": "her sonuç için bir <result> öğesi",
            "as-printed": "sayfadaki ikinci örnek bayt bayt: ayrıştırıcılar için zor bir sınav",
        },
    ),
    "login-codes": (
        "-10 kullanıcının eksik mi yanlış mı olduğunu söyler? Ya -11, parolanın?",
        "gönderim için “-10 Kullanıcı Adı hatalı”, “-11 Parola hatalı”, “-5 Kullanıcı adı ve şifre geçersiz”; "
        "rapor için “10 – Eksik Kallanıcı Adı hatası”, “11 – Eksik Şifre Hatası”",
        {
            "missing": "eksik ya da boş olana -10 ve -11, bilinmeyen kullanıcıya ya da yanlış parolaya -5",
            "wrong": "bilinmeyen kullanıcıya da -10, yanlış parolaya da -11; -5 görülmez",
        },
    ),
    "message-id": (
        "Üretilen mesaj kimliği kaç hanelidir?",
        '“id="1023012301"” 10 hanelidir; “Content-Length: 176” ilk örnekte 15 hane eder; ata kılavuzun kimlikleri '
        "18 hanelidir.",
        {
            "15-digits": "15 hane, yazılı uzunluktaki gibi",
            "18-digits": "18 hane, ata kılavuzdaki gibi",
            "10-digits": "10 hane, rapor örneğindeki kimlik gibi",
        },
    ),
    "duplicate-id": (
        "“Birden fazla MessageID” hangi alıcıları reddeder?",
        "-33: “Birden fazla MessageID durum hatası”",
        {
            "later-ones": "istekteki ilk kullanım geçerlidir, sonrakiler -33 alır",
            "whole-request": "istekteki her alıcı -33 alır",
            "account-history": "later-ones gibi; ayrıca hesabın daha önce kullandığı kimlik de -33 alır",
        },
    ),
    "empty-gsm": (
        "Gerçek numaraların yanındaki boş <gsm></gsm> ne olur?",
        "İlk örnek bir numara ve üç boş “<gsm></gsm>” gönderir; -6: “Gönderim numarasında eksiklik”",
        {"skip": "atlanır, sonuç dönmez", "refuse": "her biri için -6 döner"},
    ),
    "short-number": (
        "Hanesi eksik numara hangi kodu alır?",
        "-6: “Gönderim numarasında eksiklik”; -13: “Bilinmeyen gönderim numarası”",
        {"unknown": "-13, numara olmayan her değer gibi", "incomplete": "-6, “eksiklik” sözünün öteki anlamı"},
    ),
    "number-form": (
        "Başında + ya da 0 olan numaralar kabul edilir mi?",
        "GSM: “Mesaj kime gönderilecek +, 0 uluslararası gönderim için kullanımı”",
        {
            "lenient": "90…, +90…, 0090…, 05… ve 5… aynı numaradır",
            "strict": "yalnızca uluslararası rakamlar: baştaki + ya da 0 -13 alır",
        },
    ),
    "unknown-title": (
        "Hesabın olmayan başlık ne olur?",
        "baslik: “Dinamik mesaj gönderen id”, “Alphanumeric max.length :11”, “Numeric max.length: 14”; "
        "INVALID_SOURCE_ADDRESS: “Yanlış / Geçersiz / Kaynak Adres”",
        {
            "refuse": "istek -34 alır",
            "accept": "kabul edilir ve ücretlendirilir, sonra INVALID_SOURCE_ADDRESS raporlanır",
        },
    ),
    "title-code": (
        "Bilinmeyen ya da fazla uzun başlık hangi kodu alır?",
        "belirtilmez; “-34 Mesaj iletilemedi”, “-1 Gönderim başarısız”, “-23 Genel hata”, “-99 Birden çok "
        "gönderim hatası nedeni ?”",
        {
            "-34": "-34, ata kılavuzda SENDER_NOT_ALLOWED",
            "-1": "-1, gönderim başarısız",
            "-23": "-23, genel hata",
            "-99": "-99, birden çok neden",
        },
    ),
    "long-text": (
        "type longSMS olmadan bir parçayı aşan metin ne olur?",
        "metin: “Mesaj alanı boyut 160 karakter olmalı”; type: “Seçimli parametre longSMS”, “Bos kullanın 160 dan "
        "fazla karakter mesajda bu değer kullanılır”",
        {
            "cut": "tek parça gönderilir, kalanı kaybolur",
            "split": "longSMS varmış gibi parçalı gönderilir",
            "refuse": "istek -23 alır",
        },
    ),
    "turkish-table": (
        "Türkçe metin hangi ulusal dil tablosunu alır?",
        "languageCode: “Türkçe gönderimler için ES kullanılmalı”; tablolardan söz edilmez",
        {
            "fewest": "tek geçiş, kilitli geçiş ya da ikisi: hangisi en az parça ederse",
            "single": "tek geçiş: varsayılan alfabede olmayan her Türkçe harf 2 sayılır",
            "locking": "kilitli geçiş",
        },
    ),
    "unencodable": (
        "datacoding Unicode istemiyorsa alfabede olmayan karakter ne olur?",
        "DataCoding: “Default : 0”, “Değer: 8 (Unicode göndderim içn)”",
        {"ucs2": "mesaj UCS-2 olarak gönderilir", "question-mark": "böyle her karakter ? olur"},
    ),
    "long-validity": (
        "48 saati aşan ValidityPeriod ne olur?",
        "“ValidityPeriod HH:mm maksimum 48 saat olabilir default boş”",
        {"clamp": "48:00 sayılır", "refuse": "istek -23 alır"},
    ),
    "short-credit": (
        "Kredi alıcıların yalnızca bir kısmına yetiyorsa -2'yi kim alır?",
        "-2: “Hesapta yeterli kredi yok”",
        {
            "per-recipient": "belge sırasıyla kredinin yettikleri gönderilir, kalanlar -2 alır",
            "whole-request": "hiçbiri gönderilmez, bütün sonuçlar -2 olur",
        },
    ),
    "report-close": (
        "Rapor belgesi kapatılır mı?",
        "İlk rapor örneği “</DeliveryReport>” olmadan biter, ikincisinde vardır.",
        {"closed": "</DeliveryReport> ile", "as-printed": "onsuz, ilk örnekteki gibi"},
    ),
    "sent-attribute": (
        "Raporda mesajın gönderildiği zamanı taşıyan özniteliğin adı nedir?",
        "Örneklerde “sentdate”, öznitelik tablosunda “senddate” yazar.",
        {"sentdate": "sentdate, örneklerdeki gibi", "senddate": "senddate, tablodaki gibi"},
    ),
    "pull-refusal": (
        "Reddedilen rapor isteği 5 mi döndürür, -5 mi?",
        "“5 – Geçersiz kullanıcı adı veya şifre”; çizgi bir ayırıcı da olabilir, yeri kaymış bir eksi de",
        {"positive": "yalnızca sayı: 5, 10, 11", "negative": "gönderim kodlarının işaretiyle: -5, -10, -11"},
    ),
    "dates": (
        "Rapor tarihlerinin hangi bölümleri sıfırla doldurulur?",
        '“sentdate="2005/7/19 22:0:0"” yanında “format(yyyy/m/d hh:mm:ss)”',
        {
            "unpadded": "2005/7/19 22:0:0, örneklerdeki gibi",
            "as-written": "2005/7/19 22:00:00, yyyy/m/d hh:mm:ss kuralı harfi harfine",
            "padded": "2005/07/19 22:00:00, ata hizmetin trafiğindeki gibi",
        },
    ),
    "amount": (
        "Tutar nasıl yazılır?",
        "“<miktar>18.532</miktar>” tek örnektir.",
        {
            "three-places": "ondalık nokta ve üç hane: 914.000, 18.532",
            "shortest": "olabildiğince kısa: 914, 18.5",
            "grouped": "tam sayı, Türkçedeki gibi binlik ayırıcı nokta: 18.532, on sekiz bin demektir",
        },
    ),
}
