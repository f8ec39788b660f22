// What changes the space, a tab each; the clock is in this file.

import { accounts } from "./accounts.js";
import { post } from "./api.js";
import { readings } from "./behaviour.js";
import { field, h, set } from "./dom.js";
import { faults } from "./faults.js";
import { instant, numeric, submit } from "./forms.js";
import { full } from "./format.js";
import { learn } from "./learn.js";
import { send } from "./send.js";
import { webhooks } from "./webhooks.js";
import { t } from "./words.js";

const CONTROLS = { faults: "Faults", send: "Send", clock: "Clock", accounts: "Accounts", readings: "Behaviour", learn: "Learn", webhooks: "Webhooks" };
const VIEWS = { faults, send, clock, accounts, readings, learn, webhooks };

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
