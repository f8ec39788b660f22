// A body as text with line numbers, coloured XML and marked places.

import { h } from "./dom.js";
import { markedText } from "./marks.js";
import { t } from "./words.js";

const LONGEST = 60_000;
const TOKEN = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<\/?[A-Za-z_][^\s<>/]*(?:\s[^<>]*)?\/?>|&#?\w+;/g;
/** Characters that change the order of others, or have no width. */
const MISLEADING = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
const INSIDE = /([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

/**
 * A text as code. `marks` are {line, column, label, kind}: the element that begins there is marked, with its label.
 * Lines and columns count from 1, columns in characters. `numbers` are shown beside the lines instead of 1, 2, 3.
 */
export function code(text, { marks = [], numbers = null, name }) {
  const cut = text.length > LONGEST;
  const shown = cut ? text.slice(0, LONGEST) : text.replace(/\n$/, "");
  const lines = shown.split("\n");
  const byLine = new Map();
  for (const mark of marks) {
    if (mark.line) byLine.set(mark.line, [...(byLine.get(mark.line) || []), mark]);
  }
  const colours = coloured(shown);
  let offset = 0;
  const rows = lines.map((line, index) => {
    const here = byLine.get(index + 1) || [];
    const row = h("span", { class: here.length ? "line marked" : "line" }, [
      h("span", { class: "number", "aria-hidden": "true" }, numbers ? (numbers[index] === numbers[index - 1] ? "" : numbers[index]) : index + 1),
      h("span", { class: "content" }, pieces(line, offset, colours, here)),
    ]);
    offset += line.length + 1;
    return row;
  });
  return h("div", { class: "code", tabindex: "0", role: "region", "aria-label": name }, [
    h("pre", {}, h("code", {}, rows)),
    cut && h("p", { class: "hint" }, t("cut for display", { count: text.length })),
  ]);
}

/** Colours as [start, end, class], in order, without overlaps. */
function coloured(text) {
  const found = [];
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const start = match.index;
    if (token.startsWith("<!--") || token.startsWith("<?")) found.push([start, start + token.length, "dim"]);
    else if (token.startsWith("<![")) found.push([start, start + token.length, "string"]);
    else if (token.startsWith("&")) found.push([start, start + token.length, "entity"]);
    else {
      const from = found.length;
      for (const inner of token.matchAll(INSIDE)) {
        const name = start + inner.index;
        const value = name + inner[1].length + inner[2].length;
        found.push([name, name + inner[1].length, "attribute"], [value, value + inner[3].length, "string"]);
      }
      let at = start;
      const gaps = [];
      for (const [begin, end] of found.slice(from)) {
        if (at < begin) gaps.push([at, begin, "tag"]);
        at = end;
      }
      if (at < start + token.length) gaps.push([at, start + token.length, "tag"]);
      found.push(...gaps);
      found.splice(from, Infinity, ...found.slice(from).sort((a, b) => a[0] - b[0]));
    }
  }
  return found;
}

function pieces(line, offset, colours, marks) {
  const spans = marks.map((mark) => {
    const start = offset + fromCharacters(line, (mark.column || 1) - 1);
    return [start, endOfMark(line, start - offset) + offset, mark];
  });
  const cuts = new Set([offset, offset + line.length]);
  const inside = colours.filter(([start, end]) => end > offset && start < offset + line.length);
  for (const [start, end] of [...inside, ...spans]) {
    for (const at of [start, end]) if (at > offset && at < offset + line.length) cuts.add(at);
  }
  const places = [...cuts].sort((a, b) => a - b);
  const made = [];
  for (let index = 0; index + 1 < places.length; index += 1) {
    const [from, to] = [places[index], places[index + 1]];
    const colour = inside.find(([start, end]) => start <= from && to <= end)?.[2];
    const text = line.slice(from - offset, to - offset);
    const marked = spans.find(([start, end]) => start <= from && to <= end);
    const shown = MISLEADING.test(text) ? markedText(text) : text;
    const piece = colour ? h("span", { class: colour }, shown) : shown;
    made.push(marked ? h("mark", { class: marked[2].kind }, piece) : piece);
  }
  for (const [, , mark] of spans) made.push(h("span", { class: `note ${mark.kind}` }, mark.label));
  return made.length ? made : "\u200b";
}

const fromCharacters = (line, characters) => [...line].slice(0, characters).join("").length;

function endOfMark(line, start) {
  if (line[start] !== "<") return Math.min(line.length, start + 1);
  const name = /^<([A-Za-z_][^\s<>/]*)/.exec(line.slice(start));
  const close = name ? line.indexOf(`</${name[1]}>`, start) : -1;
  if (close > 0 && close - start < 120) return close + name[1].length + 3;
  const end = line.indexOf(">", start);
  return end < 0 ? line.length : end + 1;
}
