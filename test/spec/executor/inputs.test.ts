/** A part of an output that came as a blob is what the fabric takes out of one that stands in the dispatch. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { Blobs } from '../../../src/client/blobs.js';
import { inputOf } from '../../../src/executor/inputs.js';
import type { DispatchMessage } from '../../../src/executor/protocol.js';
import { at } from '../../../src/kernel/json/index.js';
import { hasPython } from '../../support/fabric/python.js';

const OUTPUT = { list: ['a', 'b'], '': { '~/': 1 }, '01': 2, text: 'xy' };
const POINTERS = ['', '/list', '/list/1', '/list/01', '/list/2', '/list/-', '/list/-1', '/list/length', '/list/\u0661'];
const OTHERS = ['/', '//~0~1', '/01', '/text/0', '/text/length', '/constructor', '/list/constructor'];

/** What the fabric itself gives: null where there is nothing. */
function given(pointer: string): unknown {
  const json = Buffer.from(JSON.stringify(OUTPUT));
  const span = at(json, pointer);
  return span === null ? null : JSON.parse(json.subarray(span.start, span.end).toString());
}

const sha256 = '0'.repeat(64);
const blob = { uri: `blob:sha256:${sha256}`, sha256, bytes: 9 };
const blobs = { json: async () => OUTPUT } as unknown as Blobs;

it.each([...POINTERS, ...OTHERS])('by the TypeScript SDK: %s', async (pointer) => {
  const dispatch = { inputs: { x: { blob, at: pointer } } } as unknown as DispatchMessage;
  const { x } = await inputOf(dispatch, blobs, () => new AbortController().signal);
  expect(x).toEqual(given(pointer));
});

const PROGRAM = `import json, sys
from marie_executor.job import _pointed_at
output, pointers = json.load(sys.stdin)
print(json.dumps([_pointed_at(output, pointer) for pointer in pointers]))`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('by the Python SDK', () => {
  const pointers = [...POINTERS, ...OTHERS];
  const printed = execFileSync('python3', ['-c', PROGRAM], {
    input: JSON.stringify([OUTPUT, pointers]),
    env: { ...process.env, PYTHONPATH: 'examples/python', PYTHONDONTWRITEBYTECODE: '1' },
  });
  expect(JSON.parse(String(printed))).toEqual(pointers.map(given));
});
