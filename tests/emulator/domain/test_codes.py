"""One-time codes are found in texts, and other numbers are not taken for them."""

import pytest

from kobikom_emulator.domain.codes import codes_in


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Kodunuz 482913", ("482913",)),
        ("482913", ("482913",)),
        ("Doğrulama kodunuz: 123 456. Kimseyle paylaşmayın.", ("123456",)),
        ("4821-0007 is your code", ("48210007",)),
        ("ŞİFRENİZ: 4821", ("4821",)),
        ("G-482913 is your Google verification code.", ("G-482913",)),
        ("Kodunuz: AB12CD", ("AB12CD",)),
        ("Kodunuz 2026", ("2026",)),
        ("Kod 1111, eski kodunuz 2222", ("1111", "2222")),
        ("Sipariş 20240917 için onay kodu 5519", ("5519",)),
    ],
)
def test_codes_are_found(text: str, codes: tuple[str, ...]) -> None:
    """Digits in groups or not, after a letter and a dash, capital letters with digits; the likeliest first."""
    assert codes == codes_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bizi 0850 222 1 222 numarasından arayın, kod almak için",
        "0850 kod",
        "2026 yılında görüşürüz",
        "Sipariş no: 48291377 hazır, kodu kurye verecek",
        "Siparişiniz 482913 yola çıktı",
        "1250 TL ödendi, kod gerekmez",
        "Tutar ₺1250, şifre gerekmez",
        "1234 ile biten kartınızın şifresi değişti",
        "**** 1234 kartınızın şifresi değişti",
        "34 ABC 1234 plakalı aracınızın onayı verildi",
        "34ABC123 plakalı aracınızın onayı verildi",
        "31.01.2026 09:00 randevu, tutar 1.250,00 TL, http://x/123456",
        "+90 532 123 45 67 numarasından şifre istendi",
        "AB12CD",
        "Merhaba",
    ],
)
def test_other_numbers_are_no_codes(text: str) -> None:
    """Service numbers, years, orders, amounts, ends of cards, plates, dates, URLs and telephones."""
    assert () == codes_in(text)


def test_a_hostile_text_is_read_at_once() -> None:
    """Long runs of digits, letters and code words do not make the search take time in their square."""
    for piece in ("1", "1 ", "A", "kod", "0850 ", "850", "*", "kod 1234 ", "34 AB 1234 "):
        codes_in(piece * 5_000)
