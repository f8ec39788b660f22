// A private Kobikom for one test, over the emulator's control API. Copy it into your tests; it needs only Node 18.
export class Kobikom {
  /** Opens a space with its own accounts, messages, clock and faults. `options`: seed, clock, accounts, readings. */
  static async open(server = process.env.KOBIKOM_URL ?? 'http://127.0.0.1:8080', options = {}) {
    const clock = { set: '2026-01-31T09:00:00+03:00', freeze: true };
    return new Kobikom(server, await ask('POST', `${server}/_emulator/spaces`, { clock, ...options }));
  }

  constructor(server, space) {
    this.space = `${server}/_emulator/spaces/${space.name}`;
    this.baseUrl = `${server}/s/${space.name}`;
    ({ user: this.user, password: this.password } = space.accounts[0]);
  }

  /** Waits for a message that matches (patterns: to, from, text); the error lists the nearest misses. */
  async waitFor(match, timeout = 5) {
    return (await ask('POST', `${this.space}/messages/wait`, { match, timeout })).messages[0];
  }

  /** The messages that match, newest first, after all current requests have ended. */
  async sent(match = {}) {
    await ask('POST', `${this.space}/drain`, {});
    return (await ask('GET', `${this.space}/messages?${new URLSearchParams(match)}`)).messages;
  }

  advance(seconds) {
    return ask('POST', `${this.space}/clock`, { advance: seconds });
  }

  /** The next send is refused with this status code. */
  failNext(code) {
    return this.arm({ kind: 'status', code });
  }

  /** The next send is accepted and charged, but its answer is not sent. */
  loseNextAnswer() {
    return this.arm({ kind: 'drop', moment: 'after' });
  }

  arm(effect, match = { operation: 'send' }, when = { times: 1 }) {
    return ask('POST', `${this.space}/faults`, { effect, match, when });
  }

  /** The requests, answers and explanations, newest first: print it when a test fails. */
  async journal() {
    return (await ask('GET', `${this.space}/journal`)).entries;
  }

  close() {
    return ask('DELETE', this.space);
  }
}

async function ask(method, url, body) {
  const answer = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`kobikom: ${text}`);
  return text && JSON.parse(text);
}
