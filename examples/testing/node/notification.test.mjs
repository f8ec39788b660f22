// Your code against a private Kobikom: node --test examples/testing/node/notification.test.mjs
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Kobikom } from './kobikom.mjs';

/** The code under test. Replace it by your own. True if sent, false if refused, undefined if that is unknown. */
async function notify({ baseUrl, user, password }, number, text) {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  try {
    const answer = await fetch(`${baseUrl}/api/sendsms/xml/`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/xml; charset=UTF-8' },
      body: `<SMS><dogrulama><kullanici>${user}</kullanici><parola>${password}</parola></dogrulama><mesajiniz>
<metin>${escaped}</metin><alicilar><gsm>${number}</gsm></alicilar></mesajiniz></SMS>`,
    });
    return (await answer.text()).includes('<status>0</status>');
  } catch {
    return undefined;
  }
}

let kobikom;
beforeEach(async () => {
  kobikom = await Kobikom.open();
});
afterEach(() => kobikom.close());

test('a code is sent', async () => {
  assert.equal(await notify(kobikom, '905329975725', 'Kodunuz 1234'), true);
  assert.equal((await kobikom.waitFor({ to: '90532*', text: '*1234*' })).status, 'sent');
  await kobikom.advance(1);
  assert.equal((await kobikom.waitFor({ text: '*1234*' })).status, 'DELIVERED');
});

test('no credit is noticed', async () => {
  await kobikom.failNext(-2);
  assert.equal(await notify(kobikom, '905329975725', 'Kodunuz 1234'), false);
  assert.deepEqual(await kobikom.sent({ text: '*1234*' }), []);
});

test('a lost answer is not sent twice', async () => {
  await kobikom.loseNextAnswer();
  assert.equal(await notify(kobikom, '905329975725', 'Kodunuz 1234'), undefined);
  assert.equal((await kobikom.journal())[0].outcome, 'accepted');
  assert.equal((await kobikom.sent()).length, 1);
});
