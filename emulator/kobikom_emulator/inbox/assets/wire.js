// The answer of a request as it went over the wire, beside what it would have been without the fault rules.

import { code } from "./code.js";
import { h } from "./dom.js";
import { amount, count, duration } from "./format.js";
import { t } from "./words.js";

const SHOWN_OCTETS = 256;

/** What fault rules did, and what it meant for the client; null where none fired. */
export function effects(entry) {
  const notes = entry.explanation.filter((note) => note.kind === "fault");
  if (!notes.length) return null;
  const lost = entry.answer?.sent === "nothing" && entry.kind === "request";
  return h("section", { class: "card wire", "aria-label": t("What the fault rules did") }, [
    h("h3", {}, t("What the fault rules did")),
    h("ul", { class: "effects" }, notes.map((note) => h("li", {}, note.found))),
    lost && entry.accepted > 0 && h("p", {}, h("b", {}, t("{count} messages were accepted and charged; the client got no answer.", { count: count(entry.accepted) }))),
    lost && !entry.accepted && h("p", {}, h("b", {}, t("The client got no answer."))),
  ]);
}

/** The answer, and the one that was altered. */
export function answers(entry) {
  const altered = Boolean(entry.intended);
  const sent = answer(altered ? t("The answer as it went over the wire") : t("Answer"), entry.answer, { error: entry.error, whole: entry.intended?.bytes_sent });
  if (!altered) return sent;
  return h("div", { class: "cards two" }, sent, answer(t("Without the fault rules it would have been"), entry.intended, {}));
}

function answer(name, value, { error = "", whole }) {
  if (!value || value.sent === "nothing") {
    return h("section", { class: "card" }, h("h3", {}, name), h("p", { class: "nothing" }, error || t("Nothing was sent: the connection was closed.")));
  }
  const cut = value.sent === "cut";
  const facts = [
    value.delay_seconds > 0 && t("sent {seconds} s late", { seconds: amount(value.delay_seconds) }),
    value.bytes_per_second && t("at {rate} bytes a second: {time}", { rate: amount(value.bytes_per_second), time: duration((value.bytes_sent / value.bytes_per_second) * 1000) }),
  ].filter(Boolean);
  return h("section", { class: "card" }, [
    h("h3", {}, name),
    h("p", { class: "row wrap" }, h("code", {}, `HTTP ${value.status} · ${value.content_type}`), facts.map((fact) => h("span", { class: "chip wait" }, fact))),
    value.headers.length > 0 && h("p", { class: "hint" }, value.headers.map(([header, text]) => `${header}: ${text}`).join(" · ")),
    value.body_base64 ? octets(value.body_base64, name) : value.body ? code(value.body, { name }) : !cut && h("p", { class: "quiet" }, t("no body")),
    cut && h("p", { class: "nothing" }, whole === undefined
      ? t("The connection was closed after {count} bytes.", { count: count(value.bytes_sent) })
      : t("The connection was closed after {count} of {all} bytes.", { count: count(value.bytes_sent), all: count(whole) })),
  ]);
}

/** Bytes that are no text, in hexadecimal. */
function octets(base64, name) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const hex = [...bytes.slice(0, SHOWN_OCTETS)].map((octet) => octet.toString(16).padStart(2, "0"));
  const lines = [];
  for (let at = 0; at < hex.length; at += 16) lines.push(hex.slice(at, at + 16).join(" "));
  return h("div", {}, [
    code(lines.join("\n"), { name }),
    h("p", { class: "hint" }, t("{shown} of {count} bytes, in hexadecimal: they are no text.", { shown: count(hex.length), count: count(bytes.length) })),
  ]);
}
