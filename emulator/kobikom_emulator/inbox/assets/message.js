// One message: as the phone would show it, its encoding, its plan, and the request it came with.

import { get, post } from "./api.js";
import { code } from "./code.js";
import { choice, copy, field, freshId, h, s, set } from "./dom.js";
import { amount, count, duration, full, number, time, tone } from "./format.js";
import { STATUSES } from "./messages.js";
import { t, word } from "./words.js";

export function message(app, id, { back, opened }) {
  let shown = "";
  let entry = null;
  let stopped = false;
  const head = h("header", { class: "head" });
  const top = h("div", { class: "cards two" });
  const below = h("div", { class: "cards" });
  const outcomeForm = outcome(app, id, () => refresh());
  const raw = h("div", { class: "cards" });
  const element = h("article", { class: "message" }, [head, top, outcomeForm, below, raw]);

  async function refresh() {
    let found;
    try {
      found = await get(app.path(`/messages/${encodeURIComponent(id)}`));
    } catch (error) {
      if (!stopped && error.status === 404) {
        shown = "";
        outcomeForm.hidden = true;
        set(head, backButton(back), h("h2", {}, t("Message not found")));
        set(top, h("p", {}, t("The space was reset, the message was deleted, or there never was one of this id.")));
        set(below);
        set(raw);
      }
      return;
    }
    if (stopped) return;
    const key = JSON.stringify(found);
    if (key === shown) return;
    shown = key;
    outcomeForm.hidden = false;
    opened(found);
    draw(found);
    if (found.request !== entry) {
      entry = found.request;
      drawRaw(found);
    }
  }

  function draw(found) {
    set(head, backButton(back), h("div", { class: "titles" }, [
      h("h2", {}, number(found.to)),
      h("p", { class: "quiet" }, [t("from {title}", { title: found.title }), " · ", h("time", { datetime: found.submitted_at }, full(found.submitted_at))]),
    ]), h("span", { class: `chip big ${tone(found.status)}` }, word(found.status)));
    set(top, phone(found), h("div", { class: "stack" }, [facts(found), timeline(app, found)]));
    set(below, parts(found), picks(found.text));
  }

  async function drawRaw(found) {
    if (!found.request) {
      set(raw, h("section", { class: "card" }, h("h3", {}, t("Request")), h("p", { class: "quiet" }, t("The journal no longer holds the request of this message."))));
      return;
    }
    const read = await app.attempt(() => get(app.path(`/journal/${found.request}`)));
    if (!read || stopped) return;
    set(raw, h("section", { class: "card" }, [
      h("div", { class: "row spread" }, [
        h("h3", {}, t("Request and answer")),
        h("div", { class: "row" }, [
          h("button", { type: "button", onclick: () => copy(read.curl, t("Copied as curl")) }, t("Copy as curl")),
          h("a", { class: "button", href: app.href({ view: "requests", entry: read.id }) }, t("Why? Request {id}", { id: read.id })),
        ]),
      ]),
      h("h4", {}, `${read.request.method} ${read.request.target}`),
      code(read.request.body, { name: t("Request") }),
      h("h4", {}, read.answer.sent === "nothing" ? t("No answer: the connection was closed.") : `HTTP ${read.answer.status} · ${read.answer.content_type}`),
      code(read.answer.body, { name: t("Answer") }),
    ]));
  }

  refresh();
  return { id, element, refresh, stop: () => { stopped = true; } };
}

export function backButton(back) {
  return h("button", { type: "button", class: "back", "aria-label": t("Back to the list"), onclick: back }, "←");
}

function phone(found) {
  const binary = found.alphabet === "binary";
  const text = found.segments.map((part) => part.text).join("");
  const bubble = found.flash
    ? h("div", { class: "flash" }, [h("p", { class: "flash-title" }, t("Flash message")), h("p", { class: "text" }, text), h("p", { class: "flash-ok", "aria-hidden": "true" }, "OK")])
    : h("div", { class: "bubble" }, binary ? h("code", {}, text) : h("p", { class: "text" }, text || t("no text")));
  return h("figure", { class: "phone", "aria-label": t("As the phone shows it") }, h("div", { class: found.flash ? "screen dimmed" : "screen" }, [
    h("div", { class: "sender" }, h("span", { class: "avatar", "aria-hidden": "true" }, [...found.title][0] || "?"), h("b", {}, found.title)),
    h("p", { class: "when" }, `${time(found.sent_at).slice(0, 5)}`),
    bubble,
  ]));
}

const ALPHABETS = {
  gsm: "GSM 7-bit", "gsm+turkish-single": "GSM 7-bit + Turkish single shift", "gsm+turkish-locking": "GSM 7-bit, Turkish locking shift",
  "gsm+turkish-both": "GSM 7-bit, Turkish locking and single shift", ucs2: "UCS-2", binary: "Binary",
};

const codePoint = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

function why(found) {
  if (found.alphabet === "ucs2") {
    if (!found.unicode_because) return t("because datacoding asked for it");
    return [t("because of "), h("mark", { class: "char" }, found.unicode_because), ` (${codePoint(found.unicode_because)}), `, t("which the GSM alphabet lacks")];
  }
  if (found.unicode_because) return [t("because of "), h("mark", { class: "char" }, found.unicode_because), ` (${codePoint(found.unicode_because)})`];
  return found.alphabet === "binary" ? t("octets, as sent") : t("every character is in it");
}

function facts(found) {
  const units = { ucs2: "characters of UCS-2", binary: "octets" }[found.alphabet] || "septets";
  const room = found.capacity * found.segments.length;
  const left = room - found.units;
  return h("section", { class: "card" }, h("h3", {}, t("Encoding and cost")), h("dl", { class: "facts" }, [
    fact(t("Alphabet"), [h("b", {}, t(ALPHABETS[found.alphabet] || found.alphabet)), h("span", { class: "quiet" }, [" ", why(found)])]),
    fact(t("Parts"), [h("b", {}, found.segments.length), h("span", { class: "quiet" }, ` ${t("of {capacity} {units}", { capacity: found.capacity, units: t(units) })}`)]),
    fact(t("Used"), [
      h("span", {}, `${count(found.units)} / ${count(room)} · ${t("{count} left", { count: Math.max(0, left) })}`),
      h("meter", { min: "0", max: room, value: found.units, "aria-label": t("Used") }),
    ]),
    found.lost && fact(t("Lost"), [h("del", {}, found.lost.slice(0, 300)), h("span", { class: "quiet" }, ` ${t("cut off: longer than one part, and no longSMS (S-11)")}`)]),
    found.replaced && fact(t("Replaced"), [h("b", {}, found.replaced), h("span", { class: "quiet" }, ` ${t("became ?")}`)]),
    fact(t("Cost"), amount(found.cost)),
    fact(t("User"), found.user),
    fact(t("Message id"), copyable(found.message_id)),
    found.id !== found.message_id && fact(t("Generated id"), copyable(found.id)),
    found.submitted_as !== found.to && fact(t("Written as"), found.submitted_as),
    found.app_id && fact("appid", found.app_id),
    found.push_url && fact(t("Report goes to"), found.push_url),
    ...Object.entries(found.recorded).map(([name, value]) => fact(name, value)),
  ]));
}

export const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

const copyIcon = () => s("svg", { viewBox: "0 0 16 16", width: "14", height: "14", "aria-hidden": "true", class: "glyph" }, [
  s("rect", { x: "5.5", y: "5.5", width: "8", height: "8", rx: "1.5" }), s("path", { d: "M3.5 10.500h-.5a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1h6.500a1 1 0 0 1 1 1v.5" }),
]);

export const copyable = (text) => h("span", { class: "copyable" }, [
  h("code", {}, text),
  h("button", { type: "button", class: "mini", "aria-label": t("Copy {what}", { what: text }), onclick: () => copy(text, t("Copied")) }, copyIcon()),
]);

function timeline(app, found) {
  const now = app.now();
  const { plan } = found;
  const steps = [
    [found.submitted_at, t("Submitted"), "", "info"],
    [plan.sent_at, t("Sent"), Date.parse(plan.sent_at) > Date.parse(found.submitted_at) ? t("scheduled") : "", "info"],
    [plan.done_at, word(plan.status), `${plan.status}${plan.gsm_error ? ` · gsmerror ${plan.gsm_error}` : ""}`, tone(plan.status)],
  ];
  const report = { waiting: "no report yet", ready: "report ready to be pulled", given: "report given; it is not given again (R-03)" };
  return h("section", { class: "card" }, h("h3", {}, t("Plan")), h("ol", { class: "timeline" }, [
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

function parts(found) {
  const last = found.segments.length;
  let because = found.unicode_because;
  return h("section", { class: "card" }, [
    h("h3", {}, t("Parts")),
    h("p", { class: "segments" }, [
      found.segments.map((part, index) => {
        const at = because ? part.text.indexOf(because) : -1;
        const text = at < 0 ? part.text : [part.text.slice(0, at), h("mark", { class: "char", title: t("forced the alphabet") }, because), part.text.slice(at + because.length)];
        if (at >= 0) because = null;
        return h("span", { class: `segment ${index % 2 ? "odd" : "even"}` }, [
          h("span", { class: "flag" }, [h("span", { class: "visually-hidden" }, `${t("Part")} `), `${index + 1}/${last}`, h("span", { class: "visually-hidden" }, ": ")]),
          text,
        ]);
      }),
      found.lost && h("del", { class: "segment lost" }, found.lost),
    ]),
    h("p", { class: "hint" }, found.segments.map((part, index) => `${index + 1}/${last}: ${part.characters}`).slice(0, 12).join(" · "), ` ${t("characters")}`),
  ]);
}

const CODE = /(?<![\d.,/-])\d{3}[- ]\d{3}(?![\d.,/-]*\d)|(?<![\d.,/-])\d{4,8}(?![.,/-]?\d)(?!\s*(?:TL|TRY|₺|lira|USD|EUR))/gi;
const LINK = /\bhttps?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)]|\b(?:www\.|[a-z0-9-]+\.(?:com|net|org|tr|im|ly|me|co|io|gl)\/)[^\s<>"']*[^\s<>"'.,;:!?)]/gi;

function picks(text) {
  const links = [...new Set(text.match(LINK) || [])];
  const rest = links.reduce((kept, link) => kept.replaceAll(link, " "), text);
  const codes = [...new Set(rest.match(CODE) || [])];
  if (!codes.length && !links.length) return null;
  const list = (name, values, kind) => values.length > 0 && [h("h4", {}, name), h("ul", { class: "picks" }, values.map((value) =>
    h("li", { class: kind }, [h("code", {}, value), h("button", { type: "button", "aria-label": t("Copy {what}", { what: value }), onclick: () => copy(value, t("Copied")) }, t("Copy"))])))];
  return h("section", { class: "card" }, h("h3", {}, t("Codes and links")), list(t("Codes"), codes, "otp"), list(t("Links"), links, "url"));
}

function outcome(app, id, done) {
  const status = choice(STATUSES.map((name) => [name, word(name)]), "DELIVERED");
  const error = h("input", { type: "number", min: "0", max: "9999", placeholder: t("default") });
  const after = h("input", { type: "number", min: "0", step: "any", value: "0" });
  const force = (body, said) => app.attempt(() => post(app.path(`/messages/${encodeURIComponent(id)}/outcome`), body), said).then((ok) => ok && done());
  const title = freshId("title");
  return h("section", { class: "card outcome", hidden: true, "aria-labelledby": title }, [
    h("div", { class: "row spread" }, [
      h("h3", { id: title }, t("Decide the outcome")),
      h("div", { class: "row" }, [
        h("button", { type: "button", class: "good", onclick: () => force({ status: "DELIVERED" }, t("Delivered")) }, t("Deliver")),
        h("button", { type: "button", class: "danger", onclick: () => force({ status: "NOT_DELIVERED" }, t("Failed")) }, t("Fail")),
      ]),
    ]),
    h("details", {}, [
      h("summary", {}, t("Another outcome")),
      h("form", {
        class: "row wrap bottom",
        onsubmit: (event) => {
          event.preventDefault();
          force({ status: status.value, gsm_error: error.value === "" ? null : Number(error.value), after: Number(after.value || 0) }, t("Outcome decided"));
        },
      }, [field(t("Status"), status), field("gsmerror", error), field(t("After (seconds)"), after), h("button", { type: "submit" }, t("Apply"))]),
    ]),
  ]);
}
