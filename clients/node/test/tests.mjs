// The tests of the package, for whatever runner: [name, function] of each.
import { ControlRefused, Kobikom, withKobikom } from 'kobikom-emulator-testing';

/** The code under test: true if it was sent, false if refused, undefined if that is unknown. */
async function notify({ baseUrl, user, password }, number, text) {
  const body = `<SMS><dogrulama><kullanici>${user}</kullanici><parola>${password}</parola></dogrulama><mesajiniz>
<metin>${text}</metin><alicilar><gsm>${number}</gsm></alicilar></mesajiniz></SMS>`;
  try {
    const answer = await fetch(`${baseUrl}/api/sendsms/xml/`, { method: 'POST', body });
    return (await answer.text()).includes('<status>0</status>');
  } catch {
    return undefined;
  }
}

export const tests = (assert) => [
  ['a code is sent and delivered', withKobikom(async (kobikom) => {
    assert.equal(await notify(kobikom, '905329975725', 'Kodunuz 1234'), true);
    assert.equal((await kobikom.waitFor({ to: '90532*', text: '*1234*' })).status, 'sent');
    assert.equal(await kobikom.waitForCode({ to: '0532 997 57 25' }), '1234');
    await kobikom.clock.advance(1);
    assert.equal((await kobikom.waitFor()).status, 'DELIVERED');
  })],
  ['a refusal is noticed', withKobikom(async (kobikom) => {
    const fault = await kobikom.faults.failNext(-2);
    assert.equal(await notify(kobikom, '905329975725', 'Kodunuz 1234'), false);
    assert.equal(await fault.fired(), 1);
    await kobikom.assertNone({ text: '*1234*' });
  })],
  ['a lost answer is not sent twice', withKobikom(async (kobikom) => {
    await kobikom.faults.loseNextAnswer();
    assert.equal(await notify(kobikom, '905329975725', 'Kodunuz 1234'), undefined);
    assert.equal((await kobikom.find()).length, 1);
    assert.equal((await kobikom.journal())[0].faults.length, 1);
  })],
  ['what is missing is named with the nearest miss', withKobikom(async (kobikom) => {
    await notify(kobikom, '905329975725', 'Kodunuz 1234');
    const missed = await kobikom.waitFor({ text: '*9999*' }, { timeout: 0 }).catch((error) => error);
    assert.equal(missed.name, 'AssertionError');
    assert.match(missed.message, /text is 'Kodunuz 1234', not '\*9999\*'/);
    const none = await kobikom.assertNone().catch((error) => error);
    assert.match(none.message, /Kodunuz 1234/);
    await assert.rejects(kobikom.find({ from: 'x' }), ControlRefused);
  })],
  ['clock, outcome, credit and scheduled faults', withKobikom({ clock: '2030-05-01T12:00:00Z', seed: 7 }, async (kobikom) => {
    assert.equal((await kobikom.clock.advance(60)).toISOString(), '2030-05-01T12:01:00.000Z');
    assert.equal((await kobikom.clock.set('2031-01-01T00:00:00Z')).getUTCFullYear(), 2031);
    await kobikom.account({ credit: '1' });
    await notify(kobikom, '905329975725', 'Bir');
    assert.equal(await notify(kobikom, '905329975725', 'İki'), false);
    const [message] = await kobikom.waitForAll(1);
    assert.equal((await kobikom.deliver(message, { status: 'REJECTED' })).status, 'REJECTED');
    await kobikom.reset();
    assert.equal((await kobikom.find()).length, 0);
  })],
  ['an error carries the journal, and the space is closed', async () => {
    let name;
    const failing = withKobikom(async (kobikom) => {
      ({ name } = kobikom);
      await notify(kobikom, '12', 'Kodunuz 1234');
      assert.equal(1, 2);
    });
    const error = await failing().catch((thrown) => thrown);
    assert.match(error.message, /kobikom journal\n.*\n#1 send as .*: refused -13/);
    await assert.rejects(Kobikom.open({ name, clock: 'no instant' }), ControlRefused);
    await (await Kobikom.open({ name, clock: 'running' })).close();
  }],
];
