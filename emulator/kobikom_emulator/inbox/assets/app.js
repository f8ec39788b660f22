// The page: the route in the URL, the space's clock and events, and the view that is shown.

import { ApiError, get, inSpace, onTokenNeeded, post, token } from "./api.js";
import { attention } from "./attention.js";
import { copy, field, freshId, h, set, toast } from "./dom.js";
import { follower } from "./following.js";
import { frame as makeFrame } from "./frame.js";
import { keyboard } from "./keys.js";
import { applyPreferences } from "./preferences.js";
import { NAMES, RENAMED, loadView, viewOf } from "./views.js";
import { t } from "./words.js";

const app = {
  route: routeOfUrl(),
  clock: null,
  epoch: "",
  faults: 0, // those that may still fire
  machineTime: true,
  spaces: [],
  unread: 0,
  version: "",
  /** Change the route: `changes` over the current one, or over its space and view alone if `fresh`. */
  go(changes, { replace = false, fresh = false } = {}) {
    const kept = fresh ? { space: app.route.space, view: app.route.view } : app.route;
    const route = Object.fromEntries(Object.entries({ ...kept, ...changes }).filter(([, value]) => value));
    history[replace ? "replaceState" : "pushState"]({}, "", href(route));
    applyRoute();
  },
  href: (changes) => href({ space: app.route.space, ...changes }),
  /** The address of a view as it was left last in this space, filters included. */
  viewHref: (view) => href((view !== app.route.view && left.get(`${app.route.space} ${view}`)) || { space: app.route.space, view }),
  open(view) {
    history.pushState({}, "", app.viewHref(view));
    applyRoute();
  },
  path: (rest = "") => inSpace(app.route.space) + rest,
  /** The space's time now, in ms. */
  now() {
    if (!app.clock) return Date.now();
    const passed = app.clock.frozen || app.clock.ended ? 0 : (performance.now() - app.clock.readAt) * app.clock.rate;
    return app.clock.at + passed;
  },
  nowIso: () => new Date(app.now()).toISOString(),
  setClock(view) {
    app.clock = { at: Date.parse(view.now), frozen: view.frozen, ended: view.ended, rate: view.rate, readAt: performance.now() };
    frame.drawClock();
  },
  current: () => app.spaces.find((space) => space.name === app.route.space),
  async loadSpaces() {
    app.keepSpaces(await get("/spaces"));
  },
  keepSpaces({ spaces, store }) {
    [app.spaces, app.store] = [spaces, store];
    frame.drawSpaces();
  },
  async openSpace(name) {
    if (!(await app.attempt(() => post("/spaces", { name }), t("Opened")))) return;
    await app.loadSpaces().catch(() => {});
    missing = false;
    watched = "";
    rebuild();
  },
  copy: (code) => (code ? copy(code, t("Copied: {what}", { what: code })) : toast(t("There is no code"), "bad")),
  /** Run an action; show `done` when it succeeds and the server's message when it fails (null is returned then). */
  async attempt(action, done = "") {
    try {
      const result = await action();
      if (done) toast(done);
      return result ?? true;
    } catch (error) {
      if (error.name !== "AbortError" && !missing) toast(error instanceof ApiError ? error.message : t("The server does not answer"), "bad");
      return null;
    }
  },
};

function routeOfUrl() {
  const route = Object.fromEntries(new URLSearchParams(location.search));
  if (route.view === "controls" && route.control === "spaces") Object.assign(route, { view: "spaces", control: "" }); // an earlier address
  const view = RENAMED[route.view] || route.view;
  return { ...route, space: route.space || "default", view: view in NAMES ? view : "messages" };
}

function href(route) {
  const { space, view, ...rest } = route;
  const given = { ...(space && space !== "default" ? { space } : {}), ...(view && view !== "messages" ? { view } : {}), ...rest };
  const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value));
  return query.size ? `?${query}` : "./";
}

// --- the frame and the view

const left = new Map();
let frame = null;
let view = null;
let missing = false; // the space of the route is closed, or never was
let watched = "";
let change = null;

const drawer = attention(app, { drawn: () => { frame?.drawTabs(); view?.counted?.(); } });
const following = follower({
  state(name) {
    if (name === "gone" && !missing) {
      missing = true;
      app.loadSpaces().catch(() => {});
      applyRoute();
    }
    frame.drawState(name);
  },
  event(data) {
    if (missing) {
      missing = false;
      applyRoute();
    }
    app.machineTime = data.machine_time;
    app.setClock(data.clock);
    const reset = Boolean(app.epoch) && app.epoch !== data.epoch;
    app.epoch = data.epoch;
    app.faults = data.active_faults;
    frame.drawFaults();
    if (reset || data.change !== change) {
      view?.changed({ reset });
      drawer.changed();
    }
    change = data.change;
  },
});
const keys = keyboard(app, { view: () => view, rebuild, settings: () => frame.showSettings() });

function build() {
  frame = makeFrame(app, { ...keys, again: () => following.again(), rebuild, redraw });
  frame.drawState(app.clock ? "live" : "connecting");
}

function rebuild() {
  build();
  redraw();
}

function redraw() {
  view?.stop();
  view = null;
  applyRoute();
}

function applyRoute() {
  const before = app.route;
  app.route = routeOfUrl();
  left.set(`${app.route.space} ${app.route.view}`, app.route);
  if (watched !== app.route.space) {
    watched = app.route.space;
    missing = false;
    [app.epoch, change, app.newer] = ["", null, undefined];
    frame.drawState("connecting");
    drawer.moved();
    following.start(watched);
  }
  frame.drawSpaces();
  drawer.name(t(NAMES[app.route.view]));
  if (missing && app.route.view !== "spaces") {
    view?.stop();
    view = null;
    set(frame.main, frame.gone());
    return;
  }
  if (!view || before.view !== app.route.view || before.space !== app.route.space) {
    view?.stop();
    view = null;
    const makeView = viewOf(app.route.view);
    if (!makeView) {
      const name = app.route.view;
      set(frame.main, h("div", { class: "page", "aria-busy": "true" }, h("p", { class: "quiet" }, t("Loading …"))));
      loadView(name).then(() => app.route.view === name && applyRoute(), () => app.route.view === name && set(frame.main, frame.unloaded()));
      return;
    }
    view = makeView(app);
    set(frame.main, view.element);
    frame.main.className = app.route.view;
    frame.main.scrollTop = 0;
  }
  view.show(app.route);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const url = new URL(link.href);
  if (link.target || link.hasAttribute("download") || url.origin !== location.origin || url.pathname !== location.pathname || url.hash) return;
  event.preventDefault();
  history.pushState({}, "", url);
  applyRoute();
});
window.addEventListener("popstate", applyRoute);

// --- the token

onTokenNeeded((refused) => new Promise((resolve) => {
  const title = freshId("title");
  const input = h("input", { type: "password", autocomplete: "off", required: true, value: "" });
  const dialog = h("dialog", { class: "ask", "aria-labelledby": title }, [
    h("h2", { id: title }, t("The control API needs its token")),
    refused && h("p", { class: "hint", role: "alert" }, t("This token was refused.")),
    h("form", {
      method: "dialog",
      onsubmit: (event) => {
        event.preventDefault();
        token.set(input.value.trim());
        dialog.close();
      },
    }, [
      field(t("Token"), input, t("It is the setting control.token; this tab keeps it until it is closed.")),
      h("div", { class: "row end" }, h("button", { type: "submit", class: "primary" }, t("Continue"))),
    ]),
  ]);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => { dialog.remove(); resolve(); });
  document.body.append(dialog);
  dialog.showModal();
}));

applyPreferences();
build();
applyRoute();
app.loadSpaces().catch(() => {});
get("/health").then((health) => { app.version = health.version; }).catch(() => {});
setInterval(() => app.clock && !app.clock.frozen && frame.drawClock(), 1000);
