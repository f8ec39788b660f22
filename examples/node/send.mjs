// Sends two messages and waits for their reports. Needs Node 18 and nothing else: node examples/node/send.mjs
const url = (process.env.KOBIKOM_URL ?? 'http://127.0.0.1:8080') + '/api/sendsms/xml';
const login = '<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>';

/** Posts a document and returns the answer. Do not repeat a send without checking: it may have been sent. */
async function post(xml) {
  const answer = await fetch(`${url}/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/xml; charset=UTF-8' },
    body: xml,
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.text();
}

/** The text escaped for XML; an unescaped text is refused with -22. */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const [, amount, currency] = /<miktar>(.*?)<\/miktar>\s*<kur>(.*?)<\/kur>/.exec(await post(`<bakiye>${login}</bakiye>`));
console.log(`balance: ${amount} ${currency}`);

const text = escaped('Sayın Ayşe, siparişiniz & faturanız yolda.');
const answer = await post(`<SMS>${login}<mesajiniz><baslik>Kobikom</baslik><metin>${text}</metin>
<languageCode>ES</languageCode><type>longSMS</type>
<alicilar><gsm>905329975725</gsm><gsm>905990000003</gsm></alicilar></mesajiniz></SMS>`);

const waiting = new Map();
const result = /<status>(.*?)<\/status>\s*<messageid>(.*?)<\/messageid>\s*<destination>(.*?)<\/destination>/g;
for (const [, status, id, number] of answer.matchAll(result)) {
  console.log(`sent to ${number}: ${status}`);
  if (status !== '0') throw new Error(`refused with ${status}: see docs/explain.md`);
  waiting.set(id, number);
}

// Each report is given once, so store it before anything else. NO_DATA means that no report is ready yet.
for (let tries = 0; waiting.size && tries < 50; tries++) {
  const pulled = await (await fetch(`${url}/pull?kullanici=test&parola=test`)).text();
  for (const [, id, status, error] of pulled.matchAll(/<message id="(.*?)".*?status="(.*?)" gsmerror="(.*?)"/g)) {
    console.log(`report for ${waiting.get(id)}: ${status} ${error}`);
    waiting.delete(id);
  }
  if (waiting.size) await new Promise((resolve) => setTimeout(resolve, 100));
}
process.exitCode = waiting.size ? 1 : 0;
