// The keyboard: single keys, the list of them, and the command menu (Ctrl K or ⌘ K).

import { get, post } from "./api.js";
import { dialog, freshId, h, set } from "./dom.js";
import { prefer, preferences } from "./preferences.js";
import { NAMES } from "./views.js";
import { language, setLanguage, t } from "./words.js";

const KEYS = [
  ["j, ↓", "Next row"], ["k, ↑", "Previous row"], ["Enter", "Open the row"], ["Esc", "Empty the search, then back to the list"],
  ["/", "Search"], ["u", "Mark as unread"], ["c", "Copy the code of the open message"], ["1 – 5", "Change the view"],
  ["Ctrl K", "Commands"], ["?", "Show the keys"],
];

const SEARCHES = [
  ['kod "iki kelime" -yok', "A word, a phrase, and what must not be there"], ["to:0532 title:shop", "By recipient, title, text: or user:; * and ? are wild"],
  ["status:failed", "Also delivered, rejected, pending, …"], ["code:4829", "A one-time code that begins so"],
  ["is:cut", "Also is:code, is:flash, is:unicode, is:long"], ["before:2026-01-31", "Also after:, and with a time: after:2026-01-31T09:30"],
];

export function keyboard(app, { view, rebuild, settings }) {
  const typing = (event) => event.target.closest?.("input, textarea, select");

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) showCommands();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      if (view()?.key?.("Escape", event)) event.preventDefault();
      else if (typing(event)) event.target.blur();
      return;
    }
    if (typing(event)) return;
    if (event.key === "?") showKeys();
    else if (/^[1-9]$/.test(event.key) && event.key <= Object.keys(NAMES).length) app.open(Object.keys(NAMES)[event.key - 1]);
    else if (!view()?.key?.(event.key, event)) return;
    event.preventDefault();
  });

  function showKeys() {
    const table = (rows) => h("dl", {}, rows.map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(what)))));
    dialog(t("Keyboard and search"), (close) => [
      table(KEYS),
      h("h3", {}, t("Search")),
      table(SEARCHES),
      h("div", { class: "row end" }, h("button", { type: "button", class: "primary", onclick: close }, t("Close"))),
    ], { class: "keys" });
  }

  const commands = () => [
    ...Object.entries(NAMES).map(([name, label]) => [`${t("Go to")}: ${t(label)}`, () => app.open(name)]),
    [t("Send a test message"), () => app.go({ view: "controls", control: "send" }, { fresh: true })],
    [t("Copy the code of the newest message"), () => app.copyNewestCode()],
    [t("Show failed messages"), () => app.go({ view: "messages", q: "status:failed" }, { fresh: true })],
    [t("Show refused requests"), () => app.go({ view: "requests", outcome: "refused" }, { fresh: true })],
    [t("Add a fault"), () => app.go({ view: "controls", control: "faults" }, { fresh: true })],
    [t("Go to the oldest message"), () => app.go({ view: "messages", at: "oldest" }, { fresh: true })],
    [app.clock?.frozen ? t("Let the clock run") : t("Freeze the clock"), () => clock({ freeze: !app.clock?.frozen })],
    [t("Advance the clock by 1 hour"), () => clock({ advance: 3600 })],
    ...app.spaces.filter((space) => space.name !== app.route.space).map((space) => [`${t("Space")}: ${space.name}`, () => app.go({ space: space.name, view: "messages" }, { fresh: true })]),
    ...[["auto", "As the system"], ["light", "Light"], ["dark", "Dark"]].map(([theme, label]) => [`${t("Theme")}: ${t(label)}`, () => { prefer("theme", theme); }]),
    [preferences.density === "compact" ? `${t("Density")}: ${t("Comfortable")}` : `${t("Density")}: ${t("Compact")}`, () => { prefer("density", preferences.density === "compact" ? "comfortable" : "compact"); rebuild(); }],
    [language() === "tr" ? "English" : "Türkçe", () => { setLanguage(language() === "tr" ? "en" : "tr"); rebuild(); }],
    [t("Settings"), settings],
    [t("Keyboard and search"), showKeys],
  ];
  const clock = (body) => app.attempt(() => post(app.path("/clock"), body), t("The clock is set")).then((view) => view && app.setClock(view));

  function showCommands() {
    const listId = freshId("commands");
    const all = commands();
    let shown = [];
    let at = 0;
    const input = h("input", {
      type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": listId, "aria-label": t("Commands"), "aria-autocomplete": "list",
      placeholder: t("Type a command, or what to search for"), autocomplete: "off", spellcheck: "false", oninput: () => { at = 0; draw(); },
    });
    const list = h("ul", { role: "listbox", id: listId, "aria-label": t("Commands") });
    const fold = (text) => text.toLocaleLowerCase(language()).normalize("NFD").replace(/\p{M}/gu, "").replace(/ı/g, "i");

    function draw() {
      const words = fold(input.value).split(/\s+/).filter(Boolean);
      shown = all.filter(([label]) => words.every((word) => fold(label).includes(word)));
      const typed = input.value.trim();
      if (typed) shown.push([t("Search messages for “{text}”", { text: typed }), () => app.go({ view: "messages", q: typed }, { fresh: true })]);
      at = Math.min(at, shown.length - 1);
      set(list, shown.map(([label], index) => h("li", { role: "option", id: `${listId}-${index}`, "aria-selected": String(index === at), onclick: () => run(index) }, label)));
      input.setAttribute("aria-activedescendant", `${listId}-${at}`);
      list.children[at]?.scrollIntoView({ block: "nearest" });
    }

    function run(index) {
      element.close();
      shown[index]?.[1]();
    }

    input.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) at = (at + by + shown.length) % shown.length;
      else if (event.key === "Enter") return run(at);
      else return undefined;
      event.preventDefault();
      return draw();
    });
    const element = dialog(t("Commands"), () => [input, list], { class: "commands" });
    draw();
    input.focus();
  }

  app.copyNewestCode = async () => {
    const found = await app.attempt(() => get(app.path("/messages"), { q: "is:code", limit: 1 }));
    const code = found?.messages[0]?.codes[0];
    if (found) app.copy(code);
  };

  return { showKeys, showCommands };
}
