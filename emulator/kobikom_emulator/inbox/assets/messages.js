// The list of messages with its filters, and the open message beside it.

import { baseUrl, get } from "./api.js";
import { choice, copy, field, h, set } from "./dom.js";
import { downloads } from "./files.js";
import { brief, count, number, tone } from "./format.js";
import { VirtualList } from "./list.js";
import { message } from "./message.js";
import { unreadMarks } from "./unread.js";
import { t, word } from "./words.js";

const PAGE = 100;
export const STATUSES = [
  "DELIVERED", "NOT_DELIVERED", "SENT", "NOT_SENT", "NOT_ALLOWED", "INVALID_DESTINATION_ADDRESS", "INVALID_SOURCE_ADDRESS",
  "ROUTE_NOT_AVAILABLE", "NOT_ENOUGH_CREDITS", "REJECTED", "INVALID_MESSAGE_FORMAT",
];
const FILTERS = ["q", "to", "title", "text", "status", "user"];

export function messages(app) {
  let items = [];
  let stamps = new Map();
  let generation = 0;
  let next = null;
  let total = 0;
  let dropped = 0;
  let loading = false;
  let shownFor = null;
  let open = null;
  let timer = 0;
  let stopped = false;
  let kept = null;
  const marks = unreadMarks(app.route.space);

  const list = new VirtualList({
    name: t("Messages"),
    rowHeight: 76,
    key: (item) => item.id,
    tint: (item) => (marks.isUnread(app.epoch, item) ? "unread" : ""),
    draw: row,
    choose: (item, how) => choose(item, how),
    reach,
  });
  const search = h("input", {
    type: "search", placeholder: t("Search number, title, text, id"), "aria-label": t("Search messages"), "aria-keyshortcuts": "/",
    oninput: () => { clearTimeout(search.timer); search.timer = setTimeout(() => filter({}), 180); },
  });
  const filters = h("details", { class: "filters" });
  const status = h("p", { class: "counted", role: "status" });
  const empty = h("div", { class: "empty" });
  const detail = h("section", { class: "detail", "aria-label": t("Message"), tabindex: "-1" });
  const element = h("div", { class: "panes" }, [
    h("h1", { class: "visually-hidden" }, t("Messages")),
    h("section", { class: "master", "aria-label": t("Messages") }, [
      h("div", { class: "bar" }, [h("div", { class: "row" }, search), filters, h("div", { class: "row spread" }, [
        status,
        h("button", { type: "button", class: "link", onclick: markAll }, t("Mark all read")),
      ]), downloads(app, "/messages", () => wanted(), { CSV: "csv", "JSON Lines": "jsonl" })]),
      empty,
      list.element,
    ]),
    detail,
  ]);

  function row(item) {
    return [
      h("span", { class: "blip", "aria-hidden": "true" }),
      h("span", { class: "line1" }, [
        marks.isUnread(app.epoch, item) && h("span", { class: "visually-hidden" }, `${t("Unread")}. `),
        h("b", { class: "to" }, number(item.to)),
        h("span", { class: "title" }, item.title),
        h("time", { datetime: item.submitted_at }, brief(item.submitted_at, app.nowIso())),
      ]),
      h("span", { class: "line2" }, item.text ? item.text.slice(0, 200) : t("no text")),
      h("span", { class: "line3" }, [
        h("span", { class: `chip ${tone(item.status)}` }, word(item.status)),
        item.flash && h("span", { class: "chip plain" }, t("Flash")),
        item.parts > 1 && h("span", { class: "chip plain" }, t("{count} parts", { count: item.parts })),
        h("span", { class: "who" }, item.user),
      ]),
    ];
  }

  const wanted = () => Object.fromEntries(FILTERS.map((name) => [name, app.route[name] || ""]));
  const filtered = () => FILTERS.some((name) => app.route[name]);
  /** Change the filters, the current text of the search box included. */
  const filter = (changes) => {
    clearTimeout(search.timer);
    app.go({ q: search.value.trim(), ...changes, message: "" }, { replace: true });
  };

  async function page(parameters) {
    return get(app.path("/messages"), { ...wanted(), ...parameters });
  }

  function keep(found) {
    for (const item of found) stamps.set(item.id, generation);
    const known = new Map(items.map((item) => [item.id, item]));
    return found.map((item) => {
      const old = known.get(item.id);
      return old && JSON.stringify(old) === JSON.stringify(item) ? old : item;
    });
  }

  async function load() {
    generation += 1;
    const mine = generation;
    const found = await page({ limit: PAGE });
    if (mine !== generation || stopped) return;
    items = keep(found.messages);
    next = found.next;
    list.element.scrollTop = 0;
    await counted();
    show();
  }

  async function counted() {
    const space = filtered() ? null : await get(app.path());
    total = space && space.messages;
    dropped = space ? space.dropped_messages : 0;
  }

  let refreshing = null;
  let again = false;

  /** Load the newest page again and join it with the older items; never two at a time. */
  function refresh() {
    if (refreshing) {
      again = true;
      return refreshing;
    }
    refreshing = (async () => {
      do {
        again = false;
        await renew();
      } while (again && !stopped);
    })().catch(() => {}).finally(() => { refreshing = null; });
    return refreshing;
  }

  async function renew() {
    generation += 1;
    const mine = generation;
    const old = new Map(items.map((item, index) => [item.id, index]));
    const deep = app.route.status ? Math.min(1000, Math.max(PAGE, items.length)) : PAGE;
    let found = await page({ limit: deep });
    if (items.length && found.next && !found.messages.some((item) => old.has(item.id))) found = await page({ limit: 1000 });
    await counted();
    if (mine !== generation || stopped) return;
    const newest = keep(found.messages);
    const last = newest.at(-1);
    const joined = last && old.has(last.id) && !app.route.status && found.next;
    const tail = joined ? items.slice(old.get(last.id) + 1) : [];
    if (!tail.length) next = found.next;
    items = [...newest, ...tail];
    show();
  }

  async function reach(first, last) {
    if (loading || stopped) return;
    if (next && last >= items.length - 30) {
      loading = true;
      try {
        const mine = shownFor;
        const found = await page({ limit: 200, before: items.at(-1).cursor });
        if (mine === shownFor) {
          const known = new Set(items.map((item) => item.id));
          items = [...items, ...keep(found.messages).filter((item) => !known.has(item.id))];
          next = found.next;
        }
      } catch {
        // the next event after the connection is back loads everything again
      } finally {
        loading = false;
      }
      return show();
    }
    const stale = items.slice(first, last).some((item) => (stamps.get(item.id) ?? -1) < generation);
    if (stale && first > 0) {
      loading = true;
      try {
        const found = await page({ limit: last - first, before: items[first - 1].cursor });
        const fresh = new Map(keep(found.messages).map((item) => [item.id, item]));
        for (const item of items.slice(first, last)) stamps.set(item.id, generation);
        items = items.map((item) => fresh.get(item.id) || item);
      } catch {
        // as above
      } finally {
        loading = false;
      }
      show();
    }
  }

  function show() {
    if (stopped) return;
    const none = !items.length;
    list.element.hidden = none;
    empty.hidden = !none;
    list.show(items, filtered() ? null : total);
    if (none) set(empty, filtered() ? noMatch() : emptySpace(app));
    const unread = items.filter((item) => marks.isUnread(app.epoch, item)).length;
    const many = filtered() ? `${count(items.length)}${next ? "+" : ""}` : count(total ?? items.length);
    set(status, t(filtered() ? "{count} found" : "{count} messages", { count: many }), unread > 0 && ` · ${t("{count} unread", { count: count(unread) + (next ? "+" : "") })}`, dropped > 0 && ` · ${t("{count} older ones dropped", { count: count(dropped) })}`);
    document.title = `${unread ? `(${unread}${next ? "+" : ""}) ` : ""}${t("Messages")} · kobikom-emulator`;
    plan();
  }

  /** Statuses change as time passes, without an event: load again at the next planned time. */
  function plan() {
    clearTimeout(timer);
    if (!app.clock || app.clock.frozen) return;
    const now = app.now();
    let soonest = Infinity;
    for (const item of items) {
      for (const at of [item.sent_at, item.done_at]) {
        const instant = Date.parse(at);
        if (instant > now && instant < soonest) soonest = instant;
      }
    }
    if (soonest === Infinity) return;
    timer = setTimeout(() => { refresh(); open?.refresh(); }, Math.min(2 ** 31 - 1, Math.max(60, (soonest - now) / app.clock.rate + 30)));
  }

  function noMatch() {
    return [
      h("h2", {}, t("Nothing matches")),
      h("p", {}, t("No message of this space matches all filters.")),
      h("button", { type: "button", onclick: () => app.go({}, { fresh: true }) }, t("Clear the filters")),
    ];
  }

  function choose(item, how) {
    const narrow = matchMedia("(max-width: 859px)").matches;
    if (how === "step" && narrow) return;
    app.go({ message: item.id }, { replace: how === "step" });
    if (how === "open" && narrow) detail.focus();
  }

  /** Mark the opened message as read, once: `u` marks it as unread again. */
  function seen(item) {
    if (!app.epoch || kept === item.id || !marks.isUnread(app.epoch, item)) return;
    kept = item.id;
    marks.markRead(app.epoch, item);
    show();
  }

  function markAll() {
    if (items.length) marks.markAllRead(app.epoch, items[0]);
    show();
  }

  function drawFilters(route) {
    const accounts = (app.current()?.accounts || []).map((account) => account.user);
    if (route.user && !accounts.includes(route.user)) accounts.push(route.user);
    const text = (name, label) => field(t(label), h("input", {
      value: route[name] || "", placeholder: "*", spellcheck: "false", onchange: (event) => filter({ [name]: event.target.value.trim() }),
    }));
    const all = ["scheduled", "sent", ...STATUSES];
    const active = FILTERS.slice(1).filter((name) => route[name]).length;
    if (filters.contains(document.activeElement) && filters.dataset.active === String(active)) return;
    filters.dataset.active = active;
    set(filters, h("summary", {}, t("Filters"), active > 0 && h("span", { class: "chip info" }, active)), h("div", { class: "grid" }, [
      field(t("Status"), choice([["", t("any")], ...all.map((name) => [name, word(name)])], route.status || "", { onchange: (event) => filter({ status: event.target.value }) })),
      field(t("User"), choice([["", t("any")], ...accounts.map((name) => [name, name])], route.user || "", { onchange: (event) => filter({ user: event.target.value }) })),
      text("to", "To (pattern)"), text("title", "Title (pattern)"), text("text", "Text (pattern)"),
    ]));
    if (active) filters.open = true;
  }

  return {
    element,
    show(route) {
      if (document.activeElement !== search) search.value = route.q || "";
      drawFilters(route);
      const key = JSON.stringify(wanted());
      if (key !== shownFor) {
        shownFor = key;
        app.attempt(load);
      }
      element.classList.toggle("has-detail", Boolean(route.message));
      if (route.message !== open?.id) {
        kept = null;
        open?.stop();
        open = route.message ? message(app, route.message, { back: () => app.go({ message: "" }), opened: seen }) : null;
        set(detail, open ? open.element : h("p", { class: "pick" }, t("Select a message to see what the phone would show, and why.")));
        detail.scrollTop = 0;
        if (route.message) list.select(route.message, { scroll: true });
        else list.select(null);
      }
    },
    changed({ reset }) {
      if (reset) {
        app.attempt(load);
        if (open) app.go({ message: "" }, { replace: true }); // its id may be another message's now
      } else {
        refresh();
      }
      open?.refresh();
    },
    key(name) {
      if (name === "j") list.step(1);
      else if (name === "k") list.step(-1);
      else if (name === "/") { search.focus(); search.select(); }
      else if (name === "Enter") {
        if (document.activeElement?.closest("a, button, summary") || list.index() < 0) return false;
        choose(items[list.index()], "open");
        detail.focus();
      } else if (name === "Escape") {
        if (app.route.message && matchMedia("(max-width: 859px)").matches) app.go({ message: "" });
        list.element.focus();
      } else if (name === "u") {
        const item = items[list.index()];
        if (item) { marks.markUnread(app.epoch, item); show(); }
      } else return false;
      return true;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      list.stop();
      open?.stop();
    },
  };
}

/** What an empty space shows: a command that sends a message to it. */
export function emptySpace(app) {
  const space = app.current();
  const account = space?.accounts[0] || { user: "test", password: "test" };
  const url = `${baseUrl(space?.name || "default")}/api/sendsms/xml/`;
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const xml = `<SMS><dogrulama><kullanici>${escaped(account.user)}</kullanici><parola>${escaped(account.password)}</parola></dogrulama>` +
    "<mesajiniz><metin>Merhaba</metin><alicilar><gsm>905321234567</gsm></alicilar></mesajiniz></SMS>";
  const line = `curl -d '${xml.replace(/'/g, "'\\''")}' ${url}`;
  return [
    h("h2", {}, t("No messages yet")),
    h("p", {}, t("Point your program at this address, or send one from a terminal:")),
    h("div", { class: "code", tabindex: "0", role: "region", "aria-label": "curl" }, h("pre", {}, h("code", {}, line))),
    h("div", { class: "row" }, [
      h("button", { type: "button", onclick: () => copy(line, t("Copied")) }, t("Copy")),
      h("a", { class: "button primary", href: app.href({ view: "controls", control: "send" }) }, t("Send a test message")),
    ]),
  ];
}
