// Requests to the control API: the only source of what this page shows.

import { language } from "./words.js";

/** The control API's address, relative to this file: a proxy may have put a path before both. */
export const API = new URL("..", import.meta.url).href.replace(/\/$/, "");

/** The address before `/api/sendsms/xml/` of a space, as this browser knows the server. */
export const baseUrl = (name) => new URL("../..", import.meta.url).href.replace(/\/$/, "") + (name === "default" ? "" : `/s/${encodeURIComponent(name)}`);

const STORAGE_KEY = "kobikom-token";

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || `HTTP ${status}`);
    this.status = status;
    this.field = problem.field || "";
  }
}

export const token = {
  get: () => sessionStorage.getItem(STORAGE_KEY) || "",
  set: (value) => sessionStorage.setItem(STORAGE_KEY, value),
};

let askForToken = null;

/** Ask for the token after a 401, unless another one was given since the refused request was sent. */
async function tokenRefused(sent) {
  if (token.get() === sent) await askForToken();
}

/** Set the async function that asks for the token; it is called once at a time, with whether a token was refused. */
export function onTokenNeeded(ask) {
  let asking = null;
  askForToken = () => (asking ??= ask(Boolean(token.get())).finally(() => (asking = null)));
}

const headers = () => ({ "Accept-Language": language(), ...(token.get() ? { Authorization: `Bearer ${token.get()}` } : {}) });

/** The answer to a request; `body` is a string or a Blob. */
async function send(method, path, body, signal) {
  for (;;) {
    const sent = token.get();
    const answer = await fetch(`${API}${path}`, {
      method,
      headers: { ...headers(), "Content-Type": "application/json" }, // a change needs it, also without a body
      body,
      signal,
      cache: "no-store",
    });
    if (answer.status === 401 && askForToken) await tokenRefused(sent);
    else if (answer.ok) return answer;
    else throw new ApiError(answer.status, await answer.json().catch(() => ({})));
  }
}

async function request(method, path, body, signal) {
  const answer = await send(method, path, body === undefined ? undefined : JSON.stringify(body), signal);
  return answer.status === 204 ? null : answer.json().catch(() => ({}));
}

const query = (parameters) => {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return set.length ? `?${new URLSearchParams(set)}` : "";
};

export const get = (path, parameters = {}, { signal } = {}) => request("GET", path + query(parameters), undefined, signal);
export const post = (path, body = {}) => request("POST", path, body);
export const patch = (path, body) => request("PATCH", path, body);
export const put = (path, body) => request("PUT", path, body);
export const remove = (path) => request("DELETE", path);

/** The address of a file, for a link. */
export const fileUrl = (path, parameters = {}) => `${API}${path}${query(parameters)}`;

/** The bytes of a file as a Blob. */
export const getFile = async (path, parameters = {}) => (await send("GET", path + query(parameters))).blob();

/** Send a file of JSON as it is. */
export const putFile = (path, file) => send("PUT", path, file);

export const inSpace = (space) => `/spaces/${encodeURIComponent(space)}`;

const SILENCE = 40_000; // the server says something every 15 s

/**
 * Follow a space's events until `signal` is aborted or the space is closed. With fetch instead of EventSource, so that
 * the token can be sent; a lost or silent connection is opened again. `state` is called with "live" at the first event,
 * "away" when there is no connection, and "gone" when there is no such space. With `once` it ends after one event.
 */
export async function follow(space, { event, state, signal, once = false }) {
  let pause = 250;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener("abort", stop);
    let timer = 0;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(stop, SILENCE);
    };
    try {
      heard();
      const sent = token.get();
      const answer = await fetch(`${API}${inSpace(space)}/events`, { headers: headers(), signal: attempt.signal, cache: "no-store" });
      if (answer.status === 404) return state("gone");
      if (answer.status === 401) await tokenRefused(sent);
      if (answer.ok) {
        const ended = await read(answer.body, heard, (name, data) => {
          if (name === "closed") return true;
          pause = 250;
          state("live");
          event(name, data);
          return once;
        });
        if (ended && !once) return state("gone");
        if (ended) return undefined;
      }
    } catch {
      // the connection was lost, or `signal` was aborted: both are handled below
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      stop();
    }
    if (signal.aborted) return undefined;
    state("away");
    if (once) return undefined;
    await new Promise((resolve) => {
      const go = setTimeout(resolve, pause);
      signal.addEventListener("abort", () => { clearTimeout(go); resolve(); }, { once: true });
    });
    pause = Math.min(pause * 1.6, 3000);
  }
  return undefined;
}

/** Read events until the stream ends, or `event` returns true; whether it did. */
async function read(stream, heard, event) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return false;
    heard();
    buffer += value;
    let end;
    while ((end = buffer.indexOf("\n\n")) >= 0) {
      const lines = buffer.slice(0, end).split("\n");
      buffer = buffer.slice(end + 2);
      const name = lines.find((line) => line.startsWith("event: "))?.slice(7);
      const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
      if (name && data && event(name, JSON.parse(data))) return true;
    }
  }
}
