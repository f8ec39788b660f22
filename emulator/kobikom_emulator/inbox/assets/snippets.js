// A request as a command or program to paste: curl, PHP, C#, Node and Python. And a send, as XML and posted.

import { baseUrl } from "./api.js";
import { code } from "./code.js";
import { copy, h, set } from "./dom.js";
import { t } from "./words.js";

const escaped = (value) => value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

export function sendXml({ user, password, title, text, flash, long, language, schedule, to }) {
  const line = (tag, value) => (value ? `  <${tag}>${escaped(value)}</${tag}>\n` : "");
  return `<SMS>\n <dogrulama>\n  <kullanici>${escaped(user)}</kullanici>\n  <parola>${escaped(password)}</parola>\n </dogrulama>\n <mesajiniz>\n` +
    line("baslik", title) + `  <metin>${escaped(text)}</metin>\n` + line("flash", flash && "1") + line("type", long && "longSMS") +
    line("languageCode", language) + line("ileriTarih", schedule) +
    `  <alicilar>\n${to.map((each) => `   <gsm>${escaped(each)}</gsm>\n`).join("")}  </alicilar>\n </mesajiniz>\n</SMS>\n`;
}

/** Post a send to the API of the space; its HTTP status, body, and the ids and codes in it. */
export async function postSend(app, fields) {
  const answer = await fetch(`${baseUrl(app.route.space)}/api/sendsms/xml/`, {
    method: "POST", headers: { "Content-Type": "application/xml" }, body: sendXml(fields),
  });
  const body = await answer.text();
  const all = (pattern) => [...body.matchAll(pattern)].map((match) => match[1]);
  const codes = all(/<status>(-?\d+)<\/status>/g);
  return { status: answer.status, body, ids: all(/<messageid>(\d+)<\/messageid>/g), accepted: codes.length > 0 && codes.every((each) => each === "0") };
}

export const LANGUAGES = { curl: "curl", php: "PHP", csharp: "C#", node: "Node", python: "Python" };

const quoted = (text) => `'${text.replace(/'/g, "'\\''")}'`;
const php = (text) => `'${text.replace(/[\\']/g, "\\$&")}'`;
const literal = (text) => JSON.stringify(text);
/** A text as string literals, one for each of its lines. */
const lines = (text, join) => text.split(/(?<=\n)/).map(literal).join(join);

/** How to send `{method, url, type, body}` in one of the languages. */
export function snippet(language, { method, url, type, body }) {
  const get = method === "GET";
  switch (language) {
    case "php":
      return `<?php\n$curl = curl_init(${php(url)});\ncurl_setopt_array($curl, [\n    CURLOPT_RETURNTRANSFER => true,\n` +
        (get ? "" : `    CURLOPT_CUSTOMREQUEST => ${php(method)},\n    CURLOPT_HTTPHEADER => [${php(`Content-Type: ${type}`)}],\n    CURLOPT_POSTFIELDS => ${php(body)},\n`) +
        "]);\necho curl_exec($curl);\n";
    case "csharp":
      return "using var client = new HttpClient();\n" + (get
        ? `Console.WriteLine(await client.GetStringAsync(${literal(url)}));\n`
        : `var xml = ${lines(body, "\n    + ")};\nvar content = new StringContent(xml, System.Text.Encoding.UTF8, ${literal(type)});\n` +
          `var answer = await client.PostAsync(${literal(url)}, content);\nConsole.WriteLine(await answer.Content.ReadAsStringAsync());\n`);
    case "node":
      return `const answer = await fetch(${literal(url)}` + (get ? "" : `, {\n  method: ${literal(method)},\n  headers: { "Content-Type": ${literal(type)} },\n  body: ${lines(body, "\n    + ")},\n}`) +
        ");\nconsole.log(await answer.text());\n";
    case "python":
      return "import urllib.request\n\n" + (get ? `request = ${literal(url)}\n`
        : `body = (\n    ${lines(body, "\n    ")}\n)\nrequest = urllib.request.Request(\n    ${literal(url)},\n    data=body.encode(),\n    headers={"Content-Type": ${literal(type)}},\n    method=${literal(method)},\n)\n`) +
        "print(urllib.request.urlopen(request).read().decode())\n";
    default:
      return get ? `curl ${quoted(url)}\n` : `curl -X ${method} -H ${quoted(`Content-Type: ${type}`)} ${quoted(url)} \\\n  --data-binary ${quoted(body)}\n`;
  }
}

let chosen = "curl";

/** Tabs with the request in each language, and a button that copies it. */
export function snippets(request) {
  const tabs = h("div", { class: "subtabs small", role: "tablist", "aria-label": t("Programming language") });
  const panel = h("div", { role: "tabpanel" });

  function show(language, focus = false) {
    chosen = language;
    set(tabs, Object.entries(LANGUAGES).map(([key, name]) => h("button", {
      type: "button", role: "tab", "aria-selected": String(key === language), tabindex: key === language ? "0" : "-1", onclick: () => show(key, true),
    }, name)));
    const text = snippet(language, request);
    panel.setAttribute("aria-label", LANGUAGES[language]);
    set(panel, h("div", { class: "snippet" }, code(text, { name: LANGUAGES[language] }),
      h("button", { type: "button", class: "mini", onclick: () => copy(text, t("Copied as {language}", { language: LANGUAGES[language] })) }, t("Copy"))));
    if (focus) tabs.querySelector("[aria-selected=true]").focus();
  }

  tabs.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const keys = Object.keys(LANGUAGES);
    show(keys[(keys.indexOf(chosen) + by + keys.length) % keys.length], true);
  });
  show(chosen);
  return h("div", { class: "stack tight" }, tabs, panel);
}
