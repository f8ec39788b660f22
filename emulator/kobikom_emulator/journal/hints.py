"""How to mend what was refused or changed: a hint for each reason and remark."""

from __future__ import annotations

from collections.abc import Mapping

from kobikom_emulator.domain.reasons import Reason, Remark
from kobikom_emulator.phrases import Phrase

HINTS: Mapping[Reason | Remark, str] = {
    Reason.NO_USER: Phrase("write the account's user into <kullanici>; in a pull the parameter is kullanici"),
    Reason.NO_PASSWORD: Phrase("write the account's password into <parola>; in a pull the parameter is parola"),
    Reason.BAD_LOGIN: Phrase("check the spelling of the user, or add the account: --account USER:PASSWORD"),
    Reason.BAD_PASSWORD: Phrase(
        "check the password: capital letters count, and & must be written &amp; (%26 in a pull)"
    ),
    Reason.NO_RECIPIENT: Phrase("write each number into a <gsm> in <alicilar>, inside <mesajiniz>"),
    Reason.EMPTY_RECIPIENT: Phrase("leave the empty <gsm> out"),
    Reason.TOO_MANY_RECIPIENTS: Phrase("send several requests, or raise the limit: limits.max-recipients"),
    Reason.TOO_MANY_MESSAGES: Phrase("send several requests, or raise the limit: limits.max-messages"),
    Reason.TOO_MANY_IDS: Phrase("pull in several requests, or raise the limit: limits.max-ids"),
    Reason.NOT_A_MOBILE: Phrase("write the mobile number with its country code, digits only: 905xxxxxxxxx"),
    Reason.INCOMPLETE_NUMBER: Phrase("write all digits of the number: 905xxxxxxxxx has twelve"),
    Reason.SEVERAL_NUMBERS: Phrase("give each number a <gsm> of its own"),
    Reason.NOT_COVERED: Phrase("leave the number out, or widen the account's coverage"),
    Reason.DUPLICATE_ID: Phrase("give each recipient a messageId of its own"),
    Reason.USED_ID: Phrase("use each messageId only once"),
    Reason.TITLE_TOO_LONG: Phrase("shorten <baslik>: 11 characters, 14 if it is numeric"),
    Reason.TITLE_UNKNOWN: Phrase("use one of the account's titles, or add it to them: accounts.titles"),
    Reason.TEXT_TOO_LONG: Phrase("write <type>longSMS</type> to send it in parts"),
    Reason.TEXT_AND_BINARY: Phrase("leave <metin> or <binary> empty"),
    Reason.BAD_FLASH: Phrase("write 0, 1 or nothing"),
    Reason.BAD_NOPUSH: Phrase("write 0, 1 or nothing"),
    Reason.BAD_CODING: Phrase("leave it empty, or write 8 for Unicode"),
    Reason.BAD_BINARY: Phrase("write two hexadecimal digits for each octet, without 0x"),
    Reason.BAD_VALIDITY: Phrase("write hours and minutes, as in 24:00, or nothing"),
    Reason.BAD_SCHEDULE: Phrase("write the time from now, as in 1d2h30m; a date is not possible"),
    Reason.NO_CREDIT: Phrase("raise the account's credit, or shorten the text to fewer parts"),
    Remark.NO_RECIPIENTS: Phrase("write the numbers of the message into its own <alicilar>"),
    Remark.TEXT_CUT: Phrase("write <type>longSMS</type> to send the whole text in parts"),
    Remark.BINARY_CUT: Phrase("write <type>longSMS</type> to send all octets in parts"),
    Remark.COMBINING_MARKS: Phrase(
        "compose the text (Unicode form NFC) before sending: ş is one character, s + U+0327 two"
    ),
    Remark.CHARACTERS_REPLACED: Phrase("write <datacoding>8</datacoding>, or leave these characters out"),
    Remark.FORCED_UNICODE: Phrase("leave the character out for 160 characters a part instead of 70"),
    Remark.VALIDITY_CLAMPED: Phrase("write at most 48:00"),
    Remark.EXPIRES_AT_ONCE: Phrase("leave it empty for 48 hours"),
    Remark.EMPTY_TEXT: Phrase("write the text into <metin>"),
    Remark.TITLE_UNKNOWN: Phrase("use one of the account's titles, or add it to them: accounts.titles"),
    Remark.LANGUAGE_IGNORED: Phrase("write ES or TR for Turkish texts, else nothing"),
    Remark.TYPE_IGNORED: Phrase("write longSMS for a text in parts, else nothing"),
}
