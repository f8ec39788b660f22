// Names with their values, and values with a button that copies them.

import { copy, h, s } from "./dom.js";
import { t } from "./words.js";

export const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

const copyIcon = () => s("svg", { viewBox: "0 0 16 16", width: "14", height: "14", "aria-hidden": "true", class: "glyph" }, [
  s("rect", { x: "5.5", y: "5.5", width: "8", height: "8", rx: "1.5" }), s("path", { d: "M3.5 10.500h-.5a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1h6.500a1 1 0 0 1 1 1v.5" }),
]);

export const copyable = (text) => h("span", { class: "copyable" }, [
  h("code", {}, text),
  h("button", { type: "button", class: "mini", "aria-label": t("Copy {what}", { what: text }), onclick: () => copy(text, t("Copied")) }, copyIcon()),
]);

export function backButton(back) {
  return h("button", { type: "button", class: "back", "aria-label": t("Back to the list"), onclick: back }, "←");
}
