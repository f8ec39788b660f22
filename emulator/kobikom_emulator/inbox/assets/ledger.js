// The ledger: what every account has, what it spent and when. The line runs back from today's credit over the charges.

import { get } from "./api.js";
import { choice, field, freshId, h, s, set } from "./dom.js";
import { amount, brief, count } from "./format.js";
import { nothingYet } from "./messages.js";
import { t, word } from "./words.js";

export function ledger(app) {
  const cards = h("div", { class: "cards three" });
  const chart = h("div", {});
  const table = h("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("Charges") });
  const pick = h("div", {});
  const body = h("div", { class: "stack" });
  const element = h("div", { class: "page" }, [h("h1", {}, t("Ledger")), body]);
  let chosen = null;
  let shown = "";
  let stopped = false;

  async function load() {
    const all = await app.attempt(() => get(app.path("/ledger"), { limit: 1 }));
    if (!all || stopped) return;
    const names = all.accounts.map((each) => each.user);
    chosen = names.includes(app.route.user) ? app.route.user : names[0];
    const found = chosen ? await app.attempt(() => get(app.path("/ledger"), { user: chosen, limit: 2000 })) : all;
    if (!found || stopped) return;
    const key = JSON.stringify([found, chosen]);
    if (key === shown) return;
    shown = key;
    draw(found, all.total);
  }

  function draw(found, total) {
    set(cards, found.accounts.map((each) => h("a", { class: `card account ${each.user === chosen ? "changed" : ""}`, href: app.href({ view: "ledger", user: each.user }), "aria-current": each.user === chosen ? "true" : null }, [
      h("h2", {}, each.user),
      h("p", { class: "face" }, amount(each.credit), " ", h("span", { class: "quiet" }, each.currency)),
      h("p", { class: "quiet" }, [t("{amount} spent on {count} messages", { amount: amount(each.spent), count: count(each.messages) }), Number(each.returned) > 0 && ` · ${t("{amount} given back", { amount: amount(each.returned) })}`]),
    ])));
    if (!total) {
      set(body, cards, h("div", { class: "empty" }, nothingYet(app)));
      return;
    }
    const account = found.accounts.find((each) => each.user === chosen);
    if (!pick.contains(document.activeElement)) {
      set(pick, field(t("Account"), choice(found.accounts.map((each) => [each.user, each.user]), chosen, { onchange: (event) => app.go({ user: event.target.value }) })));
    }
    set(chart, account && drawn(account, found.lines, app.now()));
    set(table, h("table", {}, [
      h("caption", { class: "visually-hidden" }, t("Charges")),
      h("thead", {}, h("tr", {}, ["Time", "", "Title", "Messages", "Parts", "Amount"].map((name, index) => h("th", { scope: "col", class: index > 2 ? "right" : "" }, name ? t(name) : h("span", { class: "visually-hidden" }, t("Kind")))))),
      h("tbody", {}, found.lines.slice(0, 200).map((line) => h("tr", {}, [
        h("td", {}, h("time", { datetime: line.at }, brief(line.at))),
        h("td", {}, h("span", { class: `chip ${line.kind === "refund" ? "good" : "plain"}` }, word(line.kind))),
        h("td", {}, h("a", { href: app.href({ message: line.first_id }) }, line.title)),
        h("td", { class: "right" }, count(line.messages)),
        h("td", { class: "right" }, line.parts),
        h("td", { class: "right" }, `${line.kind === "refund" ? "+" : "−"}${amount(line.amount)}`),
      ]))),
    ]));
    if (body.firstChild !== cards || body.children.length < 3) {
      set(body, cards, h("section", { class: "card" }, [h("div", { class: "row spread" }, h("h2", {}, t("Credit over time")), pick), chart]),
        h("section", { class: "card" }, [h("h2", {}, t("Charges")), table]));
    }
  }

  return {
    element,
    show: () => load(),
    changed: () => load(),
    stop: () => { stopped = true; },
  };
}

const HIGH = 240;
const EDGE = { left: 64, right: 12, top: 12, bottom: 28 };

function drawn(account, lines, now) {
  const WIDE = Math.max(300, Math.min(1160, document.documentElement.clientWidth - 80));
  if (!lines.length) return h("p", { class: "quiet" }, t("Nothing was charged yet."));
  let credit = Number(account.credit);
  const points = [[Math.max(now, Date.parse(lines[0].at)), credit]];
  for (const line of lines) {
    const at = Date.parse(line.at);
    const before = credit + (line.kind === "refund" ? -1 : 1) * Number(line.amount);
    points.push([at, credit], [at, before]);
    credit = before;
  }
  points.reverse();
  const [first, last] = [points[0][0], points.at(-1)[0]];
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = (high - low || 1) * 0.08;
  const x = (at) => EDGE.left + ((at - first) / (last - first || 1)) * (WIDE - EDGE.left - EDGE.right);
  const y = (value) => EDGE.top + ((high + pad - value) / (high - low + 2 * pad || 1)) * (HIGH - EDGE.top - EDGE.bottom);
  const line = points.map(([at, value], index) => `${index ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const floor = HIGH - EDGE.bottom;
  const title = freshId("chart");
  const ticks = [low, (low + high) / 2, high];
  return h("figure", { class: "chart" }, [
    s("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-labelledby": title }, [
      s("title", { id: title }, t("Credit of {user}: from {start} to {end}", { user: account.user, start: amount(values[0]), end: amount(values.at(-1)) })),
      ticks.map((value) => [
        s("line", { class: "rule", x1: EDGE.left, x2: WIDE - EDGE.right, y1: y(value), y2: y(value) }),
        s("text", { x: EDGE.left - 8, y: y(value) + 4, "text-anchor": "end" }, amount(Math.round(value * 10) / 10)),
      ]),
      s("path", { class: "area", d: `${line}L${x(last)} ${floor}L${x(first)} ${floor}Z` }),
      s("path", { class: "stroke", d: line }),
      s("text", { x: EDGE.left, y: HIGH - 8 }, brief(new Date(first).toISOString())),
      s("text", { x: WIDE - EDGE.right, y: HIGH - 8, "text-anchor": "end" }, brief(new Date(last).toISOString())),
    ]),
    h("figcaption", { class: "hint" }, t("Reckoned back from today's credit; credit that was set by hand is not in it.")),
  ]);
}
