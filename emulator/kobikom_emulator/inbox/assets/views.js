// The views of the page, in the order of their tabs: name in the URL, label, module.

import { controls } from "./controls.js";
import { ledger } from "./ledger.js";
import { messages } from "./messages.js";
import { requests } from "./requests.js";
import { spaces } from "./spaces.js";

export const VIEWS = { messages, requests, controls, credit: ledger, spaces };
export const NAMES = { messages: "Messages", requests: "Requests", controls: "Controls", credit: "Credit", spaces: "Spaces" };

/** Earlier names in the URL. */
export const RENAMED = { ledger: "credit" };
