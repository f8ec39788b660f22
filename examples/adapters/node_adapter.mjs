// The adapter protocol around kobikom.mjs: one JSON object a line in, one a line out.
import { createInterface } from 'node:readline';
import { verbs } from './kobikom.mjs';

const able = ['send', 'message_ids', 'reports', 'report_ids', 'titles', 'balance', 'timeout', 'flash'];

for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  let answer = { capabilities: able };
  if (call.op !== 'capabilities') answer = await verbs[call.op](call).catch(({ kind, code = null }) => {
    // What is lost or can't be read leaves the fate of what has effects unknown.
    if (kind !== 'refused' && kind !== 'transport') kind = /titles|balance/.test(call.op) ? 'malformed' : 'unknown_fate';
    return { error: { kind, code } };
  });
  console.log(JSON.stringify(answer));
}
