// The header's badges: that a fault is active, that the clock is not the machine's.

import { h, set } from "./dom.js";
import { count, full } from "./format.js";
import { t } from "./words.js";

/** An element for the header, and the function that draws it from the data of an event. */
export function badges(app) {
  const element = h("span", { class: "badges" });
  let shown = "";

  function update({ active_faults: faults, machine_time: machine, clock }) {
    const mode = clock.ended ? t("at its last instant") : clock.frozen ? t("Frozen") : clock.rate !== 1 ? `×${count(clock.rate)}` : t("Own time");
    const key = JSON.stringify([app.route.space, faults, machine, mode]);
    if (key === shown) return;
    shown = key;
    set(element, [
      faults > 0 && h("a", { class: "badge bad", href: app.href({ view: "controls", control: "faults" }) }, t("{count} faults active", { count: count(faults) })),
      !machine && h("a", { class: "badge wait", href: app.href({ view: "controls", control: "clock" }), title: full(clock.now) }, h("span", { class: "visually-hidden" }, `${t("Clock of the space")}: `), mode),
    ]);
  }

  return { element, update };
}
