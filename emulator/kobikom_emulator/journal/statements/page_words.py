"""What the vendor's page itself prints about a clause: its own lines, in its own spelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PAGE_WORDS: Mapping[str, Sequence[str]] = {
    "T-01": ("POST http://www.kobikom.com/api/sendsms/xml/",),
    "T-02": ("XML=", '<?xml version="1.0" encoding="UTF-8"?>'),
    "T-03": ("Content-Type: application/xml Accept: */*",),
    "T-04": (
        "Host: kobikom.com",
        "POST http://www.kobikom.com/api/sendsms/xml/",
        "Bu sayfada görüntülediğiniz döküman sms1.kobikom.com adresini kullanan müşterilerimiz içindir.",
    ),
    "T-06": ("XML=",),
    "T-07": ("Mesaj baslik Dinamik mesaj gönderen id", "<type></type>"),
    "T-08": ("Status Code: 200",),
    "T-09": ("Content-Type: text/csv;charset= UTF-8", "Content-Length: 176"),
    "T-10": ("Content-Length: 176", "Content-Length: 277"),
    "A-01": ("-10 Kullanıcı Adı hatalı", "10 – Eksik Kallanıcı Adı hatası"),
    "A-02": ("-11 Parola hatalı", "11 – Eksik Şifre Hatası"),
    "A-03": ("-5 Kullanıcı adı ve şifre geçersiz",),
    "A-04": ("-22 XML syntax error hata",),
    "S-01": ("<destination>905329975725</destination>",),
    "S-02": ("<messageid>Kobikom_MessageId", 'id="1023012301"', "Content-Length: 176"),
    "S-03": (
        "Kayıt teslimi – “messageID” müşteri tarafından belirlenen",
        "id Kullanıcı özel veya KobiSMS mesaj id",
    ),
    "S-04": ("-33 Birden fazla MessageID durum hatası",),
    "S-05": ("-6 Gönderim numarasında eksiklik", "<gsm></gsm>"),
    "S-06": ("-13 Bilinmeyen gönderim numarası KobiKom dışı gönderim operatörü",),
    "S-07": ("-3 Hedeflenen ağ kapsamında değil",),
    "S-08": ("GSM Mesaj kime gönderilecek +, 0 uluslararası gönderim için kullanımı",),
    "S-09": (
        "Dinamik mesaj gönderen id",
        "Alphanumeric max.length :11",
        "Numeric max.length: 14",
        "INVALID_SOURCE_ADDRESS Yanlış / Geçersiz / Kaynak Adres",
    ),
    "S-10": (
        "metin Mesaj alanı boyut 160 karakter olmalı",
        "type Seçimli parametre longSMS",
        "Bos kullanın 160 dan fazla karakter mesajda bu değer kullanılır",
    ),
    "S-11": ("metin Mesaj alanı boyut 160 karakter olmalı",),
    "S-12": (
        "languageCode Türkçe gönderimler için ES kullanılmalı",
        "DataCoding Default : 0",
        "Değer: 8 (Unicode göndderim içn)",
    ),
    "S-13": ("Flash 0 veya 1 değer alabilir", "1 flash SMS acil durumlarda kullanılır"),
    "S-14": ("binary Hexdecimal format (boş)", "wapurl bos", "Srcton bos"),
    "S-15": (
        "ileriTarih İleri gönderimli kullanım",
        "4 day, 3 hours, 2 minute, 1 second,",
        "Anlık göndeim için 1s olmalı",
        "-27 İleri gönderim tarih hatası",
    ),
    "S-16": ("ValidityPeriod ValidityPeriod HH:mm maksimum 48 saat olabilir default boş",),
    "S-17": ("-23 Genel hata",),
    "S-18": ("appid boş",),
    "S-19": ("pushurl Boş durumda nopush", "nopush Default değer 0 dır boş bırakınız"),
    "C-02": ("-2 Hesapta yeterli kredi yok",),
    "R-01": ("http://www.kobikom.com/api/sendsms/xml/pull?kullanici=test&parola=test1",),
    "R-02": ("</DeliveryReport>", "senddate Mesaj gönderim zaman başlangıcı format(yyyy/m/d hh:mm:ss)"),
    "R-03": (
        "ÇOK ÖNEMLİ: İletim raporu yöntemi kullanırken sadece bir kez sonuç görüntülenir, rapor sonucu tekrar "
        "gösterilmez eğer tekrar rapor görmek istenilirse sonuç NO_DATA olarak dönecektir.",
    ),
    "R-04": ("isteğe bağlı, belirli iletim raporlarını istemek için.",),
    "R-06": ("donedate Mesaj gönderim bitiş zaman aralığı format(yyyy/m/d hh:mm:ss)",),
    "R-07": (
        "5 – Geçersiz kullanıcı adı veya şifre",
        "10 – Eksik Kallanıcı Adı hatası",
        "11 – Eksik Şifre Hatası",
    ),
    "R-08": ('donedate="2005/7/19 22:0:0"', "format(yyyy/m/d hh:mm:ss)"),
    "R-09": (
        "status NOT_SENT Mesaj KobiSMS kuyruğunda ancak teslim edilemedi",
        "DELIVERED Mesaj alıcıya başarı ile iletildi.",
    ),
    "R-10": ('status="DELIVERED" gsmerror="0"', 'status="NOT_SENT" gsmerror="0"'),
    "H-01": ("<sayisal></sayisal>", "<baslik>DEMO</baslik>"),
    "B-01": ("<miktar>18.532</miktar>", "<kur>TRY</kur>"),
    "E": (
        "-1 Gönderim başarısız",
        "-23 Genel hata",
        "-26 API baglanti hatası",
        "-99 Birden çok gönderim hatası nedeni ?",
        "<status><0</status>",
    ),
}
"""By clause. Clauses without an entry are not the page's: it says nothing about them."""
