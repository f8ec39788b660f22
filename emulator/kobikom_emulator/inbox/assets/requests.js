// The journal: requests and pushes with their answers, refusals with their clause and their place in the body.

import { get } from "./api.js";
import { code } from "./code.js";
import { choice, copy, field, h, set } from "./dom.js";
import { brief, count, full, outcomeTone, size } from "./format.js";
import { downloads } from "./files.js";
import { VirtualList } from "./list.js";
import { backButton, fact } from "./message.js";
import { emptySpace } from "./messages.js";
import { t, word } from "./words.js";

const PAGE = 200;
const OPERATIONS = ["send", "pull", "titles", "balance", "unreadable", "http", "push"];
const OUTCOMES = ["accepted", "partly", "refused", "answered", "given", "empty", "fault", "pushed", "postponed", "lost"];
const MARKS = { D: "documented", O: "observed in a real client", A: "from the ancestor manual", I: "inferred" };

export function requests(app) {
  let items = [];
  let more = false;
  let total = 0;
  let loading = false;
  let shownFor = null;
  let open = null;
  let stopped = false;
  let turn = 0;

  const list = new VirtualList({
    name: t("Requests"),
    rowHeight: 76,
    key: (item) => String(item.id),
    tint: () => "",
    draw: row,
    choose: (item, how) => {
      const narrow = matchMedia("(max-width: 859px)").matches;
      if (how === "step" && narrow) return;
      app.go({ entry: String(item.id) }, { replace: how === "step" });
      if (how === "open" && narrow) detail.focus();
    },
    reach: (first, last) => { if (more && last >= items.length - 40) older(); },
  });
  const bar = h("div", { class: "bar" });
  const counted = h("p", { class: "counted", role: "status" });
  const filters = h("div", { class: "grid three" });
  const empty = h("div", { class: "empty" });
  const detail = h("section", { class: "detail", "aria-label": t("Details"), tabindex: "-1" });
  const element = h("div", { class: "panes" }, [
    h("h1", { class: "visually-hidden" }, t("Requests")),
    h("section", { class: "master", "aria-label": t("Requests") }, [set(bar, filters, counted, downloads(app, "/journal", () => wanted(), { "JSON Lines": "jsonl", HAR: "har" })), empty, list.element]),
    detail,
  ]);

  function row(item) {
    const said = item.clause ? `${item.clause}: ${item.expected ? t("expected {what}", { what: item.expected }) : ""}` : "";
    return [
      h("span", { class: "line1" }, [
        h("b", {}, word(item.operation)),
        h("span", { class: "title" }, item.user || t("no user")),
        h("time", { datetime: item.at }, brief(item.at, app.nowIso())),
      ]),
      h("span", { class: "line2" }, said || (item.accepted ? t("{count} messages", { count: count(item.accepted) }) : item.http_status === null ? t("no answer") : `HTTP ${item.http_status} · ${size(item.answer_bytes)}`)),
      h("span", { class: "line3" }, [
        h("span", { class: `chip ${outcomeTone(item.outcome)}` }, word(item.outcome), item.code ? ` ${item.code}` : ""),
        item.unread > 0 && h("span", { class: "chip wait" }, t("{count} unread fields", { count: item.unread })),
        item.faults.map((fault) => h("span", { class: "chip plain" }, `${t("fault")} ${fault}`)),
        h("span", { class: "who" }, `#${item.id}`),
      ]),
    ];
  }

  const wanted = () => ({ operation: app.route.operation || "", outcome: app.route.outcome || "", user: app.route.user || "" });
  const filter = (changes) => app.go({ ...changes, entry: "" }, { replace: true });

  async function load() {
    const mine = ++turn;
    const found = await get(app.path("/requests"), { ...wanted(), limit: PAGE });
    if (mine !== turn || stopped) return;
    const last = found.entries.at(-1);
    const tail = last ? items.filter((item) => item.id < last.id) : [];
    items = [...found.entries, ...tail];
    if (!tail.length) more = found.entries.length === PAGE;
    total = found.total;
    show();
  }

  async function older() {
    if (loading) return;
    loading = true;
    try {
      const found = await get(app.path("/requests"), { ...wanted(), limit: PAGE, before: items.at(-1).id });
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
    if (none) set(empty, filtered ? [h("h2", {}, t("Nothing matches")), h("button", { type: "button", onclick: () => app.go({}, { fresh: true }) }, t("Clear the filters"))] : emptySpace(app));
    set(counted, t("{shown} of {count} requests", { shown: count(items.length) + (more ? "+" : ""), count: count(total) }));
  }

  function drawFilters(route) {
    if (filters.contains(document.activeElement)) return;
    const accounts = (app.current()?.accounts || []).map((account) => account.user);
    if (route.user && !accounts.includes(route.user)) accounts.push(route.user);
    const pick = (name, label, values, words = word) => field(t(label), choice([["", t("any")], ...values.map((value) => [value, words(value)])], route[name] || "", { onchange: (event) => filter({ [name]: event.target.value }) }));
    set(filters, pick("outcome", "Outcome", OUTCOMES), pick("operation", "Operation", OPERATIONS), pick("user", "User", accounts, String));
  }

  return {
    element,
    show(route) {
      drawFilters(route);
      const key = JSON.stringify(wanted());
      if (key !== shownFor) {
        shownFor = key;
        items = [];
        app.attempt(load);
      }
      element.classList.toggle("has-detail", Boolean(route.entry));
      if (route.entry !== open) {
        open = route.entry;
        set(detail, open ? "" : h("p", { class: "pick" }, t("Select a request to see its answer, and why.")));
        detail.scrollTop = 0;
        list.select(open || null, { scroll: true });
        if (open) app.attempt(async () => {
          const wantedEntry = open;
          const found = await get(app.path(`/journal/${encodeURIComponent(open)}`));
          if (!stopped && wantedEntry === open) set(detail, entry(app, found));
        });
      }
    },
    changed({ reset }) {
      if (reset) {
        items = [];
        if (open) app.go({ entry: "" }, { replace: true });
      }
      load().catch(() => {});
    },
    key(name) {
      if (name === "j") list.step(1);
      else if (name === "k") list.step(-1);
      else if (name === "/") filters.querySelector("select")?.focus();
      else if (name === "Enter") {
        if (document.activeElement?.closest("a, button, summary") || list.index() < 0) return false;
        app.go({ entry: String(items[list.index()].id) });
        detail.focus();
      } else if (name === "Escape") {
        if (app.route.entry && matchMedia("(max-width: 859px)").matches) app.go({ entry: "" });
        list.element.focus();
      } else return false;
      return true;
    },
    stop() {
      stopped = true;
      list.stop();
    },
  };
}

function entry(app, found) {
  const marks = found.explanation.filter((note) => note.line).map((note) => ({
    line: note.line, column: note.column, kind: note.kind, label: note.code ? `${note.code} ${note.clause}` : note.clause,
  }));
  const body = found.xml || found.request.body;
  const decoded = found.xml && found.xml !== found.request.body;
  const first = found.first_id;
  return h("article", { class: "message" }, [
    h("header", { class: "head" }, [
      backButton(() => app.go({ entry: "" })),
      h("div", { class: "titles" }, [
        h("h2", {}, `${word(found.operation)} · ${found.user || t("no user")}`),
        h("p", { class: "quiet" }, h("time", { datetime: found.at }, full(found.at)), ` · #${found.id}`),
      ]),
      h("span", { class: `chip big ${outcomeTone(found.outcome)}` }, word(found.outcome), found.code ? ` ${found.code}` : ""),
    ]),
    h("div", { class: "row wrap" }, [
      found.curl && h("button", { type: "button", onclick: () => copy(found.curl, t("Copied as curl")) }, t("Copy as curl")),
      first && h("a", { class: "button", href: app.href({ message: first }) }, found.accepted > 1 ? t("First of {count} messages", { count: count(found.accepted) }) : t("The message")),
      found.faults.map((fault) => h("span", { class: "chip wait big" }, `${t("Fault rule")} ${fault}`)),
    ]),
    h("section", { class: "card" }, [
      h("h3", {}, t("Why")),
      found.explanation.length ? h("ul", { class: "notes" }, found.explanation.slice(0, 100).map(note)) : h("p", { class: "quiet" }, t("Nothing to explain: every field was read and the request was carried out.")),
      found.explanation.length > 100 && h("p", { class: "hint" }, t("{count} more", { count: found.explanation.length - 100 })),
    ]),
    h("section", { class: "card" }, [
      h("h3", {}, t("Request")),
      h("p", {}, h("code", {}, `${found.request.method} ${found.request.target}`)),
      h("details", {}, h("summary", {}, t("{count} headers", { count: found.request.headers.length })), h("dl", { class: "facts" }, found.request.headers.map(([name, value]) => fact(name, value)))),
      decoded && h("p", { class: "hint" }, t("The XML as the server saw it: unwrapped and decoded. Lines and columns count in it.")),
      body ? code(body, { name: t("Request"), marks }) : h("p", { class: "quiet" }, t("no body")),
      decoded && h("details", {}, h("summary", {}, t("The body as received")), code(found.request.body, { name: t("The body as received") })),
    ]),
    answer(t("Answer"), found.answer, found.error),
    found.intended && answer(t("The answer before fault rules altered it"), found.intended, ""),
  ]);
}

function answer(name, value, error) {
  const nothing = !value || value.sent === "nothing";
  return h("section", { class: "card" }, [
    h("h3", {}, name),
    nothing && h("p", { class: "quiet" }, error || t("No answer: the connection was closed.")),
    !nothing && h("p", {}, h("code", {}, `HTTP ${value.status} · ${value.content_type}`)),
    !nothing && value.sent === "cut" && h("p", { class: "hint" }, t("Cut: only the first {count} bytes.", { count: count(value.bytes_sent) })),
    !nothing && (value.body ? code(value.body, { name }) : h("p", { class: "quiet" }, t("no body"))),
  ]);
}

function note(each) {
  const marks = each.mark.split(", ").map((mark) => t(MARKS[mark] || mark)).join(", ");
  return h("li", { class: `finding ${each.kind}` }, [
    h("div", { class: "row wrap" }, [
      each.code !== null && h("b", { class: "code-number" }, each.code),
      h("span", { class: "chip plain" }, word(each.kind)),
      h("span", { class: "chip info" }, each.statement),
      each.line && h("span", { class: "quiet" }, t("line {line}, column {column}", each)),
    ]),
    h("p", {}, each.sentence, " ", h("span", { class: "quiet" }, `(${marks})`)),
    each.path && h("p", {}, h("code", { class: "path" }, each.path)),
    (each.expected || each.found) && h("dl", { class: "facts" }, [
      each.expected && fact(t("Expected"), each.expected),
      each.found && fact(t("Found"), each.found),
    ]),
    each.hint && h("p", {}, h("b", {}, `${t("Hint")}: `), each.hint),
  ]);
}
