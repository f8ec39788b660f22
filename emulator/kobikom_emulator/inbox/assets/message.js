// One message in the order of need: code and links, text, recipient, title and status with its reason; then cost and parts,
// times, request and answer.

import { baseUrl, get, post, remove } from "./api.js";
import { code } from "./code.js";
import { ask, choice, copy, dialog, field, h, keepFocus, menu, set } from "./dom.js";
import { backButton, copyable, fact } from "./facts.js";
import { amount, brief, count, duration, full, number, time, tone } from "./format.js";
import { codePoint, hidesSomething, linksIn, markedParts, markedText } from "./marks.js";
import { STATUSES } from "./search.js";
import { LANGUAGES, postSend, snippet } from "./snippets.js";
import { t, word } from "./words.js";

export { backButton, copyable, fact };

export function message(app, id, { back, opened, marks }) {
  const path = `/messages/${encodeURIComponent(id)}`;
  const view = { id, found: null };
  let shown = "";
  let entry = null;
  let read = null;
  let stopped = false;
  const titles = h("div", { class: "titles" });
  const chip = h("span", { class: "chip big" });
  const actions = h("div", { class: "row wrap actions", hidden: true }, [
    h("button", { type: "button", class: "good", onclick: () => force({ status: "DELIVERED" }, t("Delivered")) }, t("Deliver")),
    h("button", { type: "button", class: "danger", onclick: () => force({ status: "NOT_DELIVERED" }, t("Failed")) }, t("Fail")),
    h("button", { type: "button", onclick: decide }, t("Another outcome …")),
    h("button", { type: "button", onclick: resend }, t("Send again")),
    menu(t("Copy as …"), copies),
    menu("⋯", more, { "aria-label": t("More") }),
  ]);
  const areas = Object.fromEntries(["picks", "phone", "text", "facts", "plan", "raw"].map((name) => [name, h("div", { class: `piece ${name}-area` })]));
  const body = h("div", { class: "message-body" }, [areas.picks, h("div", { class: "columns" }, [areas.text, areas.phone, areas.facts, areas.plan]), areas.raw]);
  view.element = h("article", { class: "message" }, [h("header", { class: "head" }, [h("div", { class: "head-row" }, backButton(back), titles, chip), actions]), body]);

  async function refresh() {
    let found;
    try {
      found = await get(app.path(path));
    } catch (error) {
      if (!stopped && error.status === 404) notFound();
      return;
    }
    if (stopped) return;
    const key = JSON.stringify([found, Boolean(app.clock)]); // without the clock, times to come are not known
    if (key === shown) return;
    shown = key;
    view.found = found;
    draw(found);
    opened(found);
    if (found.request !== entry) {
      entry = found.request;
      drawRaw(found);
    }
  }

  function notFound() {
    shown = "";
    view.found = null;
    actions.hidden = true;
    body.hidden = true;
    chip.hidden = true;
    set(titles, h("h2", {}, t("Message not found")), h("p", {}, t("The space was reset, the message was deleted, or there never was one of this id.")));
  }

  function draw(found) {
    [actions.hidden, body.hidden, chip.hidden] = [false, false, false];
    set(titles, [
      h("h2", {}, number(found.to)),
      h("p", { class: "quiet" }, [t("from {title}", { title: found.title }), " · ", h("time", { datetime: found.submitted_at }, full(found.submitted_at))]),
    ]);
    chip.className = `chip big ${tone(found.status)}`;
    set(chip, word(found.status));
    const parts = { picks: picks(found), phone: phone(app, found), text: text(found), facts: facts(app, found), plan: timeline(app, found) };
    for (const [name, node] of Object.entries(parts)) keepFocus(areas[name], () => set(areas[name], node));
  }

  async function drawRaw(found) {
    const none = (sentence) => set(areas.raw, h("section", { class: "card" }, h("h3", {}, t("Request")), h("p", { class: "quiet" }, sentence)));
    if (!found.request) return none(t("The journal no longer holds the request of this message."));
    read = await get(app.path(`/journal/${found.request}`)).catch(() => null);
    if (stopped) return undefined;
    if (!read) return none(t("The request could not be loaded."));
    return set(areas.raw, h("section", { class: "card" }, [
      h("h3", {}, t("Request and answer")),
      h("h4", {}, `${read.request.method} ${read.request.target}`),
      code(read.request.body, { name: t("Request") }),
      h("h4", {}, !read.answer || read.answer.sent === "nothing" ? t("No answer: the connection was closed.") : `HTTP ${read.answer.status} · ${read.answer.content_type}`),
      read.answer && code(read.answer.body, { name: t("Answer") }),
    ]));
  }

  // --- actions

  const force = (how, said) => app.attempt(() => post(app.path(`${path}/outcome`), how), said).then((done) => done && refresh());

  function decide() {
    const status = choice(STATUSES.map((name) => [name, word(name)]), "DELIVERED");
    const error = h("input", { type: "number", min: "0", max: "9999", placeholder: t("default") });
    const after = h("input", { type: "number", min: "0", step: "any", value: "0" });
    dialog(t("Another outcome"), (close) => h("form", {
      method: "dialog",
      onsubmit: () => {
        force({ status: status.value, gsm_error: error.value === "" ? null : Number(error.value), after: Number(after.value || 0) }, t("Outcome decided"));
        close();
      },
    }, [field(t("Status"), status), field("gsmerror", error), field(t("After (seconds)"), after), h("div", { class: "row end" }, [
      h("button", { type: "button", onclick: close }, t("Cancel")), h("button", { type: "submit", class: "primary" }, t("Apply")),
    ])]), { class: "ask outcome" });
  }

  async function resend() {
    const { found } = view;
    const account = await app.attempt(() => get(app.path(`/accounts/${encodeURIComponent(found.user)}`)));
    if (!account) return;
    const answer = await app.attempt(() => postSend(app, {
      user: found.user, password: account.password, title: found.title, text: found.text, flash: found.flash, long: !found.cut,
      language: found.alphabet.startsWith("gsm+turkish") ? "TR" : "", to: [found.submitted_as],
    }));
    if (answer?.accepted) app.go({ message: answer.ids[0] });
    else if (answer) app.go({ view: "requests" }, { fresh: true });
  }

  function copies() {
    const request = read && { method: read.request.method, url: `${baseUrl("default")}${read.request.target}`, type: contentType(read), body: read.request.body };
    return [
      ...(read ? [[t("Copy as curl"), () => copy(read.curl, t("Copied as {language}", { language: "curl" }))]] : []),
      ...(read ? Object.entries(LANGUAGES).filter(([name]) => name !== "curl").map(([name, label]) => [label, () => copy(snippet(name, request), t("Copied as {language}", { language: label }))]) : []),
      null, [t("Text"), () => copy(view.found.text, t("Copied"))], [t("Link to this page"), () => copy(location.href, t("Copied"))],
    ];
  }

  function more() {
    return [
      ...(view.found.request ? [[t("Open its request"), app.href({ view: "requests", entry: view.found.request })]] : []),
      [t("All messages to {to}", { to: number(view.found.to) }), app.href({ q: `to:${view.found.to}` })],
      [t("Mark as unread"), () => marks.markUnread(app.epoch, view.found)],
      null,
      [t("Delete"), erase],
    ];
  }

  async function erase() {
    const { found } = view;
    if (!(await ask(t("Delete this message?"), t("It and its report are gone; credit and ledger stay as they are."), t("Delete"), t("Cancel")))) return;
    if ((await app.attempt(() => remove(app.path(path)), t("Deleted"))) === null) return;
    marks.markRead(app.epoch, { ...found, cursor: -1 });
    app.go({ message: "" }, { replace: true });
  }

  refresh();
  return Object.assign(view, { refresh, stop: () => { stopped = true; } });
}

const contentType = (read) => read.request.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] || "application/xml";

// --- what is in it

function picks(found) {
  const links = linksIn(found.text);
  if (!found.codes.length && !links.length) return null;
  const list = (name, values, kind) => values.length > 0 && h("ul", { class: "picks", "aria-label": name }, values.map((value) => h("li", { class: kind }, [
    h("code", {}, value),
    h("button", { type: "button", "aria-label": t("Copy {what}", { what: value }), onclick: () => copy(value, t("Copied: {what}", { what: value })) }, t("Copy")),
  ])));
  return h("section", { class: "card found" }, list(t("Detected codes"), found.codes, "otp"), list(t("Links"), links, "url"));
}

const arrived = (found) => found.status === "DELIVERED" || found.status === "SENT";

/** Why a message is where it is, in words; "" where there is nothing to say. */
export function reason(app, found) {
  const wait = (at) => duration(Math.max(0, Date.parse(at) - app.now()));
  if (found.status === "scheduled") return t("It goes out in {time}.", { time: wait(found.plan.sent_at) });
  if (found.status === "sent") return t("Its report comes in {time}.", { time: wait(found.plan.done_at) });
  const error = found.gsm_error ? `gsmerror ${found.gsm_error}: ${word(`gsm ${found.gsm_error}`).replace(/^gsm \d+$/, t("a reason of the network"))}` : "";
  const status = word(`${found.status}?`);
  return [status === `${found.status}?` ? "" : status, error].filter(Boolean).join(" ");
}

function phone(app, found) {
  const binary = found.alphabet === "binary";
  const shown = found.segments.map((part) => part.text).join("");
  const here = arrived(found);
  const content = binary ? h("code", {}, shown) : h("p", { class: "text", dir: "auto" }, shown || t("no text"));
  const bubble = found.flash
    ? h("div", { class: "flash" }, [h("p", { class: "flash-title" }, t("Flash message")), content, h("p", { class: "flash-ok", "aria-hidden": "true" }, "OK")])
    : h("div", { class: "bubble" }, content);
  const why = found.status === "scheduled" ? t("Not sent yet: scheduled for {time}", { time: brief(found.plan.sent_at, app.nowIso()) }) : found.status === "sent" ? t("Not arrived yet") : t("Did not arrive: {status}", { status: word(found.status) });
  return h("figure", { class: `phone ${here ? "" : "absent"}`, "aria-label": here ? t("As the phone shows it") : t("What the phone would show") }, h("div", { class: found.flash && here ? "screen dimmed" : "screen" }, [
    h("div", { class: "sender" }, h("span", { class: "avatar", "aria-hidden": "true" }, [...found.title][0] || "?"), h("b", {}, found.title)),
    here ? h("p", { class: "when" }, time(found.plan.done_at).slice(0, 5)) : h("p", { class: `absence ${tone(found.status)}` }, why),
    bubble,
  ]));
}

function text(found) {
  const last = found.segments.length;
  const parts = found.alphabet === "binary" ? found.segments.map((part) => part.text) : markedParts(found);
  return h("section", { class: "card" }, [
    h("div", { class: "row spread" }, h("h3", {}, t("Text")), h("button", { type: "button", class: "mini", "aria-label": t("Copy the text"), onclick: () => copy(found.text, t("Copied")) }, t("Copy"))),
    h("p", { class: "segments", dir: "auto" }, [
      parts.map((nodes, index) => h("span", { class: `segment ${last > 1 ? (index % 2 ? "odd" : "even") : "only"}` }, [
        last > 1 && h("span", { class: "flag" }, [h("span", { class: "visually-hidden" }, `${t("Part")} `), `${index + 1}/${last}`, h("span", { class: "visually-hidden" }, ": ")]),
        nodes,
      ])),
      found.lost && h("del", { class: "segment lost" }, markedText([...found.lost].slice(0, 2000).join(""))),
    ]),
    found.lost && h("p", { class: "hint bad" }, t("{count} characters were cut off: longer than one part, and no longSMS (S-11)", { count: count([...found.lost].length) })),
    found.replaced && h("p", { class: "hint bad" }, t("Replaced, because the alphabet lacks them: {characters}", { characters: found.replaced })),
    hidesSomething(found.text) && h("p", { class: "hint" }, t("Characters that cannot be seen are shown by their names.")),
  ]);
}

const ALPHABETS = {
  gsm: "GSM 7-bit", "gsm+turkish-single": "GSM 7-bit + Turkish single shift", "gsm+turkish-locking": "GSM 7-bit, Turkish locking shift",
  "gsm+turkish-both": "GSM 7-bit, Turkish locking and single shift", ucs2: "UCS-2", binary: "Binary",
};

function why(found) {
  const { alphabet, unicode_because: because } = found;
  const forcing = [...(because ?? "")];
  const shown = forcing.slice(0, 8).map((each) => [h("mark", { class: "char" }, markedText(each)), ` (${codePoint(each)}) `]);
  if (because) return [t("because of "), shown, forcing.length > 8 && `… (${count(forcing.length)})`, alphabet === "ucs2" && t("which the GSM alphabet lacks")];
  if (alphabet === "ucs2") return t("because datacoding asked for it");
  return alphabet === "binary" ? t("octets, as sent") : t("every character is in it");
}

function facts(app, found) {
  const units = { ucs2: "characters of UCS-2", binary: "octets" }[found.alphabet] || "septets";
  const room = found.capacity * found.segments.length;
  const said = reason(app, found);
  return h("section", { class: "card" }, h("h3", {}, t("Details")), h("dl", { class: "facts" }, [
    fact(t("To"), [copyable(found.to), found.submitted_as !== found.to && h("span", { class: "quiet" }, ` ${t("written as {text}", { text: found.submitted_as })}`)]),
    fact(t("Title"), found.title),
    fact(t("Status"), [h("span", { class: `chip ${tone(found.status)}` }, word(found.status)), " ", h("code", { class: "quiet" }, found.status), said && h("p", { class: "reason" }, said)]),
    fact(t("Cost"), amount(found.cost)),
    fact(t("Alphabet"), [h("b", {}, t(ALPHABETS[found.alphabet] || found.alphabet)), h("span", { class: "quiet" }, [" ", why(found)])]),
    fact(t("Parts"), [h("b", {}, found.segments.length), h("span", { class: "quiet" }, ` ${t("of {capacity} {units}", { capacity: found.capacity, units: t(units) })}`)]),
    fact(t("Used"), [
      h("span", {}, `${count(found.units)} / ${count(room)} · ${t("{count} left", { count: count(Math.max(0, room - found.units)) })}`),
      h("meter", { min: "0", max: room, value: found.units, "aria-label": t("Used") }),
    ]),
    fact(t("User"), found.user),
    fact(t("Message id"), copyable(found.message_id)),
    found.id !== found.message_id && fact(t("Generated id"), copyable(found.id)),
    found.app_id && fact("appid", found.app_id),
    found.push_url && fact(t("Report goes to"), found.push_url),
    ...Object.entries(found.recorded).map(([name, value]) => fact(name, value)),
  ]));
}

function timeline(app, found) {
  const now = app.now();
  const { plan } = found;
  const steps = [
    [found.submitted_at, t("Submitted"), "", "info"],
    [plan.sent_at, t("Sent"), Date.parse(plan.sent_at) > Date.parse(found.submitted_at) ? t("scheduled") : "", "info"],
    [plan.done_at, word(plan.status), plan.gsm_error ? `gsmerror ${plan.gsm_error}` : "", tone(plan.status)],
  ];
  const report = { waiting: "no report yet", ready: "report ready to be pulled", given: "report given; it is not given again (R-03)" };
  return h("section", { class: "card" }, h("h3", {}, t("Timeline")), h("ol", { class: "timeline" }, [
    ...steps.map(([at, name, more, colour]) => {
      const away = Date.parse(at) - now;
      return h("li", { class: `${away <= 0 ? "past" : "future"} ${colour}` }, [
        h("b", {}, name), more && h("span", { class: "chip plain" }, more),
        h("span", { class: "quiet" }, [h("time", { datetime: at }, full(at)), away > 0 && ` · ${t("in {time}", { time: duration(away) })}`]),
      ]);
    }),
    h("li", { class: found.report === "waiting" ? "future" : "past info" }, h("span", { class: "quiet" }, t(report[found.report]))),
  ]));
}
