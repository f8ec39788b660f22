// The page's frame: the route in the URL, the space's clock, the view that is shown, keys and dialogs.

import { ApiError, follow, get, inSpace, onTokenNeeded, token } from "./api.js";
import { badges } from "./badge.js";
import { choice, field, freshId, h, set, toast } from "./dom.js";
import { brief, full } from "./format.js";
import { lastRoute, remember } from "./remembered.js";
import { NAMES, RENAMED, VIEWS } from "./views.js";
import { language, setLanguage, t } from "./words.js";


const app = {
  route: routeOfUrl(),
  clock: null,
  epoch: "",
  spaces: [],
  /** Change the route: `changes` over the current one, or over its space and view alone if `fresh`. */
  go(changes, { replace = false, fresh = false } = {}) {
    const kept = fresh ? { space: app.route.space, view: app.route.view } : app.route;
    const route = Object.fromEntries(Object.entries({ ...kept, ...changes }).filter(([, value]) => value));
    history[replace ? "replaceState" : "pushState"]({}, "", href(route));
    applyRoute();
  },
  href: (changes) => href({ space: app.route.space, ...changes }),
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
    drawClock();
  },
  current: () => app.spaces.find((space) => space.name === app.route.space),
  async loadSpaces() {
    const list = await get("/spaces");
    [app.spaces, app.store] = [list.spaces, list.store];
    drawSpaces();
  },
  /** Run an action; show `done` when it succeeds and the server's message when it fails (null is returned then). */
  async attempt(action, done = "") {
    try {
      const result = await action();
      if (done) toast(done);
      return result ?? true;
    } catch (error) {
      toast(error instanceof ApiError ? error.message : t("The server does not answer"), "bad");
      return null;
    }
  },
};

function routeOfUrl() {
  const route = Object.fromEntries(new URLSearchParams(location.search));
  const view = RENAMED[route.view] || route.view;
  return { ...route, space: route.space || "default", view: view in VIEWS ? view : "messages" };
}

function href(route) {
  const { space, view, ...rest } = route;
  const given = { ...(space && space !== "default" ? { space } : {}), ...(view && view !== "messages" ? { view } : {}), ...rest };
  const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value));
  return query.size ? `?${query}` : "./";
}

// --- the frame

const frame = {};
let view = null;

function build() {
  document.documentElement.lang = language();
  // The link has a name before the clock is known.
  frame.clock = h("a", { class: "clock", href: "#" }, h("span", { class: "visually-hidden" }, t("Clock of the space")));
  frame.badges = badges(app);
  if (frame.pulse) frame.badges.update(frame.pulse);
  frame.state = h("span", { class: "state", role: "status" });
  frame.space = h("div", { class: "space" });
  frame.tabs = h("nav", { class: "tabs", "aria-label": t("Views") });
  frame.main = h("main", { id: "main", tabindex: "-1" });
  set(
    document.body,
    h("a", { class: "skip", href: "#main", onclick: () => frame.main.focus() }, t("Skip to content")),
    h("header", { class: "top" }, [
      h("a", { class: "brand", href: "./" }, [
        h("img", { src: "inbox/icon.svg", alt: t("Inbox"), width: "28", height: "28" }),
        h("span", {}, [h("b", {}, "kobikom"), h("span", { class: "quiet" }, "emulator")]),
      ]),
      frame.tabs,
      h("div", { class: "tools" }, [
        frame.state,
        frame.badges.element,
        frame.clock,
        frame.space,
        h("button", {
          type: "button", class: "icon", lang: language() === "tr" ? "en" : "tr",
          onclick: () => { setLanguage(language() === "tr" ? "en" : "tr"); rebuild(); },
        }, language() === "tr" ? ["EN", h("span", { class: "visually-hidden" }, ": English")] : ["TR", h("span", { class: "visually-hidden" }, ": Türkçe")]),
        h("button", { type: "button", class: "icon", "aria-label": t("Keyboard"), onclick: showKeys }, "?"),
      ]),
    ]),
    frame.main,
    h("div", { id: "toast", role: "status", "aria-live": "polite" }),
  );
  drawSpaces();
  drawClock();
  drawState(frame.connection || "away");
}

function rebuild() {
  view?.stop();
  view = null;
  build();
  applyRoute();
}

function drawTabs() {
  set(frame.tabs, Object.entries(NAMES).map(([name, label], index) =>
    h("a", { href: app.route.view === name ? app.href({ view: name }) : href(lastRoute(app.route.space, name)), "aria-current": app.route.view === name ? "page" : null, "data-key": index + 1 }, t(label))));
  frame.clock.href = app.href({ view: "controls", control: "clock" });
}

function drawSpaces() {
  if (!frame.space) return;
  const names = app.spaces.map((space) => space.name);
  if (!names.includes(app.route.space)) names.push(app.route.space);
  const select = choice(names.map((name) => [name, name]), app.route.space, {
    "aria-label": t("Space"),
    onchange: (event) => app.go({ space: event.target.value, view: app.route.view, message: "", entry: "" }, { fresh: true }),
    onfocus: () => app.loadSpaces().catch(() => {}),
  });
  if (frame.space.contains(document.activeElement) && frame.space.firstChild?.length === names.length) return;
  set(frame.space, select);
}

function drawClock() {
  if (!frame.clock || !app.clock) return;
  const iso = app.nowIso();
  set(frame.clock, h("span", { class: "visually-hidden" }, `${t("Clock of the space")}: `),
    h("time", { datetime: iso, title: full(iso) }, h("span", { class: "date" }, `${brief(iso).replace(/ \d\d:\d\d$/, "")} `), full(iso).slice(-8)));
}

function drawState(state) {
  frame.connection = state;
  const label = { live: "Live", away: "Reconnecting", gone: "Closed" }[state];
  frame.state.className = `state ${state}`;
  set(frame.state, h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "word" }, t(label)));
}

// --- the route

function applyRoute() {
  const before = app.route;
  app.route = routeOfUrl();
  remember(app.route);
  drawTabs();
  if (before.space !== app.route.space || !following) watch();
  if (!view || before.view !== app.route.view || before.space !== app.route.space) {
    view?.stop();
    view = VIEWS[app.route.view](app);
    set(frame.main, view.element);
    frame.main.className = app.route.view;
    drawSpaces();
  }
  view.show(app.route);
  document.title = `${t(NAMES[app.route.view])} · kobikom-emulator`;
}

let following = null;

function watch() {
  following?.abort();
  following = new AbortController();
  const { signal } = following;
  let change = null;
  follow(app.route.space, {
    signal,
    state: (state) => !signal.aborted && drawState(state),
    event: (name, data) => {
      if (signal.aborted) return;
      if (name === "closed") return drawState("gone");
      app.setClock(data.clock);
      frame.pulse = data;
      frame.badges.update(data);
      const reset = app.epoch && app.epoch !== data.epoch;
      app.epoch = data.epoch;
      if (reset || data.change !== change) view?.changed({ reset });
      change = data.change;
    },
  });
}

// Browsers open at most six connections to a host: a page that is hidden for a minute closes its event stream.
let hidden = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(hidden);
  if (document.hidden) {
    hidden = setTimeout(() => {
      following?.abort();
      following = null;
    }, 60_000);
  } else if (!following) {
    watch();
  }
});

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

// --- keys

const KEYS = [
  ["j, ↓", "Next row"], ["k, ↑", "Previous row"], ["Enter", "Open the row"], ["Esc", "Back to the list"],
  ["/", "Search"], ["u", "Mark as unread"], ["1 – 4", "Change the view"], ["?", "Show the keys"],
];

function showKeys() {
  const title = freshId("title");
  const dialog = h("dialog", { class: "keys", "aria-labelledby": title }, [
    h("h2", { id: title }, t("Keyboard")),
    h("dl", {}, KEYS.map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(what))))),
    h("div", { class: "row end" }, h("button", { type: "button", onclick: () => dialog.close() }, t("Close"))),
  ]);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Escape") {
    if (typing) typing.blur();
    view?.key?.("Escape", event);
    return;
  }
  if (typing) return;
  if (event.key === "?") showKeys();
  else if (/^[1-4]$/.test(event.key)) app.go(lastRoute(app.route.space, Object.keys(VIEWS)[event.key - 1]), { fresh: true });
  else if (!view?.key?.(event.key, event)) return;
  event.preventDefault();
});

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

build();
applyRoute();
app.loadSpaces().catch(() => {});
setInterval(() => app.clock && !app.clock.frozen && drawClock(), 1000);
