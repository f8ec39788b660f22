// A client of the Kobikom SMS XML API in Node, without libraries. The `kind` of a failure is `refused` (with the code),
// `transport` (nothing was sent), `lost` or `malformed`.
import { request } from 'node:http';

class Failed extends Error { constructor(kind, code = null) { super(kind); Object.assign(this, { kind, code }); } }
const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };
const esc = text => (text ?? '').replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?').replace(/[&<>"\r]/g, c => escapes[c]);
const names = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = text => text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex, dec, name) =>
  name ? names[name] ?? all : String.fromCodePoint(hex ? parseInt(hex, 16) : +dec)).trim();
const inner = (xml, tag) => xml.match(new RegExp(`<${tag}>([^]*?)</${tag}>`))?.[1] ?? '';
const all = (xml, tag) => [...xml.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(m => m[1]);

function ask(call, path, body) {
  const signal = AbortSignal.timeout((call.options.timeout ?? 30) * 1000); // limits the whole request
  const headers = { 'Content-Type': 'application/xml; charset=UTF-8' };
  if (body) headers['Content-Length'] = Buffer.byteLength(body);
  return new Promise((resolve, reject) => {
    const lost = error => reject(new Failed(error?.code === 'ECONNREFUSED' ? 'transport' : 'lost'));
    // Not fetch, which accepts a cut answer as complete.
    request(call.url + path, { method: body ? 'POST' : 'GET', headers, signal, agent: false }, answer => {
      const pieces = [];
      answer.on('data', piece => pieces.push(piece)).on('error', lost).on('close', () =>
        answer.complete && answer.statusCode === 200 ? resolve(Buffer.concat(pieces).toString().trim()) : lost());
    }).on('error', lost).end(body);
  });
}
async function post(call, root, inside = '') {
  const login = `<kullanici>${esc(call.user)}</kullanici><parola>${esc(call.password)}</parola>`;
  const xml = await ask(call, '/api/sendsms/xml/', `<${root}><dogrulama>${login}</dogrulama>${inside}</${root}>`);
  const result = xml.endsWith('</results>') && all(xml, 'status');
  if (result && result.length === 1 && !inner(xml, 'destination')) throw new Failed('refused', code(result[0]));
  if (!xml.endsWith(root === 'SMS' ? '</results>' : `</${root}>`)) throw new Failed('malformed');
  return xml;
}
function code(status) { // the page prints a stray < before some of them
  if (!/^\s*<?\s*-?\d+\s*$/.test(status)) throw new Failed('malformed');
  return +status.replace('<', '');
}
export const operations = {
  async send(call) {
    const to = call.recipients.map(r => `<gsm${r.message_id === null ? '' : ` messageId="${esc(r.message_id)}"`}>${esc(r.gsm)}</gsm>`);
    const wide = /[^\x00-\x7f]|`/.test(call.text);
    const fields = `<metin>${esc(call.text)}</metin><flash>${call.options.flash ? 1 : 0}</flash>`
      + `<type>${call.text.length > (wide ? 70 : 80) ? 'longSMS' : ''}</type><datacoding>${wide ? 8 : ''}</datacoding>`;
    const xml = await post(call, 'SMS', `<mesajiniz><baslik>${esc(call.title)}</baslik>${fields}<alicilar>${to.join('')}</alicilar></mesajiniz>`);
    const rows = xml.split('</result>').slice(0, -1).map(row => ({ status: code(inner(row, 'status')),
      message_id: plain(inner(row, 'messageid')), destination: plain(inner(row, 'destination')) }));
    return { results: call.recipients.map(r => { // a number that was sent to twice has two results
      const at = rows.findIndex(row => row.destination === r.gsm);
      if (at < 0) throw new Failed('malformed');
      return rows.splice(at, 1)[0];
    }) };
  },
  async reports(call) {
    if (call.ids?.length === 0) return { reports: [] }; // a pull without ids would consume every report
    const query = new URLSearchParams({ kullanici: call.user, parola: call.password });
    if (call.ids) query.set('messageid', call.ids.join(','));
    const text = await ask(call, `/api/sendsms/xml/pull?${query}`);
    if (text === 'NO_DATA') return { reports: [] };
    if (/^-?(5|10|11)$/.test(text)) throw new Failed('refused', -Math.abs(+text));
    if (!/^<DeliveryReport>[^]*(\/>|<\/DeliveryReport>)$/.test(text)) throw new Failed('malformed');
    return { reports: [...text.matchAll(/<message\s[^<]*?\/>/g)].map(([tag]) => {
      const of = name => plain(tag.match(new RegExp(`\\s${name}="([^"]*)"`))[1]);
      return { id: of('id'), sent_at: of('sentdate'), done_at: of('donedate'), status: of('status'), gsmerror: +of('gsmerror') };
    }) };
  },
  async titles(call) {
    const xml = await post(call, 'basliklar');
    return { alphanumeric: all(inner(xml, 'normal'), 'baslik').map(plain), numeric: all(inner(xml, 'sayisal'), 'baslik').map(plain) };
  },
  async balance(call) {
    const xml = await post(call, 'bakiye');
    if (!/^\d+(\.\d+)?$/.test(inner(xml, 'miktar'))) throw new Failed('malformed');
    return { amount: inner(xml, 'miktar'), currency: plain(inner(xml, 'kur')) };
  },
};
