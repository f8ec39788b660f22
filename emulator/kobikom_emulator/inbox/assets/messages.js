// The list of messages with its search, and the open message beside it: the newest, until another is chosen.

import { get } from "./api.js";
import { announce, dialog, field, h, menu, narrow, set } from "./dom.js";
import { Feed } from "./feed.js";
import { downloads } from "./files.js";
import { brief, count, dayName, isoDay, number, time, tone } from "./format.js";
import { VirtualList } from "./list.js";
import { markedText } from "./marks.js";
import { message } from "./message.js";
import { searchField } from "./search.js";
import { unreadMarks } from "./unread.js";
import { emptySpace, welcome as welcomeOf } from "./welcome.js";
import { t, word } from "./words.js";

export { emptySpace };

const FILTERS = ["q", "to", "title", "text", "status", "user"];

export function messages(app) {
  const wanted = () => Object.fromEntries(FILTERS.map((name) => [name, app.route[name] || ""]));
  const marks = unreadMarks(app.route.space);
  const feed = new Feed(app, { query: wanted, drawn: show });
  let shownFor = null;
  let open = null;
  let byItself = false; // the newest is shown without having been chosen
  let timer = 0;
  let stopped = false;
  let kept = null;
  let placed = null;
  let welcome = null;
  let sought = "";
  let spoken = "";

  const list = new VirtualList({
    name: t("Messages"),
    rowHeight: 76,
    key: (item) => item.id,
    tint: (item) => `${marks.isUnread(app.epoch, item) ? "unread" : ""} ${tone(item.status)}`,
    heading: (item) => dayName(item.submitted_at, app.nowIso()),
    draw: row,
    choose,
    reach: (first, last) => feed.reach(first, last),
  });
  const search = searchField(app);
  const status = h("p", { class: "counted" });
  const place = h("div", { class: "place", hidden: true });
  const empty = h("div", { class: "empty" });
  const detail = h("section", { class: "detail", "aria-label": t("Message"), tabindex: "-1" });
  const master = h("section", { class: "master", "aria-label": t("Messages") }, [
    h("div", { class: "bar" }, [search.element, h("div", { class: "row spread" }, [
      status,
      h("div", { class: "row" }, [
        menu(t("Jump"), () => [
          [t("Newest"), () => app.go({ at: "", message: "" })], [t("Oldest"), () => app.go({ at: "oldest", message: "" })], [t("A date …"), askForDate],
        ], { class: "link" }),
        menu("⋯", () => [[t("Mark all read"), markAll]], { class: "link", "aria-label": t("More") }),
      ]),
    ])]),
    place, empty, list.element,
    h("div", { class: "foot" }, downloads(app, "/messages", wanted, { CSV: "csv", "JSON Lines": "jsonl" })),
  ]);
  const element = h("div", { class: "panes" }, [h("h1", { class: "visually-hidden" }, t("Messages")), master, detail]);
  detail.addEventListener("pointerdown", pin);
  detail.addEventListener("focusin", pin);
  const forget = marks.listen(() => show());

  function row(item) {
    const failed = tone(item.status) === "bad";
    return [
      h("span", { class: "blip", "aria-hidden": "true" }),
      h("span", { class: "line1" }, [
        marks.isUnread(app.epoch, item) && h("span", { class: "visually-hidden" }, `${t("Unread")}. `),
        h("b", { class: "to" }, number(item.to)),
        h("span", { class: "title" }, item.title),
        h("time", { datetime: item.submitted_at }, time(item.submitted_at)),
      ]),
      h("span", { class: "line2", dir: "auto" }, item.text ? markedText(item.text.slice(0, 200)) : t("no text")),
      h("span", { class: "line3" }, [
        h("span", { class: item.status === "DELIVERED" ? "plain-status" : `chip ${tone(item.status)}` }, word(item.status)),
        item.codes[0] && h("span", { class: "chip code-mark", title: t("Code") }, item.codes[0]),
        item.cut && h("span", { class: "chip bad" }, t("Cut")),
        item.alphabet === "ucs2" && h("span", { class: "chip plain" }, "UCS-2"),
        item.flash && h("span", { class: "chip plain" }, t("Flash")),
        item.parts > 1 && h("span", { class: "chip plain" }, t("{count} parts", { count: item.parts })),
        !failed && h("span", { class: "who" }, item.user),
      ]),
    ];
  }

  function show() {
    if (stopped) return;
    const { items, state } = feed;
    const waiting = state === "loaded" && !items.length && !feed.filtered && feed.base === null;
    if (waiting !== Boolean(welcome)) {
      welcome?.stop();
      welcome = waiting ? welcomeOf(app) : null;
      element.classList.toggle("welcome", waiting);
      set(empty, welcome?.element);
    }
    list.element.hidden = !items.length;
    empty.hidden = items.length > 0;
    element.classList.toggle("loading", state === "loading");
    list.element.setAttribute("aria-busy", String(state === "loading"));
    if (!items.length && !waiting) set(empty, blank());
    search.refused(state === "refused" ? feed.problem : "");
    place.hidden = feed.base === null;
    if (feed.base !== null) set(place, h("span", {}, t("Newer messages are not shown")), h("button", { type: "button", class: "mini", onclick: toNewest }, `↑ ${t("Newest")}`));
    list.show(items, feed.next === null ? items.length : null);
    if (state === "loaded" && !feed.filtered && feed.base === null) marks.prune(app.epoch, items, feed.next === null ? -1 : items.at(-1)?.cursor ?? -1);
    drawCounts();
    openNewest();
    if (open?.found) showPlace(open.found);
    plan();
  }

  function drawCounts() {
    if (feed.state !== "loaded" || feed.total === null) return set(status, feed.state === "loading" ? t("Searching …") : "");
    const many = t(feed.filtered ? "{count} found" : "{count} messages", { count: count(feed.total) });
    if (sought !== spoken && feed.filtered) announce(many);
    spoken = sought;
    return set(status, many, app.unread > 0 && !feed.filtered && ` · ${t("{count} unread", { count: count(app.unread) })}`, feed.dropped > 0 && ` · ${t("{count} older ones dropped", { count: count(feed.dropped) })}`);
  }

  function blank() {
    if (feed.state === "loading") return h("div", { class: "skeleton", "aria-label": t("Loading …"), role: "img" }, [1, 2, 3, 4].map(() => h("span")));
    if (feed.state === "failed") return [h("h2", {}, t("The messages could not be loaded")), h("button", { type: "button", onclick: () => feed.load({ at: app.route.at }) }, t("Try again"))];
    if (feed.state === "refused") return [h("h2", {}, t("This search cannot be understood"))];
    return [
      h("h2", {}, t("Nothing matches")),
      h("p", {}, t("No message of this space matches all filters.")),
      h("button", { type: "button", onclick: () => app.go({}, { fresh: true }) }, t("Clear the filters")),
    ];
  }

  function toNewest() {
    if (app.route.at) app.go({ at: "" });
    else feed.load();
  }

  /** Statuses change as time passes, without an event: load again at the next planned time. */
  function plan() {
    clearTimeout(timer);
    if (!app.clock || app.clock.frozen) return;
    const now = app.now();
    let soonest = Infinity;
    for (const item of feed.items) {
      for (const at of [item.sent_at, item.done_at]) {
        const instant = Date.parse(at);
        if (instant > now && instant < soonest) soonest = instant;
      }
    }
    if (soonest === Infinity) return;
    timer = setTimeout(() => { feed.refresh(); open?.refresh(); }, Math.min(2 ** 31 - 1, Math.max(60, (soonest - now) / app.clock.rate + 30)));
  }

  // --- the open message

  function openNewest() {
    if (app.route.message || narrow()) return;
    const newest = feed.items[0];
    if (open && byItself && open.id === newest?.id) return;
    byItself = true;
    openMessage(newest?.id);
    list.select(newest?.id ?? null);
  }

  function openMessage(id) {
    open?.stop();
    kept = null;
    open = id ? message(app, id, { back: () => app.go({ message: "" }), opened, marks }) : null;
    set(detail, open ? open.element : feed.state === "loaded" ? h("p", { class: "pick" }, t("No message is open.")) : "");
    detail.scrollTop = 0;
  }

  /** A message that is shown by itself stays when something is done with it. */
  function pin() {
    if (!byItself || !open) return;
    byItself = false;
    app.go({ message: open.id }, { replace: true });
    if (open.found) opened(open.found);
  }

  /** Mark what a person opened as read, once: `u` marks it as unread again. And show its place in the list. */
  function opened(found) {
    if (byItself) return;
    showPlace(found);
    if (!app.epoch || kept === found.id || !marks.isUnread(app.epoch, found)) return;
    kept = found.id;
    marks.markRead(app.epoch, found);
  }

  /** Begin the list near a message that is further down than what is loaded, once for each message. */
  function showPlace(found) {
    const last = feed.items.at(-1);
    if (byItself || placed === found.id || feed.state !== "loaded" || !last || feed.filtered) return;
    placed = found.id;
    if (found.cursor >= last.cursor || app.route.at) return;
    feed.load({ below: found.cursor + 20 }).then(() => list.select(app.route.message || null, { scroll: true }));
  }

  function choose(item, how) {
    if (how === "step" && narrow()) return;
    app.go({ message: item.id }, { replace: how === "step" });
    if (how === "open" && narrow()) detail.focus();
  }

  async function markAll() {
    const { messages: [newest] } = await get(app.path("/messages"), { limit: 1 });
    if (newest) marks.markAllRead(app.epoch, newest);
  }

  function askForDate() {
    const day = h("input", { type: "date", required: true, value: isoDay(app.nowIso()), max: isoDay(app.nowIso()) });
    dialog(t("Jump to a date"), (close) => h("form", {
      method: "dialog", onsubmit: () => { close(); app.go({ at: day.value, message: "" }); },
    }, [field(t("Date"), day), h("div", { class: "row end" }, h("button", { type: "button", onclick: close }, t("Cancel")), h("button", { type: "submit", class: "primary" }, t("Jump")))]), { class: "ask" });
  }

  return {
    element,
    counted: drawCounts,
    show(route) {
      search.show(route);
      const key = JSON.stringify([wanted(), route.at]);
      if (key !== shownFor) {
        shownFor = key;
        sought = route.q || "";
        list.settled = false;
        feed.load({ at: route.at }).then(() => { if (route.at === "oldest") list.bringIntoView(feed.items.length - 1); });
      }
      element.classList.toggle("has-detail", Boolean(route.message));
      if (route.message && (byItself || route.message !== open?.id)) {
        byItself = false;
        if (route.message !== open?.id) openMessage(route.message);
        else if (open.found) opened(open.found);
        list.select(route.message, { scroll: true });
      } else if (!route.message && !byItself) {
        openMessage(null);
        list.select(null);
        openNewest();
      }
    },
    changed({ reset }) {
      if (reset) {
        feed.load();
        if (app.route.message) app.go({ message: "", at: "" }, { replace: true }); // its id may be another message's now
      } else {
        feed.refresh();
      }
      open?.refresh();
    },
    key(name) {
      if (name === "j") list.step(1);
      else if (name === "k") list.step(-1);
      else if (name === "/") { search.input.focus(); search.input.select(); }
      else if (name === "Enter") {
        if (document.activeElement?.closest("a, button, summary") || list.index() < 0) return false;
        choose(feed.items[list.index()], "open");
        detail.focus();
      } else if (name === "Escape") {
        const searching = document.activeElement === search.input;
        if (searching && search.clear()) return true;
        if (app.route.message && narrow()) app.go({ message: "" });
        (list.element.hidden ? detail : list.element).focus();
      } else if (name === "u") {
        const item = open?.found || feed.items[list.index()];
        if (item) marks.markUnread(app.epoch, item);
      } else if (name === "c") {
        if (!open?.found) return false;
        app.copy(open.found.codes[0]);
      } else return false;
      return true;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      forget();
      feed.stop();
      list.stop();
      open?.stop();
      welcome?.stop();
    },
  };
}
