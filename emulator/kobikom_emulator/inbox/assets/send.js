// The form that sends a test message. What was typed is kept in this tab.

import { get } from "./api.js";
import { code } from "./code.js";
import { choice, field, h, set } from "./dom.js";
import { postSend, sendXml } from "./snippets.js";
import { t, word } from "./words.js";

const MAGIC_NUMBERS = [
  ["905990000004", "DELIVERED"], ["905990000003", "NOT_DELIVERED"], ["905990000010", "REJECTED"], ["905990000005", "NOT_ALLOWED"],
  ["905990000022", "DELIVERED, 1 min"], ["905990000030", "4101"],
];

export function send(app) {
  const key = `kobikom-draft:${app.route.space}`;
  const draft = readDraft(key);
  const to = h("textarea", { rows: "2", required: true, spellcheck: "false", value: draft.to ?? "905990000004" });
  const text = h("textarea", { rows: "4", value: draft.text ?? t("Your code is 482913. Do not share it."), dir: "auto" });
  const account = h("select", { required: true, onchange: () => drawTitles() });
  const title = h("select", {});
  const language = choice([["", t("none")], ["ES", "ES"], ["TR", "TR"]], draft.language || "");
  const flash = h("input", { type: "checkbox", checked: Boolean(draft.flash) });
  const long = h("input", { type: "checkbox", checked: draft.long ?? true });
  const later = h("input", { placeholder: "0d0h10m", spellcheck: "false", value: draft.schedule || "" });
  const missing = h("p", { class: "hint bad", role: "alert", hidden: true }, t("The accounts could not be loaded."), " ", h("button", { type: "button", class: "link", onclick: () => load() }, t("Try again")));
  const result = h("div", { role: "status", class: "result" });
  const preview = h("div");
  let accounts = [];

  const fields = () => ({
    user: account.value, password: accounts.find((each) => each.user === account.value)?.password || "",
    title: title.value, text: text.value, flash: flash.checked, long: long.checked, language: language.value, schedule: later.value,
    to: to.value.split(/[\s,;]+/).filter(Boolean),
  });

  function drawTitles(chosen = "") {
    const titles = accounts.find((each) => each.user === account.value)?.titles || [];
    set(title, titles.map((each) => h("option", { value: each }, each)));
    if (titles.includes(chosen)) title.value = chosen;
    draw();
  }

  function draw() {
    const values = fields();
    set(preview, code(sendXml({ ...values, password: "•••" }), { name: t("Request") }));
    if (accounts.length) keepDraft(key, { ...values, password: undefined, to: to.value });
  }

  async function load() {
    const list = await get(app.path("/accounts")).catch(() => null);
    missing.hidden = Boolean(list);
    if (!list) return;
    const chosen = account.value || draft.user;
    accounts = list.accounts;
    set(account, accounts.map((each) => h("option", { value: each.user }, each.user)));
    if (accounts.some((each) => each.user === chosen)) account.value = chosen;
    drawTitles(title.value || draft.title);
  }

  async function submit(event) {
    event.preventDefault();
    const answer = await app.attempt(() => postSend(app, fields()));
    if (!answer) return;
    const newest = (await app.attempt(() => get(app.path("/requests"), { limit: 1 })))?.entries?.[0];
    set(result, h("section", { class: `card ${answer.accepted ? "good" : "bad"}` }, [
      h("h3", {}, answer.accepted ? t("Accepted") : t("Not accepted, or not all of it")),
      h("div", { class: "row wrap" }, [
        answer.ids[0] && h("a", { class: "button", href: app.href({ message: answer.ids[0] }) }, t("See the message")),
        newest && h("a", { class: "button", href: app.href({ view: "requests", entry: newest.id }) }, t("Why? Request {id}", { id: newest.id })),
      ]),
      h("h4", {}, `HTTP ${answer.status}`),
      answer.body ? code(answer.body, { name: t("Answer") }) : h("p", { class: "quiet" }, t("no body")),
    ]));
  }

  load();
  draw();
  return {
    element: h("div", { class: "cards two" }, [
      h("form", { class: "card", onsubmit: submit, oninput: draw }, [
        h("h2", {}, t("Send a test message")),
        h("p", { class: "hint" }, t("It is posted to /api/sendsms/xml/, as your program would.")),
        missing,
        h("div", { class: "grid" }, [field(t("User"), account), field(t("Title"), title)]),
        field(t("To"), to, t("One or more numbers. The buttons fill in magic numbers, which always end with that status.")),
        h("div", { class: "row wrap magic" }, MAGIC_NUMBERS.map(([number, end]) => h("button", { type: "button", class: "mini", onclick: () => { to.value = number; draw(); } }, word(end)))),
        field(t("Text"), text),
        h("div", { class: "grid" }, [field(t("Language code"), language), field(t("Schedule"), later, t("From now, as in 4d3h2m1s"))]),
        h("div", { class: "row wrap" }, [field(t("Flash"), flash), field("longSMS", long)]),
        h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, t("Send"))),
      ]),
      h("div", { class: "stack" }, [result, h("section", { class: "card" }, h("h3", {}, t("What is posted")), preview)]),
    ]),
    changed: () => { if (!accounts.length) load(); },
  };
}

function readDraft(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) || {};
  } catch {
    return {};
  }
}

function keepDraft(key, draft) {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // without storage what was typed lasts as long as the form
  }
}
