// The messages of a list: loads pages as they are scrolled to, renews what was loaded, and counts.

import { get } from "./api.js";
import { isoDay } from "./format.js";

const PAGE = 100;

export class Feed {
  /** `query()` are the conditions, `drawn()` is called after each change, `at()` is the day to begin at, or "oldest". */
  constructor(app, { query, drawn }) {
    this.app = app;
    this.query = query;
    this.drawn = drawn;
    this.stopped = false;
    this.reset();
  }

  reset() {
    this.items = [];
    this.stamps = new Map();
    this.generation = 0;
    this.next = null;
    this.total = null; // of all that match, as the server counts
    this.dropped = 0;
    this.base = null; // the list begins below this cursor, not at the newest
    this.state = "loading"; // loaded, refused (`problem` says why), failed
    this.problem = "";
  }

  get filtered() {
    return Object.values(this.query()).some(Boolean);
  }

  async page(parameters) {
    return get(this.app.path("/messages"), { ...this.query(), ...parameters }, { signal: this.abort.signal });
  }

  /** Load the list from its beginning; what is under way is given up. */
  async load({ at = "", below = null } = {}) {
    this.abort?.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.reset();
    this.drawn();
    try {
      this.base = below ?? (await this.place(at));
      const found = await this.page({ limit: PAGE, before: this.base ?? undefined });
      if (signal.aborted) return;
      this.items = this.keep(found.messages);
      this.next = found.next;
      this.state = "loaded";
      this.drawn();
      await this.count();
    } catch (error) {
      if (signal.aborted) return;
      this.state = error.field === "q" ? "refused" : "failed";
      this.problem = error.field === "q" ? error.message.replace(/^q: /, "") : "";
    }
    if (!signal.aborted) this.drawn();
  }

  async place(at) {
    if (!at) return null;
    const end = at === "oldest" ? undefined : new Date(Date.parse(`${isoDay(`${at}T12:00:00+03:00`)}T00:00:00+03:00`) + 86_400_000).toISOString();
    const { cursor } = await get(this.app.path("/message-place"), { at: end }, { signal: this.abort.signal });
    return cursor === null ? 0 : cursor + (at === "oldest" ? PAGE / 2 : 1);
  }

  async count() {
    const { signal } = this.abort;
    if (this.filtered) {
      const known = this.next === null && this.base === null;
      const found = known ? { count: this.items.length } : await get(this.app.path("/message-count"), this.query(), { signal });
      [this.total, this.dropped] = [found.count, 0];
    } else {
      const space = await get(this.app.path(), {}, { signal });
      [this.total, this.dropped] = [space.messages, space.dropped_messages];
    }
  }

  keep(found) {
    for (const item of found) this.stamps.set(item.id, this.generation);
    const known = new Map(this.items.map((item) => [item.id, item]));
    return found.map((item) => {
      const old = known.get(item.id);
      return old && JSON.stringify(old) === JSON.stringify(item) ? old : item;
    });
  }

  /** Load the newest page again and join it with the older items; never two at a time. */
  refresh() {
    if (this.refreshing) {
      this.again = true;
      return this.refreshing;
    }
    this.refreshing = (async () => {
      do {
        this.again = false;
        await (this.state === "loaded" ? this.renew() : this.state === "failed" && this.load());
      } while (this.again && !this.stopped);
    })().catch(() => {}).finally(() => { this.refreshing = null; });
    return this.refreshing;
  }

  async renew() {
    this.generation += 1;
    const mine = this.generation;
    const { signal } = this.abort;
    const old = new Map(this.items.map((item, index) => [item.id, index]));
    const moving = this.query().status || /(status|durum):/i.test(this.query().q || ""); // what matches changes with time
    const before = this.base ?? undefined;
    let found = await this.page({ limit: moving ? Math.min(1000, Math.max(PAGE, this.items.length)) : PAGE, before });
    if (this.items.length && found.next && !found.messages.some((item) => old.has(item.id))) found = await this.page({ limit: 1000, before });
    if (mine !== this.generation || signal.aborted) return;
    const newest = this.keep(found.messages);
    const last = newest.at(-1);
    const joined = last && old.has(last.id) && !moving && found.next;
    const tail = joined ? this.items.slice(old.get(last.id) + 1) : [];
    if (!tail.length) this.next = found.next;
    this.items = [...newest, ...tail];
    this.drawn();
    await this.count();
    if (!signal.aborted) this.drawn();
  }

  /** Load what is missing around these rows, and renew the rows themselves. */
  async reach(first, last) {
    if (this.loading || this.stopped || this.state !== "loaded") return;
    const { signal } = this.abort;
    const { items } = this;
    const stale = first > 0 && items.slice(first, last).some((item) => (this.stamps.get(item.id) ?? -1) < this.generation);
    const more = this.next !== null && last >= items.length - 30;
    if (!stale && !more) return;
    this.loading = true;
    try {
      const found = await this.page(more ? { limit: 200, before: items.at(-1).cursor } : { limit: last - first, before: items[first - 1].cursor });
      if (signal.aborted) return;
      if (more) {
        const known = new Set(this.items.map((item) => item.id));
        this.items = [...this.items, ...this.keep(found.messages).filter((item) => !known.has(item.id))];
        this.next = found.next;
      } else {
        const fresh = new Map(this.keep(found.messages).map((item) => [item.id, item]));
        for (const item of items.slice(first, last)) this.stamps.set(item.id, this.generation);
        this.items = this.items.map((item) => fresh.get(item.id) || item);
      }
    } catch {
      return; // the next event after the connection is back loads everything again
    } finally {
      this.loading = false;
    }
    this.drawn();
  }

  stop() {
    this.stopped = true;
    this.abort?.abort();
  }
}
