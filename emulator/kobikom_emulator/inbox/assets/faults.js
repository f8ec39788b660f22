// Fault rules: arm, list and disarm them, and preview which requests so far a rule would match.

import { get, post, remove } from "./api.js";
import { choice, field, h, set } from "./dom.js";
import { brief, count } from "./format.js";
import { t, word } from "./words.js";

const CODES = [-1, -2, -3, -5, -6, -10, -11, -13, -22, -23, -26, -27, -33, -34, -99];

/** Each kind with the controls its effect needs, and its operation where it is only about one. */
const KINDS = {
  status: {
    says: "A status code instead of success; nothing is accepted or charged.",
    controls: () => ({
      code: field(t("Code"), choice(CODES.map((code) => [code, code]), -26)),
      scope: field(t("For"), choice([["request", t("the whole request")], ["recipient", t("each matching recipient")]], "request")),
      places: field(t("Of these, only"), h("input", { placeholder: "1, -1", pattern: "[0-9, \\-]*", spellcheck: "false" })),
      every: field(t("Of these, every"), h("input", { type: "number", min: "1", step: "1", value: "1", required: true })),
    }),
    read: (values) => ({ code: Number(values.code), scope: values.scope, places: (values.places.match(/-?\d+/g) || []).map(Number), every: Number(values.every) }),
  },
  http: {
    says: "An HTML page with an HTTP status, as from a failing proxy, instead of carrying the request out or instead of its answer.",
    controls: () => ({
      status: field(t("HTTP status"), h("input", { type: "number", min: "200", max: "599", value: "503", required: true })),
      moment: field(t("Moment"), choice([["before", t("before it is carried out")], ["after", t("after it was carried out")]], "before")),
    }),
    read: (values) => ({ status: Number(values.status), moment: values.moment }),
  },
  delay: {
    says: "The request is carried out, the answer comes late.",
    controls: () => ({ seconds: field(t("Seconds"), h("input", { type: "number", min: "0.001", max: "3600", step: "any", value: "5", required: true })) }),
    read: (values) => ({ seconds: Number(values.seconds) }),
  },
  drop: {
    says: "The connection closes without an answer: before the request is carried out, or after it was accepted and charged (a lost answer).",
    controls: () => ({ moment: field(t("Moment"), choice([["after", t("after it was carried out")], ["before", t("before it is carried out")]], "after")) }),
    read: (values) => ({ moment: values.moment }),
  },
  truncate: {
    says: "The first bytes of the answer, then the connection closes.",
    controls: () => ({ bytes: field(t("Bytes"), h("input", { type: "number", min: "0", step: "1", value: "40", required: true })) }),
    read: (values) => ({ bytes: Number(values.bytes) }),
  },
  garbage: { says: "Random bytes of the same length instead of the answer; the request was carried out.", controls: () => ({}), read: () => ({}) },
  dribble: {
    says: "The answer comes slowly, a few bytes at a time.",
    controls: () => ({ bytes_per_second: field(t("Bytes per second"), h("input", { type: "number", min: "0.1", step: "any", value: "20", required: true })) }),
    read: (values) => ({ bytes_per_second: Number(values.bytes_per_second) }),
  },
  "as-printed": { says: "The answer is malformed in the way of the vendor's printed examples.", controls: () => ({}), read: () => ({}) },
  reports: {
    operation: "pull",
    says: "A pull gives wrong delivery reports.",
    controls: () => ({
      change: field(t("Change"), choice([["repeated", t("each report twice")], ["unknown-id", t("one more, of an id no message has")], ["unknown-status", t("a status that is documented nowhere")]], "repeated")),
    }),
    read: (values) => ({ change: values.change }),
  },
  close: { says: "The answer is sent, then every open connection closes unannounced, as when the service restarts.", controls: () => ({}), read: () => ({}) },
  stall: {
    says: "Nothing is sent until the client gives up, a test releases the answer, or the seconds are over.",
    controls: () => ({
      moment: field(t("Moment"), choice([["after", t("after it was carried out")], ["before", t("before it is carried out")]], "after")),
      seconds: field(t("Seconds"), h("input", { type: "number", min: "0.001", max: "3600", step: "any", value: "60", required: true })),
    }),
    read: (values) => ({ moment: values.moment, seconds: Number(values.seconds) }),
  },
  push: {
    operation: "push",
    says: "Pushed reports come wrongly: the operation is a push, or a send for reports that come before its answer.",
    controls: () => ({
      change: field(t("Change"), choice([["twice", t("twice")], ["late", t("late")], ["unclosed", t("without the end of the document")], ["before-answer", t("before the answer to their send")]], "twice")),
      seconds: field(t("Seconds"), h("input", { type: "number", min: "0.001", max: "86400", step: "any", value: "60", required: true })),
    }),
    read: (values) => ({ change: values.change, seconds: Number(values.seconds) }),
  },
};

export function faults(app) {
  const armed = h("div", { class: "stack" });
  const says = h("p", { class: "hint" });
  const fields = h("div", { class: "grid" });
  const found = h("div", { role: "status" });
  let controls = {};
  let chosen;
  let shown = "";

  const kind = choice(Object.keys(KINDS).map((name) => [name, word(name)]), "status", { onchange: () => redraw() });
  const operation = choice([["", t("any")], ...["send", "pull", "titles", "balance", "push"].map((name) => [name, word(name)])], "send");
  const pattern = (placeholder) => h("input", { placeholder, spellcheck: "false" });
  const match = { user: pattern("test"), to: pattern("90532*"), title: pattern("Kobikom"), text: pattern("*kod*") };
  const skip = h("input", { type: "number", min: "0", step: "1", value: "0" });
  const times = h("input", { type: "number", min: "1", step: "1", placeholder: t("no limit"), value: "1" });
  const chance = h("input", { type: "number", min: "0", max: "100", step: "any", value: "100" });
  const until = h("input", { type: "datetime-local", step: "1" });

  function redraw() {
    const previous = chosen;
    chosen = KINDS[kind.value];
    if (chosen.operation) operation.value = chosen.operation;
    else if (previous?.operation === operation.value) operation.value = "send";
    controls = chosen.controls();
    set(says, t(chosen.says));
    set(fields, Object.values(controls));
    set(found);
  }

  function rule() {
    const values = Object.fromEntries(Object.entries(controls).map(([name, label]) => [name, label.querySelector("input, select").value]));
    const wanted = Object.fromEntries(Object.entries(match).filter(([, input]) => input.value !== "").map(([name, input]) => [name, input.value]));
    const when = {};
    if (Number(skip.value)) when.skip = Number(skip.value);
    if (times.value !== "") when.times = Number(times.value);
    if (Number(chance.value) !== 100) when.probability = Number(chance.value) / 100;
    if (until.value) when.until = `${until.value.length === 16 ? `${until.value}:00` : until.value}+03:00`;
    return { effect: { kind: kind.value, ...KINDS[kind.value].read(values) }, match: { ...(operation.value ? { operation: operation.value } : {}), ...wanted }, when };
  }

  async function preview() {
    const seen = await app.attempt(() => post(app.path("/faults/preview"), rule()));
    if (!seen) return set(found);
    set(found, h("div", { class: "preview" }, [
      h("p", {}, h("b", {}, t("{count} of the last {all} requests match", { count: seen.matching.length, all: seen.looked_at }))),
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
    set(armed, h("div", { class: "row spread" }, [h("h2", {}, t("Armed")), list.faults.length > 1 && h("button", { type: "button", onclick: () => app.attempt(() => remove(app.path("/faults")), t("Disarmed")).then(load) }, t("Disarm all"))]),
      list.faults.length ? h("ul", { class: "armed" }, list.faults.map(row)) : h("p", { class: "quiet" }, t("No rule is armed.")));
  }

  const summary = (values) => Object.entries(values).filter(([name, value]) => name !== "kind" && value !== null).map(([name, value]) => `${name} ${value}`).join(" · ");

  function row(each) {
    const { effect, match: which, when } = each.rule;
    return h("li", {}, [
      h("div", {}, [
        h("b", {}, `#${each.id} ${word(effect.kind)}`), summary(effect) && ` ${summary(effect)}`,
        h("p", { class: "quiet" }, [summary(which || {}) || t("every request"), summary(when || {}) && ` — ${summary(when)}`]),
        h("p", { class: "quiet" }, t("matched {matched}, fired {fired}", each)),
      ]),
      h("button", { type: "button", "aria-label": t("Disarm rule {id}", each), onclick: () => app.attempt(() => remove(app.path(`/faults/${each.id}`)), t("Disarmed")).then(load) }, t("Disarm")),
    ]);
  }

  redraw();
  load();
  return {
    element: h("div", { class: "cards two" }, [
      h("form", { class: "card", onsubmit: (event) => { event.preventDefault(); app.attempt(() => post(app.path("/faults"), rule()), t("Armed")).then(load); } }, [
        h("h2", {}, t("Arm a fault")),
        field(t("What happens"), kind), says, fields,
        h("h3", {}, t("To which requests")),
        h("div", { class: "grid" }, [
          field(t("Operation"), operation), field(t("User"), match.user), field(t("To (pattern)"), match.to), field(t("Title (pattern)"), match.title), field(t("Text (pattern)"), match.text),
        ]),
        h("h3", {}, t("When")),
        h("div", { class: "grid" }, [field(t("Skip the first"), skip), field(t("Times"), times), field(t("Chance (%)"), chance), field(t("Until (Turkey's time)"), until)]),
        h("div", { class: "row wrap" }, [h("button", { type: "submit", class: "primary" }, t("Arm")), h("button", { type: "button", onclick: preview }, t("What would this match?"))]),
        found,
      ]),
      h("section", { class: "card" }, armed),
    ]),
    changed: load,
  };
}
