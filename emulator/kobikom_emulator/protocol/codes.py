"""The vendor's status codes and report words, as the page lists them (sections “Hata ve Gönderim Kodları”, “İleti
Raporu”).
"""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """Status of a send, request-wide or of one recipient. The comment is the page's own wording."""

    OK = 0  # Tüm işlemler başarılı
    FAILED = -1  # Gönderim başarısız
    NO_CREDIT = -2  # Hesapta yeterli kredi yok
    NOT_COVERED = -3  # Hedeflenen ağ kapsamında değil
    BAD_LOGIN = -5  # Kullanıcı adı ve şifre geçersiz
    NO_NUMBER = -6  # Gönderim numarasında eksiklik
    NO_USER = -10  # Kullanıcı Adı hatalı
    NO_PASSWORD = -11  # Parola hatalı
    UNKNOWN_NUMBER = -13  # Bilinmeyen gönderim numarası KobiKom dışı gönderim operatörü
    BAD_XML = -22  # XML syntax error hata
    GENERAL = -23  # Genel hata
    API_CONNECTION = -26  # API baglanti hatası
    BAD_SCHEDULE = -27  # İleri gönderim tarih hatası
    DUPLICATE_ID = -33  # Birden fazla MessageID durum hatası
    NOT_SENT = -34  # Mesaj iletilemedi
    MANY_ERRORS = -99  # Birden çok gönderim hatası nedeni ?


PULL_CODES = {Code.BAD_LOGIN: 5, Code.NO_USER: 10, Code.NO_PASSWORD: 11}
"""The three refusals a pull has, as the page prints them (R-07)."""

NO_DATA = b"NO_DATA"
"""The answer to a pull when there are no reports (R-03)."""
