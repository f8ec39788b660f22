// What changes the space, a tab each; the clock and the spaces themselves are in this file.

import { accounts } from "./accounts.js";
import { baseUrl, inSpace, post, remove } from "./api.js";
import { readings } from "./behaviour.js";
import { ask, field, h, set } from "./dom.js";
import { faults } from "./faults.js";
import { instant, numeric, submit } from "./forms.js";
import { amount, count, full } from "./format.js";
import { learn } from "./learn.js";
import { copyable, fact } from "./facts.js";
import { send } from "./send.js";
import { stateControls } from "./state.js";
import { webhooks } from "./webhooks.js";
import { t } from "./words.js";

const CONTROLS = { faults: "Faults", send: "Send", clock: "Clock", accounts: "Accounts", readings: "Behaviour", learn: "Learn", webhooks: "Webhooks", spaces: "Spaces" };
const VIEWS = { faults, send, clock, accounts, readings, learn, webhooks, spaces };

export function controls(app) {
  const tabs = h("nav", { class: "subtabs", "aria-label": t("Controls") });
  const body = h("div", { class: "control" });
  const element = h("div", { class: "page" }, [h("h1", {}, t("Controls")), tabs, body]);
  let name = null;
  let control = null;

  return {
    element,
    show(route) {
      const wanted = route.control in VIEWS ? route.control : "faults";
      set(tabs, Object.entries(CONTROLS).map(([key, label]) => h("a", { href: app.href({ view: "controls", control: key }), "aria-current": key === wanted ? "page" : null }, t(label))));
      tabs.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
      if (wanted === name) return;
      name = wanted;
      control?.stop?.();
      control = VIEWS[name](app);
      set(body, control.element);
    },
    changed: () => control?.changed?.(),
    stop() { control?.stop?.(); },
  };
}

// --- clock

function clock(app) {
  const face = h("p", { class: "face", role: "timer" });
  const custom = h("input", { inputmode: "decimal", value: "90" });
  const at = h("input", { type: "datetime-local", step: "1" });
  const rate = h("input", { inputmode: "decimal", value: "1" });
  const freeze = h("button", { type: "button" });
  const changeClock = (body, said) => submit({ advance: custom, set: at, rate }, () => post(app.path("/clock"), body), said).then((view) => view && (app.setClock(view), draw()));
  const form = (what, ...children) => h("form", { class: "row wrap bottom", novalidate: true, onsubmit: (event) => { event.preventDefault(); what(); } }, children);
  freeze.addEventListener("click", () => changeClock({ freeze: !app.clock?.frozen }, app.clock?.frozen ? t("The clock runs") : t("The clock is frozen")));

  function draw() {
    if (!app.clock) return;
    set(face, h("time", { datetime: app.nowIso() }, full(app.nowIso())), h("span", { class: "chip plain" }, app.clock.ended ? t("at its last instant") : app.clock.frozen ? t("Frozen") : `×${app.clock.rate}`));
    set(freeze, app.clock.frozen ? t("Run") : t("Freeze"));
  }

  const timer = setInterval(draw, 250);
  draw();
  const steps = [[1, "+1 s"], [10, "+10 s"], [60, t("+1 min")], [3600, t("+1 h")], [86400, t("+1 day")], [172800, t("+48 h")]];
  return {
    element: h("div", { class: "cards" }, h("section", { class: "card" }, [
      h("h2", {}, t("Clock of the space")),
      h("p", { class: "hint" }, t("Dates, delivery, validity, schedules and pushes follow it. Shown in Turkey's time, as the API prints it.")),
      face,
      h("div", { class: "row wrap" }, [steps.map(([seconds, label]) => h("button", { type: "button", onclick: () => changeClock({ advance: seconds }, label) }, label)), freeze]),
      form(() => changeClock({ advance: numeric(custom.value) }, t("Advanced")), field(t("Advance by (seconds)"), custom), h("button", { type: "submit" }, t("Advance"))),
      form(() => at.value && changeClock({ set: instant(at.value) }, t("Set")), field(t("Set to (Turkey's time)"), at), h("button", { type: "submit" }, t("Set"))),
      form(() => changeClock({ rate: numeric(rate.value) }, t("Set")), field(t("Emulated seconds per real second"), rate), h("button", { type: "submit" }, t("Set the rate"))),
    ])),
    changed: draw,
    stop: () => clearInterval(timer),
  };
}

// --- spaces

function spaces(app) {
  const body = h("div", { class: "cards two" });
  const name = h("input", { placeholder: "space-1", spellcheck: "false" });
  const seed = h("input", { inputmode: "numeric", placeholder: t("made from the name") });
  const frozen = h("input", { type: "checkbox" });
  const kept = h("p", { class: "hint" });

  async function create(event) {
    event.preventDefault();
    const wanted = {};
    if (name.value) wanted.name = name.value;
    if (seed.value !== "") wanted.seed = numeric(seed.value);
    if (frozen.checked) wanted.clock = { freeze: true };
    const made = await submit({ name, seed }, () => post("/spaces", wanted), t("Opened"));
    if (!made) return;
    name.value = "";
    await app.loadSpaces();
    app.go({ space: made.name, view: "controls", control: "spaces" }, { fresh: true });
  }

  async function reset() {
    if (!(await ask(t("Reset {name}?", { name: app.route.space }), t("All messages, reports, faults and requests are deleted; accounts, credit, clock and readings are as when the space was opened."), t("Reset"), t("Cancel")))) return;
    await app.attempt(() => post(app.path("/reset")), t("The space was reset"));
    load();
  }

  async function close(space) {
    if (!(await ask(t("Close {name}?", { name: space }), t("Everything in it is deleted."), t("Close"), t("Cancel")))) return;
    if ((await app.attempt(() => remove(inSpace(space)), t("Closed"))) === null) return;
    await app.loadSpaces();
    if (space === app.route.space) app.go({ space: "default", view: "controls", control: "spaces" }, { fresh: true });
    else load();
  }

  async function load() {
    await app.attempt(() => app.loadSpaces());
    const here = app.route.space;
    set(kept, app.store ? t("Everything is kept in {file}: it is there again after a restart.", { file: app.store }) : t("Everything is in memory and is lost when the server ends."));
    set(body, [...app.spaces].sort((a, b) => (b.name === here) - (a.name === here)).slice(0, 100).map((space) => h("section", { class: `card ${space.name === here ? "changed" : ""}`, "aria-label": space.name }, [
      h("div", { class: "row spread" }, [h("h2", {}, space.name), space.name === here ? h("span", { class: "chip info" }, t("this space")) : h("a", { class: "button", href: app.href({ space: space.name, view: "messages" }) }, t("Open it"))]),
      h("dl", { class: "facts" }, [
        fact(t("Base URL"), copyable(baseUrl(space.name))),
        fact(t("Seed"), space.seed),
        fact(t("Messages"), count(space.messages)),
        fact(t("Active faults"), space.active_faults),
        fact(t("Time"), full(space.clock.now) + (space.clock.ended ? ` (${t("at its last instant")})` : space.clock.frozen ? ` (${t("Frozen")})` : "")),
        fact(t("Accounts"), space.accounts.map((each) => h("div", {}, h("code", {}, `${each.user} / ${each.password}`), ` ${amount(each.credit)} ${each.currency}`))),
      ]),
      h("div", { class: "row" }, [
        space.name === here && h("button", { type: "button", class: "danger", onclick: reset }, t("Reset")),
        space.name !== "default" && h("button", { type: "button", onclick: () => close(space.name) }, t("Close")),
      ]),
      space.name === here && stateControls(app, load),
    ])));
  }

  load();
  return {
    element: h("div", { class: "stack" }, [
      h("form", { class: "card", novalidate: true, onsubmit: create }, [
        h("h2", {}, t("Open a space")),
        h("p", { class: "hint" }, t("A whole private Kobikom: its own accounts, clock, messages and faults. Its credentials lead to it at the plain URL too.")),
        h("div", { class: "row wrap bottom" }, [field(t("Name"), name), field(t("Seed"), seed), field(t("With a frozen clock"), frozen), h("button", { type: "submit", class: "primary" }, t("Open"))]),
      ]),
      kept,
      body,
    ]),
  };
}
