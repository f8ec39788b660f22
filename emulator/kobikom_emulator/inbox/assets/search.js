// The search field of the messages: suggestions, chips for what is often looked for and for conditions in the URL.

import { freshId, h, keepFocus, set } from "./dom.js";
import { isoDay } from "./format.js";
import { t, word } from "./words.js";

const CHIPS = [["status:failed", "Failed"], ["is:code", "With a code"], ["is:unicode", "Unicode"], ["is:long", "Several parts"], ["is:cut", "Cut"]];
const CONDITIONS = { status: "Status", user: "User", to: "To", title: "Title", text: "Text" };
const WAIT = 150;

export const STATUSES = [
  "DELIVERED", "NOT_DELIVERED", "SENT", "NOT_SENT", "NOT_ALLOWED", "INVALID_DESTINATION_ADDRESS", "INVALID_SOURCE_ADDRESS",
  "ROUTE_NOT_AVAILABLE", "NOT_ENOUGH_CREDITS", "REJECTED", "INVALID_MESSAGE_FORMAT",
];

const tokens = (text) => text.match(/-?(?:[^\s":]+:)?(?:"[^"]*"?|\S+)/g) || [];

export function searchField(app) {
  const listId = freshId("suggestions");
  const suggestions = h("datalist", { id: listId });
  const input = h("input", {
    type: "search", placeholder: t("Search, e.g. code:4829 or status:failed"), "aria-label": t("Search messages"), "aria-keyshortcuts": "/", list: listId,
    spellcheck: "false", autocomplete: "off", oninput: typed, onchange: apply,
  });
  const chips = h("div", { class: "chips", role: "group", "aria-label": t("Filters") });
  const problem = h("p", { class: "hint bad", id: freshId("problem"), hidden: true });
  let timer = 0;
  let typedLast = 0;

  function typed() {
    suggest();
    clearTimeout(timer);
    timer = setTimeout(apply, WAIT);
  }

  /** What is typed together is one step back. */
  function apply() {
    clearTimeout(timer);
    const wanted = input.value.trim();
    if (wanted === (app.route.q || "")) return;
    const together = Date.now() - typedLast < 2000;
    typedLast = Date.now();
    app.go({ q: wanted, at: "", message: "" }, { replace: together });
  }

  function toggle(token) {
    const all = tokens(input.value.trim());
    const has = all.includes(token);
    input.value = (has ? all.filter((each) => each !== token) : [...all, token]).join(" ");
    typedLast = 0;
    apply();
  }

  function suggest() {
    const before = input.value.replace(/\S*$/, "");
    const last = input.value.slice(before.length);
    const accounts = app.current()?.accounts || [];
    const quoted = (text) => (/\s/.test(text) ? `"${text}"` : text);
    const values = {
      "": ["to:", "title:", "text:", "status:", "code:", "user:", "is:", "before:", "after:"],
      "status:": ["failed", "pending", "scheduled", "sent", ...STATUSES].map((name) => name.toLowerCase()),
      "is:": ["code", "flash", "cut", "unicode", "long"],
      "title:": [...new Set(accounts.flatMap((account) => account.titles))].map(quoted),
      "user:": accounts.map((account) => account.user).map(quoted),
      "before:": [isoDay(app.nowIso())], "after:": [isoDay(app.nowIso())],
    };
    const field = Object.keys(values).filter((key) => last.startsWith(key)).at(-1);
    set(suggestions, values[field].filter((value) => `${field}${value}` !== last).slice(0, 30).map((value) => h("option", { value: `${before}${field}${value}` })));
  }

  function draw() {
    const { route } = app;
    const words = tokens(route.q || "");
    keepFocus(chips, () => set(chips, [
      CHIPS.map(([token, label]) => h("button", { type: "button", class: "chip", "aria-pressed": String(words.includes(token)), onclick: () => toggle(token) }, t(label))),
      Object.entries(CONDITIONS).filter(([name]) => route[name]).map(([name, label]) => h("button", {
        type: "button", class: "chip", "aria-pressed": "true", "aria-label": t("Remove the filter {name}", { name: t(label) }), onclick: () => app.go({ [name]: "", message: "" }),
      }, `${t(label)}: ${name === "status" ? word(route[name]) : route[name]} ×`)),
    ]));
  }

  suggest();
  return {
    element: h("div", { class: "stack tight", role: "search" }, h("div", { class: "row" }, input, suggestions), chips, problem),
    input,
    draw,
    /** The box says what the URL says, unless something was typed that is not there yet. */
    show(route) {
      if (input.value.trim() !== (route.q || "")) input.value = route.q || "";
      clearTimeout(timer);
      draw();
    },
    refused(sentence) {
      problem.hidden = !sentence;
      set(problem, sentence);
      if (sentence) input.setAttribute("aria-describedby", problem.id);
      else input.removeAttribute("aria-describedby");
    },
    /** Empty the box, and the list with it; whether there was anything in it. */
    clear() {
      if (!input.value && !app.route.q) return false;
      input.value = "";
      typedLast = 0;
      apply();
      return true;
    },
  };
}
