// The credit of each account over time, and all the kept lines that changed it.

import { get } from "./api.js";
import { creditChart } from "./chart.js";
import { choice, field, h, set } from "./dom.js";
import { downloads } from "./files.js";
import { amount, brief, count } from "./format.js";
import { emptySpace } from "./welcome.js";
import { t, word } from "./words.js";

const PAGE = 200;
const SIGNS = { charge: "−", refund: "+", opened: "= ", set: "= " };

export function ledger(app) {
  const cards = h("div", { class: "cards three" });
  const chart = h("div", {});
  const table = h("div", { class: "table", tabindex: "0", role: "region", "aria-label": t("Lines") });
  const userFilter = h("div", {});
  const pages = h("div", { class: "row spread wrap" });
  const body = h("div", { class: "stack" });
  const element = h("div", { class: "page" }, [h("h1", {}, t("Credit")), body]);
  const download = downloads(app, "/ledger", () => ({ user }), { CSV: "csv" });
  let user = null;
  let shown = "";
  let zoomed = false;
  let stopped = false;
  let turn = 0;

  async function load() {
    const mine = ++turn;
    const all = await app.attempt(() => get(app.path("/ledger"), { limit: 1 }));
    if (!all || stopped || mine !== turn) return;
    const users = all.accounts.map((account) => account.user);
    user = users.includes(app.route.user) ? app.route.user : users[0] ?? null;
    const [page, history] = user === null ? [{ ...all, lines: [], next: null }, { points: [] }] : await app.attempt(() => Promise.all([
      get(app.path("/ledger"), { user, limit: PAGE, before: app.route.before }), get(app.path("/ledger/history"), { user, points: 500 }),
    ])) || [];
    if (!page || stopped || mine !== turn) return;
    const key = JSON.stringify([page, history, user]);
    if (key === shown) return;
    shown = key;
    draw(page, history.points);
  }

  function draw({ accounts, lines, next, total }, points) {
    set(cards, accounts.map((account) => h("a", { class: `card account ${account.user === user ? "changed" : ""}`, href: app.href({ view: "credit", user: account.user }), "aria-current": account.user === user ? "true" : null }, [
      h("h2", {}, account.user),
      h("p", { class: "face" }, amount(account.credit), " ", h("span", { class: "quiet" }, account.currency)),
      h("p", { class: "quiet" }, [t("{amount} spent on {count} messages", { amount: amount(account.spent), count: count(account.messages) }), Number(account.returned) > 0 && ` · ${t("{amount} given back", { amount: amount(account.returned) })}`]),
    ])));
    if (accounts.every((account) => !account.messages) && lines.every((line) => line.kind === "opened")) {
      set(body, cards, h("div", { class: "empty" }, emptySpace(app)));
      return;
    }
    if (!userFilter.contains(document.activeElement)) {
      set(userFilter, field(t("User"), choice(accounts.map((one) => [one.user, one.user]), user, { onchange: (event) => app.go({ user: event.target.value, before: "" }) })));
    }
    drawChart(accounts.find((one) => one.user === user), points);
    set(table, h("table", {}, [
      h("caption", { class: "visually-hidden" }, t("Lines")),
      h("thead", {}, h("tr", {}, ["Time", "", "Amount", "Title", "Messages", "Parts"].map((name, index) => h("th", { scope: "col", class: index === 2 || index > 3 ? "right" : "" }, name ? t(name) : h("span", { class: "visually-hidden" }, t("Kind")))))),
      h("tbody", {}, lines.map(row)),
    ]));
    set(pages, h("span", { class: "quiet" }, t("{shown} of {count} lines", { shown: count(lines.length), count: count(total) })), h("span", { class: "row" }, [
      app.route.before && h("a", { class: "button", href: app.href({ view: "credit", user }) }, t("Newest lines")),
      next !== null && h("a", { class: "button", href: app.href({ view: "credit", user, before: String(next) }) }, t("Older lines")),
    ]));
    if (body.firstChild !== cards || body.children.length < 3) {
      set(body, cards, h("section", { class: "card" }, [h("div", { class: "row spread wrap" }, h("h2", {}, t("Credit over time")), userFilter), chart]),
        h("section", { class: "card" }, [h("div", { class: "row spread wrap" }, h("h2", {}, t("What changed it")), download), table, pages]));
    }
  }

  function drawChart(account, points) {
    if (!account) return set(chart);
    return set(chart, creditChart(account, points, { now: app.now(), zoomed }), points.length > 1 && h("button", { type: "button", class: "mini", "aria-pressed": String(zoomed), onclick: () => {
      zoomed = !zoomed;
      drawChart(account, points);
      chart.querySelector("button").focus();
    } }, t("Zoom in on the changes")));
  }

  function row(line) {
    return h("tr", {}, [
      h("td", {}, h("time", { datetime: line.at }, brief(line.at))),
      h("td", {}, h("span", { class: `chip ${{ charge: "plain", refund: "good" }[line.kind] || "info"}` }, word(line.kind))),
      h("td", { class: "right" }, `${SIGNS[line.kind] || ""}${amount(line.amount)}`),
      h("td", {}, line.first_id ? h("a", { href: app.href({ message: line.first_id }) }, line.title) : ""),
      h("td", { class: "right" }, line.messages ? count(line.messages) : ""),
      h("td", { class: "right" }, line.parts || ""),
    ]);
  }

  return {
    element,
    show: () => load(),
    changed: ({ reset }) => {
      if (reset && app.route.before) app.go({ before: "" }, { replace: true });
      else load();
    },
    stop: () => { stopped = true; },
  };
}
