// Files of the space: links that download messages, requests and the state, and a control that puts a state back.

import { fileUrl, getFile, putFile, token } from "./api.js";
import { ask, field, h } from "./dom.js";
import { t } from "./words.js";

/** A link to a file, with the parameters of the moment. A browser sends no token with a link: where there is one, the
 * file is fetched and then saved. */
function link(app, text, label, path, parameters, name) {
  const point = ({ currentTarget }) => Object.assign(currentTarget, { href: fileUrl(app.path(path), parameters()), download: name() });
  const save = async (event) => {
    point(event);
    if (!token.get()) return;
    event.preventDefault();
    const file = await app.attempt(() => getFile(app.path(path), parameters()));
    if (!file) return;
    const url = URL.createObjectURL(file);
    h("a", { href: url, download: name() }).click();
    URL.revokeObjectURL(url);
  };
  return h("a", { class: "link", href: fileUrl(app.path(path)), download: "", "aria-label": label, onpointerenter: point, onfocus: point, onclick: save }, text);
}

/** Links that download a list, as it is filtered, in each of these formats. */
export function downloads(app, path, filters, formats) {
  const name = (format) => `kobikom-${app.route.space}${path.replace("/", "-")}.${format}`;
  return h("p", { class: "counted" }, `${t("Download")}: `, Object.entries(formats).map(([text, format]) =>
    link(app, text, t("Download as {format}", { format: text }), path, () => ({ ...filters(), format }), () => name(format))));
}

/** Save the whole space as a file, or replace it by one. */
export function stateControls(app, restored) {
  const chooser = h("input", { type: "file", accept: ".json,application/json", onchange: restore });

  async function restore() {
    const [file] = chooser.files;
    if (!file) return;
    const yes = await ask(t("Replace {name}?", { name: app.route.space }), t("Everything in it is replaced by the saved state."), t("Replace"), t("Cancel"));
    if (yes && (await app.attempt(() => putFile(app.path("/state"), file), t("The state is restored")))) restored();
    chooser.value = "";
  }

  return h("div", { class: "row wrap bottom" }, [
    link(app, t("Save the state"), t("Save the state"), "/state", () => ({}), () => `kobikom-${app.route.space}-state.json`),
    field(t("Restore a saved state"), chooser),
  ]);
}
