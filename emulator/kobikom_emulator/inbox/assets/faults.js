// Fault rules: presets, the full form, what is active and what is used up, and which requests so far a rule matches.

import { get, post, remove } from "./api.js";
import { choice, field, h, set } from "./dom.js";
import { brief, count } from "./format.js";
import { instant, numeric, submit } from "./forms.js";
import { t, word } from "./words.js";

const CODES = [-1, -2, -3, -5, -6, -10, -11, -13, -22, -23, -26, -27, -33, -34, -99];

const number = (value) => h("input", { inputmode: "decimal", value });

/** Rules that a click adds: a label and the rule. */
const PRESETS = [
  ["The next send fails with -26", { effect: { kind: "status", code: -26 }, match: { operation: "send" }, when: { times: 1 } }],
  ["The next send has no credit (-2)", { effect: { kind: "status", code: -2 }, match: { operation: "send" }, when: { times: 1 } }],
  ["Lose the next answer", { effect: { kind: "drop", moment: "after" }, match: { operation: "send" }, when: { times: 1 } }],
  ["Answer slowly (5 s)", { effect: { kind: "delay", seconds: 5 }, match: {}, when: {} }],
  ["The next request gets HTTP 503", { effect: { kind: "http", status: 503 }, match: {}, when: { times: 1 } }],
  ["Answers as printed on the page", { effect: { kind: "as-printed" }, match: {}, when: {} }],
];

/** Each kind with the controls its effect needs, and its operation where it is only about one. */
const KINDS = {
  status: {
    controls: () => ({
      code: field(t("Code"), choice(CODES.map((code) => [code, code]), -26)),
      scope: field(t("For"), choice([["request", t("the whole request")], ["recipient", t("each matching recipient")]], "request")),
      places: field(t("Of these, only"), h("input", { placeholder: "1, -1", spellcheck: "false" })),
      every: field(t("Of these, every"), number("1")),
    }),
    read: (values) => ({ code: Number(values.code), scope: values.scope, places: (values.places.match(/-?\d+/g) || []).map(Number), every: numeric(values.every) }),
  },
  http: {
    controls: () => ({
      status: field(t("HTTP status"), number("503")),
      moment: field(t("Moment"), choice([["before", t("before it is carried out")], ["after", t("after it was carried out")]], "before")),
    }),
    read: (values) => ({ status: numeric(values.status), moment: values.moment }),
  },
  delay: {
    controls: () => ({ seconds: field(t("Seconds"), number("5")) }),
    read: (values) => ({ seconds: numeric(values.seconds) }),
  },
  drop: {
    controls: () => ({ moment: field(t("Moment"), choice([["after", t("after it was carried out")], ["before", t("before it is carried out")]], "after")) }),
    read: (values) => ({ moment: values.moment }),
  },
  truncate: {
    controls: () => ({ bytes: field(t("Bytes"), number("40")) }),
    read: (values) => ({ bytes: numeric(values.bytes) }),
  },
  garbage: { controls: () => ({}), read: () => ({}) },
  dribble: {
    controls: () => ({ bytes_per_second: field(t("Bytes per second"), number("20")) }),
    read: (values) => ({ bytes_per_second: numeric(values.bytes_per_second) }),
  },
  "as-printed": { controls: () => ({}), read: () => ({}) },
  reports: {
    operation: "pull",
    controls: () => ({
      change: field(t("Change"), choice([["repeated", t("each report twice")], ["unknown-id", t("one more, of an id no message has")], ["unknown-status", t("a status that is documented nowhere")]], "repeated")),
    }),
    read: (values) => ({ change: values.change }),
  },
  close: { controls: () => ({}), read: () => ({}) },
  stall: {
    controls: () => ({
      moment: field(t("Moment"), choice([["after", t("after it was carried out")], ["before", t("before it is carried out")]], "after")),
      seconds: field(t("Seconds"), number("60")),
    }),
    read: (values) => ({ moment: values.moment, seconds: numeric(values.seconds) }),
  },
  push: {
    operation: "push",
    controls: () => ({
      change: field(t("Change"), choice([["twice", t("twice")], ["late", t("late")], ["unclosed", t("without the end of the document")], ["before-answer", t("before the answer to their send")]], "twice")),
      seconds: field(t("Seconds"), number("60")),
    }),
    read: (values) => ({ change: values.change, seconds: numeric(values.seconds) }),
  },
};

export function faults(app) {
  const active = h("div", { class: "stack" });
  const spent = h("div", { class: "stack" });
  const says = h("p", { class: "sentence", role: "status" });
  const fields = h("div", { class: "grid" });
  const found = h("div", { role: "status" });
  let controls = {};
  let chosen;
  let shown = "";
  let waiting = 0;

  const kind = choice(Object.keys(KINDS).map((name) => [name, word(name)]), "status", { onchange: () => redraw() });
  const operation = choice([["", t("any")], ...["send", "pull", "titles", "balance", "push"].map((name) => [name, word(name)])], "send");
  const pattern = (placeholder) => h("input", { placeholder, spellcheck: "false" });
  const match = { user: pattern("test"), to: pattern("90532*"), title: pattern("Kobikom"), text: pattern("*kod*") };
  const skip = h("input", { inputmode: "numeric", value: "0" });
  const times = h("input", { inputmode: "numeric", placeholder: t("no limit"), value: "1" });
  const chance = h("input", { inputmode: "decimal", value: "100" });
  const until = h("input", { type: "datetime-local", step: "1" });

  function redraw() {
    const previous = chosen;
    chosen = KINDS[kind.value];
    if (chosen.operation) operation.value = chosen.operation;
    else if (previous?.operation === operation.value) operation.value = "send";
    controls = chosen.controls();
    set(fields, Object.values(controls));
    set(found);
    describe();
  }

  /** Say what the rule in the form would do. */
  function describe() {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const seen = await post(app.path("/faults/preview"), rule()).catch(() => null);
      set(says, seen && `${seen.sentence}.`);
    }, 150);
  }

  const inputOf = (label) => label.querySelector("input, select");

  function rule() {
    const values = Object.fromEntries(Object.entries(controls).map(([name, label]) => [name, inputOf(label).value]));
    const wanted = Object.fromEntries(Object.entries(match).filter(([, input]) => input.value !== "").map(([name, input]) => [name, input.value]));
    const when = {};
    if (skip.value.trim() !== "0") when.skip = numeric(skip.value);
    if (times.value !== "") when.times = numeric(times.value);
    const percent = numeric(chance.value);
    if (percent !== 100) when.probability = typeof percent === "number" ? percent / 100 : percent;
    if (until.value) when.until = instant(until.value);
    return { effect: { kind: kind.value, ...KINDS[kind.value].read(values) }, match: { ...(operation.value ? { operation: operation.value } : {}), ...wanted }, when };
  }

  /** Where the server finds what. */
  const inputs = () => ({
    ...Object.fromEntries(Object.entries(controls).map(([name, label]) => [`effect.${name}`, inputOf(label)])),
    ...Object.fromEntries(Object.entries(match).map(([name, input]) => [`match.${name}`, input])),
    "match.operation": operation, "when.skip": skip, "when.times": times, "when.probability": chance, "when.until": until,
  });

  const add = (wanted, fieldsOfForm) => submit(fieldsOfForm, () => post(app.path("/faults"), wanted), t("Fault added")).then(load);

  async function preview() {
    const seen = await submit(inputs(), () => post(app.path("/faults/preview"), rule()));
    if (!seen) return set(found);
    return set(found, h("div", { class: "preview" }, [
      h("p", {}, t("{count} of the last {all} requests match", { count: seen.matching.length, all: seen.looked_at })),
      h("ul", {}, seen.matching.slice(0, 8).map((each) => h("li", {}, [
        h("a", { href: app.href({ view: "requests", entry: each.entry }) }, `#${each.entry}`), ` ${word(each.operation)} · ${each.user} · ${brief(each.at, app.nowIso())}`,
        each.to.length > 0 && ` · ${each.to.slice(0, 3).join(", ")}${each.to.length > 3 ? ` +${count(each.to.length - 3)}` : ""}`,
      ]))),
      seen.matching.length > 8 && h("p", { class: "hint" }, t("{count} more", { count: seen.matching.length - 8 })),
      h("p", { class: "hint" }, t("How often the rule fires depends on skip, times and chance.")),
    ]));
  }

  async function load() {
    const list = await app.attempt(() => get(app.path("/faults")));
    const key = JSON.stringify(list);
    if (!list || key === shown) return;
    shown = key;
    draw(active, t("Active"), list.faults.filter((fault) => fault.active), t("Remove all"));
    const over = list.faults.filter((fault) => !fault.active);
    if (over.length) draw(spent, t("Used up"), over, t("Remove the used up"));
    else set(spent);
  }

  function draw(place, heading, rules, label) {
    const removeThem = () => app.attempt(() => Promise.all(rules.map((each) => remove(app.path(`/faults/${each.id}`)))), t("Removed")).then(load);
    set(place, h("div", { class: "row spread" }, h("h2", {}, heading), rules.length > 1 && h("button", { type: "button", onclick: removeThem }, label)),
      rules.length ? h("ul", { class: "armed" }, rules.map(row)) : h("p", { class: "quiet" }, t("No fault is active: every request is answered as usual.")));
  }

  function row(each) {
    return h("li", { class: each.active ? "" : "spent" }, [
      h("div", {}, [
        h("p", {}, h("b", {}, `#${each.id}`), ` ${each.sentence}.`),
        h("p", { class: "quiet" }, t("matched {matched}, fired {fired}", { matched: count(each.matched), fired: count(each.fired) })),
      ]),
      h("button", { type: "button", "aria-label": t("Remove rule {id}", each), onclick: () => app.attempt(() => remove(app.path(`/faults/${each.id}`)), t("Removed")).then(load) }, t("Remove")),
    ]);
  }

  redraw();
  load();
  return {
    element: h("div", { class: "cards two" }, [
      h("div", { class: "stack" }, [
        h("section", { class: "card" }, h("h2", {}, t("Add a fault with one click")), h("div", { class: "presets" }, PRESETS.map(([label, wanted]) => h("button", { type: "button", onclick: () => add(wanted, {}) }, t(label))))),
        h("details", { class: "card more" }, h("summary", {}, t("Any other fault")), h("form", { class: "stack", novalidate: true, oninput: describe, onsubmit: (event) => { event.preventDefault(); add(rule(), inputs()); } }, [
          field(t("What happens"), kind), fields,
          h("h3", {}, t("To which requests")),
          h("div", { class: "grid" }, [
            field(t("Operation"), operation), field(t("User"), match.user), field(t("To (pattern)"), match.to), field(t("Title (pattern)"), match.title), field(t("Text (pattern)"), match.text),
          ]),
          h("h3", {}, t("When")),
          h("div", { class: "grid" }, [field(t("Skip the first"), skip), field(t("Times"), times), field(t("Chance (%)"), chance), field(t("Until (Turkey's time)"), until)]),
          says,
          h("div", { class: "row wrap" }, [h("button", { type: "submit", class: "primary" }, t("Add fault")), h("button", { type: "button", onclick: preview }, t("What would this match?"))]),
          found,
        ])),
      ]),
      h("section", { class: "card" }, active, spent),
    ]),
    changed: load,
    stop: () => clearTimeout(waiting),
  };
}
