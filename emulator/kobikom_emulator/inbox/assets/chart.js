// The credit of an account over time as a chart: a step at each line of the ledger, from zero unless zoomed in.

import { freshId, h, s } from "./dom.js";
import { amount, brief } from "./format.js";
import { t } from "./words.js";

const HEIGHT = 240;
const MARGIN = { left: 64, right: 12, top: 12, bottom: 28 };
const TICKS = 4;

/**
 * `points` are those of the server, oldest first: {at, credit, kind, low, high}. The last one lasts until `now` (ms).
 * With `zoomed` the axis begins at the lowest credit, and says so.
 */
export function creditChart(account, points, { now, zoomed }) {
  if (!points.length) return h("p", { class: "quiet" }, t("No line yet."));
  const steps = points.map((point) => ({ ...point, at: Date.parse(point.at), credit: Number(point.credit), low: Number(point.low), high: Number(point.high) }));
  const width = Math.max(300, Math.min(1160, document.documentElement.clientWidth - 80));
  const [first, last] = [steps[0].at, Math.max(now, steps.at(-1).at)];
  const [lowest, highest] = [Math.min(...steps.map((step) => step.low)), Math.max(...steps.map((step) => step.high))];
  const size = step((zoomed ? highest - lowest : highest) || 1);
  const bottom = zoomed ? Math.floor(lowest / size) * size : 0;
  const top = Math.max(Math.ceil(highest / size) * size, bottom + size);
  const x = (at) => MARGIN.left + ((at - first) / (last - first || 1)) * (width - MARGIN.left - MARGIN.right);
  const y = (value) => MARGIN.top + ((top - value) / (top - bottom)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const place = (at, value) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
  let line = `M${place(first, steps[0].credit)}`;
  steps.forEach((point, nth) => {
    if (nth) line += `L${place(point.at, steps[nth - 1].credit)}`;
    if (point.low < point.high) line += `L${place(point.at, point.low)}L${place(point.at, point.high)}`;
    if (nth) line += `L${place(point.at, point.credit)}`;
  });
  line += `L${place(last, steps.at(-1).credit)}`;
  const ticks = Array.from({ length: Math.round((top - bottom) / size) + 1 }, (_, nth) => bottom + nth * size);
  const floor = HEIGHT - MARGIN.bottom;
  const title = freshId("chart");
  const byHand = steps.filter((point) => point.kind === "set");
  return h("figure", { class: "chart" }, [
    s("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-labelledby": title }, [
      s("title", { id: title }, t("Credit of {user}: from {start} to {end}", { user: account.user, start: amount(steps[0].credit), end: amount(steps.at(-1).credit) })),
      ticks.map((value) => [
        s("line", { class: "rule", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value) }),
        s("text", { x: MARGIN.left - 8, y: y(value) + 4, "text-anchor": "end" }, amount(value)),
      ]),
      s("path", { class: "area", d: `${line}L${x(last)} ${floor}L${x(first)} ${floor}Z` }),
      s("path", { class: "stroke", d: line }),
      byHand.map((point) => s("circle", { class: "by-hand", cx: x(point.at), cy: y(point.credit), r: 4.5 })),
      s("text", { x: MARGIN.left, y: HEIGHT - 8 }, brief(new Date(first).toISOString())),
      s("text", { x: width - MARGIN.right, y: HEIGHT - 8, "text-anchor": "end" }, brief(new Date(last).toISOString())),
    ]),
    h("figcaption", { class: "hint" }, [
      byHand.length > 0 && h("span", { class: "legend" }, h("span", { class: "by-hand-key", "aria-hidden": "true" }), t("set by hand")),
      steps[0].kind === "set" && h("span", {}, t("What the credit was before is not kept.")),
      bottom !== 0 && h("span", {}, t("The axis begins at {amount}, not at 0.", { amount: amount(bottom) })),
    ]),
  ]);
}

/** The distance between two lines of the axis: 1, 2 or 5 times a power of ten. */
function step(range) {
  const rough = range / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
}
