// The accounts of the space: credit, titles, prices, coverage, push address and delivery of each, and new ones.

import { get, patch, put, remove } from "./api.js";
import { ask, choice, field, h, set } from "./dom.js";
import { complain, decimal, listed, numeric, submit, written } from "./forms.js";
import { amount } from "./format.js";
import { copyable, fact } from "./facts.js";
import { STATUSES } from "./search.js";
import { t, word } from "./words.js";

export function accounts(app) {
  const list = h("div", { class: "stack" });
  const user = h("input", { maxlength: "100", spellcheck: "false" });
  const password = h("input", { maxlength: "200", spellcheck: "false" });
  let users = [];
  let shown = "";

  const path = (name) => app.path(`/accounts/${encodeURIComponent(name)}`);

  async function load({ always = false } = {}) {
    const found = await app.attempt(() => get(app.path("/accounts")));
    const key = JSON.stringify(found);
    if (!found || (!always && (key === shown || list.querySelector("details[open]")))) return;
    shown = key;
    users = found.accounts.map((each) => each.user);
    set(list, found.accounts.map(card));
  }

  async function add(event) {
    event.preventDefault();
    if (users.includes(user.value)) return complain(user, t("There is an account of this user"));
    const added = await submit({ user, password }, () => put(path(user.value), { password: password.value }), t("The account is added"));
    if (!added) return null;
    user.value = password.value = "";
    return load({ always: true });
  }

  async function close(name) {
    if (!(await ask(t("Remove the account {name}?", { name }), t("Its messages and the lines of its credit stay."), t("Remove"), t("Cancel")))) return;
    if ((await app.attempt(() => remove(path(name)), t("Removed"))) !== null) load({ always: true });
  }

  function card(each) {
    return h("section", { class: "card", "aria-label": each.user }, [
      h("div", { class: "row spread wrap" }, [
        h("h2", {}, each.user),
        h("p", { class: "face" }, amount(each.credit), " ", h("span", { class: "quiet" }, each.currency)),
      ]),
      h("dl", { class: "facts" }, [
        fact(t("Password"), copyable(each.password)),
        fact(t("Titles"), each.titles.join(", ") || t("none")),
        fact(t("Price a part"), [amount(each.price), ...Object.entries(each.prices).map(([network, price]) => `${network} ${amount(price)}`)].join(" · ")),
        fact(t("Coverage"), each.coverage.join(", ") || t("none")),
        fact(t("Delivery"), h("div", { class: "outcomes" }, each.delivery.outcomes.map((outcome) => h("div", {}, deliverySentence(outcome, each.delivery.outcomes))))),
        each.push_url && fact(t("Report goes to"), each.push_url),
      ]),
      creditForm(each),
      h("details", {}, h("summary", {}, t("Change titles, prices, coverage and delivery")), termsForm(each)),
      h("div", { class: "row end" }, h("button", { type: "button", class: "danger", "aria-label": t("Remove the account {name}", { name: each.user }), onclick: () => close(each.user) }, t("Remove"))),
    ]);
  }

  function creditForm(each) {
    const credit = h("input", { inputmode: "decimal", value: written(each.credit) });
    const change = (value) => submit({ credit }, () => patch(path(each.user), { credit: value }), t("Credit is set")).then((done) => done && load({ always: true }));
    return h("form", { class: "row wrap bottom", novalidate: true, onsubmit: (event) => { event.preventDefault(); change(decimal(credit.value)); } }, [
      field(t("Credit"), credit), h("button", { type: "submit" }, t("Set the credit")), h("button", { type: "button", onclick: () => change("0") }, t("Set it to 0")),
    ]);
  }

  function termsForm(each) {
    const titles = h("input", { value: each.titles.join(", "), spellcheck: "false" });
    const price = h("input", { inputmode: "decimal", value: written(each.price) });
    const coverage = h("input", { value: each.coverage.join(", "), spellcheck: "false" });
    const push = h("input", { value: each.push_url, spellcheck: "false" });
    const jitter = h("input", { inputmode: "decimal", value: written(String(each.delivery.jitter)) });
    const prices = rows(t("Prices by network"), Object.entries(each.prices), t("Add a price"), ([network, cost] = ["", ""]) => ({
      network: h("input", { value: network, placeholder: "vodafone, de", "aria-label": t("Network or country"), spellcheck: "false" }),
      cost: h("input", { inputmode: "decimal", value: written(cost), "aria-label": t("Price a part") }),
    }));
    const outcomes = rows(t("How messages end"), each.delivery.outcomes, t("Add an end"), (outcome = { status: "NOT_DELIVERED", after: 1, weight: 1, gsm_error: null }) => ({
      status: choice(STATUSES.map((status) => [status, word(status)]), outcome.status, { "aria-label": t("Status") }),
      after: h("input", { inputmode: "decimal", value: written(String(outcome.after)), "aria-label": t("After (seconds)"), title: t("After (seconds)") }),
      weight: h("input", { inputmode: "numeric", value: String(outcome.weight), "aria-label": t("Share"), title: t("Share") }),
      gsm_error: h("input", { inputmode: "numeric", value: outcome.gsm_error ?? "", placeholder: "gsmerror", "aria-label": "gsmerror" }),
    }), t("In each row: status, seconds after sending, share of the messages, gsmerror"));

    function controls() {
      const named = { titles, price, coverage, push_url: push, "delivery.jitter": jitter };
      prices.rows.forEach((row) => {
        named[`prices.${row.network.value.trim()}`] = row.cost;
        named.prices ||= row.network;
      });
      outcomes.rows.forEach((row, nth) => Object.entries(row).forEach(([name, control]) => { named[`delivery.outcomes[${nth}].${name}`] = control; }));
      if (outcomes.rows[0]) named["delivery.outcomes"] = outcomes.rows[0].status;
      return named;
    }

    const terms = () => ({
      titles: listed(titles.value), price: decimal(price.value), coverage: listed(coverage.value), push_url: push.value.trim(),
      prices: Object.fromEntries(prices.rows.filter((row) => row.network.value.trim()).map((row) => [row.network.value.trim(), decimal(row.cost.value)])),
      delivery: {
        jitter: numeric(jitter.value),
        outcomes: outcomes.rows.map((row) => ({ status: row.status.value, after: numeric(row.after.value), weight: numeric(row.weight.value), gsm_error: row.gsm_error.value.trim() === "" ? null : numeric(row.gsm_error.value) })),
      },
    });

    return h("form", { class: "stack", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      submit(controls(), () => patch(path(each.user), terms()), t("The account is changed")).then((done) => done && load({ always: true }));
    } }, [
      h("div", { class: "grid broad" }, [
        field(t("Titles"), titles, t("Separated by commas")), field(t("Price a part"), price),
        field(t("Coverage"), coverage, t("Networks and countries, as in TR, vodafone, DE")), field(t("Report goes to"), push, t("Empty: reports are pulled")),
      ]),
      prices.element, outcomes.element,
      h("div", { class: "grid" }, field(t("Up to so many seconds more"), jitter)),
      h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, t("Change the account"))),
    ]);
  }

  load();
  return {
    element: h("div", { class: "stack" }, [
      list,
      h("section", { class: "card", "aria-label": t("Add an account") }, [
        h("h2", {}, t("Add an account")),
        h("form", { class: "row wrap bottom", novalidate: true, onsubmit: add }, [field(t("User"), user), field(t("Password"), password), h("button", { type: "submit", class: "primary" }, t("Add the account"))]),
      ]),
    ]),
    changed: () => load(),
  };
}

/** An end of messages in words: "Delivered after 2 s (80 %)". */
function deliverySentence({ status, after, weight }, outcomes) {
  const sum = outcomes.reduce((total, outcome) => total + outcome.weight, 0);
  const share = outcomes.length > 1 ? t(" ({percent} %)", { percent: amount(Math.round((weight / sum) * 1000) / 10) }) : "";
  return t("{status} after {seconds} s", { status: word(status), seconds: amount(after) }) + share;
}

/** Rows of inputs that are added and removed; `make(value)` gives the inputs of one. */
function rows(title, values, label, make, hint = "") {
  const body = h("div", { class: "stack tight" });
  const list = { rows: [] };
  const add = (value) => {
    const inputs = make(value);
    const row = h("div", { class: "field-row field" }, [...Object.values(inputs), h("button", { type: "button", class: "icon", "aria-label": t("Remove"), onclick: () => {
      list.rows = list.rows.filter((each) => each !== inputs);
      row.remove();
    } }, "×")]);
    list.rows.push(inputs);
    body.append(row);
  };
  values.forEach(add);
  list.element = h("fieldset", {}, h("legend", {}, h("h3", {}, title)), hint && h("p", { class: "hint" }, hint), body, h("div", {}, h("button", { type: "button", class: "mini", onclick: () => add() }, label)));
  return list;
}
