// A list that has only its visible rows in the page: ten thousand rows cost as much as twenty.

import { h } from "./dom.js";
import { isCompact } from "./preferences.js";

const SPARE = 8;
const HEADING = 28;
const COMPACT = 50;

export class VirtualList {
  /**
   * `draw(item)` returns a row's children, `key(item)` its key, `tint(item)` its class. `choose(item, how)` is called when
   * a row is selected, `reach(first, last)` with the rows on screen, so that more can be loaded. `heading(item)`, if given,
   * is what stands above the first row of several that have the same.
   */
  constructor({ name, rowHeight, key, draw, tint, choose, reach, heading = () => "" }) {
    this.rowHeight = isCompact() ? COMPACT : rowHeight;
    this.heading = heading;
    this.headings = [];
    this.tops = [0];
    this.key = key;
    this.draw = draw;
    this.tint = tint;
    this.choose = choose;
    this.reach = reach;
    this.items = [];
    this.total = null;
    this.selected = null;
    this.rows = new Map();
    this.space = h("div", { class: "list-space", role: "presentation" });
    this.element = h("div", { class: "list", role: "listbox", tabindex: "0", "aria-label": name }, this.space);
    this.element.addEventListener("scroll", () => this.schedule(), { passive: true });
    this.element.addEventListener("click", (event) => this.clicked(event));
    this.element.addEventListener("keydown", (event) => this.pressed(event));
    this.seen = new ResizeObserver(() => this.schedule());
    this.seen.observe(this.element);
  }

  stop() {
    this.seen.disconnect();
    cancelAnimationFrame(this.due);
    this.due = -1;
  }

  /** Show these items; the visible rows stay in place when rows are added above. */
  show(items, total = null) {
    const top = this.element.scrollTop;
    const at = this.at(top);
    const anchor = top > 0 ? this.items[at] : null;
    const inside = top - this.tops[at];
    this.items = items;
    this.total = total;
    this.measure();
    if (anchor) {
      const moved = items.findIndex((item) => this.key(item) === this.key(anchor));
      if (moved > 0) this.element.scrollTop = this.tops[moved] + inside;
    }
    this.paint();
    if (!this.settled && items.length) {
      this.settled = true; // what the URL names is where the person begins
      this.bringIntoView(this.index());
    }
  }

  /** Where each row begins, and the headings. */
  measure() {
    let last = "";
    let top = 0;
    this.tops = [];
    this.headings = this.items.map((item) => {
      const heading = this.heading(item);
      const shown = heading === last ? "" : heading;
      last = heading;
      this.tops.push(top);
      top += this.rowHeight + (shown ? HEADING : 0);
      return shown;
    });
    this.tops.push(top);
    this.space.style.height = `${top}px`;
  }

  /** The index of the row at a height. */
  at(top) {
    let [low, high] = [0, Math.max(0, this.items.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= top) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  select(key, { scroll = false } = {}) {
    this.selected = key;
    if (scroll) this.bringIntoView(this.index());
    this.paint();
  }

  index() {
    return this.selected === null ? -1 : this.items.findIndex((item) => this.key(item) === this.selected);
  }

  bringIntoView(index) {
    if (index < 0) return;
    const [top, bottom] = [this.tops[index], this.tops[index + 1]];
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (bottom > scrollTop + clientHeight) this.element.scrollTop = bottom - clientHeight;
  }

  /** Move the selection by so many rows and choose what is there. */
  step(by, how = "step") {
    if (!this.items.length) return;
    const from = this.index();
    const to = Math.max(0, Math.min(this.items.length - 1, from < 0 ? 0 : from + by));
    const item = this.items[to];
    this.selected = this.key(item);
    this.bringIntoView(to);
    this.paint();
    this.choose(item, how);
  }

  pressed(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.step(by);
  }

  clicked(event) {
    const row = event.target.closest("[data-index]");
    if (!row || event.target.closest(".day")) return;
    const item = this.items[Number(row.dataset.index)];
    this.selected = this.key(item);
    this.paint();
    this.choose(item, "open");
  }

  schedule() {
    if (this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = 0;
      this.paint();
    });
  }

  paint() {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, this.at(scrollTop) - SPARE);
    const last = Math.min(this.items.length, this.at(scrollTop + (clientHeight || 800)) + 1 + SPARE);
    const wanted = new Map();
    for (let index = first; index < last; index += 1) {
      const item = this.items[index];
      const key = this.key(item);
      const row = this.rows.get(key) || { element: h("div", { role: "option", id: `row-${key}` }), item: null, tint: null };
      this.rows.delete(key);
      const heading = this.headings[index];
      const tint = `${this.tint(item)} ${heading && "headed"}`;
      if (row.item !== item || row.tint !== tint || row.heading !== heading) {
        row.heading = heading;
        row.element.replaceChildren(...(heading ? [h("span", { class: "day", "aria-hidden": "true" }, heading)] : []), h("span", { class: "row-body" }, this.draw(item)));
        row.element.className = `item ${tint}`;
        row.item = item;
        row.tint = tint;
      }
      row.element.dataset.index = index;
      row.element.style.transform = `translateY(${this.tops[index]}px)`;
      row.element.style.height = `${this.tops[index + 1] - this.tops[index]}px`;
      row.element.setAttribute("aria-selected", String(key === this.selected));
      row.element.setAttribute("aria-posinset", index + 1);
      row.element.setAttribute("aria-setsize", this.total ?? -1);
      wanted.set(key, row);
    }
    for (const { element } of this.rows.values()) element.remove();
    this.rows = wanted;
    const elements = [...wanted.values()].map((row) => row.element);
    elements.forEach((element, at) => {
      if (this.space.children[at] !== element) this.space.insertBefore(element, this.space.children[at] || null);
    });
    const active = this.selected !== null && wanted.has(this.selected) ? `row-${this.selected}` : null;
    if (active) this.element.setAttribute("aria-activedescendant", active);
    else this.element.removeAttribute("aria-activedescendant");
    if (this.items.length) this.reach(first, last);
  }
}
