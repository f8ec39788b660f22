// The views of the page, in the order of their tabs. Messages come with the page; the modules and texts of the others are
// loaded when the first of them is opened.

import { messages } from "./messages.js";
import { addTexts } from "./words.js";

export const NAMES = { messages: "Messages", requests: "Requests", controls: "Controls", credit: "Credit", spaces: "Spaces" };

/** Earlier names in the URL. */
export const RENAMED = { ledger: "credit" };

const MODULES = {
  requests: async () => (await import("./requests.js")).requests,
  controls: async () => (await import("./controls.js")).controls,
  credit: async () => (await import("./ledger.js")).ledger,
  spaces: async () => (await import("./spaces.js")).spaces,
};
const loaded = { messages };

/** The function that makes a view; undefined until it is loaded. */
export const viewOf = (name) => loaded[name];

export async function loadView(name) {
  const [view, texts] = await Promise.all([MODULES[name](), import("./words/controls.js")]);
  addTexts(texts);
  loaded[name] = view;
}
