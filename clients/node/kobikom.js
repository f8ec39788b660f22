// A private Kobikom for each test, over the control API of an emulator that runs already. Needs Node alone.
import { AssertionError } from 'node:assert';

const START = '2026-01-31T09:00:00+03:00';

/** Runs a test with a space of its own, which is closed at its end. An error carries the journal of the space. */
export const withKobikom = (options, test) => {
  if (typeof options === 'function') return withKobikom({}, options);
  return async () => {
    const kobikom = await Kobikom.open(options);
    try {
      return await test(kobikom);
    } catch (error) {
      // Not `instanceof Error`: under jest an error of node:assert is of another realm.
      if (typeof error?.message === 'string') {
        const journal = `\n\nkobikom journal\n${await kobikom.journalText().catch(String)}`;
        const { message, stack } = error;
        error.message = message + journal;
        error.stack = stack?.replace(message, () => error.message);
      }
      throw error;
    } finally {
      await kobikom.close();
    }
  };
};

export class ControlRefused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `HTTP ${status}`);
    Object.assign(this, { name: 'ControlRefused', status, problem, field: problem.field ?? '' });
  }
}

export class Kobikom {
  static async open({ server, token, clock = START, magicNumbers = true, ...options } = {}) {
    const url = (server ?? process.env.KOBIKOM_URL ?? 'http://127.0.0.1:8080').replace(/\/+$/, '');
    const ask = asking(`${url}/_emulator/spaces`, token ?? process.env.KOBIKOM_CONTROL__TOKEN);
    const body = { ...options, magic_numbers: magicNumbers };
    if (clock !== 'running') body.clock = typeof clock === 'string' ? { set: clock, freeze: true } : clock;
    return new Kobikom(url, ask, await ask('POST', '', body));
  }

  constructor(url, ask, { name, seed, accounts }) {
    this.ask = (method, path, body, wait) => ask(method, `/${name}${path}`, body, wait);
    Object.assign(this, { name, seed, url, baseUrl: `${url}/s/${name}` });
    ({ user: this.user, password: this.password } = accounts[0]);
    this.clock = new Clock(this.ask);
    this.faults = new Faults(this.ask);
  }

  async waitFor(conditions = {}, { timeout = 5 } = {}) {
    return (await this.waitForAll(1, conditions, { timeout }))[0];
  }

  async waitForAll(count, conditions = {}, { timeout = 5 } = {}) {
    const wanted = { match: conditions, count, timeout };
    try {
      return (await this.ask('POST', '/messages/wait', wanted, timeout)).messages.reverse();
    } catch (error) {
      if (error.status !== 408) throw error;
      const misses = (error.problem.nearest_misses ?? []).map(({ message, differences }) =>
        [line(message), ...differences].join('\n    '));
      const near = misses.length ? ['nearest misses:', ...misses].join('\n') : await this.journalText();
      throw failure(`waited ${timeout} s for ${count} with ${JSON.stringify(conditions)}: ${error.message}\n${near}`);
    }
  }

  async waitForCode(conditions = {}, { pattern = /\d{4,8}/, timeout = 5 } = {}) {
    const { text } = await this.waitFor(conditions, { timeout });
    const code = text.match(pattern);
    if (!code) throw failure(`no code ${pattern} in ${JSON.stringify(text)}`);
    return code[1] ?? code[0];
  }

  async find(conditions = {}) {
    const messages = [];
    for (let before = {}; before; ) {
      const query = new URLSearchParams({ ...conditions, limit: 1000, ...before });
      const page = await this.ask('GET', `/messages?${query}`);
      messages.push(...page.messages);
      before = page.next === null ? null : { before: page.next };
    }
    return messages.reverse();
  }

  async assertNone(conditions = {}, { timeout = 5 } = {}) {
    await this.drain({ timeout });
    const messages = await this.find(conditions);
    const what = `expected no message with ${JSON.stringify(conditions)}, there are ${messages.length}`;
    if (messages.length) throw failure([what, ...messages.map(line)].join('\n'));
  }

  drain({ timeout = 5 } = {}) { return this.ask('POST', '/drain', { timeout }, timeout); }

  deliver({ id }, { status = 'DELIVERED', gsmError, after = 0 } = {}) {
    return this.ask('POST', `/messages/${id}/outcome`, { status, gsm_error: gsmError, after });
  }

  async release(count = 1, { timeout = 5 } = {}) {
    return (await this.ask('POST', '/faults/release', { count, timeout }, timeout)).released;
  }

  account(terms) { return this.ask(terms ? 'PATCH' : 'GET', `/accounts/${encodeURIComponent(this.user)}`, terms); }
  async journal() { return (await this.ask('GET', '/journal?limit=1000')).entries.reverse(); }

  async journalText() {
    const lines = (await this.journal()).flatMap((entry) => [
      `#${entry.id} ${entry.operation} as ${entry.user}: ${entry.outcome} ${entry.code ?? ''} ${entry.faults}`.trim(),
      ...entry.explanation.map(({ clause, path, sentence, hint }) => `    ${clause}: ${path} ${sentence} ${hint}`),
    ]);
    if (!lines.length) lines.push('no request');
    return [`space ${this.name}, ${this.baseUrl}, user ${this.user}`, ...lines].join('\n');
  }

  reset() { return this.ask('POST', '/reset', {}); }

  async close() {
    if (!this.closed) await this.ask('DELETE', '');
    this.closed = true;
  }
}

class Clock {
  constructor(ask) {
    this.change = async (change) => new Date((await ask('POST', '/clock', change)).now);
    this.now = async () => new Date((await ask('GET', '/clock')).now);
  }

  advance(seconds) { return this.change({ advance: seconds }); }
  set(instant) { return this.change({ set: instant instanceof Date ? instant.toISOString() : instant }); }
  freeze() { return this.change({ freeze: true }); }
  run(rate) { return this.change({ freeze: false, rate }); }
}

class Faults {
  constructor(ask) {
    this.ask = ask;
  }

  async arm(effect, { match = {}, when = {} } = {}) {
    const { id } = await this.ask('POST', '/faults', { effect, match, when });
    const view = async () => (await this.ask('GET', '/faults')).faults.find((fault) => fault.id === id);
    return { id, view, fired: async () => (await view()).fired, disarm: () => this.ask('DELETE', `/faults/${id}`) };
  }

  failNext(code, match) {
    return this.next({ kind: 'status', code, scope: match?.to ? 'recipient' : 'request' }, match);
  }

  loseNextAnswer(match) { return this.next({ kind: 'drop', moment: 'after' }, match); }
  dropNext(match) { return this.next({ kind: 'drop', moment: 'before' }, match); }
  delayNext(seconds, match) { return this.next({ kind: 'delay', seconds }, match); }
  httpErrorNext(status, match) { return this.next({ kind: 'http', status }, match); }
  stallNext(match) { return this.next({ kind: 'stall', moment: 'after' }, match); }

  next(effect, { times = 1, operation = 'send', ...match } = {}) {
    return this.arm(effect, { match: { operation, ...match }, when: { times } });
  }

  clear() { return this.ask('DELETE', '/faults'); }
}

function asking(root, token) {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  return async (method, path, body, wait = 0) => {
    const signal = AbortSignal.timeout((wait + 30) * 1000);
    const answer = await fetch(root + path, { method, headers, signal, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (answer.ok) return text ? JSON.parse(text) : null;
    throw new ControlRefused(answer.status, text.startsWith('{') ? JSON.parse(text) : { detail: text });
  };
}

const line = ({ to, title, text, status }) => `  to ${to} title ${title}: ${JSON.stringify(text)} (${status})`;
const failure = (message) => new AssertionError({ message });
