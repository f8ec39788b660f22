// Texts of the frame and of all views: the English text is the key of the Turkish one. `words` are words of the API:
// [English, Turkish].

export const texts = {
  "second short": "sn", "minute short": "dk", "hour short": "sa", "day short": "gün", "Today": "Bugün", "Yesterday": "Dün",
  "Messages": "Mesajlar", "Requests": "İstekler", "Controls": "Kontroller", "Credit": "Kredi", "Spaces": "Alanlar", "Message": "Mesaj", "Details": "Ayrıntılar", "Request": "İstek", "Answer": "Yanıt",
  "Views": "Görünümler", "Skip to content": "İçeriğe geç", "Inbox": "Gelen kutusu", "Go to": "Görünüm", "unread messages": "okunmamış mesaj",
  "Live": "Canlı", "Connecting": "Bağlanıyor", "Reconnecting": "Yeniden bağlanıyor", "Closed": "Kapandı", "Space": "Alan", "All spaces …": "Bütün alanlar …", "All spaces": "Bütün alanlar",
  "No connection to the server since {time}. What you see may be old.": "{time} saatinden beri sunucuyla bağlantı yok. Gördükleriniz eski olabilir.", "Try now": "Şimdi dene", "Try again": "Yeniden dene",
  "There is no space {name}": "{name} adlı bir alan yok", "It was closed, or the link to it is wrong.": "Kapatılmış ya da bağlantı yanlış.", "To the space {name}": "{name} alanına git", "Open a space of this name": "Bu adla bir alan aç",
  "Clock of the space": "Alanın saati", "Frozen": "Donduruldu", "at its last instant": "son anında", "not the machine's time": "makinenin saati değil", "{count} faults": "{count} arıza",
  "Commands": "Komutlar", "Type a command, or what to search for": "Bir komut ya da aranacak metni yazın", "Search messages for “{text}”": "Mesajlarda “{text}” ara", "Copy the code of the newest message": "En yeni mesajdaki kodu kopyala",
  "Show failed messages": "Başarısız mesajları göster", "Show refused requests": "Reddedilen istekleri göster", "Add a fault": "Arıza ekle", "Go to the oldest message": "En eski mesaja git",
  "Let the clock run": "Saati çalıştır", "Freeze the clock": "Saati dondur", "Advance the clock by 1 hour": "Saati 1 saat ilerlet", "The clock is set": "Saat ayarlandı",
  "Settings": "Ayarlar", "Theme": "Tema", "As the system": "Sistemdeki gibi", "Light": "Açık", "Dark": "Koyu", "Density": "Sıklık", "Comfortable": "Rahat", "Compact": "Sıkışık", "Language": "Dil", "Metrics": "Ölçümler",
  "Notify me of new messages while this tab is in the background": "Bu sekme arka plandayken yeni mesajları bildir",
  "Keyboard and search": "Klavye ve arama", "A word, a phrase, and what must not be there": "Bir kelime, bir söz öbeği ve olmaması gereken", "By recipient, title, text: or user:; * and ? are wild": "Alıcıya, başlığa, text: ya da user: ile; * ve ? joker",
  "Also delivered, rejected, pending, …": "delivered, rejected, pending … de olur", "A one-time code that begins so": "Böyle başlayan tek kullanımlık kod", "Also is:code, is:flash, is:unicode, is:long": "is:code, is:flash, is:unicode, is:long da olur",
  "Also after:, and with a time: after:2026-01-31T09:30": "after: da olur, saatle de: after:2026-01-31T09:30",
  "Next row": "Sonraki satır", "Previous row": "Önceki satır", "Open the row": "Satırı aç", "Back to the list": "Listeye dön", "Empty the search, then back to the list": "Aramayı temizle, sonra listeye dön",
  "Copy the code of the open message": "Açık mesajdaki kodu kopyala", "Search": "Ara", "Mark as unread": "Okunmadı olarak işaretle", "Change the view": "Görünümü değiştir", "Show the keys": "Tuşları göster", "Close": "Kapat", "Cancel": "Vazgeç",
  "The control API needs its token": "Kontrol API'si belirteç istiyor", "Token": "Belirteç", "Continue": "Devam", "This token was refused.": "Bu belirteç kabul edilmedi.",
  "It is the setting control.token; this tab keeps it until it is closed.": "control.token ayarıdır; bu sekme kapanana dek saklar.",
  "The server does not answer": "Sunucu yanıt vermiyor", "Copied": "Kopyalandı", "Copied: {what}": "Kopyalandı: {what}", "There is no code": "Kod yok", "Copied as curl": "curl olarak kopyalandı", "Copied as {language}": "{language} olarak kopyalandı", "Copy": "Kopyala",
  "Copy {what}": "Kopyala: {what}", "Copy as curl": "curl olarak kopyala", "Programming language": "Programlama dili", "Code": "Kod", "More": "Diğer", "Loading …": "Yükleniyor …", "Opened": "Açıldı", "Own time": "Kendi saati",
  "cut for display": "Gösterim için kısaltıldı: toplam {count} karakter.", "fault": "arıza", "{count} spaces": "{count} alan", "the first {count} are shown": "ilk {count} alan gösteriliyor", "Filter by name or user": "Ada ya da kullanıcıya göre filtrele",
  "Show {name}": "{name} alanını göster", "Show": "Göster",
  "Download": "İndir", "Download as {format}": "{format} olarak indir", "Save the state": "Durumu kaydet", "Restore a saved state": "Kaydedilmiş durumu geri yükle",
};

export const english = {
  "second short": "s", "minute short": "min", "hour short": "h", "day short": "d",
  "cut for display": "Cut for display: {count} characters in all.",
};

/** The English singular, where `count` is 1. */
export const one = {
  "{count} messages": "1 message", "{count} unread fields": "1 unread field", "{count} headers": "1 header", "{count} parts": "1 part", "{count} faults": "1 fault",
  "{count} spaces": "1 space",
};

export const words = {
  scheduled: ["Scheduled", "Planlandı"], sent: ["On its way", "Yolda"],
  DELIVERED: ["Delivered", "İletildi"], NOT_DELIVERED: ["Not delivered", "İletilemedi"], SENT: ["Sent, no report", "Gönderildi, rapor yok"],
  NOT_SENT: ["Not sent", "Gönderilemedi"], NOT_ALLOWED: ["Not allowed", "İzin verilmedi"],
  INVALID_DESTINATION_ADDRESS: ["Invalid destination", "Geçersiz alıcı"], INVALID_SOURCE_ADDRESS: ["Invalid source", "Geçersiz gönderen"],
  ROUTE_NOT_AVAILABLE: ["No route", "Rota yok"], NOT_ENOUGH_CREDITS: ["Not enough credits", "Kredi yetersiz"], REJECTED: ["Rejected", "Reddedildi"],
  INVALID_MESSAGE_FORMAT: ["Invalid format", "Geçersiz biçim"], "DELIVERED, 1 min": ["Delivered after 1 min", "1 dk sonra iletildi"],
};
