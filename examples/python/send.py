"""Sends two messages and waits for their reports, with the standard library only: python examples/python/send.py"""

import os
import sys
import time
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

URL = os.environ.get("KOBIKOM_URL", "http://127.0.0.1:8080") + "/api/sendsms/xml"
LOGIN = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"


def post(document: str) -> ET.Element:
    """Post a document and read the answer. Do not repeat a send without checking: it may have been sent."""
    request = Request(f"{URL}/", document.encode(), {"Content-Type": "application/xml; charset=UTF-8"})
    with urlopen(request, timeout=10) as answer:
        return ET.fromstring(answer.read())


balance = post(f"<bakiye>{LOGIN}</bakiye>")
print("balance:", balance.findtext("miktar"), balance.findtext("kur"))

text = escape("Sayın Ayşe, siparişiniz & faturanız yolda.")  # & becomes &amp;; an unescaped text is refused with -22
answer = post(f"""<SMS>{LOGIN}<mesajiniz><baslik>Kobikom</baslik><metin>{text}</metin>
<languageCode>ES</languageCode><type>longSMS</type>
<alicilar><gsm>905329975725</gsm><gsm>905990000003</gsm></alicilar></mesajiniz></SMS>""")

waiting = {}
for result in answer.iter("result"):
    status, number = result.findtext("status"), result.findtext("destination")
    print(f"sent to {number}: {status}")
    if status != "0":
        sys.exit(f"refused with {status}: see docs/explain.md")
    waiting[result.findtext("messageid")] = number

# Each report is given once, so store it before anything else. NO_DATA means that no report is ready yet.
deadline = time.monotonic() + 10
while waiting and time.monotonic() < deadline:
    with urlopen(f"{URL}/pull?{urlencode({'kullanici': 'test', 'parola': 'test'})}", timeout=10) as pulled:
        body = pulled.read()
    if body == b"NO_DATA":
        time.sleep(0.1)
        continue
    for report in ET.fromstring(body).iter("message"):
        print(f"report for {waiting.pop(report.get('id'))}: {report.get('status')} {report.get('gsmerror')}")
sys.exit(1 if waiting else 0)
