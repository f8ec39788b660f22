// Texts of the frame and of all views: key (the English text) and Turkish. `words` are words of the API: [English, Turkish].

export const texts = {
  "second short": "sn", "minute short": "dk", "hour short": "sa", "day short": "gün",
  "Messages": "Mesajlar", "Requests": "İstekler", "Controls": "Kontroller", "Credit": "Kredi", "Message": "Mesaj", "Details": "Ayrıntılar", "Request": "İstek", "Answer": "Yanıt",
  "Views": "Görünümler", "Skip to content": "İçeriğe geç", "Inbox": "Gelen kutusu",
  "Live": "Canlı", "Reconnecting": "Yeniden bağlanıyor", "Closed": "Kapandı", "Space": "Alan", "Clock of the space": "Alanın saati", "frozen": "donmuş", "at its last instant": "son anında duruyor",
  "Keyboard": "Klavye", "Next row": "Sonraki satır", "Previous row": "Önceki satır", "Open the row": "Satırı aç", "Back to the list": "Listeye dön",
  "Search": "Ara", "Mark as unread": "Okunmadı yap", "Change the view": "Görünümü değiştir", "Show the keys": "Tuşları göster", "Close": "Kapat",
  "The control API needs its token": "Kontrol API'si anahtarını istiyor", "Token": "Anahtar", "Continue": "Sürdür",
  "It is the setting control.token; this tab keeps it until it is closed.": "control.token ayarıdır; bu sekme kapanana dek saklar.",
  "The server does not answer": "Sunucu yanıt vermiyor", "Copied": "Kopyalandı", "Copied as curl": "curl olarak kopyalandı", "Copy": "Kopyala",
  "Copy {what}": "Kopyala: {what}", "Copy as curl": "curl olarak kopyala",
  "cut for display": "Gösterim için kesildi: toplam {count} karakter.", "fault": "arıza",
  "This token was refused.": "Bu anahtar reddedildi.",
  "Download": "İndir", "Download as {format}": "{format} olarak indir", "Save the state": "Durumu kaydet", "Restore a saved state": "Kaydedilmiş durumu geri yükle",
};

export const english = {
  "second short": "s", "minute short": "min", "hour short": "h", "day short": "d",
  "cut for display": "Cut for display: {count} characters in all.",
};

/** The English singular, where `count` is 1. */
export const one = {
  "{count} messages": "1 message", "{count} unread fields": "1 unread field", "{count} headers": "1 header", "{count} parts": "1 part",
};

export const words = {
  scheduled: ["Scheduled", "Planlandı"], sent: ["On its way", "Yolda"],
  DELIVERED: ["Delivered", "İletildi"], NOT_DELIVERED: ["Not delivered", "İletilemedi"], SENT: ["Sent, no report", "Gönderildi, rapor yok"],
  NOT_SENT: ["Not sent", "Gönderilemedi"], NOT_ALLOWED: ["Not allowed", "İzin yok"],
  INVALID_DESTINATION_ADDRESS: ["Invalid destination", "Geçersiz alıcı"], INVALID_SOURCE_ADDRESS: ["Invalid source", "Geçersiz gönderen"],
  ROUTE_NOT_AVAILABLE: ["No route", "Yol yok"], NOT_ENOUGH_CREDITS: ["Not enough credits", "Kredi yetersiz"], REJECTED: ["Rejected", "Reddedildi"],
  INVALID_MESSAGE_FORMAT: ["Invalid format", "Geçersiz biçim"], "DELIVERED, 1 min": ["Delivered after 1 min", "1 dk sonra iletildi"],
};
