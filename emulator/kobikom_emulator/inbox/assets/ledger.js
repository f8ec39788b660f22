// The ledger: the credit of each account, and the kept lines that changed it, as a chart and a table.

import { get } from "./api.js";
import { choice, field, freshId, h, s, set } from "./dom.js";
import { amount, brief, count } from "./format.js";
import { emptySpace } from "./messages.js";
import { t, word } from "./words.js";

const PAGE = 1000;
const SIGNS = { charge: "−", refund: "+" };

export function ledger(app) {
  const cards = h("div", { class: "cards three" });
  const chart = h("div", {});
  const table = h("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("Lines") });
  const userFilter = h("div", {});
  const more = h("div", { class: "row spread" });
  const body = h("div", { class: "stack" });
  const element = h("div", { class: "page" }, [h("h1", {}, t("Credit")), body]);
  let user = null;
  let lines = [];
  let next = null;
  let shown = "";
  let stopped = false;

  const page = (parameters) => get(app.path("/ledger"), { user, limit: PAGE, ...parameters });

  /** The newest page, joined with the older ones that were loaded. */
  async function load() {
    const all = await app.attempt(() => get(app.path("/ledger"), { limit: 1 }));
    if (!all || stopped) return;
    const users = all.accounts.map((account) => account.user);
    const chosen = users.includes(app.route.user) ? app.route.user : users[0];
    if (chosen !== user) lines = [];
    user = chosen;
    const newest = user ? await app.attempt(() => page({})) : { ...all, lines: [], next: null };
    if (!newest || stopped || user !== chosen) return;
    const last = newest.lines.at(-1)?.number;
    const joint = newest.next === null ? -1 : lines.findIndex((line) => line.number === last);
    if (joint < 0) next = newest.next;
    lines = [...newest.lines, ...(joint < 0 ? [] : lines.slice(joint + 1))];
    const key = JSON.stringify([newest, user, lines.length]);
    if (key === shown) return;
    shown = key;
    draw(newest);
  }

  async function loadOlder() {
    const older = await app.attempt(() => page({ before: next }));
    if (!older || stopped) return;
    lines = [...lines, ...older.lines];
    next = older.next;
    draw(older);
  }

  function draw({ accounts, total }) {
    set(cards, accounts.map((account) => h("a", { class: `card account ${account.user === user ? "changed" : ""}`, href: app.href({ view: "ledger", user: account.user }), "aria-current": account.user === user ? "true" : null }, [
      h("h2", {}, account.user),
      h("p", { class: "face" }, amount(account.credit), " ", h("span", { class: "quiet" }, account.currency)),
      h("p", { class: "quiet" }, [t("{amount} spent on {count} messages", { amount: amount(account.spent), count: count(account.messages) }), Number(account.returned) > 0 && ` · ${t("{amount} given back", { amount: amount(account.returned) })}`]),
    ])));
    if (accounts.every((account) => !account.messages) && lines.every((line) => line.kind === "opened")) {
      set(body, cards, h("div", { class: "empty" }, emptySpace(app)));
      return;
    }
    const account = accounts.find((one) => one.user === user);
    if (!userFilter.contains(document.activeElement)) {
      set(userFilter, field(t("User"), choice(accounts.map((one) => [one.user, one.user]), user, { onchange: (event) => app.go({ user: event.target.value }) })));
    }
    set(chart, account && creditChart(account, creditOverTime(account, lines, app.now())));
    set(table, h("table", {}, [
      h("caption", { class: "visually-hidden" }, t("Lines")),
      h("thead", {}, h("tr", {}, ["Time", "", "Title", "Messages", "Parts", "Amount"].map((name, index) => h("th", { scope: "col", class: index > 2 ? "right" : "" }, name ? t(name) : h("span", { class: "visually-hidden" }, t("Kind")))))),
      h("tbody", {}, lines.map(row)),
    ]));
    set(more, h("span", { class: "quiet" }, t("{shown} of {count} lines", { shown: count(lines.length), count: count(total) })),
      next !== null && h("button", { type: "button", onclick: loadOlder }, t("Older lines")));
    if (body.firstChild !== cards || body.children.length < 3) {
      set(body, cards, h("section", { class: "card" }, [h("div", { class: "row spread" }, h("h2", {}, t("Credit over time")), userFilter), chart]),
        h("section", { class: "card" }, [h("h2", {}, t("Lines")), table, more]));
    }
  }

  function row(line) {
    return h("tr", {}, [
      h("td", {}, h("time", { datetime: line.at }, brief(line.at))),
      h("td", {}, h("span", { class: `chip ${{ charge: "plain", refund: "good" }[line.kind] || "info"}` }, word(line.kind))),
      h("td", {}, line.first_id ? h("a", { href: app.href({ message: line.first_id }) }, line.title) : ""),
      h("td", { class: "right" }, line.messages ? count(line.messages) : ""),
      h("td", { class: "right" }, line.parts || ""),
      h("td", { class: "right" }, `${SIGNS[line.kind] || ""}${amount(line.amount)}`),
    ]);
  }

  return {
    element,
    show: () => load(),
    changed: ({ reset }) => {
      if (reset) lines = [];
      load();
    },
    stop: () => { stopped = true; },
  };
}

/**
 * The credit as points [ms, credit], oldest first, from lines that come newest first. `opened` and `set` lines hold the
 * credit itself, so the points begin at the oldest of them: what the credit was before a `set` stands in older lines.
 * Where there is none among the loaded lines, the credit is counted back from the credit now.
 */
function creditOverTime(account, lines, now) {
  const oldestFirst = [...lines].reverse();
  const change = (line) => (line.kind === "refund" ? 1 : -1) * Number(line.amount);
  const start = oldestFirst.findIndex((line) => line.kind === "opened" || line.kind === "set");
  const points = [];
  let credit;
  if (start < 0) {
    credit = oldestFirst.reduce((value, line) => value - change(line), Number(account.credit));
    if (oldestFirst.length) points.push([Date.parse(oldestFirst[0].at), credit]);
  }
  for (const line of oldestFirst.slice(Math.max(0, start))) {
    const at = Date.parse(line.at);
    if (credit !== undefined) points.push([at, credit]);
    credit = line.kind === "opened" || line.kind === "set" ? Number(line.amount) : credit + change(line);
    points.push([at, credit]);
  }
  if (points.length) points.push([Math.max(now, points.at(-1)[0]), Number(account.credit)]);
  return points;
}

const HEIGHT = 240;
const MARGIN = { left: 64, right: 12, top: 12, bottom: 28 };

function creditChart(account, points) {
  const width = Math.max(300, Math.min(1160, document.documentElement.clientWidth - 80));
  if (!points.length) return h("p", { class: "quiet" }, t("No line yet."));
  const [first, last] = [points[0][0], points.at(-1)[0]];
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = (high - low || 1) * 0.08;
  const x = (at) => MARGIN.left + ((at - first) / (last - first || 1)) * (width - MARGIN.left - MARGIN.right);
  const y = (value) => MARGIN.top + ((high + pad - value) / (high - low + 2 * pad || 1)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const line = points.map(([at, value], index) => `${index ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const floor = HEIGHT - MARGIN.bottom;
  const title = freshId("chart");
  return h("figure", { class: "chart" }, s("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-labelledby": title }, [
    s("title", { id: title }, t("Credit of {user}: from {start} to {end}", { user: account.user, start: amount(values[0]), end: amount(values.at(-1)) })),
    [low, (low + high) / 2, high].map((value) => [
      s("line", { class: "rule", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value) }),
      s("text", { x: MARGIN.left - 8, y: y(value) + 4, "text-anchor": "end" }, amount(Math.round(value * 10) / 10)),
    ]),
    s("path", { class: "area", d: `${line}L${x(last)} ${floor}L${x(first)} ${floor}Z` }),
    s("path", { class: "stroke", d: line }),
    s("text", { x: MARGIN.left, y: HEIGHT - 8 }, brief(new Date(first).toISOString())),
    s("text", { x: width - MARGIN.right, y: HEIGHT - 8, "text-anchor": "end" }, brief(new Date(last).toISOString())),
  ]));
}
