// Make elements. Texts become text nodes and attribute values only, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("p", {class: "x", onclick: f}, "text", child, [children])`; null and false children are left out. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else if (name === "checked") element.checked = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(element, child);
    else if (child instanceof Node) element.append(child);
    else if (child !== null && child !== undefined && child !== false) element.append(String(child));
  }
}

/** Replace the children of an element. */
export function set(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

let numbered = 0;

/** An unused element id. */
export const freshId = (stem) => `${stem}-${++numbered}`;

/** A labelled control; `hint` is read with it. */
export function field(label, control, hint = "") {
  let note = null;
  if (hint) {
    note = h("span", { class: "hint", id: freshId("hint") }, hint);
    control.setAttribute("aria-describedby", note.id);
  }
  if (control.type === "checkbox") return h("label", { class: "field check" }, control, h("span", {}, label), note);
  control.id ||= freshId("field");
  return h("div", { class: "field" }, h("label", { class: "label", for: control.id }, label), control, note);
}

export function choice(options, chosen, props = {}) {
  const select = h("select", props, options.map(([value, text]) => h("option", { value }, text)));
  select.value = chosen ?? "";
  return select;
}

let toastTimer = 0;

/** Show a short message for a few seconds; screen readers read it. */
export function toast(text, kind = "good") {
  const box = document.getElementById("toast");
  if (!box) return;
  set(box, h("p", { class: `toast ${kind}` }, text));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => set(box), kind === "bad" ? 8000 : 3500);
}

/** Put a text on the clipboard; plain http on another host than localhost has no clipboard API. */
export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "offscreen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(said);
}

/** Ask for confirmation in a dialog; true if confirmed. */
export function ask(title, text, yes, no) {
  return new Promise((resolve) => {
    const titleId = freshId("title");
    const dialog = h("dialog", { class: "ask", "aria-labelledby": titleId }, [
      h("h2", { id: titleId }, title),
      h("p", {}, text),
      h("div", { class: "row end" }, [
        h("button", { type: "button", onclick: () => dialog.close("no") }, no),
        h("button", { type: "button", class: "danger", onclick: () => dialog.close("yes") }, yes),
      ]),
    ]);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Whether list and detail take turns instead of standing side by side. */
export const narrow = () => matchMedia("(max-width: 719px)").matches;

/** Draw an element again; what had the focus in it has it again afterwards, if it is still there. */
export function keepFocus(element, draw) {
  const active = document.activeElement;
  const name = (each) => `${each.tagName} ${each.dataset.key || each.getAttribute("aria-label") || each.textContent}`;
  const kept = element.contains(active) && active !== element ? name(active) : null;
  draw();
  if (kept && !element.contains(document.activeElement)) {
    [...element.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]")].find((each) => name(each) === kept)?.focus({ preventScroll: true });
  }
}

/** Let screen readers say something, without showing it. */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (region && region.textContent !== text) region.textContent = text;
}

/**
 * A button with a menu. `items()` gives [label, action] or [label, address] when it is opened, and null where a line
 * separates two groups.
 */
export function menu(label, items, props = {}) {
  const button = h("button", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => (list.hidden ? open() : close(true)), ...props }, label);
  const list = h("div", { class: "menu-items", role: "menu", hidden: true });
  const element = h("div", { class: "menu" }, button, list);
  const entries = () => [...list.querySelectorAll("[role=menuitem]")];

  function open() {
    set(list, items().map((item) => {
      if (!item) return h("hr");
      const [text, action] = item;
      if (typeof action === "string") return h("a", { role: "menuitem", tabindex: "-1", href: action, onclick: () => close() }, text);
      return h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => { close(true); action(); } }, text);
    }));
    list.hidden = false;
    list.classList.toggle("left", button.getBoundingClientRect().left < document.documentElement.clientWidth / 2);
    button.setAttribute("aria-expanded", "true");
    entries()[0]?.focus();
  }

  function close(focus = false) {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus();
  }

  element.addEventListener("focusout", (event) => { if (!element.contains(event.relatedTarget)) close(); });
  element.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = entries();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") close(true);
    else if (to !== undefined) all[to % all.length].focus();
    else if (event.key === "Enter" || event.key === " " || event.key === "Tab") return;
    else {
      const start = event.key.toLocaleLowerCase();
      [...all.slice(at + 1), ...all].find((each) => each.textContent.toLocaleLowerCase().startsWith(start))?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return element;
}

/** A dialog with a heading, removed when it is closed; `content` gets a function that closes it. */
export function dialog(title, content, props = {}) {
  const titleId = freshId("title");
  const element = h("dialog", { "aria-labelledby": titleId, ...props });
  add(element, [h("h2", { id: titleId }, title), content(() => element.close())]);
  element.addEventListener("close", () => element.remove());
  document.body.append(element);
  element.showModal();
  return element;
}
