// The page's language, and its texts in English and Turkish. The English text is the key of its translation; words of
// the API (DELIVERED, refused, ...) have a table of their own. The tables are in words/, a file for each area; that of the
// views which are loaded later comes with them. Texts of the server (statements, findings, readings) come in the language
// that api.js asks for.

import * as common from "./words/common.js";
import * as messages from "./words/messages.js";

const TURKISH = {};
const ENGLISH = {};
const ONE = {};
const API_WORDS = {};

/** Know the tables of another file of words/. */
export function addTexts({ texts, english = {}, one = {}, words = {} }) {
  Object.assign(TURKISH, texts);
  Object.assign(ENGLISH, english);
  Object.assign(ONE, one);
  Object.assign(API_WORDS, words);
}

addTexts(common);
addTexts(messages);

const STORAGE_KEY = "kobikom-language";
let chosen = stored() || (navigator.language?.toLowerCase().startsWith("tr") ? "tr" : "en");

function stored() {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

export const language = () => chosen;

export function setLanguage(name) {
  chosen = name;
  try {
    localStorage.setItem(STORAGE_KEY, name);
  } catch {
    // without storage the choice lasts as long as the page
  }
}

/** A text in the chosen language, `{name}` filled in from `values`. */
export function t(key, values = {}) {
  const english = values.count === 1 || values.count === "1" ? ONE[key] || ENGLISH[key] : ENGLISH[key];
  const sentence = (chosen === "tr" ? TURKISH[key] : english) ?? key;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** A word of the API in the chosen language; an unknown one as it is. */
export function word(name) {
  const texts = API_WORDS[name];
  return texts ? texts[chosen === "tr" ? 1 : 0] : String(name);
}
