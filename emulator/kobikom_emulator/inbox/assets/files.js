// Links that download messages, requests and the state of the space.

import { fileUrl, getFile, token } from "./api.js";
import { h } from "./dom.js";
import { t } from "./words.js";

/** A link to a file, with the parameters of the moment. A browser sends no token with a link: where there is one, the
 * file is fetched and then saved. */
export function fileLink(app, text, label, path, parameters, name) {
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
    fileLink(app, text, t("Download as {format}", { format: text }), path, () => ({ ...filters(), format }), () => name(format))));
}
