// Forms that change the space: send a message, clock, faults, accounts, readings, webhooks, spaces.

import { baseUrl, get, inSpace, patch, post, put, remove } from "./api.js";
import { ask, field, h, set } from "./dom.js";
import { faults } from "./faults.js";
import { stateControls } from "./files.js";
import { amount, count, full } from "./format.js";
import { copyable, fact } from "./message.js";
import { send } from "./send.js";
import { webhooks } from "./webhooks.js";
import { t } from "./words.js";

const CONTROLS = { send: "Send", clock: "Clock", faults: "Faults", accounts: "Accounts", readings: "Readings", webhooks: "Webhooks", spaces: "Spaces" };
const VIEWS = { send, clock, faults, accounts, readings, webhooks, spaces };

export function controls(app) {
  const tabs = h("nav", { class: "subtabs", "aria-label": t("Controls") });
  const body = h("div", { class: "control" });
  const element = h("div", { class: "page" }, [h("h1", {}, t("Controls")), tabs, body]);
  let name = null;
  let control = null;

  return {
    element,
    show(route) {
      const wanted = route.control in VIEWS ? route.control : "send";
      set(tabs, Object.entries(CONTROLS).map(([key, label]) => h("a", { href: app.href({ view: "controls", control: key }), "aria-current": key === wanted ? "page" : null }, t(label))));
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
  const custom = h("input", { type: "number", min: "0", step: "any", value: "90" });
  const at = h("input", { type: "datetime-local", step: "1" });
  const rate = h("input", { type: "number", min: "0.001", step: "any", value: "1" });
  const freeze = h("button", { type: "button" });
  const changeClock = (body, said) => app.attempt(() => post(app.path("/clock"), body), said).then((view) => view && (app.setClock(view), draw()));
  const form = (what, ...children) => h("form", { class: "row wrap bottom", onsubmit: (event) => { event.preventDefault(); what(); } }, children);
  freeze.addEventListener("click", () => changeClock({ freeze: !app.clock?.frozen }, app.clock?.frozen ? t("The clock runs") : t("The clock is frozen")));

  function draw() {
    if (!app.clock) return;
    set(face, h("time", { datetime: app.nowIso() }, full(app.nowIso())), h("span", { class: "chip plain" }, app.clock.ended ? t("at its last instant") : app.clock.frozen ? t("frozen") : `×${app.clock.rate}`));
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
      form(() => changeClock({ advance: Number(custom.value) }, t("Advanced")), field(t("Advance by (seconds)"), custom), h("button", { type: "submit" }, t("Advance"))),
      form(() => at.value && changeClock({ set: `${at.value.length === 16 ? `${at.value}:00` : at.value}+03:00` }, t("Set")), field(t("Set to (Turkey's time)"), at), h("button", { type: "submit" }, t("Set"))),
      form(() => changeClock({ rate: Number(rate.value) }, t("Set")), field(t("Emulated seconds per real second"), rate), h("button", { type: "submit" }, t("Set the rate"))),
    ])),
    changed: draw,
    stop: () => clearInterval(timer),
  };
}

// --- accounts and credit

function accounts(app) {
  const body = h("div", { class: "cards two" });
  let shown = "";

  async function load() {
    const found = await app.attempt(() => get(app.path("/accounts")));
    const key = JSON.stringify(found);
    if (!found || key === shown || body.contains(document.activeElement?.closest("input"))) return;
    shown = key;
    set(body, [...found.accounts.map(card), newAccount(found.accounts.map((each) => each.user))]);
  }

  const change = (user, terms, done) => app.attempt(() => patch(app.path(`/accounts/${encodeURIComponent(user)}`), terms), done).then(load);

  function termsForm(each) {
    const titles = h("input", { value: each.titles.join(", ") });
    const price = h("input", { required: true, inputmode: "decimal", value: each.price });
    const prices = h("input", { value: Object.entries(each.prices).map((pair) => pair.join("=")).join(", "), placeholder: "vodafone=0.05, de=0.9" });
    const parts = (input) => input.value.split(",").map((part) => part.trim()).filter(Boolean);
    const terms = () => ({
      titles: parts(titles), price: price.value.trim(),
      prices: Object.fromEntries(parts(prices).map((part) => { const [network, amount = ""] = part.split("="); return [network.trim(), amount.trim()]; })),
    });
    return h("form", { class: "row wrap bottom", onsubmit: (event) => { event.preventDefault(); const changed = terms(); document.activeElement.blur(); change(each.user, changed, t("Titles and prices are set")); } }, [
      field(t("Titles"), titles), field(t("Price a part"), price), field(t("Prices by network"), prices), h("button", { type: "submit" }, t("Set titles and prices")),
    ]);
  }

  function newAccount(users) {
    const taken = () => user.setCustomValidity(users.includes(user.value) ? t("There is an account of this user") : "");
    const user = h("input", { required: true, maxlength: "100", oninput: taken });
    const password = h("input", { required: true, maxlength: "200" });
    const open = () => app.attempt(() => put(app.path(`/accounts/${encodeURIComponent(user.value)}`), { password: password.value }), t("The account is open")).then(load);
    return h("section", { class: "card", "aria-label": t("Open an account") }, [
      h("h2", {}, t("Open an account")),
      h("form", { class: "row wrap bottom", onsubmit: (event) => { event.preventDefault(); document.activeElement.blur(); open(); } }, [
        field(t("User"), user), field(t("Password"), password), h("button", { type: "submit" }, t("Open the account")),
      ]),
    ]);
  }

  function card(each) {
    const credit = h("input", { type: "number", min: "0", step: "0.001", required: true, value: Number(each.credit) });
    const set_ = (value) => change(each.user, { credit: value }, t("Credit is set"));
    return h("section", { class: "card", "aria-label": each.user }, [
      h("h2", {}, each.user),
      h("p", { class: "face" }, amount(each.credit), " ", h("span", { class: "quiet" }, each.currency)),
      h("form", { class: "row wrap bottom", onsubmit: (event) => { event.preventDefault(); credit.blur(); set_(credit.value); } }, [
        field(t("Credit"), credit), h("button", { type: "submit" }, t("Set the credit")), h("button", { type: "button", onclick: () => set_("0") }, t("Set it to 0")),
      ]),
      termsForm(each),
      h("dl", { class: "facts" }, [
        fact(t("Password"), copyable(each.password)),
        fact(t("Titles"), each.titles.join(", ") || t("none")),
        fact(t("Price a part"), amount(each.price) + Object.entries(each.prices).map(([network, price]) => ` · ${network} ${amount(price)}`).join("")),
        fact(t("Coverage"), each.coverage.join(", ")),
        each.push_url && fact(t("Report goes to"), each.push_url),
      ]),
    ]);
  }

  load();
  return { element: body, changed: load };
}

// --- readings

function readings(app) {
  const body = h("div", { class: "cards two" });
  const bar = h("div", { class: "row spread" });
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
    set(body, found.readings.map(card));
    if (focused) body.querySelector(`input[name="${CSS.escape(focused[0])}"][value="${CSS.escape(focused[1])}"]`)?.focus();
  }

  const choose = (choices) => app.attempt(() => patch(app.path("/readings"), choices), t("Reading changed")).then(load);

  function card(each) {
    return h("section", { class: `card ${each.value === each.default ? "" : "changed"}` }, h("fieldset", {}, [
      h("legend", {}, [h("h2", {}, each.name), h("span", { class: "chip info" }, each.clause), each.value !== each.default && h("span", { class: "chip wait" }, t("changed"))]),
      h("p", {}, each.question),
      h("blockquote", {}, each.page),
      Object.entries(each.values).map(([value, meaning]) => h("label", { class: "field check" }, [
        h("input", { type: "radio", name: `reading-${each.name}`, value, checked: value === each.value, onchange: () => choose({ [each.name]: value }) }),
        h("span", {}, [h("b", {}, value), value === each.default && h("span", { class: "quiet" }, ` (${t("default")})`), h("br"), h("span", {}, meaning)]),
      ])),
    ]));
  }

  load();
  return { element: h("div", { class: "stack" }, bar, body), changed: load };
}

// --- spaces

function spaces(app) {
  const body = h("div", { class: "cards two" });
  const name = h("input", { pattern: "[a-z0-9][a-z0-9\\-]{0,62}", placeholder: "space-1", spellcheck: "false" });
  const seed = h("input", { type: "number", step: "1", placeholder: t("made from the name") });
  const frozen = h("input", { type: "checkbox" });
  const kept = h("p", { class: "hint" });

  async function create(event) {
    event.preventDefault();
    const wanted = {};
    if (name.value) wanted.name = name.value;
    if (seed.value !== "") wanted.seed = Number(seed.value);
    if (frozen.checked) wanted.clock = { freeze: true };
    const made = await app.attempt(() => post("/spaces", wanted), t("Opened"));
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
        fact(t("Armed faults"), space.faults),
        fact(t("Time"), full(space.clock.now) + (space.clock.ended ? ` (${t("at its last instant")})` : space.clock.frozen ? ` (${t("frozen")})` : "")),
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
      h("form", { class: "card", onsubmit: create }, [
        h("h2", {}, t("Open a space")),
        h("p", { class: "hint" }, t("A whole private Kobikom: its own accounts, clock, messages and faults. Its credentials lead to it at the plain URL too.")),
        h("div", { class: "row wrap bottom" }, [field(t("Name"), name), field(t("Seed"), seed), field(t("With a frozen clock"), frozen), h("button", { type: "submit", class: "primary" }, t("Open"))]),
      ]),
      kept,
      body,
    ]),
  };
}
