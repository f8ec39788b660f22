// What draws attention outside the page: the number of unread messages in the tab's title and icon, and notifications.
// It is true in every view, and while the tab is in the background.

import { get } from "./api.js";
import { count, number } from "./format.js";
import { preferences } from "./preferences.js";
import { t } from "./words.js";
import { unreadMarks } from "./unread.js";

const PAUSE = 1000; // between two counts

/** `changed()` after each change of the space, `moved()` when another space is shown. `app.unread` is the count. */
export function attention(app, { drawn }) {
  let marks = null;
  let forget = () => {};
  let newest = null;
  let waiting = false;
  let again = false;
  let title = "";

  function draw() {
    const unread = app.unread || 0;
    document.title = `${unread ? `(${count(unread)}) ` : ""}${title} · kobikom-emulator`;
    document.querySelector("link[rel=icon]").href = icon(unread);
    drawn();
  }

  async function ask() {
    const { space } = app.route;
    const epoch = app.epoch;
    const found = await get(app.path("/message-count"), { after: marks.after(epoch) }).catch(() => null);
    if (!found || space !== app.route.space || epoch !== app.epoch) return;
    app.newer = found.count;
    app.unread = marks.unreadOf(epoch, found.count);
    draw();
  }

  async function notify() {
    if (!preferences.notify || !("Notification" in window) || Notification.permission !== "granted") return;
    const { messages } = await get(app.path("/messages"), { limit: 5 }).catch(() => ({ messages: [] }));
    const last = newest;
    newest = messages[0]?.cursor ?? -1;
    if (last === null || !document.hidden) return;
    for (const message of messages.filter((each) => each.cursor > last).reverse()) {
      const note = new Notification(`${number(message.to)} · ${message.title}`, {
        body: message.codes[0] ? `${t("Code")}: ${message.codes[0]}\n${message.text}` : message.text, tag: `${app.route.space} ${message.id}`,
      });
      note.onclick = () => { window.focus(); app.go({ view: "messages", message: message.id }, { fresh: true }); note.close(); };
    }
  }

  async function changed() {
    if (waiting) {
      again = true;
      return;
    }
    waiting = true;
    again = false;
    await Promise.all([ask(), notify()]);
    setTimeout(() => { waiting = false; if (again) changed(); }, PAUSE);
  }

  return {
    changed,
    /** What the tab's title says beside the count. */
    name(text) {
      title = text;
      draw();
    },
    moved() {
      forget();
      marks = unreadMarks(app.route.space);
      [newest, app.unread] = [null, 0];
      // a mark moves the count at once where only single messages were marked, else the server counts again
      let after = marks.after(app.epoch);
      forget = marks.listen(() => {
        if (marks.after(app.epoch) === after && app.newer !== undefined) app.unread = marks.unreadOf(app.epoch, app.newer);
        else changed();
        after = marks.after(app.epoch);
        draw();
      });
    },
  };
}

/** The page's icon, with a red dot and the count where there are unread messages. */
function icon(count) {
  if (!count) return "inbox/icon.svg";
  const text = count > 99 ? "99+" : String(count);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3949ab"/>' +
    '<path d="M7 9h18v11H15l-5 4v-4H7z" fill="#fff"/><circle cx="22" cy="10" r="10" fill="#c62828"/>' +
    `<text x="22" y="14" font-family="sans-serif" font-size="${text.length > 2 ? 9 : 12}" font-weight="700" text-anchor="middle" fill="#fff">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
