"""The Turkish text of what is wrong with a request to the control API, by its English template."""

from __future__ import annotations

from collections.abc import Mapping

PROBLEMS: Mapping[str, str] = {
    # the search field
    "-{name}: leave the - away": "-{name}: baştaki - işaretini kaldırın",
    "{name}:{value}: there are {choices}": "{name}:{value}: seçenekler {choices}",
    "{name}:{value}: a date is written 2026-01-31, 31.01.2026 or 2026-01-31T09:30": (
        "{name}:{value}: tarih 2026-01-31, 31.01.2026 ya da 2026-01-31T09:30 biçiminde yazılır"
    ),
    # values
    "must be an amount from 0 to below 10^15 with at most {places} decimals, not {amount}": (
        "0 ile 10^15 arasında, en çok {places} ondalıklı bir tutar olmalı; {amount} olamaz"
    ),
    "{name} must be an amount from 0 to below 10^15 with at most {places} decimals, not {amount}": (
        "{name}: 0 ile 10^15 arasında, en çok {places} ondalıklı bir tutar olmalı; {amount} olamaz"
    ),
    "must be an instant as in {example}, not {written}": "{example} gibi bir an olmalı; {written} olamaz",
    "needs a time zone, as in {example}": "saat dilimi gerekir, örnek: {example}",
    "must be in a year from {first} to {last}, UTC": "yıl {first} ile {last} arasında olmalı (UTC)",
    "goes past the last year that dates can be printed in": "tarihlerin yazılabildiği son yılı geçiyor",
    "must be 1 to {letters} printable characters or {digits} digits, without white space around them, not {title}": (
        "1 ile {letters} arası yazılabilir karakter ya da en çok {digits} rakam olmalı, başında ve sonunda boşluk "
        "olmamalı; {title} olamaz"
    ),
    "must have no control characters: no request could name it": (
        "denetim karakteri olmamalı: hiçbir istek onu yazamazdı"
    ),
    "must have no white space around it": "başında ve sonunda boşluk olmamalı",
    "{name} is not a network ({networks}), a two-letter country code or {none}": (
        "{name} bir şebeke ({networks}), iki harfli ülke kodu ya da {none} değil"
    ),
    "{name} is not a network ({networks}), a two-letter country code or {none}; did you mean {nearest}?": (
        "{name} bir şebeke ({networks}), iki harfli ülke kodu ya da {none} değil; {nearest} mi demek istediniz?"
    ),
    # what JSON holds
    "is required": "gerekli",
    "is not known; did you mean {nearest}?": "bilinmiyor; {nearest} mi demek istediniz?",
    "is not known; known: {names}": "bilinmiyor; bilinenler: {names}",
    "is not known; there are none": "bilinmiyor; hiç yok",
    "cannot be {value}": "{value} olamaz",
    "cannot be {value}: choose one of {choices}": "{value} olamaz; seçenekler: {choices}",
    "must be {expected}": "{expected} olmalı",
    "must be {expected}, not {got}": "{expected} olmalı; {got} olamaz",
    "must be {expected} of length >= {length}": "en az {length} uzunlukta olmalı ({expected})",
    "must be {expected} of length <= {length}": "en çok {length} uzunlukta olmalı ({expected})",
    "must be {expected} >= {bound}": "en az {bound} olmalı ({expected})",
    "must be {expected} > {bound}": "{bound} değerinden büyük olmalı ({expected})",
    "must be {expected} <= {bound}": "en çok {bound} olmalı ({expected})",
    "must be {expected} < {bound}": "{bound} değerinden küçük olmalı ({expected})",
    "must be {expected} matching regex {pattern}": "{pattern} biçimine uymalı ({expected})",
    "Invalid decimal string": "sayı olmalı",
    "Invalid RFC3339 encoded datetime": "2026-01-31T09:00:00+03:00 gibi bir an olmalı",
    "the body is not JSON: {reason}": "gövde JSON değil: {reason}",
    # fault rules
    "is already past on this space's clock, so the rule never matches": (
        "bu alanın saatine göre geçmişte kaldı, kural hiç eşleşmez"
    ),
    "a {operation} has none, so the rule never matches": "{operation} içinde bu alan yok, kural hiç eşleşmez",
    "this {kind} effect never changes a {operation} answer": "{kind} arızası {operation} yanıtını hiç değiştirmez",
    "this {kind} effect never changes a push": "{kind} arızası rapor itmeyi hiç değiştirmez",
    "0 is success, not a fault": "0 başarıdır, arıza değil",
    "places count from 1, or from -1 at the end": "sıralar 1'den, sondan ise -1'den başlar",
    "the code is for the whole request; scope is recipient for single ones": (
        "kod bütün istek içindir; tek tek alıcılar için kapsam alıcı olmalı"
    ),
    "places says which recipients already": "hangi alıcılar olduğunu sıralar zaten söylüyor",
    "has no body, so no page": "bu durumun gövdesi, yani sayfası olmaz",
    # accounts, spaces, messages
    "space {space} has no account {user}": "{space} alanında {user} hesabı yok",
    "space {space} has no message {id}": "{space} alanında {id} mesajı yok",
    "space {space} has no fault {number}": "{space} alanında {number} numaralı arıza yok",
    "space {space} has no webhook {number}": "{space} alanında {number} numaralı web kancası yok",
    "space {space} has no journal entry {number}, or not any more": (
        "{space} alanının günlüğünde {number} numaralı kayıt yok ya da artık yok"
    ),
    "space {space} has {count} webhooks; remove one": "{space} alanında {count} web kancası var; birini kaldırın",
    "user {user} belongs to space {space}": "{user} kullanıcısı {space} alanında",
    "two accounts have the same user": "iki hesabın kullanıcısı aynı",
    "there is a space {name} already": "{name} adlı bir alan zaten var",
    "there is no reading {name}": "{name} adlı bir yorum yok",
    "there is no space {name}": "{name} adlı bir alan yok",
    "there are {count} spaces open; close some": "{count} alan açık; bazılarını kapatın",
    "the default space can't be closed; reset it": "varsayılan alan kapatılamaz; sıfırlayın",
    "message {id}: its report was given already, so its status is final": (
        "{id} mesajının raporu verildi, durumu artık değişmez"
    ),
    "message {id}: it ended NOT_ALLOWED and its charge was given back, so its status is final": (
        "{id} mesajı NOT_ALLOWED ile bitti ve ücreti geri verildi, durumu artık değişmez"
    ),
    "message {id}: it would end after the last year that dates can be printed in": (
        "{id} mesajı tarihlerin yazılabildiği son yıldan sonra biterdi"
    ),
    # addresses
    "{url} is not a URL: it has blanks or control characters": (
        "{url} bir URL değil: boşluk ya da denetim karakteri var"
    ),
    "{url} is not an http or https URL": "{url} bir http ya da https URL'si değil",
    "{url} has a user before its host: a push has no login, use path or query": (
        "{url} içinde sunucu adından önce kullanıcı var: itmede oturum olmaz, yolu ya da sorguyu kullanın"
    ),
    "{url} is not a URL: its host or port is not one": "{url} bir URL değil: sunucu adı ya da kapısı yanlış",
    "port {port} belongs to another protocol than HTTP": "{port} kapısı HTTP'den başka bir protokolündür",
    "{host} is neither loopback nor private": "{host} ne yerel (loopback) ne de özel bir adres",
    "{host} is {address}, neither loopback nor private": "{host} adresi {address}: ne yerel (loopback) ne de özel",
}
"""`{name}` is any text. Of several templates that fit, the one with the most words counts."""

WORDS: Mapping[str, str] = {
    "a list": "liste",
    "true or false": "evet ya da hayır",
    "an instant": "tarih ve saat",
    "a number": "sayı",
    "a whole number": "tam sayı",
    "an object": "nesne",
    "a text": "metin",
    "null": "boş",
    "send": "gönderim",
    "pull": "rapor isteği",
    "titles": "başlık sorgusu",
    "balance": "bakiye sorgusu",
}
"""Words that stand in a slot."""
