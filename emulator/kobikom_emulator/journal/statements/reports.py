"""The statements about reports, queries and the remaining codes (R, H, B, E)."""

REPORTS = """
R-01.1 D
GET /api/sendsms/xml/pull with kullanici, parola and optionally messageid (several with commas) asks for reports.
Raporlar GET /api/sendsms/xml/pull ile istenir: kullanici, parola ve istenirse virgülle ayrılmış messageid değerleri.

R-01.2 A
appid may be added.
appid eklenebilir.

R-01.3 I
A slash after pull may stand or not; parameter names match in any case.
pull ardından bölü olabilir ya da olmayabilir; parametre adlarında büyük küçük harf ayrımı yapılmaz.

R-01.4 I
The page's captions Kullanıcı and Parola used as names are missing parameters; that is noted.
Sayfadaki Kullanıcı ve Parola başlıkları ad olarak yazılırsa parametre eksik sayılır; bu not edilir.

R-02.1 D
A DeliveryReport without XML declaration holds one message element a report: id, sentdate, donedate, status, gsmerror.
XML bildirimi olmayan DeliveryReport, her rapor için bir message öğesi taşır: id, sentdate, donedate, status, gsmerror.

R-02.2 I
Reports come oldest first.
Raporlar eskiden yeniye sıralanır.

R-02.3 D
The first example ends without </DeliveryReport> (reading report-close).
İlk örnek </DeliveryReport> olmadan biter (report-close yorumu).

R-02.4 D
The table of attributes writes senddate (reading sent-attribute).
Öznitelik tablosunda senddate yazar (sent-attribute yorumu).

R-03.1 D
A report is given once.
Rapor yalnızca bir kez verilir.

R-03.2 D
After that the answer is NO_DATA.
Sonraki istekte yanıt NO_DATA olur.

R-03.3 A
NO_DATA is the 7 bytes alone, HTTP 200, without a line end.
NO_DATA yalnızca bu 7 bayttır; HTTP 200, satır sonu yok.

R-03.4 I
NO_DATA is the answer too where there was no report.
Hiç rapor yoksa da yanıt NO_DATA'dır.

R-03.5 I
Once means once under any concurrency, retry or restart; a client that loses the answer has lost its reports.
Bir kez, eşzamanlı istek, yineleme ve yeniden başlatmada da bir kezdir; yanıtı kaybeden istemci raporları da kaybeder.

R-04.1 D
With messageid only the named reports are given.
messageid yazılırsa yalnızca adı geçen raporlar verilir.

R-04.2 I
An empty list names nothing: NO_DATA, and nothing is used up.
Boş liste hiçbir raporu adlandırmaz: NO_DATA döner, rapor eksilmez.

R-04.3 I
Unknown ids are ignored; the client's ids and generated ones both work.
Bilinmeyen kimlikler yok sayılır; istemcinin verdiği ve üretilen kimliklerin ikisi de olur.

R-05.1 I
An account sees its own reports only.
Hesap yalnızca kendi raporlarını görür.

R-06.1 D
donedate is when the sending of a message ended.
donedate, mesaj gönderiminin bittiği zamandır.

R-06.2 I
The report exists from that moment on.
Rapor o andan başlayarak vardır.

R-07.1 D
A pull without user is refused with 10, without password with 11, with a wrong login with 5 (reading pull-refusal).
Rapor isteği kullanıcı yoksa 10, şifre yoksa 11, giriş yanlışsa 5 ile reddedilir (pull-refusal yorumu).

R-07.2 I
The body is the bare number, HTTP 200.
Gövde yalnızca bu sayıdır, HTTP 200.

R-08.1 I
Dates are Turkey's local time.
Tarihler Türkiye saatidir.

R-08.2 D
The examples print dates without padding: 2005/7/19 22:0:0.
Örneklerde tarihler sıfırsız yazılır: 2005/7/19 22:0:0.

R-08.3 D
The page's rule is yyyy/m/d hh:mm:ss (reading dates).
Sayfadaki kural yyyy/m/d hh:mm:ss'dir (dates yorumu).

R-08.4 A
The ancestor's live traffic pads all of it.
Ata hizmetin canlı trafiğinde hepsi sıfırla doldurulur.

R-09.1 D
There are eleven statuses: NOT_SENT, SENT, NOT_DELIVERED, DELIVERED, NOT_ALLOWED, INVALID_DESTINATION_ADDRESS, \
INVALID_SOURCE_ADDRESS, ROUTE_NOT_AVAILABLE, NOT_ENOUGH_CREDITS, REJECTED, INVALID_MESSAGE_FORMAT.
On bir durum vardır: NOT_SENT, SENT, NOT_DELIVERED, DELIVERED, NOT_ALLOWED, INVALID_DESTINATION_ADDRESS, \
INVALID_SOURCE_ADDRESS, ROUTE_NOT_AVAILABLE, NOT_ENOUGH_CREDITS, REJECTED, INVALID_MESSAGE_FORMAT.

R-09.2 I
Each can be had on demand.
Hepsi istenildiğinde üretilebilir.

R-10.1 D
gsmerror is 0 for a delivered message.
İletilen mesajda gsmerror 0'dır.

R-10.2 A
Failures carry a code that fits, such as 1, 27, 31, 32, 34, 256, 500, 2048 or 4101.
Başarısızlıklar uygun bir kod taşır: 1, 27, 31, 32, 34, 256, 500, 2048 ya da 4101 gibi.

R-10.3 D
NOT_SENT is printed with 0.
NOT_SENT, 0 ile yazılmıştır.

R-11.1 A, I
A scheduled message is final only after its time.
İleri tarihli mesaj ancak zamanı geldikten sonra sonuçlanır.

R-11.2 A, I
A message that is not delivered within its validity ends NOT_DELIVERED with 4101.
Geçerlilik süresinde iletilemeyen mesaj NOT_DELIVERED ve 4101 ile biter.

R-12.1 A
sentdate is when the message was submitted, and never after donedate.
sentdate mesajın verildiği zamandır, donedate'ten sonra olamaz.

H-01.1 D
A title query is answered by basliklar with the groups normal and sayisal, after the XML declaration.
Başlık sorgusuna, XML bildiriminden sonra normal ve sayisal gruplarını taşıyan basliklar döner.

H-01.2 I
All-digit titles stand in sayisal, in any order.
Yalnızca rakamdan oluşan başlıklar sayisal içinde, herhangi bir sırayla durur.

H-01.3 D
A group without titles stays, empty.
Başlığı olmayan grup boş olarak kalır.

B-01.1 D
A balance query is answered by bakiye with miktar and kur, after the XML declaration.
Bakiye sorgusuna, XML bildiriminden sonra miktar ve kur taşıyan bakiye döner.

B-01.2 I
How an amount is written rests on the one example 18.532 (reading amount).
Tutarın nasıl yazıldığı tek örneğe, 18.532'ye dayanır (amount yorumu).

B-01.3 I
kur is the account's currency, three capital letters.
kur hesabın para birimidir, üç büyük harf.

E.1 D
The list of codes has -1, -23, -26 and -99 as well, without a cause.
Kod listesinde -1, -23, -26 ve -99 da vardır, nedenleri yazmaz.

E.2 I
A fault rule can give every code; -1 and -99 never appear by themselves, -26 only where a store fails.
Her kod bir arıza kuralıyla elde edilebilir; -1 ve -99 kendiliğinden çıkmaz, -26 yalnızca saklama başarısızsa çıkar.

E.3 D
The second answer example lacks a <result> and prints <status><0</status> (reading result-shape).
İkinci yanıt örneğinde bir <result> eksiktir ve <status><0</status> yazar (result-shape yorumu).
"""
