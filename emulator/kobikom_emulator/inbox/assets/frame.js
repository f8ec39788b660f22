// The head of the page: tabs, state of the connection, clock, faults, spaces and settings; and what is said above a view.

import { choice, field, h, keepFocus, set, dialog } from "./dom.js";
import { brief, count, full } from "./format.js";
import { prefer, preferences } from "./preferences.js";
import { NAMES } from "./views.js";
import { language, setLanguage, t } from "./words.js";

const SAY_AFTER = 4000; // a connection that is back within this time is not spoken of

export function frame(app, { showKeys, showCommands, again, rebuild, redraw }) {
  const clock = h("a", { class: "clock", href: "#" }, h("span", { class: "visually-hidden" }, t("Clock of the space")));
  const faults = h("a", { class: "chip wait faults", hidden: true });
  const state = h("span", { class: "state connecting" }, h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "word" }));
  const said = h("span", { class: "visually-hidden", role: "status" });
  const tabs = h("nav", { class: "tabs", "aria-label": t("Views") });
  const banner = h("div", { class: "banner", hidden: true });
  const main = h("main", { id: "main", tabindex: "-1" });
  const spaces = h("select", { "aria-label": t("Space"), onchange: moved, onfocus: () => app.loadSpaces().catch(() => {}) });
  let connection = "";
  let drawnTabs = "";
  let since = 0;
  let timer = 0;

  document.documentElement.lang = language();
  set(
    document.body,
    h("a", { class: "skip", href: "#main", onclick: () => main.focus() }, t("Skip to content")),
    h("header", { class: "top" }, [
      h("a", { class: "brand", href: "./" }, [
        h("img", { src: "inbox/icon.svg", alt: t("Inbox"), width: "28", height: "28" }),
        h("span", {}, [h("b", {}, "kobikom"), h("span", { class: "quiet" }, "emulator")]),
      ]),
      tabs,
      h("div", { class: "tools" }, [
        state, said, faults, clock, h("div", { class: "space" }, spaces),
        h("button", { type: "button", class: "icon", "aria-label": t("Commands"), "data-key": "commands", title: `${t("Commands")} (Ctrl K)`, onclick: showCommands }, "⌘"),
        h("button", { type: "button", class: "icon", "aria-label": t("Settings"), title: t("Settings"), onclick: showSettings }, "⚙"),
      ]),
    ]),
    banner,
    main,
    h("div", { id: "announcer", class: "visually-hidden", role: "status" }),
    h("div", { id: "toast", role: "status", "aria-live": "polite" }),
  );

  function moved() {
    if (spaces.value === "/") app.go({ view: "spaces" }, { fresh: true });
    else app.go({ space: spaces.value, view: app.route.view === "spaces" ? "messages" : app.route.view }, { fresh: true });
  }

  /** The names are changed in the menu that is there, so that it keeps the focus and stays open. */
  function drawSpaces() {
    const names = app.spaces.map((space) => space.name);
    if (!names.includes(app.route.space)) names.push(app.route.space);
    const wanted = [...names.map((name) => [name, name]), ["/", t("All spaces …")]];
    if ([...spaces.options].map((option) => option.text).join("\n") !== wanted.map(([, text]) => text).join("\n")) {
      set(spaces, wanted.map(([value, text]) => h("option", { value }, text)));
    }
    spaces.value = app.route.space;
  }

  function drawTabs() {
    const key = JSON.stringify([app.unread, app.route.view, Object.keys(NAMES).map(app.viewHref)]);
    if (key === drawnTabs) return;
    drawnTabs = key;
    const draw = () => set(tabs, Object.entries(NAMES).map(([name, label], index) => h("a", {
      href: app.viewHref(name), "aria-current": app.route.view === name ? "page" : null, "data-key": index + 1,
    }, t(label), name === "messages" && app.unread > 0 && h("span", { class: "unread-count" }, count(app.unread), h("span", { class: "visually-hidden" }, ` ${t("unread messages")}`)))));
    keepFocus(tabs, draw);
    const current = tabs.querySelector("[aria-current]");
    const [left, right] = [current.offsetLeft - tabs.offsetLeft, current.offsetLeft - tabs.offsetLeft + current.offsetWidth];
    if (left < tabs.scrollLeft || right > tabs.scrollLeft + tabs.clientWidth) tabs.scrollLeft = left - 16;
    clock.href = app.href({ view: "controls", control: "clock" });
    faults.href = app.href({ view: "controls", control: "faults" });
  }

  function drawClock() {
    if (!app.clock) return;
    const iso = app.nowIso();
    const apart = !app.machineTime;
    const mode = app.clock.ended ? t("at its last instant") : app.clock.frozen ? t("Frozen") : app.clock.rate !== 1 ? `×${app.clock.rate}` : apart ? t("Own time") : "";
    clock.classList.toggle("apart", apart);
    set(clock, h("span", { class: "visually-hidden" }, `${t("Clock of the space")}: `),
      h("time", { datetime: iso, title: apart ? `${full(iso)} · ${t("not the machine's time")}` : full(iso) }, h("span", { class: "date" }, `${brief(iso).replace(/ \d\d:\d\d$/, "")} `), full(iso).slice(-8)),
      mode && h("span", { class: "chip wait" }, mode), apart && h("span", { class: "visually-hidden" }, ` (${t("not the machine's time")})`));
  }

  function drawFaults() {
    faults.hidden = !app.faults;
    if (app.faults) faults.setAttribute("aria-label", t("{count} faults", { count: app.faults }));
    if (app.faults) set(faults, h("span", { class: "short", "aria-hidden": "true" }, `⚠ ${app.faults}`), h("span", { class: "long" }, t("{count} faults", { count: app.faults })));
  }

  const label = () => ({ live: t("Live"), away: t("Reconnecting"), gone: t("Closed"), connecting: t("Connecting") }[connection]);

  function drawState(name) {
    if (name === connection) return;
    connection = name;
    if (name === "away" && !since) since = Date.now();
    if (name === "live") since = 0;
    state.className = `state ${name}`;
    set(state.lastChild, label());
    clearTimeout(timer);
    timer = setTimeout(() => {
      said.textContent = connection === "live" && !said.textContent ? "" : label();
      drawBanner();
    }, name === "live" ? 0 : SAY_AFTER);
    if (name === "gone") drawBanner();
  }

  function drawBanner() {
    const away = connection === "away" && since && Date.now() - since >= SAY_AFTER;
    banner.hidden = !away;
    if (away) set(banner, h("span", {}, t("No connection to the server since {time}. What you see may be old.", { time: new Date(since).toLocaleTimeString(language()) })),
      h("button", { type: "button", onclick: again }, t("Try now")));
  }

  function showSettings() {
    const pick = (name, options) => choice(options, preferences[name], { onchange: (event) => { prefer(name, event.target.value); redraw(); } });
    const notify = h("input", {
      type: "checkbox", checked: preferences.notify, disabled: !("Notification" in window),
      onchange: async () => {
        if (notify.checked && (await Notification.requestPermission()) !== "granted") notify.checked = false;
        prefer("notify", notify.checked);
      },
    });
    const shown = dialog(t("Settings"), (close) => [
      field(t("Theme"), pick("theme", [["auto", t("As the system")], ["light", t("Light")], ["dark", t("Dark")]])),
      field(t("Density"), pick("density", [["comfortable", t("Comfortable")], ["compact", t("Compact")]])),
      field(t("Language"), choice([["en", "English"], ["tr", "Türkçe"]], language(), { onchange: (event) => { setLanguage(event.target.value); close(); rebuild(); } })),
      field(t("Notify me of new messages while this tab is in the background"), notify),
      h("p", { class: "hint" }, `kobikom-emulator ${app.version} · `, h("a", { href: "openapi.json", target: "_blank" }, "OpenAPI"), " · ", h("a", { href: "metrics", target: "_blank" }, t("Metrics"))),
      h("div", { class: "row end" }, [
        h("button", { type: "button", onclick: () => { close(); showKeys(); } }, t("Keyboard and search")),
        h("button", { type: "button", class: "primary", onclick: close }, t("Close")),
      ]),
    ], { class: "ask" });
    return shown;
  }

  /** What stands in place of a view whose space is closed, or never was. */
  function gone() {
    const name = app.route.space;
    return h("div", { class: "page" }, h("section", { class: "card gone-space" }, [
      h("h1", {}, t("There is no space {name}", { name })),
      h("p", {}, t("It was closed, or the link to it is wrong.")),
      h("div", { class: "row wrap" }, [
        h("a", { class: "button primary", href: "./" }, t("To the space {name}", { name: "default" })),
        h("a", { class: "button", href: "?view=spaces" }, t("All spaces")),
        /^[a-z0-9][a-z0-9-]{0,62}$/.test(name) && h("button", { type: "button", onclick: () => app.openSpace(name) }, t("Open a space of this name")),
      ]),
    ]));
  }

  /** What stands in place of a view whose modules did not arrive. */
  const unloaded = () => h("div", { class: "page" }, h("section", { class: "card gone-space" }, [
    h("h1", {}, t("The server does not answer")), h("div", {}, h("button", { type: "button", class: "primary", onclick: () => location.reload() }, t("Try now"))),
  ]));

  drawSpaces();
  drawFaults();
  drawClock();
  return { main, unloaded, drawTabs, drawSpaces, drawClock, drawFaults, drawState, gone, showSettings };
}
