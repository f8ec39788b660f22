// The journal: requests and pushes, searched and filtered, and the open one beside them.

import { get } from "./api.js";
import { choice, field, h, narrow, set } from "./dom.js";
import { brief, count, size } from "./format.js";
import { downloads } from "./files.js";
import { VirtualList } from "./list.js";
import { emptySpace } from "./welcome.js";
import { entryTone, request } from "./request.js";
import { t, word } from "./words.js";

const PAGE = 200;
const OPERATIONS = ["send", "pull", "titles", "balance", "unreadable", "http", "push"];
const OUTCOMES = ["accepted", "partly", "refused", "answered", "given", "empty", "fault", "pushed", "postponed", "lost"];
const FILTERS = ["q", "outcome", "operation", "user", "code", "refused", "faulted"];
const CODES = [-1, -2, -3, -5, -6, -10, -11, -13, -22, -23, -26, -27, -33, -34, -99, 5, 10, 11];

export function requests(app) {
  let items = [];
  let more = false;
  let counts = { matching: 0, total: 0 };
  let loading = false;
  let shownFor = null;
  let open = null;
  let stopped = false;
  let turn = 0;

  const list = new VirtualList({
    name: t("Requests"),
    rowHeight: 76,
    key: (item) => String(item.id),
    tint: (item) => (item.refused ? "refused-row" : item.effects.length ? "faulted-row" : ""),
    draw: row,
    choose: (item, how) => {
      if (how === "step" && narrow()) return;
      app.go({ entry: String(item.id) }, { replace: how === "step" });
      if (how === "open" && narrow()) detail.focus();
    },
    reach: (first, last) => { if (more && last >= items.length - 40) older(); },
  });
  const search = h("input", {
    type: "search", placeholder: t("Search request, answer, user"), "aria-label": t("Search requests"), "aria-keyshortcuts": "/",
    oninput: () => { clearTimeout(search.timer); search.timer = setTimeout(() => filter({ q: search.value }), 180); },
  });
  const quick = h("div", { class: "segments-bar", role: "group", "aria-label": t("Show") });
  const filters = h("details", { class: "filters" });
  const counted = h("p", { class: "counted", role: "status" });
  const empty = h("div", { class: "empty" });
  const detail = h("section", { class: "detail", "aria-label": t("Details"), tabindex: "-1" });
  const element = h("div", { class: "panes" }, [
    h("h1", { class: "visually-hidden" }, t("Requests")),
    h("section", { class: "master", "aria-label": t("Requests") }, [
      h("div", { class: "bar" }, search, quick, filters, counted, downloads(app, "/journal", () => wanted(), { "JSON Lines": "jsonl", HAR: "har" })),
      empty,
      list.element,
    ]),
    detail,
  ]);

  function row(item) {
    const wire = item.sent === "nothing" && item.kind === "request" ? t("answer lost") : item.sent === "cut" ? t("answer cut") : item.altered ? t("answer changed") : "";
    return [
      h("span", { class: "line1" }, [
        h("b", {}, word(item.operation)),
        h("span", { class: "title" }, item.user || t("no user")),
        h("time", { datetime: item.at }, brief(item.at, app.nowIso())),
      ]),
      h("span", { class: "line2" }, reason(item)),
      h("span", { class: "line3" }, [
        h("span", { class: `chip ${entryTone(item)}` }, word(item.outcome), item.code ? ` ${item.code}` : ""),
        wire && h("span", { class: "chip bad" }, wire),
        item.effects.length > 0 && h("span", { class: "chip wait" }, t("fault")),
        item.unread > 0 && h("span", { class: "chip wait" }, t("{count} unread fields", { count: item.unread })),
        h("span", { class: "who" }, `#${item.id}`),
      ]),
    ];
  }

  function reason(item) {
    if (item.clause) return `${item.clause}: ${[item.expected && t("expected {what}", { what: item.expected }), item.found && t("found {what}", { what: item.found })].filter(Boolean).join(", ")}`;
    if (item.effects.length) return item.effects[0];
    if (item.accepted) return t("{count} messages", { count: count(item.accepted) });
    return item.http_status === null ? t("no answer") : `HTTP ${item.http_status} · ${size(item.answer_bytes)}`;
  }

  const wanted = () => Object.fromEntries(FILTERS.map((name) => [name, app.route[name] || ""]));
  const filter = (changes) => app.go({ ...changes, entry: "" }, { replace: true });
  const clear = () => filter(Object.fromEntries(FILTERS.map((name) => [name, ""])));

  async function load() {
    const mine = ++turn;
    if (!items.length) set(counted, t("Searching…"));
    const found = await get(app.path("/requests"), { ...wanted(), limit: PAGE });
    if (mine !== turn || stopped) return;
    const last = found.entries.at(-1);
    const tail = last ? items.filter((item) => item.id < last.id) : [];
    items = [...found.entries, ...tail];
    if (!tail.length) more = found.entries.length === PAGE;
    counts = found;
    show();
  }

  async function older() {
    if (loading) return;
    loading = true;
    const mine = turn;
    try {
      const found = await get(app.path("/requests"), { ...wanted(), limit: PAGE, before: items.at(-1).id });
      if (mine !== turn || stopped) return;
      items = [...items, ...found.entries];
      more = found.entries.length === PAGE;
    } catch {
      more = false;
    } finally {
      loading = false;
    }
    show();
  }

  function show() {
    if (stopped) return;
    const none = !items.length;
    const filtered = Object.values(wanted()).some(Boolean);
    list.element.hidden = none;
    empty.hidden = !none;
    list.show(items, more ? null : items.length);
    if (none) set(empty, filtered ? [h("h2", {}, t("Nothing matches")), h("button", { type: "button", onclick: clear }, t("Clear the filters"))] : emptySpace(app));
    const numbers = { shown: count(counts.matching), count: count(counts.kept), total: count(counts.total) };
    set(counted, t("{shown} of {count} requests", numbers), counts.kept < counts.total && ` · ${t("{total} in all, the oldest are not kept", numbers)}`);
    if (!open && !none && !narrow()) read(String(items[0].id));
  }

  function drawFilters(route) {
    if (document.activeElement !== search) search.value = route.q || "";
    const only = route.refused ? "refused" : route.faulted ? "faulted" : "";
    set(quick, [["", "All"], ["refused", "Refused"], ["faulted", "With a fault"]].map(([name, label]) => h("button", {
      type: "button", "aria-pressed": String(only === name), onclick: () => filter({ refused: "", faulted: "", ...(name ? { [name]: "true" } : {}) }),
    }, t(label))));
    if (filters.contains(document.activeElement)) return;
    const accounts = (app.current()?.accounts || []).map((account) => account.user);
    if (route.user && !accounts.includes(route.user)) accounts.push(route.user);
    const active = ["outcome", "operation", "user", "code"].filter((name) => route[name]).length;
    const pick = (name, label, values, words = word) => field(t(label), choice([["", t("any")], ...values.map((value) => [value, words(value)])], route[name] || "", { onchange: (event) => filter({ [name]: event.target.value }) }));
    const isOpen = filters.open || active > 0;
    set(filters, h("summary", {}, t("Filters"), active > 0 && h("span", { class: "chip info" }, active)), h("div", { class: "grid" }, [
      pick("outcome", "Outcome", OUTCOMES), pick("operation", "Operation", OPERATIONS), pick("user", "User", accounts, String), pick("code", "Code", CODES, String),
    ]), active > 0 && h("button", { type: "button", class: "link", onclick: clear }, t("Clear the filters")));
    filters.open = isOpen;
  }

  function read(id) {
    open = id;
    list.select(id, { scroll: true });
    app.attempt(async () => {
      const found = await get(app.path(`/journal/${encodeURIComponent(id)}`));
      if (stopped || id !== open) return;
      set(detail, request(app, found));
      detail.scrollTop = 0;
    });
  }

  return {
    element,
    show(route) {
      drawFilters(route);
      const key = JSON.stringify(wanted());
      if (route.entry ? route.entry !== open : key !== shownFor) {
        open = null;
        set(detail, route.entry ? "" : h("p", { class: "pick" }, t("Select a request to see its answer, and why.")));
        list.select(null);
        if (route.entry) read(route.entry);
      }
      if (key !== shownFor) {
        shownFor = key;
        items = [];
        app.attempt(load);
      }
      element.classList.toggle("has-detail", Boolean(route.entry));
    },
    changed({ reset }) {
      if (reset) {
        items = [];
        open = null;
        set(detail);
        if (app.route.entry) app.go({ entry: "" }, { replace: true });
      }
      load().catch(() => {});
    },
    key(name) {
      if (name === "j") list.step(1);
      else if (name === "k") list.step(-1);
      else if (name === "/") search.focus();
      else if (name === "Enter") {
        if (document.activeElement?.closest("a, button, summary") || list.index() < 0) return false;
        app.go({ entry: String(items[list.index()].id) });
        detail.focus();
      } else if (name === "Escape") {
        if (app.route.q) filter({ q: "" });
        else if (app.route.entry && narrow()) app.go({ entry: "" });
        list.element.focus();
      } else return false;
      return true;
    },
    stop() {
      stopped = true;
      clearTimeout(search.timer);
      list.stop();
    },
  };
}
