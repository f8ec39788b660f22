// The page's texts in English and Turkish. The English text is the key of its translation; words of the API (DELIVERED,
// refused, ...) have a table of their own. Texts of the server (statements, findings, readings) come in the language that
// api.js asks for.

const STORAGE_KEY = "kobikom-language";
let chosen = stored() || (navigator.language?.toLowerCase().startsWith("tr") ? "tr" : "en");

function stored() {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

export const language = () => chosen;

export function setLanguage(name) {
  chosen = name;
  try {
    localStorage.setItem(STORAGE_KEY, name);
  } catch {
    // without storage the choice lasts as long as the page
  }
}

/** A text in the chosen language, `{name}` filled in from `values`. */
export function t(key, values = {}) {
  const english = values.count === 1 || values.count === "1" ? ONE[key] || ENGLISH[key] : ENGLISH[key];
  const sentence = (chosen === "tr" ? TURKISH[key] : english) ?? key;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** A word of the API in the chosen language; an unknown one as it is. */
export function word(name) {
  const texts = API_WORDS[name];
  return texts ? texts[chosen === "tr" ? 1 : 0] : String(name);
}

const ENGLISH = {
  "second short": "s", "minute short": "min", "hour short": "h", "day short": "d",
  "cut for display": "Cut for display: {count} characters in all.",
};

/** The English singular, where `count` is 1. */
const ONE = {
  "{count} messages": "1 message", "{count} unread fields": "1 unread field", "{count} headers": "1 header", "{count} parts": "1 part",
  "{count} of the last {all} requests match": "1 of the last {all} requests matches",
};

const API_WORDS = {
  scheduled: ["Scheduled", "Planlandı"], sent: ["On its way", "Yolda"],
  DELIVERED: ["Delivered", "İletildi"], NOT_DELIVERED: ["Not delivered", "İletilemedi"], SENT: ["Sent, no report", "Gönderildi, rapor yok"],
  NOT_SENT: ["Not sent", "Gönderilemedi"], NOT_ALLOWED: ["Not allowed", "İzin yok"],
  INVALID_DESTINATION_ADDRESS: ["Invalid destination", "Geçersiz alıcı"], INVALID_SOURCE_ADDRESS: ["Invalid source", "Geçersiz gönderen"],
  ROUTE_NOT_AVAILABLE: ["No route", "Yol yok"], NOT_ENOUGH_CREDITS: ["Not enough credits", "Kredi yetersiz"], REJECTED: ["Rejected", "Reddedildi"],
  INVALID_MESSAGE_FORMAT: ["Invalid format", "Geçersiz biçim"], "DELIVERED, 1 min": ["Delivered after 1 min", "1 dk sonra iletildi"],
  4101: ["Validity expires", "Süresi dolar"],
  accepted: ["Accepted", "Kabul"], partly: ["Partly", "Kısmen"], refused: ["Refused", "Ret"], answered: ["Answered", "Yanıtlandı"], given: ["Given", "Verildi"],
  empty: ["Nothing to give", "Verilecek yok"], fault: ["Fault", "Arıza"], pushed: ["Pushed", "İtildi"], postponed: ["Postponed", "Ertelendi"], lost: ["Lost", "Kayıp"],
  send: ["Send", "Gönderim"], pull: ["Report pull", "Rapor çekme"], titles: ["Titles", "Başlıklar"], balance: ["Balance", "Bakiye"],
  unreadable: ["Unreadable", "Okunamadı"], push: ["Report push", "Rapor itme"],
  changed: ["Changed", "Değişti"], unread: ["Not read", "Okunmadı"], noted: ["Noted", "Not"], also: ["Also", "Ayrıca"],
  status: ["Status code", "Durum kodu"], http: ["HTTP error", "HTTP hatası"], delay: ["Delay", "Gecikme"], drop: ["Dropped connection", "Kopan bağlantı"],
  truncate: ["Cut answer", "Kesik yanıt"], garbage: ["Garbage", "Çöp"], dribble: ["Dribble", "Damla damla"], "as-printed": ["As printed", "Basıldığı gibi"],
  reports: ["Wrong reports", "Yanlış raporlar"], close: ["Closed after the answer", "Yanıttan sonra kapanan bağlantı"],
  stall: ["Held answer", "Bekletilen yanıt"],
  opened: ["Opened", "Açıldı"], set: ["Set", "Ayarlandı"], charge: ["Charge", "Ücret"], refund: ["Refund", "İade"],
};

const TURKISH = {
  "second short": "sn", "minute short": "dk", "hour short": "sa", "day short": "gün",
  "Messages": "Mesajlar", "Requests": "İstekler", "Controls": "Kontroller", "Ledger": "Defter", "Message": "Mesaj", "Details": "Ayrıntılar", "Request": "İstek", "Answer": "Yanıt",
  "Views": "Görünümler", "Skip to content": "İçeriğe geç", "Inbox": "Gelen kutusu",
  "Live": "Canlı", "Reconnecting": "Yeniden bağlanıyor", "Closed": "Kapandı", "Space": "Alan", "Clock of the space": "Alanın saati", "frozen": "donmuş", "at its last instant": "son anında duruyor",
  "Keyboard": "Klavye", "Next row": "Sonraki satır", "Previous row": "Önceki satır", "Open the row": "Satırı aç", "Back to the list": "Listeye dön",
  "Search": "Ara", "Mark as unread": "Okunmadı yap", "Change the view": "Görünümü değiştir", "Show the keys": "Tuşları göster", "Close": "Kapat",
  "The control API needs its token": "Kontrol API'si anahtarını istiyor", "Token": "Anahtar", "Continue": "Sürdür",
  "It is the setting control.token; this tab keeps it until it is closed.": "control.token ayarıdır; bu sekme kapanana dek saklar.",
  "The server does not answer": "Sunucu yanıt vermiyor", "Copied": "Kopyalandı", "Copied as curl": "curl olarak kopyalandı", "Copy": "Kopyala",
  "Copy {what}": "Kopyala: {what}", "Copy as curl": "curl olarak kopyala",
  "Search number, title, text, id": "Numara, başlık, metin, kimlik ara", "Search messages": "Mesajlarda ara", "Mark all read": "Tümünü okundu yap", "Unread": "Okunmadı",
  "no text": "metin yok", "Flash": "Flash", "{count} parts": "{count} parça", "{count} messages": "{count} mesaj", "{count} found": "{count} bulundu", "{count} older ones dropped": "{count} eskisi silindi", "{count} unread": "{count} okunmadı",
  "Nothing matches": "Eşleşen yok", "No message of this space matches all filters.": "Bu alanda bütün süzgeçlere uyan mesaj yok.", "Clear the filters": "Süzgeçleri temizle",
  "Filters": "Süzgeçler", "Status": "Durum", "User": "Kullanıcı", "any": "hepsi", "To (pattern)": "Alıcı (kalıp)", "Title (pattern)": "Başlık (kalıp)", "Text (pattern)": "Metin (kalıp)",
  "Select a message to see what the phone would show, and why.": "Telefonun ne göstereceğini ve nedenini görmek için bir mesaj seçin.",
  "No messages yet": "Henüz mesaj yok", "Point your program at this address, or send one from a terminal:": "Programınızı bu adrese yöneltin ya da uçbirimden bir tane gönderin:",
  "Send a test message": "Deneme mesajı gönder", "Message not found": "Mesaj bulunamadı", "The space was reset, the message was deleted, or there never was one of this id.": "Alan sıfırlandı, mesaj silindi ya da bu kimlikte bir mesaj hiç olmadı.",
  "from {title}": "gönderen {title}", "The journal no longer holds the request of this message.": "Günlükte bu mesajın isteği artık yok.", "Request and answer": "İstek ve yanıt",
  "Why? Request {id}": "Neden? İstek {id}", "Flash message": "Flash mesaj", "As the phone shows it": "Telefonda göründüğü gibi",
  "GSM 7-bit": "GSM 7 bit", "GSM 7-bit + Turkish single shift": "GSM 7 bit + Türkçe tek geçiş", "GSM 7-bit, Turkish locking shift": "GSM 7 bit, Türkçe kilitli geçiş",
  "GSM 7-bit, Turkish locking and single shift": "GSM 7 bit, Türkçe kilitli ve tek geçiş", "UCS-2": "UCS-2", "Binary": "İkili",
  "because datacoding asked for it": "çünkü datacoding istedi", "because of ": "nedeni ", "which the GSM alphabet lacks": "GSM alfabesinde yok", "octets, as sent": "gönderildiği gibi sekizliler",
  "every character is in it": "bütün karakterler içinde", "characters of UCS-2": "UCS-2 karakteri", "octets": "sekizli", "septets": "yedili", "Encoding and cost": "Kodlama ve ücret",
  "Alphabet": "Alfabe", "Parts": "Parçalar", "of {capacity} {units}": "her biri {capacity} {units}", "Used": "Kullanılan", "{count} left": "{count} kaldı", "Lost": "Kayıp",
  "cut off: longer than one part, and no longSMS (S-11)": "kesildi: bir parçadan uzun ve longSMS yok (S-11)", "Replaced": "Değiştirilen", "became ?": "? oldu", "Cost": "Ücret",
  "Message id": "Mesaj kimliği", "Generated id": "Üretilen kimlik", "Written as": "Yazıldığı biçim", "Report goes to": "Raporun gittiği yer",
  "Submitted": "Alındı", "Sent": "Gönderildi", "scheduled": "ileri tarihli", "Plan": "Plan", "in {time}": "{time} sonra", "no report yet": "henüz rapor yok",
  "report ready to be pulled": "rapor çekilmeye hazır", "report given; it is not given again (R-03)": "rapor verildi, bir daha verilmez (R-03)",
  "forced the alphabet": "alfabeyi zorladı", "Part": "Parça", "characters": "karakter", "Codes": "Kodlar", "Links": "Bağlantılar", "Codes and links": "Kodlar ve bağlantılar",
  "default": "varsayılan", "Decide the outcome": "Sonucu belirle", "Deliver": "İlet", "Delivered": "İletildi", "Fail": "Başarısız kıl", "Failed": "Başarısız oldu",
  "Another outcome": "Başka bir sonuç", "Outcome decided": "Sonuç belirlendi", "After (seconds)": "Süre (saniye)", "Apply": "Uygula",
  "no user": "kullanıcı yok", "expected {what}": "beklenen {what}", "{count} unread fields": "{count} okunmayan alan", "{shown} of {count} requests": "{count} istekten {shown}",
  "Outcome": "Sonuç", "Operation": "İşlem", "Select a request to see its answer, and why.": "Yanıtını ve nedenini görmek için bir istek seçin.",
  "First of {count} messages": "{count} mesajın ilki", "The message": "Mesaj", "Fault rule": "Arıza kuralı", "Why": "Neden",
  "Nothing to explain: every field was read and the request was carried out.": "Açıklanacak bir şey yok: her alan okundu ve istek yerine getirildi.", "{count} more": "{count} tane daha",
  "{count} headers": "{count} başlık alanı", "The XML as the server saw it: unwrapped and decoded. Lines and columns count in it.": "Sunucunun gördüğü XML: açılmış ve çözülmüş. Satır ve sütunlar burada sayılır.",
  "no body": "gövde yok", "no answer": "yanıt yok", "No answer: the connection was closed.": "Yanıt yok: bağlantı kapatıldı.",
  "The answer before fault rules altered it": "Arıza kuralları değiştirmeden önceki yanıt", "Cut: only the first {count} bytes.": "Kesildi: yalnızca ilk {count} bayt.",
  "The body as received": "Alındığı gibi gövde", "line {line}, column {column}": "satır {line}, sütun {column}", "Expected": "Beklenen", "Found": "Bulunan", "Hint": "Öneri",
  "documented": "belgede var", "observed in a real client": "gerçek bir istemcide görüldü", "from the ancestor manual": "atası olan kılavuzdan", "inferred": "çıkarım",
  "cut for display": "Gösterim için kesildi: toplam {count} karakter.", "fault": "arıza",
  "Send": "Gönder", "Clock": "Saat", "Faults": "Arızalar", "Accounts": "Hesaplar", "Readings": "Okumalar", "Spaces": "Alanlar",
  "Your code is 482913. Do not share it.": "Kodunuz 482913. Kimseyle paylaşmayın.", "none": "yok", "Accepted": "Kabul edildi", "Not accepted, or not all of it": "Kabul edilmedi ya da tümü kabul edilmedi",
  "See the message": "Mesajı gör", "It is posted to /api/sendsms/xml/, as your program would.": "Programınızın yapacağı gibi /api/sendsms/xml/ adresine gönderilir.",
  "Title": "Başlık", "To": "Alıcı", "One or more numbers. The buttons fill in magic numbers, which always end with that status.": "Bir ya da daha çok numara. Düğmeler, hep o durumla biten sihirli numaraları yazar.",
  "Text": "Metin", "Language code": "Dil kodu", "Schedule": "İleri tarih", "From now, as in 4d3h2m1s": "Şu andan sonra, 4d3h2m1s gibi", "What is posted": "Gönderilen istek",
  "The clock runs": "Saat yürüyor", "The clock is frozen": "Saat donduruldu", "Run": "Yürüt", "Freeze": "Dondur", "+1 min": "+1 dk", "+1 h": "+1 sa", "+1 day": "+1 gün", "+48 h": "+48 sa",
  "Dates, delivery, validity, schedules and pushes follow it. Shown in Turkey's time, as the API prints it.": "Tarihler, iletim, geçerlilik, ileri tarih ve itmeler ona uyar. API'nin yazdığı gibi Türkiye saatiyle gösterilir.",
  "Advanced": "İlerledi", "Advance by (seconds)": "İlerlet (saniye)", "Advance": "İlerlet", "Set": "Ayarla", "Set to (Turkey's time)": "Şuna ayarla (Türkiye saati)",
  "Emulated seconds per real second": "Gerçek saniye başına benzetilen saniye", "Set the rate": "Hızı ayarla",
  "Titles and prices are set": "Başlıklar ve ücretler ayarlandı", "Prices by network": "Şebekeye göre ücretler", "Set titles and prices": "Başlıkları ve ücretleri ayarla",
  "Open an account": "Hesap aç", "Open the account": "Hesabı aç", "The account is open": "Hesap açıldı", "There is an account of this user": "Bu kullanıcının bir hesabı var",
  "Credit is set": "Kredi ayarlandı", "Credit": "Kredi", "Set the credit": "Krediyi ayarla", "Set it to 0": "Sıfır yap", "Password": "Parola", "Titles": "Başlıklar", "Price a part": "Parça ücreti", "Coverage": "Kapsam",
  "Where the vendor's page is ambiguous, you choose what it means; it applies from the next request on.": "Satıcının sayfası belirsiz kaldığında anlamını siz seçersiniz; sonraki istekten başlayarak geçerlidir.",
  "All to their defaults ({count} changed)": "Hepsi varsayılana ({count} değişik)", "Reading changed": "Okuma değişti", "changed": "değişik", 
  "made from the name": "addan türetilir", "Opened": "Açıldı", "Reset {name}?": "{name} sıfırlansın mı?", "Reset": "Sıfırla", "Cancel": "Vazgeç", "The space was reset": "Alan sıfırlandı",
  "All messages, reports, faults and requests are deleted; accounts, credit, clock and readings are as when the space was opened.": "Bütün mesajlar, raporlar, arızalar ve istekler silinir; hesaplar, kredi, saat ve okumalar alanın açıldığı andaki gibi olur.",
  "Close {name}?": "{name} kapatılsın mı?", "Everything in it is deleted.": "İçindeki her şey silinir.", "this space": "bu alan", "Open it": "Aç", "Base URL": "Temel URL", "Seed": "Tohum",
  "Everything is kept in {file}: it is there again after a restart.": "Her şey {file} dosyasında saklanır: yeniden başlatınca yine oradadır.",
  "Everything is in memory and is lost when the server ends.": "Her şey bellektedir ve sunucu kapanınca kaybolur.",
  "Armed faults": "Kurulu arızalar", "Time": "Zaman", "Open a space": "Alan aç", "Name": "Ad", "With a frozen clock": "Donmuş saatle", "Open": "Aç",
  "A whole private Kobikom: its own accounts, clock, messages and faults. Its credentials lead to it at the plain URL too.": "Bütünüyle özel bir Kobikom: kendi hesapları, saati, mesajları ve arızaları. Kimlik bilgileri düz URL'de de ona götürür.",
  "A status code instead of success; nothing is accepted or charged.": "Başarı yerine bir durum kodu; hiçbir şey kabul edilmez ve ücretlendirilmez.", "Code": "Kod", "For": "Kimin için", "the whole request": "bütün istek", "each matching recipient": "eşleşen her alıcı",
  "An HTML page with an HTTP status, as from a failing proxy, instead of carrying the request out or instead of its answer.": "Bozuk bir vekilden gelir gibi bir HTTP durumuyla HTML sayfası: istek yerine getirilmeden ya da yanıtının yerine.",
  "Of these, only": "Bunlardan yalnızca", "Of these, every": "Bunlardan her", "Change": "Değişiklik",
  "A pull gives wrong delivery reports.": "Rapor çekme yanlış raporlar verir.",
  "Nothing is sent until the client gives up, a test releases the answer, or the seconds are over.": "İstemci vazgeçene, bir sınama yanıtı bırakana ya da süre dolana dek hiçbir şey gönderilmez.",
  "Pushed reports come wrongly: the operation is a push, or a send for reports that come before its answer.": "İtilen raporlar yanlış gelir: işlem rapor itmedir; yanıtından önce gelen raporlar içinse gönderim.",
  "twice": "iki kez", "late": "geç", "without the end of the document": "belgenin sonu olmadan", "before the answer to their send": "gönderimin yanıtından önce",
  "each report twice": "her rapor iki kez", "one more, of an id no message has": "hiçbir mesajda olmayan kimlikle bir fazlası", "a status that is documented nowhere": "hiçbir belgede olmayan bir durum",
  "The answer is sent, then every open connection closes unannounced, as when the service restarts.": "Yanıt gönderilir, sonra hizmet yeniden başlıyormuş gibi açık bağlantıların hepsi haber verilmeden kapanır.", "HTTP status": "HTTP durumu",
  "The request is carried out, the answer comes late.": "İstek yerine getirilir, yanıt geç gelir.", "Seconds": "Saniye",
  "The connection closes without an answer: before the request is carried out, or after it was accepted and charged (a lost answer).": "Bağlantı yanıtsız kapanır: istek yerine getirilmeden ya da kabul edilip ücretlendirildikten sonra (kayıp yanıt).",
  "Moment": "Ne zaman", "after it was carried out": "yerine getirildikten sonra", "before it is carried out": "yerine getirilmeden", "The first bytes of the answer, then the connection closes.": "Yanıtın ilk baytları, sonra bağlantı kapanır.", "Bytes": "Bayt",
  "Random bytes of the same length instead of the answer; the request was carried out.": "Yanıt yerine aynı uzunlukta rastgele baytlar; istek yerine getirilmiştir.", "The answer comes slowly, a few bytes at a time.": "Yanıt birkaç bayt birden, yavaşça gelir.", "Bytes per second": "Saniyede bayt",
  "The answer is malformed in the way of the vendor's printed examples.": "Yanıt, satıcının basılı örneklerindeki gibi bozuktur.", "no limit": "sınırsız", "What happens": "Ne olur", "To which requests": "Hangi isteklere", "When": "Ne zaman",
  "Skip the first": "İlk şu kadarını atla", "Times": "Kaç kez", "Chance (%)": "Olasılık (%)", "Until (Turkey's time)": "Şuna dek (Türkiye saati)", "Arm": "Kur", "What would this match?": "Bu neyle eşleşirdi?", "Armed": "Kurulu", "Arm a fault": "Arıza kur",
  "{count} of the last {all} requests match": "son {all} istekten {count} tanesi eşleşiyor", "How often the rule fires depends on skip, times and chance.": "Kuralın kaç kez etki edeceği atlama, sayı ve olasılığa bağlıdır.",
  "Disarm": "Sök", "Disarm all": "Hepsini sök", "Disarmed": "Söküldü", "Disarm rule {id}": "{id} numaralı kuralı sök", "No rule is armed.": "Kurulu kural yok.", "every request": "her istek",
  "matched {matched}, fired {fired}": "{matched} eşleşme, {fired} etki", "Credit over time": "Zaman içinde kredi", "Amount": "Tutar", "Kind": "Tür",
  "{amount} spent on {count} messages": "{count} mesaja {amount} harcandı", "{amount} given back": "{amount} iade", 
  "Lines": "Satırlar", "Older lines": "Daha eski satırlar", "{shown} of {count} lines": "{count} satırdan {shown}", "No line yet.": "Henüz satır yok.",
  "This token was refused.": "Bu anahtar reddedildi.",
  "Download": "İndir", "Download as {format}": "{format} olarak indir", "Save the state": "Durumu kaydet", "Restore a saved state": "Kaydedilmiş durumu geri yükle",
  "Replace {name}?": "{name} değiştirilsin mi?", "Everything in it is replaced by the saved state.": "İçindeki her şeyin yerine kaydedilmiş durum gelir.", "Replace": "Değiştir", "The state is restored": "Durum geri yüklendi",
  "Webhooks": "Web kancaları", "Added": "Eklendi", "Add": "Ekle", "Secret": "Gizli anahtar", "It signs the events and is shown only now.": "Olayları imzalar ve yalnızca şimdi gösterilir.",
  "Nothing is posted anywhere.": "Hiçbir yere gönderilmiyor.", "{waiting} waiting, {sent} sent, {failed} failed, {dropped} dropped": "{waiting} bekliyor, {sent} gönderildi, {failed} başarısız, {dropped} atıldı",
  "Last error": "Son hata", "Remove webhook {id}": "{id} numaralı web kancasını kaldır", "Removed": "Kaldırıldı", "Remove": "Kaldır", "Add a webhook": "Web kancası ekle", "Address": "Adres",
  "Events of this space are posted to the address, signed as Standard Webhooks defines it.": "Bu alanın olayları, Standard Webhooks'un tanımladığı imzayla bu adrese gönderilir.",
  "Credit of {user}: from {start} to {end}": "{user} kredisi: {start} ile {end} arası", 
};
