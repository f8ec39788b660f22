// All spaces of the server on one page: opened, shown, reset, closed, saved and restored here.

import { baseUrl, get, inSpace, post, remove } from "./api.js";
import { ask, field, h, keepFocus, set } from "./dom.js";
import { copyable, fact } from "./facts.js";
import { numeric, submit } from "./forms.js";
import { amount, count, full } from "./format.js";
import { stateControls } from "./state.js";
import { t } from "./words.js";

const EVERY = 3000;
const MOST = 200;

export function spaces(app) {
  const here = app.route.space;
  const summary = h("p", { class: "quiet" });
  const kept = h("p", { class: "hint" });
  const filter = h("input", { type: "search", class: "filter", "aria-label": t("Filter by name or user"), placeholder: t("Filter by name or user"), spellcheck: "false", oninput: () => { shown = ""; draw(); } });
  const cards = h("div", { class: "cards overview" });
  const name = h("input", { placeholder: "space-1", spellcheck: "false" });
  const seed = h("input", { inputmode: "numeric", placeholder: t("made from the name") });
  const frozen = h("input", { type: "checkbox" });
  const state = stateControls(app, load);
  const element = h("div", { class: "page" }, [
    h("h1", {}, t("Spaces")),
    h("form", { class: "card", novalidate: true, onsubmit: create }, [
      h("h2", {}, t("Open a space")),
      h("p", { class: "hint" }, t("A whole private Kobikom: its own accounts, clock, messages and faults. Its credentials lead to it at the plain URL too.")),
      h("div", { class: "row wrap bottom" }, [field(t("Name"), name), field(t("Seed"), seed), field(t("With a frozen clock"), frozen), h("button", { type: "submit", class: "primary" }, t("Open"))]),
    ]),
    h("div", { class: "row wrap" }, filter, summary), kept, cards,
  ]);
  let list = [];
  let shown = "";

  async function load() {
    const found = document.hidden ? null : await get("/spaces").catch(() => null);
    if (!found) return;
    list = found.spaces;
    app.keepSpaces(found);
    draw();
  }

  function draw() {
    const wanted = filter.value.trim().toLowerCase();
    const some = list.filter((space) => [space.name, ...space.accounts.map((account) => account.user)].some((text) => text.toLowerCase().includes(wanted)));
    const key = JSON.stringify(some.map((space) => ({ ...space, clock: { ...space.clock, now: space.clock.now.slice(0, 16) } })));
    if (key === shown) return;
    shown = key;
    some.sort((a, b) => (b.name === here) - (a.name === here));
    set(summary, t("{count} spaces", { count: count(some.length) }), some.length > MOST && ` · ${t("the first {count} are shown", { count: MOST })}`);
    set(kept, app.store ? t("Everything is kept in {file}: it is there again after a restart.", { file: app.store }) : t("Everything is in memory and is lost when the server ends."));
    keepFocus(cards, () => set(cards, some.slice(0, MOST).map(card)));
  }

  const card = (space) => h("section", { class: `card ${space.name === here ? "changed" : ""}`, "aria-label": space.name }, [
    h("div", { class: "row spread" }, h("h2", {}, space.name), space.name === here && h("span", { class: "chip info" }, t("this space"))),
    h("div", { class: "row wrap" }, [
      h("span", { class: "chip plain" }, t("{count} messages", { count: count(space.messages) })),
      space.active_faults > 0 && h("span", { class: "chip wait" }, t("{count} faults", { count: space.active_faults })),
      space.clock.ended ? h("span", { class: "chip wait" }, t("at its last instant")) : space.clock.frozen && h("span", { class: "chip plain" }, t("Frozen")),
      space.clock.rate !== 1 && h("span", { class: "chip plain" }, `×${space.clock.rate}`),
    ]),
    h("dl", { class: "facts" }, [
      fact(t("Base URL"), copyable(baseUrl(space.name))),
      fact(t("Clock"), full(space.clock.now)),
      fact(t("Seed"), space.seed),
      fact(t("Accounts"), [
        space.accounts.slice(0, 5).map((each) => h("div", {}, h("code", {}, `${each.user} / ${each.password}`), h("span", { class: "quiet" }, ` ${amount(each.credit)} ${each.currency}`))),
        space.accounts.length > 5 && h("div", { class: "quiet" }, `+ ${space.accounts.length - 5}`),
      ]),
    ]),
    h("div", { class: "row wrap" }, [
      h("a", { class: "button", href: app.href({ space: space.name, view: "messages" }), "aria-label": t("Show {name}", { name: space.name }) }, t("Show")),
      space.name === here && h("button", { type: "button", class: "danger", "aria-label": t("Reset {name}", { name: space.name }), onclick: reset }, t("Reset")),
      space.name !== "default" && h("button", { type: "button", class: "danger", "aria-label": t("Close {name}", { name: space.name }), onclick: () => close(space.name) }, t("Close")),
    ]),
    space.name === here && state,
  ]);

  async function create(event) {
    event.preventDefault();
    const wanted = {};
    if (name.value) wanted.name = name.value;
    if (seed.value !== "") wanted.seed = numeric(seed.value);
    if (frozen.checked) wanted.clock = { freeze: true };
    const opened = await submit({ name, seed }, () => post("/spaces", wanted), t("Opened"));
    if (!opened) return;
    await app.loadSpaces();
    app.go({ space: opened.name, view: "spaces" }, { fresh: true });
  }

  async function reset() {
    if (!(await ask(t("Reset {name}?", { name: here }), t("All messages, reports, faults and requests are deleted; accounts, credit, clock and readings are as when the space was opened."), t("Reset"), t("Cancel")))) return;
    await app.attempt(() => post(app.path("/reset")), t("The space was reset"));
    load();
  }

  async function close(space) {
    if (!(await ask(t("Close {name}?", { name: space }), t("Everything in it is deleted."), t("Close"), t("Cancel")))) return;
    if ((await app.attempt(() => remove(inSpace(space)), t("Closed"))) === null) return;
    await app.loadSpaces();
    if (space === here) app.go({ space: "default", view: "spaces" }, { fresh: true });
    else load();
  }

  const timer = setInterval(load, EVERY);
  return { element, show: load, changed: load, key: (name) => name === "/" && (filter.focus(), true), stop: () => clearInterval(timer) };
}
