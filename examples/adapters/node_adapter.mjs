// kobikom.mjs as an adapter: reads one JSON object a line and answers each with one.
import { createInterface } from 'node:readline';
import { operations } from './kobikom.mjs';

const capabilities = ['send', 'message_ids', 'reports', 'report_ids', 'titles', 'balance', 'timeout', 'flash'];

for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  let answer = { capabilities };
  if (call.op !== 'capabilities') answer = await operations[call.op](call).catch(({ kind, code = null }) => {
    // A send or a pull without a readable answer may have been processed.
    if (kind !== 'refused' && kind !== 'transport') kind = /titles|balance/.test(call.op) ? 'malformed' : 'unknown_fate';
    return { error: { kind, code } };
  });
  console.log(JSON.stringify(answer));
}
