// The header's badges: that a fault is active, that the clock is not the machine's.

import { h, s, set } from "./dom.js";
import { count, full } from "./format.js";
import { t } from "./words.js";

const clockGlyph = () => s("svg", { viewBox: "0 0 16 16", width: "14", height: "14", class: "glyph" }, [s("circle", { cx: "8", cy: "8", r: "6" }), s("path", { d: "M8 4.500V8l2.500 2" })]);

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
      faults > 0 && h("a", { class: "badge bad", href: app.href({ view: "controls", control: "faults" }), "aria-label": t("{count} faults active", { count: count(faults) }) },
        h("span", { class: "short", "aria-hidden": "true" }, `⚠ ${count(faults)}`), h("span", { class: "long" }, t("{count} faults active", { count: count(faults) }))),
      !machine && h("a", { class: "badge wait", href: app.href({ view: "controls", control: "clock" }), title: full(clock.now), "aria-label": `${t("Clock of the space")}: ${mode}` }, h("span", { class: "short", "aria-hidden": "true" }, clockGlyph()), h("span", { class: "long" }, mode)),
    ]);
  }

  return { element, update };
}
