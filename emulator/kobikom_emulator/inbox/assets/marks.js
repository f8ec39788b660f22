// A text with what cannot be seen made visible: invisible and bidirectional characters, what was replaced or cut, and the
// characters that forced UCS-2.

import { h } from "./dom.js";
import { t } from "./words.js";

const INVISIBLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\ufff9-\ufffb]/;
const SHORT_NAMES = { "\t": "TAB", "\r": "CR", "\u00a0": "NBSP", "\u00ad": "SHY", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u200e": "LRM", "\u200f": "RLM", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM" };

export const codePoint = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

function invisible(character) {
  const name = codePoint(character);
  return h("span", { class: "invisible", title: name }, SHORT_NAMES[character] || name);
}

const force = (content) => h("mark", { class: "char", title: t("forced the alphabet") }, content);

/** Whether a text has characters that are not seen. */
export const hidesSomething = (text) => INVISIBLE.test(text);

/** A text, or the part of one that was cut off, with what cannot be seen in it made visible. */
export const markedText = (text) => !hidesSomething(text) ? text : markedParts({ text, segments: [{ text }], replaced: "", unicode_because: "" });

/** The parts of a message, each as nodes: `original` is the text as it was sent, where something was replaced in it. */
export function markedParts({ text, segments, replaced, unicode_because: because }) {
  const original = [...text];
  const lost = new Set(replaced);
  const forced = new Set(because ?? "");
  let at = 0;
  return segments.map((part) => {
    const nodes = [];
    let plain = "";
    const flush = () => {
      if (plain) nodes.push(plain);
      plain = "";
    };
    for (const character of part.text) {
      const was = original[at];
      at += 1;
      if (character !== was && lost.has(was)) {
        flush();
        nodes.push(h("mark", { class: "replaced", title: t("{character} became {other}", { character: `${was} (${codePoint(was)})`, other: character }) }, h("del", {}, was), h("ins", {}, character)));
      } else if (INVISIBLE.test(character)) {
        flush();
        nodes.push(forced.has(character) ? force(invisible(character)) : invisible(character));
      } else if (forced.has(character)) {
        flush();
        nodes.push(force(character));
      } else {
        plain += character;
      }
    }
    flush();
    return nodes;
  });
}

const END = "[^\\s<>\"'\\u0000-\\u001f]*[^\\s<>\"'.,;:!?)\\]}…\\u0000-\\u001f]";
const LINK = new RegExp(`(?<![\\p{L}\\p{N}@._-])(?:https?://${END}|(?:www\\.|(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?\\.)+(?:com|net|org|tr|im|ly|me|co|io|gl|app|link|info|biz)(?::\\d+)?/)${END})`, "giu");

/** The links in a text, each once. */
export const linksIn = (text) => [...new Set(text.match(LINK) || [])];
