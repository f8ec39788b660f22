// The first screen of an empty space: where to send to, as whom, and how, until the first message is there.

import { baseUrl } from "./api.js";
import { h } from "./dom.js";
import { copyable, fact } from "./facts.js";
import { postSend, sendXml, snippets } from "./snippets.js";
import { t } from "./words.js";

/** The same for other views. */
export function emptySpace(app) {
  const { element, stop } = welcome(app);
  stop();
  return element;
}

/** What an empty space shows; `stop` ends it. */
export function welcome(app) {
  const body = h("div", { class: "stack" });
  const element = h("div", { class: "welcome-card" }, body);
  let shown = "";

  function draw() {
    const account = app.current()?.accounts[0] || { user: "test", password: "test", titles: [] };
    const { space } = app.route;
    const key = JSON.stringify([account.user, account.password, space]);
    if (key === shown) return;
    shown = key;
    const message = {
      user: account.user, password: account.password, title: account.titles[0] || "", text: t("Your code is 482913. Do not share it."),
      long: true, to: ["905321234567"],
    };
    const url = `${baseUrl(space)}/api/sendsms/xml/`;
    body.replaceChildren(
      h("h2", { class: "pulse" }, h("span", { class: "dot", "aria-hidden": "true" }), t("Waiting for the first message")),
      h("p", {}, t("Point your program at this address, or send one from a terminal:")),
      h("dl", { class: "facts" }, [
        fact(t("Base URL"), copyable(baseUrl(space))), fact(t("User"), copyable(account.user)), fact(t("Password"), copyable(account.password)),
        account.titles[0] && fact(t("Title"), copyable(account.titles[0])),
      ]),
      snippets({ method: "POST", url, type: "application/xml", body: sendXml(message) }),
      h("div", { class: "row wrap" }, [
        h("button", { type: "button", class: "primary", onclick: () => app.attempt(() => postSend(app, message), t("Sent")) }, t("Send a test message")),
        h("a", { class: "button", href: app.href({ view: "controls", control: "send" }) }, t("Write one")),
      ]),
    );
  }

  const timer = setInterval(draw, 500); // the accounts may be known a little later
  draw();
  return { element, stop: () => clearInterval(timer) };
}
