"""The statements about sends and credit (S, C)."""

SENDING = """
S-01.1 D
One result for each non-empty gsm, in document order.
Boş olmayan her gsm için, belgedeki sırayla bir sonuç döner.

S-01.2 D
destination repeats a plain number as it was submitted.
destination, düz yazılmış numarayı gönderildiği gibi yineler.

S-01.3 I
destination repeats a number in any other form as it was submitted.
destination, başka biçimde yazılmış numarayı da gönderildiği gibi yineler.

S-01.4 I
White space around a number is stripped, U+00A0 included.
Numaranın çevresindeki boşluklar atılır, U+00A0 da.

S-02.1 D
An accepted recipient has status 0 and a messageid.
Kabul edilen alıcının status değeri 0'dır ve bir messageid alır.

S-02.2 D
The page prints a generated id of 10 digits.
Sayfada üretilmiş kimlik 10 hanelidir.

S-02.3 D
Content-Length: 176 leaves 15 characters for the id.
Content-Length: 176, kimliğe 15 karakter bırakır.

S-02.4 A
The ancestor's ids have 18 digits (reading message-id).
Ata kılavuzda kimlikler 18 hanelidir (message-id yorumu).

S-02.5 I
A generated id is unique on the server.
Üretilen kimlik sunucuda tektir.

S-03.1 D
messageId on gsm comes back as messageid, and later as the id of the report.
gsm üzerindeki messageId, yanıtta messageid, raporda id olarak geri gelir.

S-03.2 A
It has no length limit.
Uzunluk sınırı yoktur.

S-03.3 I
Recipients with and without one may be mixed.
messageId'si olan ve olmayan alıcılar bir arada bulunabilir.

S-03.4 I
An id with a comma, or with white space at either end, works but cannot be named in a pull; that is noted.
Virgül içeren ya da boşlukla başlayıp biten kimlik çalışır ama rapor isterken yazılamaz; bu not edilir.

S-04.1 D
More than one use of the same messageId is -33 (reading duplicate-id says which recipients get it).
Aynı messageId birden çok kez kullanılırsa -33 döner (kimlerin alacağını duplicate-id yorumu belirler).

S-05.1 D, A
A request without any number is -6.
Hiç numara yoksa istek -6 alır.

S-05.2 I
A mesajiniz without numbers beside one with numbers is noted.
Numarası olan bir mesajiniz yanındaki numarasız mesajiniz not edilir.

S-05.3 D
Empty gsm elements beside numbers are skipped (reading empty-gsm).
Numaraların yanındaki boş gsm öğeleri atlanır (empty-gsm yorumu).

S-05.4 I
A number with digits missing is -13 or -6 (reading short-number).
Hanesi eksik numara -13 ya da -6 alır (short-number yorumu).

S-06.1 D
-13 says that a number is unknown, or of an operator out of reach.
-13, numaranın bilinmediğini ya da operatörün kapsam dışında olduğunu söyler.

S-06.2 A
A number that is none, or of no known mobile operator, is -13 for its recipient; the others go on.
Numara olmayan ya da bilinen bir mobil operatöre ait olmayan değer yalnızca o alıcıya -13 verir, ötekiler gönderilir.

S-06.3 A
A refused recipient has an empty messageid, or the id that the client gave.
Reddedilen alıcının messageid değeri boştur ya da istemcinin verdiği kimliktir.

S-07.1 D
-3 says that the network is not covered.
-3, hedeflenen ağın kapsam dışında olduğunu söyler.

S-07.2 A
A valid number outside the account's coverage is -3 for its recipient; the others go on.
Hesabın kapsamı dışındaki geçerli numara yalnızca o alıcıya -3 verir, ötekiler gönderilir.

S-07.3 I
By default the Turkish mobile networks are covered.
Varsayılan kapsam Türkiye'deki mobil şebekelerdir.

S-08.1 I
90…, +90…, 0090…, 05… and 5… name the same number (reading number-form).
90…, +90…, 0090…, 05… ve 5… aynı numaradır (number-form yorumu).

S-09.1 D
baslik has at most 11 characters, or 14 if it is numeric.
baslik en çok 11 karakterdir, yalnızca rakamsa 14.

S-09.2 A
A longer or unknown title is -34 (readings unknown-title and title-code).
Daha uzun ya da tanımsız başlık -34 alır (unknown-title ve title-code yorumları).

S-09.3 I
Without baslik the account's first title is used.
baslik yoksa hesabın ilk başlığı kullanılır.

S-09.4 D
INVALID_SOURCE_ADDRESS reports a wrong sender.
INVALID_SOURCE_ADDRESS, göndericinin yanlış olduğunu bildirir.

S-10.1 D
A text has up to 160 characters.
Metin en çok 160 karakterdir.

S-10.2 I
They are GSM 03.38, extension characters count 2; 155 with a Turkish shift table, 70 in UCS-2.
Bunlar GSM 03.38 karakterleridir, ek tablodakiler 2 sayılır; Türkçe geçiş tablosuyla 155, UCS-2'de 70 karakter sığar.

S-10.3 D
With type longSMS a text may be longer than 160 characters.
type longSMS ise metin 160 karakterden uzun olabilir.

S-10.4 I
Its parts have 153 characters, 149 with a Turkish table (146 with both), 67 in UCS-2.
Parçaları 153 karakterdir; Türkçe tabloyla 149 (iki tabloyla 146), UCS-2'de 67.

S-10.5 I
An extension character is never divided between two parts.
Ek tablodaki bir karakter iki parçaya bölünmez.

S-10.6 I
Which national table a Turkish text gets is the reading turkish-table.
Türkçe metnin hangi ulusal tabloyu alacağını turkish-table yorumu belirler.

S-10.7 I
longSMS may be written in any case; another type is recorded only. An empty text is one part.
longSMS yazımında büyük küçük harf fark etmez; başka bir type yalnızca kaydedilir. Boş metin bir parçadır.

S-11.1 I
Of a text over one part without longSMS as much goes out as fits one part; the rest is lost (reading long-text).
longSMS olmadan bir parçayı aşan metnin bir parçaya sığan kadarı gönderilir, kalanı kaybolur (long-text yorumu).

S-12.1 D
datacoding 8 means Unicode.
datacoding 8, Unicode demektir.

S-12.2 A
datacoding 24 means Unicode too.
datacoding 24 de Unicode demektir.

S-12.3 D
languageCode ES is for Turkish texts.
languageCode ES, Türkçe gönderimler içindir.

S-12.4 O
languageCode TR is used for Turkish texts too.
Türkçe gönderimlerde languageCode TR de kullanılır.

S-12.5 I
A character that the alphabet lacks makes the message UCS-2 (reading unencodable).
Alfabede bulunmayan bir karakter mesajı UCS-2 yapar (unencodable yorumu).

S-12.6 I
languageCode ES and TR add the Turkish tables to GSM 03.38; any other value is ignored.
languageCode ES ve TR, GSM 03.38'e Türkçe tabloları ekler; başka bir değer yok sayılır.

S-13.1 D
flash is 0 or 1.
flash 0 ya da 1 olur.

S-13.2 A
datacoding 240 and 24 mean flash too.
datacoding 240 ve 24 de flash demektir.

S-13.3 I
It is recorded and costs the same.
Kaydedilir, ücreti değiştirmez.

S-14.1 D
binary is hexadecimal.
binary onaltılık yazılır.

S-14.2 A
binary excludes metin.
binary ve metin birlikte kullanılmaz.

S-14.3 I
binary has at most 140 octets, or 134 a part with longSMS.
binary en çok 140 sekizlidir, longSMS ile parça başına 134.

S-14.4 D
wapurl, srcton, srcnpi, destton and destnpi are to be left empty.
wapurl, srcton, srcnpi, destton ve destnpi boş bırakılır.

S-14.5 I
Those, esmclass and tip are recorded and change nothing.
Bunlar, esmclass ve tip kaydedilir, bir şey değiştirmez.

S-15.1 D
ileriTarih is an offset from now: days, hours, minutes, seconds, as in 4d3h2m1s.
ileriTarih şu andan sonraki süredir: gün, saat, dakika, saniye; 4d3h2m1s gibi.

S-15.2 A
Any of the four may be left out.
Dördünden herhangi biri yazılmayabilir.

S-15.3 D
Empty or 1s means at once.
Boş ya da 1s, hemen demektir.

S-15.4 D
A wrong schedule is -27.
Hatalı ileri tarih -27 alır.

S-16.1 D
ValidityPeriod is HH:mm, at most 48 hours.
ValidityPeriod HH:mm biçimindedir, en çok 48 saattir.

S-16.2 A
More than 48 hours is taken as 48:00 (reading long-validity).
48 saatten fazlası 48:00 sayılır (long-validity yorumu).

S-16.3 I
Empty means 48:00.
Boşsa 48:00 demektir.

S-16.4 I
00:00 expires at once; that is noted.
00:00 olursa mesajın süresi hemen dolar; bu not edilir.

S-17.1 I
A value that breaks the form of its field and has no code of its own is -23 for the request.
Alanının biçimine uymayan ve kendi kodu olmayan değer, isteğe -23 aldırır.

S-18.1 A
The report of a message with an appid goes only to a pull with the same appid; a pull without one gets those without.
appid'li mesajın raporu yalnızca aynı appid ile istendiğinde verilir; appid'siz istek appid'siz raporları alır.

S-19.1 D
pushurl and nopush are fields of a message.
pushurl ve nopush mesajın alanlarıdır.

S-19.2 A
With a pushurl, and nopush empty or 0, the report is posted there as a DeliveryReport; nopush 1 leaves it for a pull.
pushurl varsa ve nopush boş ya da 0 ise rapor o adrese DeliveryReport olarak gönderilir; nopush 1 ise sorguyu bekler.

S-19.3 A
Without pushurl the account's default push address is used if it has one.
pushurl yoksa hesabın varsayılan adresi kullanılır, o da yoksa rapor sorguyu bekler.

S-19.4 A
A failed push is tried again after 1, 2, 5 and 10 minutes; then the report is lost.
Başarısız gönderim 1, 2, 5 ve 10 dakika sonra yinelenir, sonra rapor kaybolur.

S-19.5 I
The URL is requested byte for byte as it was given.
URL, verildiği gibi baytı baytına istenir.

S-19.6 I
A pushurl that cannot be pushed to is noted when the message is accepted.
Rapor gönderilemeyecek bir pushurl, mesaj kabul edilirken not edilir.

S-20.1 A, O
Several mesajiniz blocks are all sent; their results follow each other in order.
Birden çok mesajiniz varsa hepsi gönderilir, sonuçları sırayla dizilir.

S-21.1 I
A text arrives exactly as it was written, line ends included.
Metin, satır sonları dahil yazıldığı gibi ulaşır.

S-22.1 I
The same number twice is sent twice.
İki kez yazılan numaraya iki kez gönderilir.

C-01.1 I
An accepted recipient costs parts times the price of its network, taken at once.
Kabul edilen alıcının ücreti parça sayısı çarpı şebekenin fiyatıdır, hemen düşülür.

C-01.2 I
The default price is 1 a part.
Varsayılan fiyat parça başına 1'dir.

C-02.1 D
Not enough credit is -2 (reading short-credit says for whom).
Kredi yetmezse -2 döner (kimlerin alacağını short-credit yorumu belirler).

C-03.1 I
A refused recipient costs nothing.
Reddedilen alıcıdan ücret alınmaz.

C-03.2 A
A message that ends NOT_ALLOWED gives its charge back.
NOT_ALLOWED ile biten mesajın ücreti iade edilir.

C-04.1 I
The balance never goes below zero; what is taken is exactly the cost of what was accepted.
Bakiye sıfırın altına inmez; düşülen, kabul edilenlerin ücretine tam eşittir.

C-05.1 I
A balance query right after a send shows the new balance.
Gönderimin hemen ardından yapılan bakiye sorgusu yeni bakiyeyi gösterir.
"""
