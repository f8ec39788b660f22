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
async function send(method, path, body) {
  for (;;) {
    const sent = token.get();
    const answer = await fetch(`${API}${path}`, {
      method,
      headers: { ...headers(), "Content-Type": "application/json" }, // a change needs it, also without a body
      body,
      cache: "no-store",
    });
    if (answer.status === 401 && askForToken) await tokenRefused(sent);
    else if (answer.ok) return answer;
    else throw new ApiError(answer.status, await answer.json().catch(() => ({})));
  }
}

async function request(method, path, body) {
  const answer = await send(method, path, body === undefined ? undefined : JSON.stringify(body));
  return answer.status === 204 ? null : answer.json().catch(() => ({}));
}

const query = (parameters) => {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return set.length ? `?${new URLSearchParams(set)}` : "";
};

export const get = (path, parameters = {}) => request("GET", path + query(parameters));
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

/**
 * Follow a space's events until `signal` is aborted. With fetch instead of EventSource, so that the token can be sent;
 * a lost connection is opened again. `state` is called with "live", "away" or "gone" (the space is closed).
 */
export async function follow(space, { event, state, signal }) {
  let pause = 250;
  while (!signal.aborted) {
    try {
      const sent = token.get();
      const answer = await fetch(`${API}${inSpace(space)}/events`, { headers: headers(), signal, cache: "no-store" });
      if (answer.status === 401) await tokenRefused(sent);
      else if (answer.status === 404) state("gone");
      if (answer.ok) {
        state("live");
        pause = 250;
        await read(answer.body, event);
      }
    } catch {
      // the connection was lost, or `signal` was aborted: both are handled below
    }
    if (signal.aborted) return;
    state("away");
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.6, 3000);
  }
}

async function read(stream, event) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    let end;
    while ((end = buffer.indexOf("\n\n")) >= 0) {
      const lines = buffer.slice(0, end).split("\n");
      buffer = buffer.slice(end + 2);
      const name = lines.find((line) => line.startsWith("event: "))?.slice(7);
      const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
      if (name && data) event(name, JSON.parse(data));
    }
  }
}
