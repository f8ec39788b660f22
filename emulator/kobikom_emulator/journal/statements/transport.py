"""The statements about requests and the form of answers (T)."""

TRANSPORT = """
T-01.1 D
POST /api/sendsms/xml/ takes sends and title queries.
Gönderimler ve başlık sorguları POST /api/sendsms/xml/ adresine yapılır.

T-01.2 I
The balance query goes to the same address; the page prints none for it.
Bakiye sorgusu da aynı adrese yapılır; sayfa onun için adres yazmaz.

T-01.3 I
The root element SMS, basliklar or bakiye tells the three documents apart; any other root is -22.
Üç belgeyi kök öğe ayırır: SMS, basliklar ya da bakiye. Başka bir kök -22 alır.

T-01.4 I
Without the last slash it is the same resource; there is no redirect.
Sondaki bölü olmadan da aynı kaynaktır, yönlendirme yapılmaz.

T-02.1 D
A body may be XML= followed by literal XML.
Gövde, XML= ve ardından olduğu gibi yazılmış XML olabilir.

T-02.2 D
The body of a title or balance query may be bare XML.
Başlık ve bakiye sorgularında gövde, başında XML= olmadan düz XML olabilir.

T-02.3 O
The body of a send may be bare XML.
Gönderimde de gövde, başında XML= olmadan düz XML olabilir.

T-02.4 A, O
A body may be XML= followed by url-encoded XML.
Gövde, XML= ve ardından URL kodlamasıyla yazılmış XML olabilir.

T-02.5 I
A body may be a form or multipart body with a field named XML.
Gövde, XML adlı alanı olan bir form ya da multipart gövdesi olabilir.

T-02.6 I
BOM and white space are stripped; after XML=, in any case, what begins with < is taken literally, anything else is \
form-decoded. Literal XML is never form-decoded.
BOM ve boşluklar atılır. XML= (büyük küçük harf fark etmez) ardından < ile başlayan içerik olduğu gibi alınır, \
başkası form olarak çözülür. Olduğu gibi yazılmış XML asla form olarak çözülmez.

T-02.7 I
A body that is no XML and has no field XML (JSON, another form) is -22.
XML olmayan ve XML alanı taşımayan gövde (JSON, başka bir form) -22 alır.

T-03.1 O
Content-Type is not required.
Content-Type zorunlu değildir.

T-03.2 I
Of Content-Type at most the charset is used: text/xml, application/x-www-form-urlencoded and others work alike.
Content-Type alanından en fazla charset kullanılır: text/xml, application/x-www-form-urlencoded ve ötekiler aynı \
sonucu verir.

T-03.3 D, O
“application/xml Accept: */*” works as one header value.
“application/xml Accept: */*” tek bir başlık değeri olarak da çalışır.

T-03.4 I
An unknown or wrong charset is ignored, and noted, where the bytes are valid UTF-8 without it.
Baytlar geçerli UTF-8 ise bilinmeyen ya da yanlış charset yok sayılır ve not edilir.

T-04.1 D
Any Host works: the page itself uses three names.
Her Host değeri çalışır; sayfanın kendisi üç ayrı ad kullanır.

T-04.2 O
Expect: 100-continue works.
Expect: 100-continue çalışır.

T-04.3 I
HTTP/1.0 works; the connection stays open or is closed after an answer, and the head says which.
HTTP/1.0 çalışır; yanıttan sonra bağlantı açık kalır ya da kapanır, hangisi olduğu başlıkta yazar.

T-04.4 D
The request line may hold the absolute URL.
İstek satırında tam URL bulunabilir.

T-05.1 I
A byte order mark decides the encoding, else the XML declaration, else the charset parameter, else it is UTF-8.
Kodlamayı BOM belirler; yoksa XML bildirimi, o da yoksa charset; hiçbiri yoksa UTF-8 sayılır.

T-05.2 I
ISO-8859-9 and windows-1254 work when they are declared.
ISO-8859-9 ve windows-1254, bildirildiklerinde çalışır.

T-05.3 I
Undeclared bytes that are not UTF-8 are refused (-22) or read as windows-1254 (reading undeclared-bytes).
Kodlaması bildirilmemiş, UTF-8 de olmayan baytlar reddedilir (-22) ya da windows-1254 olarak okunur \
(undeclared-bytes yorumu).

T-05.4 I
A byte order mark that contradicts the XML declaration is -22.
XML bildirimiyle çelişen BOM -22 alır.

T-05.5 I
A declared UTF-16 over single-byte text is -22, and so are an unknown encoding and bytes that are not in the declared \
one.
Tek baytlık metnin başında UTF-16 bildirilmişse, bildirilen kodlama bilinmiyorsa ya da baytlar ona uymuyorsa yanıt \
-22'dir.

T-06.1 D, O
White space before <?xml or <SMS> is tolerated, after XML= too.
<?xml ya da <SMS> öncesindeki boşluk sorun çıkarmaz, XML= sonrasında da.

T-06.2 D
U+00A0 between elements is white space.
Öğeler arasındaki U+00A0 boşluk sayılır.

T-06.3 O
Character references such as &#x15F; are decoded.
&#x15F; gibi karakter başvuruları çözülür.

T-06.4 I
CDATA sections are decoded.
CDATA bölümleri çözülür.

T-07.1 A
Names of elements and attributes match in any case (ASCII letters only).
Öğe ve öznitelik adlarında büyük küçük harf ayrımı yapılmaz (yalnızca ASCII harflerde).

T-07.2 D
An absent optional element equals an empty one.
Yazılmayan seçimli öğe, boş yazılmış gibidir.

T-07.3 I
Unknown elements and attributes, repeated elements where one is meant, and elements in a wrong place are ignored and \
noted.
Bilinmeyen öğe ve öznitelikler, bir kez beklenen öğenin yinelenenleri ve yanlış yerdeki öğeler yok sayılır, not edilir.

T-07.4 I
Elements may stand in any order.
Öğelerin sırası önemli değildir.

T-08.1 A, O
Every answer of the application is HTTP 200, refusals too.
Uygulamanın her yanıtı HTTP 200'dür, redler de.

T-08.2 D
Successful answers are HTTP 200.
Başarılı yanıtlar HTTP 200'dür.

T-08.3 O
Octets from 0x80 on in a request target are taken as if they were percent-encoded.
İstek hedefindeki 0x80 ve üstü baytlar, yüzde kodlamasıyla yazılmış gibi alınır.

T-08.4 I
Plain HTTP errors: wrong method 405, wrong path 404, oversized body 413, oversized target 414, oversized headers 431, \
late headers 408, no HTTP/1.x 400. Each is in the journal.
Düz HTTP hataları: yanlış yöntem 405, yanlış yol 404, fazla büyük gövde 413, fazla uzun hedef 414, fazla büyük \
başlıklar 431, geciken başlıklar 408, HTTP/1.x olmayan baytlar 400. Hepsi günlüğe yazılır.

T-09.1 D
The answer to a send has a Content-Length.
Gönderim yanıtında Content-Length bulunur.

T-09.2 D
The answer to a send has the type text/csv;charset= UTF-8, with that blank (reading content-type).
Gönderim yanıtının türü text/csv;charset= UTF-8'dir, aradaki boşlukla (content-type yorumu).

T-09.3 I
All other answers have that type too.
Öteki yanıtların türü de budur.

T-09.4 I
All other answers have a Content-Length too, and none is chunked.
Öteki yanıtlarda da Content-Length bulunur; hiçbiri parçalı (chunked) değildir.

T-10.1 D
Answers have one element a line.
Yanıtlarda her öğe ayrı satırdadır.

T-10.2 D
Content-Length: 277 is the page's second answer in such lines, with LF and none at the end.
Content-Length: 277, sayfadaki ikinci yanıtın böyle satırlarla, LF ile ve sonda LF olmadan uzunluğudur.

T-10.3 D
Content-Length: 176 is the page's first answer in such lines, with an id of 15 characters.
Content-Length: 176, sayfadaki ilk yanıtın böyle satırlarla ve 15 karakterlik kimlikle uzunluğudur.

T-10.4 A
The ancestor's answers have three LF, and two more for each result (reading answer-layout).
Ata kılavuzun yanıtlarında üç LF, her sonuç için de iki LF daha vardır (answer-layout yorumu).

T-10.5 D
Titles and balance are indented by four blanks.
Başlık ve bakiye yanıtları dörder boşlukla girintilidir.

T-10.6 I
No other white space stands between elements.
Öğeler arasında başka boşluk bulunmaz.

T-11.1 I
A DOCTYPE is refused (-22), and no entity is ever expanded.
DOCTYPE reddedilir (-22), hiçbir varlık (entity) açılmaz.

T-11.2 I
Size, depth, and the numbers of elements, messages, recipients and ids are capped, and so is one text; each cap \
answers with a code of its own or 413 or 414.
Boyut, derinlik, öğe, mesaj, alıcı ve kimlik sayısı ile tek bir metnin uzunluğu sınırlıdır; sınır aşılınca bir durum \
kodu ya da 413, 414 döner.
"""
