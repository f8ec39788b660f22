// Numbers, times and amounts as text. Times are those of the space's clock, in Turkey's zone as the API prints them.

import { language, t } from "./words.js";

const ZONE = "Europe/Istanbul";
const made = new Map();

function formatter(name, options) {
  const key = `${language()} ${name}`;
  if (!made.has(key)) {
    made.set(key, new Intl.DateTimeFormat(language() === "tr" ? "tr-TR" : "en-GB", { timeZone: ZONE, ...options }));
  }
  return made.get(key);
}

const clockTime = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };

export const time = (iso) => formatter("time", clockTime).format(new Date(iso));
export const day = (iso) => formatter("day", { day: "numeric", month: "short" }).format(new Date(iso));
export const full = (iso) =>
  formatter("full", { weekday: "short", day: "numeric", month: "short", year: "numeric", ...clockTime }).format(new Date(iso));

/** For a list: the time today, else day and time. */
export function brief(iso, now) {
  const today = now && day(iso) === day(now);
  return today ? time(iso) : `${day(iso)} ${time(iso).slice(0, 5)}`;
}

/** The day of an instant: "Today", "Yesterday", or its date, with the year where that is another. */
export function dayName(iso, now) {
  if (day(iso) === day(now) && iso.slice(0, 4) === now.slice(0, 4)) return t("Today");
  const yesterday = new Date(Date.parse(now) - 86_400_000).toISOString();
  if (day(iso) === day(yesterday) && Math.abs(Date.parse(now) - Date.parse(iso)) < 172_800_000) return t("Yesterday");
  return formatter("long day", { weekday: "short", day: "numeric", month: "long", year: "numeric" }).format(new Date(iso));
}

/** The day of an instant as 2026-01-31. */
export const isoDay = (iso) => new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date(iso));

/** A Turkish mobile number in its usual groups; any other as it is. */
export function number(msisdn) {
  const found = /^90(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(msisdn);
  return found ? `+90 ${found[1]} ${found[2]} ${found[3]} ${found[4]}` : msisdn;
}

export function amount(text) {
  const value = Number(text);
  return new Intl.NumberFormat(language() === "tr" ? "tr-TR" : "en-GB", { maximumFractionDigits: 6 }).format(value);
}

export const count = (value) => new Intl.NumberFormat(language() === "tr" ? "tr-TR" : "en-GB").format(value);

export const size = (bytes) => (bytes < 1000 ? `${bytes} B` : `${count(Math.round(bytes / 100) / 10)} kB`);

/** A duration in its two largest units. */
export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${count(milliseconds < 9500 ? Math.round(milliseconds / 100) / 10 : seconds)} ${t("second short")}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} ${t("minute short")} ${seconds % 60 ? `${seconds % 60} ${t("second short")}` : ""}`.trim();
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} ${t("hour short")} ${minutes % 60 ? `${minutes % 60} ${t("minute short")}` : ""}`.trim();
  return `${Math.floor(hours / 24)} ${t("day short")}`;
}

const GOOD = new Set(["DELIVERED", "SENT"]);

/** The colour of a message's status. */
export function tone(status) {
  if (status === "scheduled") return "wait";
  if (status === "sent") return "info";
  return GOOD.has(status) ? "good" : "bad";
}

/** The colour of a request's outcome. */
export function outcomeTone(outcome) {
  return { refused: "bad", partly: "wait", fault: "bad", lost: "bad", postponed: "wait", empty: "plain" }[outcome] || "good";
}
