// All spaces of the server on one page.

import { baseUrl, get } from "./api.js";
import { h, keepFocus, set } from "./dom.js";
import { copyable, fact } from "./facts.js";
import { amount, count, full } from "./format.js";
import { t } from "./words.js";

const EVERY = 3000;
const MOST = 200;

export function spaces(app) {
  const summary = h("p", { class: "quiet" });
  const filter = h("input", { type: "search", "aria-label": t("Filter by name or user"), placeholder: t("Filter by name or user"), spellcheck: "false", oninput: () => { shown = ""; draw(); } });
  const cards = h("div", { class: "cards three overview" });
  const element = h("div", { class: "page" }, [
    h("div", { class: "row spread wrap" }, h("h1", {}, t("Spaces")), h("a", { class: "button primary", href: app.href({ view: "controls", control: "spaces" }) }, t("Open a space"))),
    h("p", { class: "hint" }, t("A space is a private Kobikom: its own accounts, clock, messages and faults.")),
    h("div", { class: "row wrap" }, filter, summary), cards,
  ]);
  let list = [];
  let shown = "";

  async function load() {
    const found = document.hidden ? null : await get("/spaces").catch(() => null);
    if (!found) return;
    list = found.spaces;
    [app.spaces, app.store] = [found.spaces, found.store];
    draw();
  }

  function draw() {
    const wanted = filter.value.trim().toLowerCase();
    const some = list.filter((space) => [space.name, ...space.accounts.map((account) => account.user)].some((text) => text.toLowerCase().includes(wanted)));
    const key = JSON.stringify(some.map((space) => ({ ...space, clock: { ...space.clock, now: space.clock.now.slice(0, 16) } })));
    if (key === shown) return;
    shown = key;
    set(summary, t("{count} spaces", { count: count(some.length) }), some.length > MOST && ` · ${t("the first {count} are shown", { count: MOST })}`);
    keepFocus(cards, () => set(cards, some.slice(0, MOST).map(card)));
  }

  const card = (space) => h("section", { class: `card ${space.name === app.route.space ? "changed" : ""}`, "aria-label": space.name }, [
    h("div", { class: "row spread" }, h("h2", {}, space.name), h("a", { class: "button", href: app.href({ space: space.name, view: "messages" }), "aria-label": t("Show {name}", { name: space.name }) }, t("Show"))),
    h("div", { class: "row wrap" }, [
      h("span", { class: "chip info" }, t("{count} messages", { count: count(space.messages) })),
      space.active_faults > 0 && h("span", { class: "chip wait" }, t("{count} faults", { count: space.active_faults })),
      space.clock.frozen && h("span", { class: "chip plain" }, t("Frozen")),
      space.clock.rate !== 1 && h("span", { class: "chip plain" }, `×${space.clock.rate}`),
    ]),
    h("dl", { class: "facts" }, [
      fact(t("Base URL"), copyable(baseUrl(space.name))),
      fact(t("Clock"), full(space.clock.now)),
      fact(t("Accounts"), space.accounts.slice(0, 5).map((each) => h("div", {}, h("code", {}, each.user), h("span", { class: "quiet" }, ` ${amount(each.credit)} ${each.currency}`)))),
    ]),
  ]);

  const timer = setInterval(load, EVERY);
  return { element, show: load, changed: load, key: (name) => name === "/" && (filter.focus(), true), stop: () => clearInterval(timer) };
}
