// Runs under node:test, vitest (with --globals) and jest (with --experimental-vm-modules).
import assert from 'node:assert/strict';
import { tests } from './tests.mjs';

const test = globalThis.test ?? (await import('node:test')).test;
for (const [name, run] of tests(assert)) test(name, run);
