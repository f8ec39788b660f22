#!/bin/sh
# All four requests of the API with curl. Start the emulator first: script/server
#   examples/curl.sh          KOBIKOM_URL=http://127.0.0.1:9000 examples/curl.sh
set -eu

url=${KOBIKOM_URL:-http://127.0.0.1:8080}/api/sendsms/xml
login='<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>'

echo '-- titles'
curl -sS "$url/" --data-binary "<basliklar>$login</basliklar>"
echo

echo '-- balance'
curl -sS "$url/" --data-binary "<bakiye>$login</bakiye>"
echo

# In XML, & is written as &amp; and < as &lt;. languageCode ES is for Turkish texts.
echo '-- send'
curl -sS "$url/" --data-binary "<SMS>$login<mesajiniz>
<baslik>Kobikom</baslik>
<metin>Sayın Ayşe, siparişiniz &amp; faturanız yolda.</metin>
<languageCode>ES</languageCode>
<alicilar>
<gsm messageId='order-1'>905329975725</gsm>
<gsm messageId='order-2'>905990000003</gsm>
</alicilar>
</mesajiniz></SMS>"

# A report is available when the message is final, here after a second. Each report is given once: store it.
sleep 1
echo '-- reports'
curl -sS "$url/pull?kullanici=test&parola=test"
echo '-- reports again'
curl -sS "$url/pull?kullanici=test&parola=test"
echo
