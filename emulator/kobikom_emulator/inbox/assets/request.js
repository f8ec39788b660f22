// One entry of the journal: why it was answered so, the request with marks, the answer as it went over the wire.

import { code } from "./code.js";
import { clauseButton, sources } from "./clause.js";
import { copy, h } from "./dom.js";
import { count, full, outcomeTone } from "./format.js";
import { backButton, fact } from "./facts.js";
import { answers, effects } from "./wire.js";
import { t, word } from "./words.js";
import { laidOut } from "./xml.js";

const MOST_NOTES = 100;
const MOST_PLACES = 5;

export function request(app, entry) {
  const findings = entry.explanation.filter((note) => note.kind !== "fault");
  return h("article", { class: "message" }, [
    h("header", { class: "head" }, [
      backButton(() => app.go({ entry: "" })),
      h("div", { class: "titles" }, [
        h("h2", {}, `${word(entry.operation)} · ${entry.user || t("no user")}`),
        h("p", { class: "quiet" }, h("time", { datetime: entry.at }, full(entry.at)), ` · #${entry.id}`),
      ]),
      h("span", { class: `chip big ${entryTone(entry)}` }, word(entry.outcome), entry.code ? ` ${entry.code}` : ""),
    ]),
    h("div", { class: "row wrap" }, [
      entry.curl && h("button", { type: "button", onclick: () => copy(entry.curl, t("Copied as curl")) }, t("Copy as curl")),
      entry.first_id && h("a", { class: "button", href: app.href({ message: entry.first_id }) }, entry.accepted > 1 ? t("First of {count} messages", { count: count(entry.accepted) }) : t("The message")),
    ]),
    effects(entry),
    h("section", { class: "card" }, [
      h("h3", {}, t("Why")),
      findings.length ? h("ul", { class: "notes" }, groups(findings).slice(0, MOST_NOTES).map((notes) => finding(app, notes))) : h("p", { class: "quiet" }, nothingToExplain(entry)),
      groups(findings).length > MOST_NOTES && h("p", { class: "hint" }, t("{count} more", { count: groups(findings).length - MOST_NOTES })),
    ]),
    requestCard(entry),
    answers(entry),
  ]);
}

/** The colour of an outcome, or of what a fault rule made of it. */
export function entryTone(entry) {
  const sent = entry.answer ? entry.answer.sent : entry.sent;
  const altered = entry.altered || Boolean(entry.intended);
  const good = outcomeTone(entry.outcome) === "good";
  return good && entry.kind === "request" && (altered || sent !== "whole") ? "bad" : outcomeTone(entry.outcome);
}

function nothingToExplain(entry) {
  if (entry.outcome === "fault") return t("A fault rule answered the request; it was not carried out.");
  if (entry.intended) return t("Nothing was wrong with the request: every field was read and it was carried out. The fault rules changed the answer alone.");
  return t("Nothing to explain: every field was read and the request was carried out.");
}

/** Findings that say the same of several places, together. */
function groups(findings) {
  const groups = new Map();
  for (const note of findings) {
    const key = JSON.stringify([note.kind, note.statement, note.code, note.expected, note.hint]);
    groups.set(key, [...(groups.get(key) || []), note]);
  }
  return [...groups.values()];
}

function finding(app, notes) {
  const [note] = notes;
  const times = notes.reduce((sum, each) => sum + each.times, 0);
  return h("li", { class: `finding ${note.kind}` }, [
    h("div", { class: "row wrap" }, [
      note.code !== null && h("b", { class: "code-number" }, note.code),
      h("span", { class: "chip plain" }, word(note.kind)),
      clauseButton(app, note.statement),
      times > 1 ? h("span", { class: "chip wait" }, t("{count} times", { count: count(times) })) : note.line && h("span", { class: "quiet" }, t("line {line}, column {column}", note)),
    ]),
    h("p", {}, note.sentence, " ", h("span", { class: "quiet" }, `(${sources(note.mark)})`)),
    h("dl", { class: "facts" }, [
      note.expected && fact(t("Expected"), note.expected),
      notes.some((each) => each.found) && fact(t("Found"), notes.map((each) => h("div", {}, each.found, notes.length > 1 && each.line && h("span", { class: "quiet" }, ` · ${t("line {line}, column {column}", each)}`)))),
    ]),
    note.hint && h("p", {}, h("b", {}, `${t("Hint")}: `), note.hint),
    note.path && h("p", { class: "hint" }, [
      notes.flatMap((each) => [each.path, ...each.places]).slice(0, MOST_PLACES).map((place, nth) => [nth > 0 && ", ", h("code", { class: "path" }, place)]),
      times > MOST_PLACES && ` ${t("and {count} more", { count: count(times - MOST_PLACES) })}`,
    ]),
  ]);
}

function requestCard(entry) {
  const marks = entry.explanation.filter((note) => note.line).map((note) => ({
    line: note.line, column: note.column, kind: note.kind, label: note.code ? `${note.code} ${note.clause}` : note.clause,
  }));
  const seen = entry.xml || entry.request.body;
  const decoded = entry.xml && entry.xml !== entry.request.body;
  const shown = laidOut(seen, marks);
  return h("section", { class: "card" }, [
    h("h3", {}, t("Request")),
    h("p", {}, h("code", {}, `${entry.request.method} ${entry.request.target}`)),
    entry.request.headers.length > 0 && h("details", {}, h("summary", {}, t("{count} headers", { count: entry.request.headers.length })), h("dl", { class: "facts" }, entry.request.headers.map(([name, value]) => fact(name, value)))),
    decoded && h("p", { class: "hint" }, t("The XML as the server saw it: unwrapped and decoded. Lines and columns count in it.")),
    shown.numbers && h("p", { class: "hint" }, t("Laid out one element a line; the numbers are the lines of the original.")),
    seen ? code(shown.text, { name: t("Request"), marks: shown.marks, numbers: shown.numbers }) : h("p", { class: "quiet" }, t("no body")),
    (decoded || shown.numbers) && h("details", {}, h("summary", {}, t("The body as received")), code(entry.request.body, { name: t("The body as received") })),
  ]);
}
