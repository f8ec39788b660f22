// English and Turkish. The English sentence is the key; words of the wire (DELIVERED, refused, ...) have a table of their
// own. The server says statements, findings and readings in the language that api.js asks for.

const KEPT = "kobikom-language";
let chosen = stored() || (navigator.language?.toLowerCase().startsWith("tr") ? "tr" : "en");

function stored() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export const language = () => chosen;

export function speak(name) {
  chosen = name;
  try {
    localStorage.setItem(KEPT, name);
  } catch {
    // then for this page alone
  }
}

/** A sentence in the chosen language, `{name}` filled in from `values`. */
export function t(key, values = {}) {
  const english = values.count === 1 || values.count === "1" ? ONE[key] || ENGLISH[key] : ENGLISH[key];
  const sentence = (chosen === "tr" ? TURKISH[key] : english) ?? key;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** A word of the wire or the control API as people say it; unknown ones as they are. */
export function word(name) {
  const found = WIRE[name];
  return found ? found[chosen === "tr" ? 1 : 0] : String(name);
}

const ENGLISH = {
  "second short": "s", "minute short": "min", "hour short": "h", "day short": "d",
  "cut for display": "Cut for display: {count} characters in all.",
};

/** English has a form for one. */
const ONE = {
  "{count} messages": "1 message", "{count} unread fields": "1 unread field", "{count} headers": "1 header", "{count} parts": "1 part",
  "{count} of the last {all} requests match": "1 of the last {all} requests matches",
};

const WIRE = {
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
  charge: ["Charge", "Ücret"], refund: ["Given back", "İade"],
};

const TURKISH = {
  "second short": "sn", "minute short": "dk", "hour short": "sa", "day short": "gün",
  "Messages": "Mesajlar", "Requests": "İstekler", "Levers": "Kollar", "Ledger": "Defter", "Message": "Mesaj", "Details": "Ayrıntılar", "Request": "İstek", "Answer": "Yanıt",
  "Views": "Görünümler", "Skip to content": "İçeriğe geç", "Inbox": "Gelen kutusu",
  "Live": "Canlı", "Reconnecting": "Yeniden bağlanıyor", "Closed": "Kapandı", "Space": "Alan", "Clock of the space": "Alanın saati", "stands": "duruyor",
  "Keyboard": "Klavye", "Next row": "Sonraki satır", "Previous row": "Önceki satır", "Open the row": "Satırı aç", "Back to the list": "Listeye dön",
  "Search": "Ara", "Unread again": "Yeniden okunmadı yap", "Change the view": "Görünümü değiştir", "These keys": "Bu tuşlar", "Close": "Kapat",
  "The control API wants its token": "Kontrol API'si anahtarını istiyor", "Token": "Anahtar", "Continue": "Sürdür",
  "It is the setting control.token; this tab keeps it until it is closed.": "control.token ayarıdır; bu sekme kapanana dek saklar.",
  "The server does not answer": "Sunucu yanıt vermiyor", "Copied": "Kopyalandı", "Copied as curl": "curl olarak kopyalandı", "Copy": "Kopyala",
  "Copy {what}": "Kopyala: {what}", "Copy as curl": "curl olarak kopyala",
  "Search number, title, text, id": "Numara, başlık, metin, kimlik ara", "Search messages": "Mesajlarda ara", "Mark all read": "Tümünü okundu yap", "Unread": "Okunmadı",
  "no text": "metin yok", "Flash": "Flash", "{count} parts": "{count} parça", "{count} messages": "{count} mesaj", "{count} found": "{count} bulundu", "{count} unread": "{count} okunmadı",
  "Nothing matches": "Eşleşen yok", "No message of this space has all of that.": "Bu alanda hepsine uyan mesaj yok.", "Clear the filters": "Süzgeçleri temizle",
  "Filters": "Süzgeçler", "Status": "Durum", "Account": "Hesap", "any": "hepsi", "To (glob)": "Alıcı (kalıp)", "Title (glob)": "Başlık (kalıp)", "Text (glob)": "Metin (kalıp)",
  "Pick a message to see what the phone would show, and why.": "Telefonun ne göstereceğini ve nedenini görmek için bir mesaj seçin.",
  "No messages yet": "Henüz mesaj yok", "Point your program at this address, or send one from a terminal:": "Programınızı bu adrese yöneltin ya da uçbirimden bir tane gönderin:",
  "Send a test message": "Deneme mesajı gönder", "This message is not here": "Bu mesaj burada değil", "The space began anew, or never had it.": "Alan baştan başladı ya da bu mesaj hiç olmadı.",
  "from {title}": "gönderen {title}", "The journal has forgotten the request of this message.": "Günlük bu mesajın isteğini unuttu.", "Request and answer": "İstek ve yanıt",
  "Why? Request {id}": "Neden? İstek {id}", "Flash message": "Flash mesaj", "As the phone shows it": "Telefonda göründüğü gibi",
  "GSM 7-bit": "GSM 7 bit", "GSM 7-bit + Turkish single shift": "GSM 7 bit + Türkçe tek geçiş", "GSM 7-bit, Turkish locking shift": "GSM 7 bit, Türkçe kilitli geçiş",
  "GSM 7-bit, Turkish locking and single shift": "GSM 7 bit, Türkçe kilitli ve tek geçiş", "UCS-2": "UCS-2", "Binary": "İkili",
  "because datacoding asked for it": "çünkü datacoding istedi", "because of ": "nedeni ", "which the GSM alphabet lacks": "GSM alfabesinde yok", "octets, as sent": "gönderildiği gibi sekizliler",
  "every character is in it": "bütün karakterler içinde", "characters of UCS-2": "UCS-2 karakteri", "octets": "sekizli", "septets": "yedili", "How it travels": "Nasıl yol alır",
  "Alphabet": "Alfabe", "Parts": "Parçalar", "of {capacity} {units}": "her biri {capacity} {units}", "Used": "Kullanılan", "{count} left": "{count} kaldı", "Lost": "Kayıp",
  "cut off: longer than one part, and no longSMS (S-11)": "kesildi: bir parçadan uzun ve longSMS yok (S-11)", "Replaced": "Değiştirilen", "became ?": "? oldu", "Cost": "Ücret",
  "Message id": "Mesaj kimliği", "Generated id": "Üretilen kimlik", "Written as": "Yazıldığı biçim", "Report goes to": "Raporun gittiği yer",
  "Submitted": "Alındı", "Sent": "Gönderildi", "scheduled": "ileri tarihli", "Plan": "Plan", "in {time}": "{time} sonra", "no report yet": "henüz rapor yok",
  "report waits to be pulled": "rapor çekilmeyi bekliyor", "report is out, never given again (R-03)": "rapor verildi, bir daha verilmez (R-03)",
  "forced the alphabet": "alfabeyi zorladı", "Part": "Parça", "characters": "karakter", "Codes": "Kodlar", "Links": "Bağlantılar", "Picked out": "Ayıklananlar",
  "usual": "olağan", "Decide how it ends": "Nasıl biteceğine karar ver", "Deliver": "İlet", "Delivered": "İletildi", "Fail": "Başarısız kıl", "Failed": "Başarısız oldu",
  "Any other end": "Başka bir son", "Decided": "Karar verildi", "After (seconds)": "Süre (saniye)", "Decide": "Karar ver",
  "nobody": "kimse", "expected {what}": "beklenen {what}", "{count} unread fields": "{count} okunmayan alan", "{shown} of {count} requests": "{count} istekten {shown}",
  "Outcome": "Sonuç", "Operation": "İşlem", "Pick a request to see what was answered, and why.": "Ne yanıtlandığını ve nedenini görmek için bir istek seçin.",
  "First of {count} messages": "{count} mesajın ilki", "Its message": "Mesajı", "Fault rule": "Arıza kuralı", "Why": "Neden",
  "Nothing to explain: everything was read and done as asked.": "Açıklanacak bir şey yok: her şey okundu ve istendiği gibi yapıldı.", "{count} more": "{count} tane daha",
  "{count} headers": "{count} başlık alanı", "The XML as the server saw it: unwrapped and decoded. Lines and columns count in it.": "Sunucunun gördüğü XML: açılmış ve çözülmüş. Satır ve sütunlar burada sayılır.",
  "no body": "gövde yok", "no answer": "yanıt yok", "No answer: the connection was closed.": "Yanıt yok: bağlantı kapatıldı.",
  "The answer before fault rules altered it": "Arıza kuralları değiştirmeden önceki yanıt", "Cut: only the first {count} bytes.": "Kesildi: yalnızca ilk {count} bayt.",
  "The body as it came": "Geldiği gibi gövde", "line {line}, column {column}": "satır {line}, sütun {column}", "Expected": "Beklenen", "Found": "Bulunan", "Hint": "Öneri",
  "documented": "belgede var", "observed in a real client": "gerçek bir istemcide görüldü", "from the ancestor manual": "atası olan kılavuzdan", "inferred": "çıkarım",
  "cut for display": "Gösterim için kesildi: toplam {count} karakter.", "fault": "arıza",
  "Send": "Gönder", "Clock": "Saat", "Faults": "Arızalar", "Accounts": "Hesaplar", "Readings": "Okumalar", "Spaces": "Alanlar",
  "Your code is 482913. Do not share it.": "Kodunuz 482913. Kimseyle paylaşmayın.", "none": "yok", "Accepted": "Kabul edildi", "Not accepted, or not all of it": "Kabul edilmedi ya da tümü kabul edilmedi",
  "See the message": "Mesajı gör", "It goes through the front door, /api/sendsms/xml/, like your program's.": "Programınızınki gibi ön kapıdan, /api/sendsms/xml/ adresinden geçer.",
  "Title": "Başlık", "To": "Alıcı", "One or more numbers. The buttons are magic numbers: their end is known beforehand.": "Bir ya da daha çok numara. Düğmeler sihirli numaralardır: sonları baştan bellidir.",
  "Text": "Metin", "Language code": "Dil kodu", "Schedule": "İleri tarih", "From now, as in 4d3h2m1s": "Şu andan sonra, 4d3h2m1s gibi", "What is posted": "Gönderilen istek",
  "It runs": "Yürüyor", "It stands": "Durdu", "Let it run": "Yürüt", "Freeze": "Dondur", "+1 min": "+1 dk", "+1 h": "+1 sa", "+1 day": "+1 gün", "+48 h": "+48 sa",
  "It reaches every date, plan, validity, schedule and push. Shown in Turkey's time, as the API prints it.": "Her tarihe, plana, geçerliliğe ve itmeye ulaşır. API'nin yazdığı gibi Türkiye saatiyle gösterilir.",
  "Advanced": "İlerledi", "Advance by (seconds)": "İlerlet (saniye)", "Advance": "İlerlet", "Set": "Ayarla", "Set to (Turkey's time)": "Şuna ayarla (Türkiye saati)",
  "Emulated seconds a second": "Saniyede benzetilen saniye", "Set the rate": "Hızı ayarla",
  "Credit is set": "Kredi ayarlandı", "Credit": "Kredi", "Set the credit": "Krediyi ayarla", "Empty it": "Boşalt", "Password": "Parola", "Titles": "Başlıklar", "Price a part": "Parça ücreti", "Coverage": "Kapsam",
  "Where the vendor's page is ambiguous, you choose what it means. From the next request on.": "Satıcının sayfası belirsiz kaldığında anlamını siz seçersiniz. Sonraki istekten başlayarak.",
  "All as they come ({count} changed)": "Hepsi ilk hâline ({count} değişik)", "Read so from now on": "Bundan böyle böyle okunur", "changed": "değişik", "as it comes": "ilk hâli",
  "from the name": "addan", "Opened": "Açıldı", "Reset {name}?": "{name} sıfırlansın mı?", "Reset": "Sıfırla", "Keep it": "Kalsın", "It began anew": "Baştan başladı",
  "Every message, report, fault and request is forgotten; accounts, credit, clock and readings are as in the beginning.": "Bütün mesajlar, raporlar, arızalar ve istekler unutulur; hesaplar, kredi, saat ve okumalar baştaki gibi olur.",
  "Close {name}?": "{name} kapatılsın mı?", "It is gone with everything in it.": "İçindeki her şeyle birlikte gider.", "here": "buradasınız", "Go there": "Oraya git", "Base URL": "Temel URL", "Seed": "Tohum",
  "Armed faults": "Kurulu arızalar", "Time": "Zaman", "Open a space": "Alan aç", "Name": "Ad", "With a frozen clock": "Donmuş saatle", "Open": "Aç",
  "A whole private Kobikom: its own accounts, clock, messages and faults. Its credentials lead to it at the plain URL too.": "Bütünüyle özel bir Kobikom: kendi hesapları, saati, mesajları ve arızaları. Kimlik bilgileri düz URL'de de ona götürür.",
  "A status code instead of success; nothing is accepted or charged.": "Başarı yerine bir durum kodu; hiçbir şey kabul edilmez ve ücretlendirilmez.", "Code": "Kod", "For": "Kimin için", "the whole request": "bütün istek", "each matching recipient": "eşleşen her alıcı",
  "An HTTP error, as a broken proxy in front gives; the request is not carried out.": "Öndeki bozuk bir vekil gibi HTTP hatası; istek yerine getirilmez.", "HTTP status": "HTTP durumu",
  "The request is carried out, the answer takes its time.": "İstek yerine getirilir, yanıt gecikir.", "Seconds": "Saniye",
  "The connection closes without an answer: before the work, or after it was accepted and charged (the lost answer).": "Bağlantı yanıtsız kapanır: işten önce ya da kabul edilip ücretlendirildikten sonra (kayıp yanıt).",
  "Moment": "Ne zaman", "after it was carried out": "yerine getirildikten sonra", "before anything": "her şeyden önce", "The first bytes of the answer, then the connection closes.": "Yanıtın ilk baytları, sonra bağlantı kapanır.", "Bytes": "Bayt",
  "Noise of the same length instead of the answer; the request was carried out.": "Yanıt yerine aynı uzunlukta gürültü; istek yerine getirilmiştir.", "The answer trickles.": "Yanıt damla damla gelir.", "Bytes a second": "Saniyede bayt",
  "Malformed just as the vendor's page prints its examples.": "Satıcının sayfasındaki örnekler gibi bozuk.", "no end": "sınırsız", "What happens": "Ne olur", "To which requests": "Hangi isteklere", "User": "Kullanıcı", "When": "Ne zaman",
  "Skip the first": "İlk şu kadarını atla", "Times": "Kaç kez", "Chance (%)": "Olasılık (%)", "Until (Turkey's time)": "Şuna dek (Türkiye saati)", "Arm": "Kur", "What would this match?": "Bu neyle eşleşirdi?", "Armed": "Kurulu", "Arm a fault": "Arıza kur",
  "{count} of the last {all} requests match": "son {all} istekten {count} tanesi eşleşiyor", "How often it fires is for skip, times and chance to say.": "Kaç kez etki edeceğini atlama, sayı ve olasılık belirler.",
  "Disarm": "Sök", "Disarm all": "Hepsini sök", "Disarmed": "Söküldü", "Disarm rule {id}": "{id} numaralı kuralı sök", "No rule is armed: everything goes as the page says.": "Kurulu kural yok: her şey sayfadaki gibi işler.", "every request": "her istek",
  "matched {matched}, fired {fired}": "{matched} eşleşme, {fired} etki", "Charges": "Ücretler", "Credit over time": "Zaman içinde kredi", "Amount": "Tutar", "Kind": "Tür",
  "{amount} spent on {count} messages": "{count} mesaja {amount} harcandı", "{amount} given back": "{amount} iade", "Nothing was charged yet.": "Henüz ücret alınmadı.",
  "Credit of {user}: from {start} to {end}": "{user} kredisi: {start} ile {end} arası", "Reckoned back from today's credit; credit that was set by hand is not in it.": "Bugünkü krediden geriye hesaplanır; elle ayarlanan kredi içinde değildir.",
};
