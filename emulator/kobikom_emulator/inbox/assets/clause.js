// A clause of the protocol in a dialog: what the vendor's page prints, the statements with their marks, the readings.

import { get } from "./api.js";
import { freshId, h } from "./dom.js";
import { t } from "./words.js";

const MARKS = { D: "documented", O: "observed in a real client", A: "from the ancestor manual", I: "inferred" };

/** The letters of a mark in words. */
export const sources = (mark) => mark.split(", ").map((letter) => t(MARKS[letter] || letter)).join(", ");

/** A button with the id of a statement, or of a clause; it opens the clause. */
export const clauseButton = (app, id) => h("button", { type: "button", class: "chip info clause", "aria-haspopup": "dialog", "aria-label": t("Open the clause {id}", { id }), onclick: () => openClause(app, id) }, id);

async function openClause(app, id) {
  const clause = await app.attempt(() => get(`/clauses/${encodeURIComponent(id.split(".")[0])}`));
  if (!clause) return;
  const title = freshId("title");
  const dialog = h("dialog", { class: "clause-dialog", "aria-labelledby": title }, [
    h("h2", { id: title }, t("Clause {id}", { id: clause.clause })),
    h("h3", {}, t("The vendor's page says")),
    clause.page.length ? h("blockquote", { lang: "tr" }, clause.page.map((line) => h("p", {}, line))) : h("p", { class: "quiet" }, t("Nothing: what holds here was not documented.")),
    h("h3", {}, t("How it is read here")),
    h("ul", { class: "statements" }, clause.statements.map((statement) => h("li", { class: statement.id === id ? "cited" : "" }, [
      h("b", {}, statement.id), " ", statement.sentence, " ", h("span", { class: "quiet" }, `(${sources(statement.mark)})`),
    ]))),
    clause.readings.length > 0 && h("h3", {}, t("What the page leaves open")),
    clause.readings.map((reading) => h("p", {}, reading.question, " ", h("a", { href: app.href({ view: "controls", control: "readings", reading: reading.name }), onclick: () => dialog.close() }, t("Choose: {name}", reading)))),
    h("div", { class: "row end" }, h("button", { type: "button", onclick: () => dialog.close() }, t("Close"))),
  ]);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
