// One test of the service, for: kobikom-contracts fuzz -- node examples/fuzzing/test_notifier.mjs
import { Notifier, ServiceDown } from "./notifier.mjs";

const { KOBIKOM_URL, KOBIKOM_USER, KOBIKOM_PASSWORD, KOBIKOM_CONTROL } = process.env;
const NUMBERS = ["905322542525", "905352220087"];

/** Asks the control API of the test's space. */
const headers = { "Content-Type": "application/json" };
const control = async (path, request) => (await fetch(KOBIKOM_CONTROL + path, { headers, ...request })).json();

/** Runs a step of the service, which may be down: what is checked below has to hold then, too. */
async function attempt(step) {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof ServiceDown)) throw error;
    console.log("down:", error.message);
  }
}

const notifier = new Notifier(KOBIKOM_URL, KOBIKOM_USER, KOBIKOM_PASSWORD);
await attempt(() => notifier.notify(NUMBERS, "Siparişiniz yola çıktı"));
await control("/clock", { method: "POST", body: JSON.stringify({ advance: 3 * 86_400 }) });
await attempt(() => notifier.collect());
await attempt(() => notifier.collect());

const { messages } = await control("/messages");
const { entries } = await control("/journal");
// What was lost or damaged on the way can't be stored by any program.
const damaged = entries.some((entry) => entry.operation === "pull" && entry.faults.length > 0);
const accepted = new Set(messages.map((message) => message.to));
const wrong = [
  ...notifier.sent.filter((number) => !accepted.has(number)).map((number) => `${number} is recorded as sent, but the provider never accepted it`),
  ...messages
    .filter((message) => !damaged && message.report === "given" && !notifier.reports.has(message.message_id))
    .map((message) => `the report of ${message.message_id} was given, but it is not stored`),
];
console.log(wrong.join("\n"));
process.exitCode = wrong.length ? 1 : 0;
