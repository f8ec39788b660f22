// A private Kobikom for one test, over the emulator's control API. Copy it beside your tests; it needs Node 18 alone.
export class Kobikom {
  /** Opens a space: its own accounts, messages, clock and faults. `wanted`: seed, clock, accounts, readings. */
  static async open(server = process.env.KOBIKOM_URL ?? 'http://127.0.0.1:8080', wanted = {}) {
    const clock = { set: '2026-01-31T09:00:00+03:00', freeze: true };
    return new Kobikom(server, await ask('POST', `${server}/_emulator/spaces`, { clock, ...wanted }));
  }

  constructor(server, space) {
    this.at = `${server}/_emulator/spaces/${space.name}`;
    this.baseUrl = `${server}/s/${space.name}`;
    ({ user: this.user, password: this.password } = space.accounts[0]);
  }

  /** The message that matches (globs: to, from, text), as soon as it is there; an error tells what came near. */
  async waitFor(match, timeout = 5) {
    return (await ask('POST', `${this.at}/messages/wait`, { match, timeout })).messages[0];
  }

  /** What matches once nothing is in flight any more, newest first. */
  async sent(match = {}) {
    await ask('POST', `${this.at}/drain`, {});
    return (await ask('GET', `${this.at}/messages?${new URLSearchParams(match)}`)).messages;
  }

  advance(seconds) {
    return ask('POST', `${this.at}/clock`, { advance: seconds });
  }

  /** The next send fails with this status code. */
  failNext(code) {
    return this.arm({ kind: 'status', code });
  }

  /** The next send is carried out and charged, but its answer never arrives. */
  loseNextAnswer() {
    return this.arm({ kind: 'drop', moment: 'after' });
  }

  arm(effect, match = { operation: 'send' }, when = { times: 1 }) {
    return ask('POST', `${this.at}/faults`, { effect, match, when });
  }

  /** What was asked, answered and why, newest first: print it when a test fails. */
  async journal() {
    return (await ask('GET', `${this.at}/journal`)).entries;
  }

  close() {
    return ask('DELETE', this.at);
  }
}

async function ask(method, url, body) {
  const answer = await fetch(url, {
    method,
    headers: body && { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`kobikom: ${said}`);
  return said && JSON.parse(said);
}
