// The notification service of notifier.py in Node, with the same three bugs.

export class ServiceDown extends Error {}

const xml = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Notifies customers of their orders. `sent` and `reports` stand for two tables of a database. */
export class Notifier {
  sent = [];
  reports = new Map();
  balance = "";

  constructor(url, user, password) {
    this.url = `${url}/api/sendsms/xml`;
    this.user = user;
    this.password = password;
  }

  /** Sends one text to some numbers, and records the numbers it was sent to. */
  async notify(numbers, text) {
    const recipients = numbers.map((number) => `<gsm>${number}</gsm>`).join("");
    const answer = await this.#post(
      `<SMS>${this.#login()}<mesajiniz><metin>${xml(text)}</metin><alicilar>${recipients}</alicilar></mesajiniz></SMS>`,
    );
    if (/<status>(-?\d+)<\/status>/.exec(answer)?.[1] !== "0") throw new ServiceDown(`refused: ${answer}`);
    this.sent.push(...numbers);
  }

  /** The nightly job: fetches the delivery reports and the balance. */
  async collect() {
    const login = new URLSearchParams({ kullanici: this.user, parola: this.password });
    const answer = await this.#open(`${this.url}/pull?${login}`);
    const balance = /<miktar>(.*?)<\/miktar>/.exec(await this.#post(`<bakiye>${this.#login()}</bakiye>`));
    if (!balance) throw new ServiceDown("no balance");
    this.balance = balance[1];
    for (const [, id, status] of answer.matchAll(/<message id="(.*?)".*? status="(.*?)"/g)) this.reports.set(id, status);
  }

  #login() {
    return `<dogrulama><kullanici>${xml(this.user)}</kullanici><parola>${xml(this.password)}</parola></dogrulama>`;
  }

  async #post(body) {
    const request = { method: "POST", body, headers: { "Content-Type": "application/xml; charset=UTF-8" } };
    try {
      return await this.#open(`${this.url}/`, request);
    } catch {
      return await this.#open(`${this.url}/`, request);
    }
  }

  async #open(address, request = {}) {
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(5000), ...request });
      if (!answer.ok) throw new ServiceDown(`HTTP ${answer.status}`);
      return await answer.text();
    } catch (error) {
      throw new ServiceDown(String(error));
    }
  }
}
