// Webhooks: addresses that events of the space are posted to, with what happened to them.

import { get, post, remove } from "./api.js";
import { field, h, set } from "./dom.js";
import { submit } from "./forms.js";
import { copyable, fact } from "./facts.js";
import { t } from "./words.js";

const EVENTS = ["message.accepted", "message.refused", "message.delivered", "message.failed"];

export function webhooks(app) {
  const armed = h("div", { class: "stack" });
  const secret = h("div", { role: "status" });
  const url = h("input", { inputmode: "url", maxlength: "2000", spellcheck: "false" });
  const events = EVENTS.map((name) => h("input", { type: "checkbox", value: name, checked: true }));
  let shown = "";

  async function add(event) {
    event.preventDefault();
    const wanted = { url: url.value, events: events.filter((box) => box.checked).map((box) => box.value) };
    const added = await submit({ url, events: events[0] }, () => post(app.path("/webhooks"), wanted), t("Added"));
    if (!added) return;
    url.value = "";
    set(secret, h("dl", { class: "facts" }, fact(t("Secret"), copyable(added.secret))), h("p", { class: "hint" }, t("It signs the events and is shown only now.")));
    load();
  }

  async function load() {
    const list = await get(app.path("/webhooks")).catch(() => null);
    const key = JSON.stringify(list);
    if (!list || key === shown) return;
    shown = key;
    set(armed, h("h2", {}, t("Webhooks")),
      list.webhooks.length ? h("ul", { class: "armed" }, list.webhooks.map(row)) : h("p", { class: "quiet" }, t("Nothing is posted anywhere.")));
  }

  function row(each) {
    return h("li", {}, [
      h("div", {}, [
        h("b", {}, `#${each.id} `), h("code", {}, each.url),
        h("p", { class: "quiet" }, each.events.join(", ")),
        h("p", { class: "quiet" }, t("{waiting} waiting, {sent} sent, {failed} failed, {dropped} dropped", each)),
        each.error && h("p", {}, `${t("Last error")}: ${each.error}`),
      ]),
      h("button", { type: "button", "aria-label": t("Remove webhook {id}", each), onclick: () => app.attempt(() => remove(app.path(`/webhooks/${each.id}`)), t("Removed")).then(load) }, t("Remove")),
    ]);
  }

  const timer = setInterval(load, 2000); // events are posted without a change of the space
  load();
  return {
    element: h("div", { class: "cards two" }, [
      h("form", { class: "card", novalidate: true, onsubmit: add }, [
        h("h2", {}, t("Add a webhook")),
        h("p", { class: "hint" }, t("Events of this space are posted to the address, signed as Standard Webhooks defines it.")),
        field(t("Address"), url),
        h("div", { class: "row wrap" }, events.map((box) => field(box.value, box))),
        h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, t("Add"))),
        secret,
      ]),
      h("section", { class: "card" }, armed),
    ]),
    changed: load,
    stop: () => clearInterval(timer),
  };
}
