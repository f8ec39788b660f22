// Behaviour that was learned from recorded traffic: a file of `kobikom-contracts trace` is dropped here, and applied after
// its differences were shown.

import { get, patch } from "./api.js";
import { copy, field, h, set } from "./dom.js";
import { t } from "./words.js";

const LARGEST = 1_000_000;
const COMMANDS = [
  ["Record", "kobikom-contracts record --upstream https:/" + "/api.example.com --listen 127.0.0.1:8081 --out monday.har"],
  ["See what it decides", "kobikom-contracts trace monday.har --out readings.toml"],
];

export function learn(app) {
  const chooser = h("input", { type: "file", accept: ".toml,.json,.har,application/json" });
  const result = h("div", { class: "stack", role: "status" });
  const zone = h("section", { class: "card drop", "aria-label": t("A file of learned behaviour") }, [
    h("h2", {}, t("Use what was learned from real traffic")),
    h("p", {}, t("Drop readings.toml here, or the output of trace with --json. What it decides is shown before anything changes.")),
    field(t("readings.toml or JSON"), chooser),
    result,
  ]);
  chooser.addEventListener("change", () => read(chooser.files[0]));
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("over"); read(event.dataTransfer.files[0]); });

  async function read(file) {
    if (!file) return;
    const text = file.size > LARGEST ? "" : await file.text();
    const learned = parsed(text);
    const catalogue = await app.attempt(() => get(app.path("/readings")));
    chooser.value = "";
    if (!catalogue) return;
    if (isRecording(text) || /\.har$/i.test(file.name)) say(t("This is a recording. The contracts decide what it shows: run trace on it, as below, and drop what it writes."));
    else if (!learned) say(t("This is neither a readings.toml nor the JSON of trace."));
    else compare(learned, catalogue.readings);
  }

  const say = (sentence) => set(result, h("p", { class: "error" }, sentence));

  function compare({ decided, states }, catalogue) {
    const known = new Map(catalogue.map((reading) => [reading.name, reading]));
    const rows = Object.entries(decided);
    const changes = Object.fromEntries(rows.filter(([name, value]) => known.get(name)?.values[value] !== undefined && known.get(name).value !== value));
    const open = catalogue.filter((reading) => !(reading.name in decided));
    set(result, [
      h("h3", {}, t("{count} decided, {open} open", { count: rows.length, open: open.length })),
      rows.length > 0 && h("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("Differences") }, h("table", {}, [
        h("thead", {}, h("tr", {}, ["Reading", "Now", "Learned"].map((name) => h("th", { scope: "col" }, t(name))))),
        h("tbody", {}, rows.map(([name, value]) => h("tr", { class: name in changes ? "cited" : "" }, [
          h("td", {}, name), h("td", {}, known.get(name)?.value ?? "–"),
          h("td", {}, [h("b", {}, value), ` ${!known.has(name) ? t("(unknown here)") : known.get(name).values[value] === undefined ? t("(no such value)") : name in changes ? "" : t("(the same)")}`]),
        ]))),
      ])),
      open.length > 0 && h("p", { class: "hint" }, `${t("Open, and left as it is")}: ${open.map((reading) => reading.name + (states[reading.name] === "contradiction" ? ` (${t("contradiction")})` : "")).join(", ")}`),
      Object.keys(changes).length
        ? h("div", {}, h("button", { type: "button", class: "primary", onclick: () => apply(changes) }, t("Apply {count} changes", { count: Object.keys(changes).length })))
        : h("p", {}, t("The space behaves like this already.")),
    ]);
  }

  async function apply(changes) {
    if (!(await app.attempt(() => patch(app.path("/readings"), changes), t("Behaviour changed")))) return;
    set(result, h("p", {}, t("Applied."), " ", h("a", { href: app.href({ view: "controls", control: "readings" }) }, t("See the behaviour"))));
  }

  return {
    element: h("div", { class: "cards two" }, [
      zone,
      h("section", { class: "card" }, [
        h("h2", {}, t("How to get such a file")),
        h("p", { class: "hint" }, t("The recorder is a proxy between your program and the real service; passwords are masked. Both commands are in the package kobikom-contracts.")),
        COMMANDS.map(([name, command]) => [h("h3", {}, t(name)), h("div", { class: "row" }, h("code", { class: "command" }, command), h("button", { type: "button", class: "mini", onclick: () => copy(command, t("Copied")) }, t("Copy")))]),
      ]),
    ]),
  };
}

function isRecording(text) {
  try {
    return Boolean(JSON.parse(text).log?.entries);
  } catch {
    return false;
  }
}

/** {decided: name → value, states: name → state} of a readings.toml or of trace's JSON; null for anything else. */
function parsed(text) {
  try {
    const { readings } = JSON.parse(text);
    if (!Array.isArray(readings)) return null;
    return {
      decided: Object.fromEntries(readings.filter((each) => each.state === "decided").map((each) => [each.name, each.values[0]])),
      states: Object.fromEntries(readings.map((each) => [each.name, each.state])),
    };
  } catch {
    return ofToml(text);
  }
}

/** The table [readings] of a TOML file, whose values are plain strings; comments are left aside. */
function ofToml(text) {
  const decided = {};
  let table = "";
  for (const line of text.split(/\r?\n/)) {
    const head = /^\s*\[([\w.-]+)\]\s*(?:#.*)?$/.exec(line);
    const pair = /^\s*"?([\w-]+)"?\s*=\s*(?:"([^"\\]*)"|'([^']*)')\s*(?:#.*)?$/.exec(line);
    if (head) table = head[1];
    else if (pair && table === "readings") decided[pair[1]] = pair[2] ?? pair[3];
  }
  return /^\s*\[readings\]/m.test(text) ? { decided, states: {} } : null;
}
