"""The Turkish text of each phrase, by its English template."""

from __future__ import annotations

from collections.abc import Mapping

TURKISH: Mapping[str, str] = {
    # the command line
    "Marks: D documented, O observed in a real client, A from the ancestor manual, I inferred.": (
        "İşaretler: D belgede yazıyor, O gerçek bir istemcide görüldü, A ata kılavuzdan, I bizim çıkarımımız."
    ),
    "[default]": "[varsayılan]",
    "The page: {page}": "Sayfa: {page}",
    "send": "gönderim",
    "titles": "başlık sorgusu",
    "balance": "bakiye sorgusu",
    "pull": "rapor isteği",
    "unreadable": "okunamadı",
    "accepted": "kabul edildi",
    "partly": "kısmen kabul edildi",
    "refused": "reddedildi",
    "answered": "yanıtlandı",
    "given": "rapor verildi",
    "empty": "rapor yok",
    "fault": "arıza kuralı",
    "also": "ayrıca",
    "changed": "değiştirildi",
    "unread": "okunmadı",
    "noted": "not",
    "expected": "beklenen",
    "found": "bulunan",
    "hint": "öneri",
    ", status {code}": ", durum kodu {code}",
    " line {line}, column {column}": " satır {line}, sütun {column}",
    "no answer: the connection is closed": "yanıt yok: bağlantı kapatılıyor",
    # logins
    "a user name": "kullanıcı adı",
    "none": "yok",
    "a password": "parola",
    "the user of an account": "tanımlı bir kullanıcı",
    "user {user}": "{user} kullanıcısı",
    "the password of user {user}": "{user} kullanıcısının parolası",
    "another one": "başka bir parola",
    # recipients
    "at most {count} recipients": "en çok {count} alıcı",
    "at most {count} messages": "en çok {count} mesaj",
    "at most {count} ids": "en çok {count} kimlik",
    "send several requests, or raise the limit: limits.max-messages": "birkaç istek gönderin ya da sınırı yükseltin: "
    "limits.max-messages",
    "pull in several requests, or raise the limit: limits.max-ids": "raporları birkaç istekle çekin ya da sınırı "
    "yükseltin: limits.max-ids",
    "{count}": "{count}",
    "at least one recipient": "en az bir alıcı",
    "a number": "numara",
    "an empty <gsm>": "boş <gsm>",
    "a mobile number": "cep telefonu numarası",
    "{number}: {why}": "{number}: {why}",
    "no characters": "hiç karakter yok",
    "{count} characters, but no number has more than 15 digits": "{count} karakter, oysa numaralar en çok 15 hanelidir",
    "characters other than digits after an optional leading +": "baştaki + dışında rakam olmayan karakterler var",
    "{problem}, which number-form=strict refuses": "{problem}; number-form=strict bunu reddeder",
    "a leading {character}": "başında {character} var",
    "a Turkish number without its country code": "ülke kodu yazılmamış bir Türkiye numarası",
    "a 0 where the country code should begin": "ülke kodunun başlaması gereken yerde 0 var",
    "{count} digits, but international numbers have 7 to 15": (
        "{count} hane, oysa uluslararası numaralar 7-15 hanelidir"
    ),
    "a leading 0, but not followed by a 5 and nine more digits": "başında 0 var, ama ardından 5 ve dokuz hane gelmiyor",
    "{count} digits, but Turkish numbers have 12 with the country code": (
        "{count} hane, oysa Türkiye numaraları ülke koduyla 12 hanedir"
    ),
    "12 digits, but {prefix}… is no assigned Turkish mobile prefix": (
        "12 hane, ama {prefix}… Türkiye'de tahsis edilmiş bir mobil önek değil"
    ),
    "{prefix}… begins with no country code": "{prefix}… bir ülke koduyla başlamıyor",
    "no valid number of country code {code}": "{code} ülke kodunda geçerli bir numara değil",
    "a trunk prefix after country code {code}": "{code} ülke kodundan sonra şehirler arası önek (0) var",
    "a valid number of {country}, but not a mobile one": "{country} için geçerli bir numara, ama cep telefonu değil",
    "nothing": "hiçbiri",
    "a network the account covers ({covered})": "hesabın kapsamındaki bir şebeke ({covered})",
    "{network} in {country}": "{network}, {country}",
    "an id not used before in the request": "bu istekte daha önce kullanılmamış bir kimlik",
    "an id the account never used before": "hesabın daha önce hiç kullanmadığı bir kimlik",
    # titles, texts, credit
    "a title": "başlık",
    "none, and the account has none": "yok, hesabın da başlığı yok",
    "one of the account's titles ({titles})": "hesabın başlıklarından biri ({titles})",
    "a numeric title of at most {limit}": "en çok {limit} haneli sayısal başlık",
    "an alphanumeric title of at most {limit}": "en çok {limit} karakterlik alfasayısal başlık",
    "{count}: {title}": "{count}: {title}",
    "at most {count} ({alphabet}) without longSMS": "longSMS olmadan en çok {count} ({alphabet})",
    "{count} characters lost: {text}": "{count} karakter kayboldu: {text}",
    "{count} octets lost: {octets}": "{count} sekizli kayboldu: {octets}",
    "{marks} combining marks: {length} characters, {composed} when composed": (
        "{marks} birleşen işaret: {length} karakter, birleştirilmiş hâlde {composed}"
    ),
    "an empty text": "boş metin",
    "a credit of {cost}": "{cost} kredi",
    "{credit} left": "{credit} kaldı",
    # fields
    "0 or 1": "0 ya da 1",
    "0, 8 or another octet": "0, 8 ya da başka bir sekizli",
    "pairs of hexadecimal digits": "ikişer onaltılık rakam",
    "either metin or binary": "ya metin ya binary",
    "both": "ikisi de dolu",
    "an offset like 4d3h2m1s": "4d3h2m1s gibi bir süre",
    "HH:mm": "SS:dd (HH:mm)",
    "at most 48:00": "en çok 48:00",
    "{value}, clamped to 48:00": "{value}, 48:00 sayıldı",
    "{value}: the message expires at once": "{value}: mesajın süresi hemen doluyor",
    "{value}, ignored": "{value}, yok sayıldı",
    "{value}, recorded only": "{value}, yalnızca kaydedildi",
    "a documented name": "belgede geçen bir ad",
    "{name}, in ASCII letters": "ASCII harflerle {name}",
    "one; the first counts": "bir tane; ilki geçerlidir",
    "its place in {name}: move it inside": "yeri {name} içi: oraya taşıyın",
    "elements only, no text between them": "yalnızca öğeler, aralarında metin olmadan",
    "the charset of the bytes, UTF-8": "baytların gerçek karakter kümesi, UTF-8",
    "at most {count} different names that are not read": "okunmayan en çok {count} farklı ad",
    "{expected}: {cause}": "{expected}: {cause}",
    "check the spelling and the place of the name": "adın yazımını ve yerini kontrol edin",
    # bodies that cannot be read
    "an XML document": "XML belgesi",
    "an XML document, bare or in the field XML": "XML belgesi, düz ya da XML alanında",
    "an empty body": "boş gövde",
    "post the XML as the body of the request": "XML'i isteğin gövdesi olarak gönderin",
    "JSON": "JSON",
    "the API speaks XML only: <SMS>…</SMS>": "API yalnızca XML kabul eder: <SMS>…</SMS>",
    "a form with the fields {names}": "şu alanları olan bir form: {names}",
    "name the field XML, or post the XML as the body itself": (
        "alanın adını XML yapın ya da XML'i doğrudan gövde olarak gönderin"
    ),
    "a body compressed with {name}": "{name} ile sıkıştırılmış gövde",
    "send the body uncompressed, without Content-Encoding": "gövdeyi sıkıştırmadan, Content-Encoding olmadan gönderin",
    "text in {encoding}": "{encoding} ile kodlanmış metin",
    "single bytes: they are not {encoding}": "tek baytlık karakterler, {encoding} değil",
    'declare what the bytes are, encoding="UTF-8"; in .NET a StringWriter always declares utf-16: '
    "write to a stream instead": (
        'baytlar neyse onu bildirin: encoding="UTF-8". .NET\'te StringWriter her zaman utf-16 bildirir, '
        "onun yerine Stream'e yazın"
    ),
    "a byte order mark and a declaration that agree": "birbirini tutan BOM ve XML bildirimi",
    "a UTF-8 byte order mark before the declaration {encoding}": "{encoding} bildiriminin önünde UTF-8 BOM",
    "write the file without byte order mark, or declare UTF-8": "BOM yazmayın ya da UTF-8 bildirin",
    "UTF-8, or a declared encoding": "UTF-8 ya da bildirilmiş bir kodlama",
    "byte 0x{byte}, which is no UTF-8 here; windows-1254 reads it as {character}": (
        "0x{byte} baytı, burada UTF-8 değil; windows-1254 bunu {character} okur"
    ),
    "byte 0x{byte} in a document that is no UTF-8; windows-1254 has no character there": (
        "UTF-8 olmayan bir belgede 0x{byte} baytı; windows-1254'te bu baytın karakteri yok"
    ),
    "send UTF-8, or declare the encoding in which the bytes are written": (
        "UTF-8 gönderin ya da baytların yazıldığı kodlamayı bildirin"
    ),
    'send UTF-8, or begin with <?xml version="1.0" encoding="windows-1254"?>': (
        'UTF-8 gönderin ya da belgeye <?xml version="1.0" encoding="windows-1254"?> ile başlayın'
    ),
    "a known encoding": "bilinen bir kodlama",
    "encoding {name}": "{name} kodlaması",
    "declare UTF-8, ISO-8859-9 or windows-1254, and send those bytes": (
        "UTF-8, ISO-8859-9 ya da windows-1254 bildirin, baytları da öyle gönderin"
    ),
    "bytes of the declared encoding": "bildirilen kodlamanın baytları",
    "declare the encoding in which the bytes are written": "baytların yazıldığı kodlamayı bildirin",
    "a root element SMS, basliklar or bakiye": "SMS, basliklar ya da bakiye kök öğesi",
    "a send begins with <SMS>, a title query with <basliklar>, a balance query with <bakiye>": (
        "gönderim <SMS> ile, başlık sorgusu <basliklar> ile, bakiye sorgusu <bakiye> ile başlar"
    ),
    "no DOCTYPE": "DOCTYPE'sız belge",
    "a DOCTYPE": "DOCTYPE",
    "leave the DOCTYPE out": "DOCTYPE yazmayın",
    "elements at most {count} deep": "en çok {count} düzey iç içe öğe",
    "at most {count} elements and attributes": "en çok {count} öğe ve nitelik",
    "more": "daha çoğu",
    "send several requests, or raise the limit: limits.max-elements": "birkaç istek gönderin ya da sınırı yükseltin: "
    "limits.max-elements",
    "shorten the text, or raise the limit: limits.max-text": "metni kısaltın ya da sınırı yükseltin: limits.max-text",
    "deeper nesting": "daha derin iç içe öğeler",
    "close each element before the next begins, or raise the limit: limits.max-depth": "her öğeyi sonraki başlamadan "
    "kapatın ya da sınırı yükseltin: limits.max-depth",
    "a text of at most {count} bytes": "en çok {count} baytlık metin",
    "a longer one": "daha uzunu",
    "shorten the text: a message has at most some thousand characters": (
        "metni kısaltın: bir mesaj en çok birkaç bin karakterdir"
    ),
    "well-formed XML": "düzgün biçimli XML",
    "the parser says: {message}": "XML ayrıştırıcısı: {message}",
    "U+{code}, a character that XML cannot carry, not even as a reference": (
        "U+{code}: XML'de bulunamayacak bir karakter, başvuru olarak bile"
    ),
    "remove the control characters before writing the XML": "XML'i yazmadan önce denetim karakterlerini ayıklayın",
    "{entity}, an entity that XML does not know": "{entity}: XML'de tanımlı olmayan bir varlık",
    "write the character itself or its number: &#160; for &nbsp;": (
        "karakterin kendisini ya da numarasını yazın: &nbsp; yerine &#160;"
    ),
    "a bare & before {text}": "kaçışsız &, ardından {text}",
    "write & as &amp; in a text; an XML library does it by itself": (
        "metinde & yerine &amp; yazın; XML kütüphaneleri bunu kendiliğinden yapar"
    ),
    "a bare < before {text}": "kaçışsız <, ardından {text}",
    "write < as &lt; in a text; an XML library does it by itself": (
        "metinde < yerine &lt; yazın; XML kütüphaneleri bunu kendiliğinden yapar"
    ),
    "the document ends early: close every element": "belge erken bitiyor: bütün öğeleri kapatın",
    "the document ends early: Content-Length counts bytes, not characters": (
        "belge erken bitiyor: Content-Length karakter değil bayt sayar"
    ),
    "close each element with its own name": "her öğeyi kendi adıyla kapatın",
    "one document a request: remove what follows the root element": (
        "her istekte tek belge olur: kök öğeden sonrasını silin"
    ),
    "begin the body with <SMS>, <basliklar> or <bakiye>": "gövdeye <SMS>, <basliklar> ya da <bakiye> ile başlayın",
    "write the values of attributes in straight quotes": "öznitelik değerlerini düz tırnak içinde yazın",
    "let an XML library write the document": "belgeyi bir XML kütüphanesine yazdırın",
    # plain HTTP
    "a body of at most {count} bytes": "en çok {count} baytlık gövde",
    "a complete body": "eksiksiz gövde",
    "a request within the limits": "sınırlar içinde bir istek",
    "a connection that ended before": "gövde bitmeden kopan bağlantı",
    "{send}/ or {pull}": "{send}/ ya da {pull}",
    "a body of {count} bytes, as its Content-Length says": (
        "Content-Length değerinin söylediği gibi {count} baytlık gövde"
    ),
    "more bytes after the body than Content-Length says: it counts bytes, not characters": (
        "gövde Content-Length değerinden uzun: Content-Length karakter değil bayt sayar"
    ),
    "{reason}: {line}": "{reason}: {line}",
    "no complete head within {seconds} s": "{seconds} sn içinde tamamlanmayan istek başlığı",
    "the beginning of TLS; this port speaks HTTP without TLS": "TLS başlangıcı; bu port TLS olmadan HTTP konuşur",
    "bytes that do not begin with a method": "HTTP yöntemiyle başlamayan baytlar",
    "a target that does not begin with /": "/ ile başlamayan istek hedefi",
    "a target of more than {count} bytes, the setting limits.max-target": (
        "{count} bayttan uzun istek hedefi; sınır limits.max-target ayarıdır"
    ),
    "the preface of HTTP/2; this server speaks HTTP/1.1": "HTTP/2 önsözü; bu sunucu HTTP/1.1 konuşur",
    "a request line without a target": "hedefi olmayan istek satırı",
    "a request line without a version, as in HTTP/0.9; this server speaks HTTP/1.1": (
        "HTTP/0.9'daki gibi sürümü olmayan istek satırı; bu sunucu HTTP/1.1 konuşur"
    ),
    "a control character in the target": "istek hedefinde denetim karakteri",
    "{version}; this server speaks HTTP/1.1": "{version}; bu sunucu HTTP/1.1 konuşur",
    "no HTTP/1.1 after the target; a blank in a target is written %20": (
        "hedeften sonra HTTP/1.1 yok; hedefteki boşluk %20 diye yazılır"
    ),
    "line ends of CRLF and of LF alone in one head": "aynı istek başlığında hem CRLF hem yalnız LF satır sonları",
    "more than {count} header lines": "{count} satırdan fazla başlık",
    "more than {count} bytes of header lines": "{count} bayttan uzun başlıklar",
    "a Host header that is not a host name": "sunucu adı olmayan Host başlığı",
    "a Content-Length that is not a number": "sayı olmayan Content-Length",
    "Content-Length and Transfer-Encoding in one request": "aynı istekte hem Content-Length hem Transfer-Encoding",
    "a Transfer-Encoding other than chunked": "chunked dışında bir Transfer-Encoding",
    "a Transfer-Encoding in HTTP/1.0, which has none": "HTTP/1.0'da bulunmayan Transfer-Encoding",
    "a header line that begins with a blank: write a value in one line": (
        "boşlukla başlayan başlık satırı: değeri tek satıra yazın"
    ),
    "header line {nth} without a colon": "{nth}. başlık satırında iki nokta yok",
    "a blank before the colon of header line {nth}": "{nth}. başlık satırında iki noktadan önce boşluk",
    "a name of header line {nth} that is not one word in ASCII": (
        "{nth}. başlık satırının adı tek bir ASCII sözcük değil"
    ),
    "a control character in the header {name}": "{name} başlığında denetim karakteri",
    "a header line that is not valid": "geçersiz başlık satırı",
    "two headers {name}": "iki {name} başlığı",
    "HTTP/1.1 without a Host header": "Host başlığı olmayan HTTP/1.1",
    "line ends of LF alone, without CR": "CR olmadan yalnız LF satır sonları",
    "a chunk that is longer than its size": "boyutundan uzun parça",
    "a chunk that does not begin with its size in hexadecimal digits and CRLF": (
        "onaltılık boyutu ve CRLF ile başlamayan parça"
    ),
    "a trailer field that is not valid": "geçersiz trailer alanı",
    # hints
    "write the account's user into <kullanici>; in a pull the parameter is kullanici": (
        "hesabın kullanıcı adını <kullanici> içine yazın; rapor isterken parametrenin adı kullanici"
    ),
    "write the account's password into <parola>; in a pull the parameter is parola": (
        "hesabın parolasını <parola> içine yazın; rapor isterken parametrenin adı parola"
    ),
    "check the spelling of the user, or add the account: --account USER:PASSWORD": (
        "kullanıcı adının yazımını kontrol edin ya da hesabı ekleyin: --account KULLANICI:PAROLA"
    ),
    "check the password: capital letters count, and & must be written &amp; (%26 in a pull)": (
        "parolayı kontrol edin: büyük küçük harf önemlidir, & yerine &amp; yazılır (rapor isterken %26)"
    ),
    "write each number into a <gsm> in <alicilar>, inside <mesajiniz>": (
        "her numarayı <mesajiniz> içindeki <alicilar> altında ayrı bir <gsm> öğesine yazın"
    ),
    "leave the empty <gsm> out": "boş <gsm> yazmayın",
    "send several requests, or raise the limit: limits.max-recipients": (
        "birkaç istek gönderin ya da sınırı yükseltin: limits.max-recipients"
    ),
    "write the mobile number with its country code, digits only: 905xxxxxxxxx": (
        "numarayı ülke koduyla ve yalnızca rakamla yazın: 905xxxxxxxxx"
    ),
    "write all digits of the number: 905xxxxxxxxx has twelve": (
        "numaranın bütün hanelerini yazın: 905xxxxxxxxx on iki hanedir"
    ),
    "give each number a <gsm> of its own": "her numara için ayrı bir <gsm> yazın",
    "leave the number out, or widen the account's coverage": "numarayı çıkarın ya da hesabın kapsamını genişletin",
    "give each recipient a messageId of its own": "her alıcıya ayrı bir messageId verin",
    "use each messageId only once": "her messageId değerini yalnızca bir kez kullanın",
    "shorten <baslik>: 11 characters, 14 if it is numeric": "<baslik> değerini kısaltın: 11 karakter, sayısalsa 14",
    "use one of the account's titles, or add it to them: accounts.titles": (
        "hesabın başlıklarından birini kullanın ya da bu başlığı ekleyin: accounts.titles"
    ),
    "write <type>longSMS</type> to send it in parts": "parçalı göndermek için <type>longSMS</type> yazın",
    "leave <metin> or <binary> empty": "<metin> ya da <binary> öğelerinden birini boş bırakın",
    "write 0, 1 or nothing": "0 ya da 1 yazın veya boş bırakın",
    "leave it empty, or write 8 for Unicode": "boş bırakın ya da Unicode için 8 yazın",
    "write two hexadecimal digits for each octet, without 0x": "her sekizli için iki onaltılık rakam yazın, 0x olmadan",
    "write hours and minutes, as in 24:00, or nothing": "24:00 gibi saat ve dakika yazın veya boş bırakın",
    "write the time from now, as in 1d2h30m; a date is not possible": (
        "şu andan sonraki süreyi 1d2h30m gibi yazın; tarih yazılamaz"
    ),
    "raise the account's credit, or shorten the text to fewer parts": (
        "hesabın kredisini artırın ya da metni daha az parçaya inecek kadar kısaltın"
    ),
    "write <type>longSMS</type> to send the whole text in parts": (
        "metnin tamamını parçalı göndermek için <type>longSMS</type> yazın"
    ),
    "write <type>longSMS</type> to send all octets in parts": (
        "bütün sekizlileri parçalı göndermek için <type>longSMS</type> yazın"
    ),
    "compose the text (Unicode form NFC) before sending: ş is one character, s + U+0327 two": (
        "metni göndermeden önce NFC biçimine çevirin: ş tek karakterdir, s + U+0327 iki"
    ),
    "write <datacoding>8</datacoding>, or leave these characters out": (
        "<datacoding>8</datacoding> yazın ya da bu karakterleri çıkarın"
    ),
    "leave the character out for 160 characters a part instead of 70": (
        "karakteri çıkarın: parçaya 70 yerine 160 karakter sığar"
    ),
    "write at most 48:00": "en çok 48:00 yazın",
    "leave it empty for 48 hours": "48 saat için boş bırakın",
    "write the text into <metin>": "metni <metin> içine yazın",
    "write ES or TR for Turkish texts, else nothing": "Türkçe metin için ES ya da TR yazın, değilse boş bırakın",
    "write longSMS for a text in parts, else nothing": "parçalı metin için longSMS yazın, değilse boş bırakın",
    "write the numbers of the message into its own <alicilar>": "mesajın numaralarını kendi <alicilar> öğesine yazın",
    # reports and pushes
    "no number: nothing is sent": "numara yok: hiçbir şey gönderilmez",
    "ids of messages": "mesaj kimlikleri",
    "none: nothing is given": "yok: rapor verilmez",
    "leave messageid out to get all reports": "bütün raporlar için messageid yazmayın",
    "an id that a pull can name: no comma, no white space around it": (
        "rapor isterken yazılabilecek bir kimlik: virgülsüz, başında ve sonunda boşluk olmadan"
    ),
    "more than {count} different ones": "{count} taneden fazla farklı değer",
    "{url} is not a URL: it has blanks or control characters": (
        "{url} bir URL değil: içinde boşluk ya da denetim karakteri var"
    ),
    "{count} given, never again": "{count} rapor verildi, bir daha verilmez",
    "attempt {attempt}: {detail}": "{attempt}. deneme: {detail}",
    "attempt {attempt}: {detail}; {then}": "{attempt}. deneme: {detail}; {then}",
    "the report is lost": "rapor kayboldu",
    "again in {minutes} min": "{minutes} dk sonra yeniden",
    "an answer 2xx": "2xx yanıtı",
    "the server was ended at about this time; whether the answer reached the client is not known": (
        "sunucu bu sırada sonlandırıldı; yanıtın istemciye ulaşıp ulaşmadığı bilinmiyor"
    ),
    "what the request did is kept: reports that it was given are not given again": (
        "isteğin yaptığı saklanır: verdiği raporlar yeniden verilmez"
    ),
    "what the request did was not confirmed, and may be kept all the same": (
        "isteğin yaptığı doğrulanamadı, ama yine de saklanmış olabilir"
    ),
    "look at the messages and the ledger before it is sent again": (
        "yeniden göndermeden önce mesajlara ve hesap hareketlerine bakın"
    ),
    "reports that it was given are not given again then": "öyleyse verdiği raporlar yeniden verilmez",
    "an address that may be pushed to": "rapor gönderilebilecek bir adres",
    "use the address of your receiver; push.allow says which are allowed": (
        "kendi alıcınızın adresini kullanın; hangilerine izin verildiğini push.allow söyler"
    ),
    "{name} ({address})": "{name} ({address})",
    "{host} with port {port} is the emulator itself": "{host}, {port} numaralı portla kobikom-emulator'ın kendisi",
    "{url} has a user before its host: a push has no login, use path or query": (
        "{url}, sunucu adından önce kullanıcı içeriyor: rapor gönderiminde oturum açılmaz, yol ya da sorgu kullanın"
    ),
    "{url} is not a URL: its host or port is not one": "{url} bir URL değil: sunucusu ya da portu geçersiz",
    "port {port} belongs to another protocol than HTTP": "{port} numaralı port HTTP'den başka bir protokole ait",
    "the body was not complete within {seconds} s": "gövde {seconds} sn içinde tamamlanmadı",
    "the connection ended before the body was complete": "bağlantı gövde tamamlanmadan kapandı",
    "{url} is not a URL: {error}": "{url} bir URL değil: {error}",
    "{url} is not an http or https URL": "{url} bir http ya da https URL'si değil",
    "pushes are switched off": "rapor gönderimi kapalı",
    "{host} is not an address in its usual form": "{host} alışılmış biçimde bir adres değil",
    "{host} is neither loopback nor private": "{host} ne yerel (loopback) ne de özel bir adres",
    "{host} is {address}, neither loopback nor private": "{host} adresi {address}: ne yerel (loopback) ne de özel",
    "out of memory": "bellek kalmadı",
    "no answer within {seconds} s": "{seconds} sn içinde yanıt gelmedi",
    # faults
    "a fault rule puts it off": "bir arıza kuralı erteliyor",
    "a store that can be written": "yazılabilen bir depo",
    "no fault": "arıza yok",
    "a fault rule": "bir arıza kuralı",
    "fault rule {label}: {sentence}": "arıza kuralı {label}: {sentence}",
    "without effect here: rule #{rule} had answered the request": "burada etkisiz: isteği #{rule} kuralı yanıtlamıştı",
    "without effect here: the request was refused for another reason": (
        "burada etkisiz: istek başka bir nedenle reddedildi"
    ),
    "scenario step: after this request {change}": "senaryo adımı: bu istekten sonra {change}",
    "the clock advances {seconds} s": "saat {seconds} sn ileri alındı",
    "every account has the credit {credit}": "her hesabın kredisi {credit} oldu",
    "{one} and {other}": "{one} ve {other}",
    "nothing was changed": "hiçbir şey değiştirilmedi",
    # fault rules, before they fire
    "{requests}: {effect}": "{requests}: {effect}",
    "{requests} ({conditions})": "{requests} ({conditions})",
    "{first}, {rest}": "{first}, {rest}",
    "The next {what}": "Sonraki {what}",
    "The next {count} {what}": "Sonraki {count} {what}",
    "Every {what}": "Her {what}",
    "One {what}": "Bir {what}",
    "{count} {what}": "{count} {what}",
    "request": "istek",
    "requests": "istek",
    "sends": "gönderim",
    "pulls": "rapor isteği",
    "title query": "başlık sorgusu",
    "title queries": "başlık sorgusu",
    "balance query": "bakiye sorgusu",
    "balance queries": "bakiye sorgusu",
    "push": "rapor itme",
    "pushes": "rapor itme",
    "to {number}": "alıcı {number}",
    "title {title}": "başlık {title}",
    "text {text}": "metin {text}",
    "not the first one": "ilki değil",
    "not the first {count}": "ilk {count} tanesi değil",
    "with a chance of {percent} %": "yüzde {percent} olasılıkla",
    "until {instant}": "{instant} anına dek",
    "nothing is changed": "hiçbir şey değişmez",
    "it fails with {code}": "{code} koduyla reddedilir",
    "each matching recipient gets {code}": "eşleşen her alıcı {code} alır",
    "of every {every} matching recipients one gets {code}": "eşleşen her {every} alıcıdan biri {code} alır",
    "of the matching recipients, number {places} get {code}": (
        "eşleşen alıcılardan şu sıradakiler {code} alır: {places}"
    ),
    "an HTML page with HTTP {status} comes, and nothing is carried out": (
        "HTTP {status} ile bir HTML sayfası gelir, hiçbir şey yerine getirilmez"
    ),
    "it is carried out, and an HTML page with HTTP {status} comes": (
        "yerine getirilir, HTTP {status} ile bir HTML sayfası gelir"
    ),
    "the answer comes {seconds} seconds late": "yanıt {seconds} saniye geç gelir",
    "nothing is carried out, and the connection closes without an answer": (
        "hiçbir şey yerine getirilmez, bağlantı yanıtsız kapanır"
    ),
    "it is carried out, and its answer is lost": "yerine getirilir, yanıtı kaybolur",
    "the connection closes after {count} bytes of the answer": "yanıtın {count} baytından sonra bağlantı kapanır",
    "random bytes come instead of the answer": "yanıt yerine rastgele baytlar gelir",
    "the answer comes at {rate} bytes a second": "yanıt saniyede {rate} bayt hızla gelir",
    "the answer is malformed as the vendor's page prints it": "yanıt, sağlayıcının sayfasındaki gibi bozuk gelir",
    "each report is given twice": "her rapor iki kez verilir",
    "one more report is given, of an id that no message has": "hiçbir mesajda olmayan kimlikle bir rapor daha verilir",
    "the reports have a status that is documented nowhere": "raporlarda hiçbir belgede olmayan bir durum bulunur",
    "every open connection closes after the answer, unannounced": (
        "yanıttan sonra açık bağlantıların hepsi haber verilmeden kapanır"
    ),
    "nothing is carried out and nothing is sent for {seconds} seconds": (
        "hiçbir şey yerine getirilmez, {seconds} saniye hiçbir şey gönderilmez"
    ),
    "it is carried out, and the answer is held for {seconds} seconds": (
        "yerine getirilir, yanıt {seconds} saniye bekletilir"
    ),
    "the report is pushed twice": "rapor iki kez itilir",
    "the report is pushed {seconds} seconds late": "rapor {seconds} saniye geç itilir",
    "the report is pushed without the end of its document": "rapor, belgesinin sonu olmadan itilir",
    "the reports are pushed before the answer comes": "raporlar yanıttan önce itilir",
    "the answer was malformed as the vendor's page prints it": "yanıt, sağlayıcının sayfasındaki gibi bozuk gönderildi",
    "the answer was sent {seconds} seconds late": "yanıt {seconds} saniye geç gönderildi",
    "the answer was sent at {rate} bytes a second": "yanıt saniyede {rate} bayt hızla gönderildi",
    "the request was not carried out, the answer was not sent, the connection was closed": (
        "istek yerine getirilmedi, yanıt gönderilmedi, bağlantı kapatıldı"
    ),
    "the request was carried out, the answer was not sent, the connection was closed": (
        "istek yerine getirildi, yanıt gönderilmedi, bağlantı kapatıldı"
    ),
    "random bytes were sent instead of the answer": "yanıt yerine rastgele baytlar gönderildi",
    "HTTP {status} instead of carrying the request out": "istek yerine getirilmedi, HTTP {status} döndü",
    "the request was carried out, HTTP {status} was sent instead of its answer": (
        "istek yerine getirildi, yanıtı yerine HTTP {status} gönderildi"
    ),
    "each report was given twice": "her rapor iki kez verildi",
    "a report was added whose id no message has": "hiçbir mesajın kimliğini taşımayan bir rapor eklendi",
    "the reports had a status that is documented nowhere": "raporlarda hiçbir belgede olmayan bir durum vardı",
    "every open connection was closed after the answer, unannounced": (
        "yanıttan sonra açık bağlantıların hepsi haber verilmeden kapatıldı"
    ),
    "the request was not carried out, nothing was sent, the connection was held": (
        "istek yerine getirilmedi, hiçbir şey gönderilmedi, bağlantı bekletildi"
    ),
    "the request was carried out, the answer was held": "istek yerine getirildi, yanıt bekletildi",
    "the report was pushed twice": "rapor iki kez itildi",
    "the report was pushed {seconds} seconds late": "rapor {seconds} saniye geç itildi",
    "the report was pushed without the end of its document": "rapor, belgesinin sonu olmadan itildi",
    "the answer was held until the reports were pushed": "yanıt, raporlar itilene dek bekletildi",
    "status {code} for the whole request": "isteğin tamamına durum kodu {code}",
    "status {code} for the recipients that match": "eşleşen alıcılara durum kodu {code}",
    "the first byte was sent, then the connection was closed": "yalnızca ilk bayt gönderildi, sonra bağlantı kapatıldı",
    "the first {count} bytes were sent, then the connection was closed": (
        "ilk {count} bayt gönderildi, sonra bağlantı kapatıldı"
    ),
    # the journal
    "{count} more findings, over the journal's budget": "{count} bulgu daha var, günlüğün sınırını aşıyor",
}
