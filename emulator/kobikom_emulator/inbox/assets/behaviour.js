// What the vendor's page leaves open, and how the space behaves there: its readings, each with examples of bytes.

import { get, patch } from "./api.js";
import { clauseButton } from "./clause.js";
import { code } from "./code.js";
import { h, set } from "./dom.js";
import { t } from "./words.js";

export function readings(app) {
  const body = h("div", { class: "cards two" });
  const bar = h("div", { class: "row spread wrap" });
  let shown = "";

  async function load() {
    const found = await app.attempt(() => get(app.path("/readings")));
    const key = JSON.stringify(found);
    if (!found || key === shown) return;
    shown = key;
    const focused = document.activeElement?.value && document.activeElement.name ? [document.activeElement.name, document.activeElement.value] : null;
    const changed = found.readings.filter((each) => each.value !== each.default);
    set(bar, h("p", { class: "hint" }, t("Where the vendor's page is ambiguous, you choose what it means; it applies from the next request on.")),
      changed.length > 0 && h("button", { type: "button", onclick: () => choose(Object.fromEntries(changed.map((each) => [each.name, each.default]))) }, t("All to their defaults ({count} changed)", { count: changed.length })));
    const first = !body.children.length;
    const open = [...body.querySelectorAll("details[open]")].map((details) => details.dataset.reading);
    set(body, found.readings.map((each) => card(each, open.includes(each.name))));
    if (focused) body.querySelector(`input[name="${CSS.escape(focused[0])}"][value="${CSS.escape(focused[1])}"]`)?.focus();
    if (first && app.route.reading) document.getElementById(`reading-card-${app.route.reading}`)?.scrollIntoView({ block: "center" });
  }

  const choose = (choices) => app.attempt(() => patch(app.path("/readings"), choices), t("Behaviour changed")).then(load);

  function card(each, isOpen) {
    return h("section", { class: `card ${each.value === each.default ? "" : "changed"}`, id: `reading-card-${each.name}` }, [
      h("fieldset", {}, [
        h("legend", {}, [h("h2", {}, each.name), clauseButton(app, each.clause), each.value !== each.default && h("span", { class: "chip wait" }, t("changed"))]),
        h("p", {}, each.question),
        h("blockquote", {}, each.page),
        Object.entries(each.values).map(([value, meaning]) => h("label", { class: "field check" }, [
          h("input", { type: "radio", name: `reading-${each.name}`, value, checked: value === each.value, onchange: () => choose({ [each.name]: value }) }),
          h("span", {}, [h("b", {}, value), value === each.default && h("span", { class: "quiet" }, ` (${t("default")})`), h("br"), h("span", {}, meaning)]),
        ])),
      ]),
      examples(each, isOpen),
    ]);
  }

  /** The same request answered under each value. */
  function examples(each, isOpen) {
    const place = h("div", { class: "stack" });
    const details = h("details", { "data-reading": each.name, ontoggle: () => details.open && !place.children.length && fill() }, h("summary", {}, t("What goes over the wire, value by value")), place);
    async function fill() {
      const found = await app.attempt(() => get(`/readings/${encodeURIComponent(each.name)}/example`));
      if (!found) return;
      set(place, h("h4", {}, t("The request")), code(found.request, { name: t("The request") }),
        Object.entries(found.answers).map(([value, answer]) => [
          h("h4", {}, [value, " ", value === each.value && h("span", { class: "chip info" }, t("chosen"))]),
          code(answer, { name: value }),
        ]));
    }
    details.open = isOpen;
    if (isOpen) fill();
    return details;
  }

  load();
  return { element: h("div", { class: "stack" }, bar, body), changed: load };
}
