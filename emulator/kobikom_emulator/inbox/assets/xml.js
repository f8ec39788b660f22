// XML laid out one element a line, with each place of the original still known.

const LONGEST = 60_000;
const TOKEN = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<[?!][^>]*>|<(\/?)([A-Za-z_][^\s<>/]*)(?:\s(?:"[^"]*"|'[^']*'|[^"'<>])*?)?(\/?)>/g;

/**
 * A document as {text, numbers, marks}: one element a line, where the elements of a line were several. `numbers` are the
 * lines of the original that the lines begin on, `marks` (with line and column) are moved along. As it is where it is
 * no well-formed XML, or laid out already.
 */
export function laidOut(text, marks) {
  const unchanged = { text, marks, numbers: null };
  const pieces = text.length > LONGEST ? null : piecesOf(text);
  if (!pieces) return unchanged;
  const starts = lineStarts(text);
  const lineOf = (offset) => starts.findLastIndex((start) => start <= offset);
  const lines = pieces.map(([start]) => lineOf(start));
  if (new Set(lines).size === lines.length) return unchanged;
  const written = [];
  const numbers = [];
  const moved = [];
  const places = marks.map((mark) => offsetOf(text, starts, mark));
  for (const [index, [start, end, depth]] of pieces.entries()) {
    const indent = "  ".repeat(Math.min(depth, 12));
    const until = pieces[index + 1]?.[0] ?? Infinity;
    marks.forEach((mark, nth) => {
      if (places[nth] < start || places[nth] >= until) return;
      const before = text.slice(start, Math.min(places[nth], end - 1)).split("\n");
      const column = [...before.at(-1)].length + 1 + (before.length === 1 ? indent.length : 0);
      moved.push({ ...mark, line: numbers.length + before.length, column });
    });
    const piece = text.slice(start, end);
    written.push(indent + piece);
    piece.split("\n").forEach((_, nth) => numbers.push(lines[index] + 1 + nth));
  }
  return { text: written.join("\n"), numbers, marks: moved };
}

/** The pieces that get a line each as [start, end, depth]; null where tags do not match or text stands outside. */
function piecesOf(text) {
  const root = { children: [], mixed: false, opened: 0 };
  const open = [root];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, closing, name, empty] = match;
    const here = open.at(-1);
    if (text.slice(at, match.index).trim() || token.startsWith("<![CDATA[")) here.mixed = true;
    at = match.index + token.length;
    if (name === undefined || empty) here.children.push({ start: match.index, end: at, children: [] });
    else if (closing) {
      if (here === root || here.name !== name) return null;
      Object.assign(here, { closed: match.index, end: at });
      open.pop();
    } else {
      const element = { name, start: match.index, opened: at, children: [], mixed: false };
      here.children.push(element);
      open.push(element);
    }
  }
  if (open.length > 1 || root.mixed || text.slice(at).trim() || !root.children.length) return null;
  const pieces = [];
  const add = (element, depth) => {
    if (element.mixed || !element.children.length) return pieces.push([element.start, element.end, depth]);
    pieces.push([element.start, element.opened, depth]);
    for (const child of element.children) add(child, depth + 1);
    return pieces.push([element.closed, element.end, depth]);
  };
  for (const child of root.children) add(child, 0);
  return pieces;
}

function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Where a mark stands, in code units; its column counts characters. */
function offsetOf(text, starts, { line, column }) {
  const start = starts[Math.min(line, starts.length) - 1];
  const end = text.indexOf("\n", start);
  const characters = [...text.slice(start, end < 0 ? text.length : end)];
  return start + characters.slice(0, (column || 1) - 1).join("").length;
}
