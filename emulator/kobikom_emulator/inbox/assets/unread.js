// Which messages were opened, remembered by this browser for each space and shared between its tabs. The marks are
// forgotten when the epoch changes (the space was reset or replaced, or the server restarted): the same ids are other
// messages then.

const MAX_IDS = 5000;
const spaces = new Map();

/** The marks of a space: one object for all who ask. */
export function unreadMarks(space) {
  if (!spaces.has(space)) spaces.set(space, new Marks(space));
  return spaces.get(space);
}

class Marks {
  constructor(space) {
    this.storageKey = `kobikom-read:${space}`;
    this.listeners = new Set();
    this.load();
    window.addEventListener("storage", (event) => {
      if (event.key !== this.storageKey) return;
      this.load();
      this.tell();
    });
  }

  load() {
    // `read` and `again` (marked as unread) are cursors by id; up to the cursor `upTo` all others are read
    this.state = { epoch: "", upTo: -1, read: {}, again: {} };
    try {
      const stored = JSON.parse(localStorage.getItem(this.storageKey)) || {};
      if (!Array.isArray(stored.read)) Object.assign(this.state, stored);
    } catch {
      // without storage every message is unread
    }
  }

  /** Change what is stored now: another tab may have changed it since. */
  change(epoch, how) {
    this.load();
    if (epoch && epoch !== this.state.epoch) this.state = { epoch, upTo: -1, read: {}, again: {} };
    how(this.state);
    const read = Object.entries(this.state.read);
    if (read.length > MAX_IDS) this.state.read = Object.fromEntries(read.sort((a, b) => b[1] - a[1]).slice(0, MAX_IDS));
    try {
      localStorage.setItem(this.storageKey, JSON.stringify(this.state));
    } catch {
      // as above
    }
    this.tell();
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  /** Call `listener` after each change, also by another tab; the result stops that. */
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  isUnread(epoch, { id, cursor }) {
    if (epoch && epoch !== this.state.epoch) return true;
    return id in this.state.again || !(id in this.state.read || cursor <= this.state.upTo);
  }

  markRead(epoch, { id, cursor }) {
    this.change(epoch, (state) => {
      delete state.again[id];
      if (cursor > state.upTo) state.read[id] = cursor;
    });
  }

  markUnread(epoch, { id, cursor }) {
    this.change(epoch, (state) => {
      delete state.read[id];
      if (cursor <= state.upTo) state.again[id] = cursor;
    });
  }

  markAllRead(epoch, newest) {
    this.change(epoch, (state) => Object.assign(state, { upTo: newest.cursor, read: {}, again: {} }));
  }

  /** The cursor after which messages are unread, as a parameter of the count: undefined where that is all of them. */
  after(epoch) {
    return epoch === this.state.epoch && this.state.upTo >= 0 ? this.state.upTo : undefined;
  }

  /** How many are unread, of so many messages after that cursor. */
  unreadOf(epoch, newer) {
    if (epoch !== this.state.epoch) return newer;
    return Math.max(0, newer - Object.keys(this.state.read).length) + Object.keys(this.state.again).length;
  }

  /** Forget marks of messages that are gone: `items` are all that are there from a cursor on. */
  prune(epoch, items, from) {
    if (epoch !== this.state.epoch) return;
    const there = new Set(items.map((item) => item.id));
    const gone = (marks) => Object.keys(marks).filter((id) => marks[id] >= from && !there.has(id));
    if (gone(this.state.read).length + gone(this.state.again).length === 0) return;
    this.change(epoch, (state) => {
      for (const marks of [state.read, state.again]) for (const id of gone(marks)) delete marks[id];
    });
  }
}
