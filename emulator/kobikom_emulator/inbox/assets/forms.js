// Forms whose errors stand beside the field that they are about, as the server says them in the page's language.

import { ApiError } from "./api.js";
import { freshId, h, toast } from "./dom.js";
import { language, t } from "./words.js";

/**
 * Run an action of a form. `controls` are its inputs by the name that the server has for the field (`prices`,
 * `delivery.outcomes[0].after`); an error about one of them, or about something within it, is shown beside it. Returns
 * the result, or null if it failed.
 */
export async function submit(controls, action, done = "") {
  Object.values(controls).forEach(clear);
  try {
    const result = await action();
    if (done) toast(done);
    return result ?? true;
  } catch (error) {
    if (!(error instanceof ApiError)) toast(t("The server does not answer"), "bad");
    else if (!mark(nearest(controls, error.field), error)) toast(error.message, "bad");
    return null;
  }
}

/** The control of a field: that of the longest name which the field's begins with. */
function nearest(controls, field) {
  const names = Object.keys(controls).filter((name) => field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`));
  return controls[names.sort((a, b) => b.length - a.length)[0]];
}

function mark(control, error) {
  if (!control?.isConnected) return false;
  complain(control, error.message.startsWith(`${error.field}: `) ? error.message.slice(error.field.length + 2) : error.message);
  return true;
}

/** Show what is wrong with a control beside it, until it is changed. */
export function complain(control, sentence) {
  clear(control);
  const note = h("span", { class: "error", id: freshId("error"), role: "alert" }, sentence);
  (control.closest(".field") || control).append(note);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-errormessage", note.id);
  control.addEventListener("input", () => clear(control), { once: true });
  for (let box = control.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  control.focus();
}

function clear(control) {
  document.getElementById(control.getAttribute("aria-errormessage"))?.remove();
  control.removeAttribute("aria-invalid");
  control.removeAttribute("aria-errormessage");
}

/** A number as a person writes it, with a point or a comma; what is none stays a text, for the server to refuse. */
export function numeric(text) {
  const plain = text.trim().replace(",", ".");
  return plain === "" || Number.isNaN(Number(plain)) ? text : Number(plain);
}

/** The same as a decimal string: amounts keep all their places. */
export const decimal = (text) => text.trim().replace(",", ".");

/** A decimal string of the server as the page's language writes it, without zeros at its end. */
export const written = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text).replace(".", language() === "tr" ? "," : ".");

/** The parts of a text between commas and line ends. */
export const listed = (text) => text.split(/[,\n]/).map((part) => part.trim()).filter(Boolean);

/** An instant of a datetime-local input, in Turkey's time. */
export const instant = (text) => `${text.length === 16 ? `${text}:00` : text}+03:00`;
