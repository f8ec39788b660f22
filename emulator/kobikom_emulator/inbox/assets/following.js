// Follows the events of the page's space. A page that is not visible asks from time to time instead: browsers open at most
// six connections to a host, and every open stream takes one of them.

import { follow } from "./api.js";

const ASK_EVERY = 5000;
const KEEP_FOR = 2000; // a page that is hidden for less keeps its stream

/** `start(space)` follows another space from now on, `again()` connects at once. */
export function follower({ event, state }) {
  let space = "";
  let current = null;
  let timer = 0;

  function connect(once) {
    current?.abort();
    clearTimeout(timer);
    current = new AbortController();
    const { signal } = current;
    const here = space;
    const done = follow(here, {
      signal, once,
      state: (name) => !signal.aborted && state(name),
      event: (name, data) => !signal.aborted && here === space && event(data),
    });
    if (once) done.then(() => { if (!signal.aborted) timer = setTimeout(() => connect(document.hidden), ASK_EVERY); });
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => connect(true), KEEP_FOR);
    else connect(false);
  });

  return {
    start(name) {
      space = name;
      connect(document.hidden);
    },
    again: () => connect(document.hidden),
    stop() {
      current?.abort();
      clearTimeout(timer);
    },
  };
}
