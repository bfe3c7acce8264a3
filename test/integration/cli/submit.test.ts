/** What `marie submit` sends of a file: the file itself, but for what the command line fills in. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ScriptedServer } from '../../support/scripted-server.js';
import { atEnd, marie, temporaryFolder } from './setup.js';

const SUBMITTED = { dagId: 'd', dag: 1, turn: 2, atMs: 3, duplicate: false };
const PDF = 'x';
const SHA_256 = createHash('sha256').update(PDF).digest('hex');
const BLOB = { uri: `blob:sha256:${SHA_256}`, sha256: SHA_256, bytes: PDF.length };

/** Numbers with more digits than a double has, a one with a zero behind it, keys that JavaScript would sort. */
const VALUE = '{ "n": [12345678901234567890.10, 1.0, 1e2],  "b":1,"a":2,"2":0,"1":0, "e":"\\u0041" }';
const open = (binding: string) => `{ "jobs": [
  { "id": "a", "kind": "noop", "inputs": { "x": {"value": ${VALUE}}, "pdf": ${binding} } }
] }
`;

let folder: string;
let server: ScriptedServer;

beforeEach(async () => {
  folder = temporaryFolder();
  server = await ScriptedServer.start();
  atEnd(() => server.stop());
  server.json('POST', /^\/v1\/dags$/, 201, SUBMITTED);
  server.json('PUT', /^\/v1\/blobs/, 200, BLOB);
  server.json('POST', /^\/v1\/blobs/, 200, BLOB);
});

/** Submits the text of a file, and gives what was sent and what was said. */
async function submit(name: string, text: string, ...options: string[]) {
  const file = join(folder, name);
  await writeFile(file, text);
  const { code, stderr } = await marie(['submit', file, '--url', server.url, ...options]);
  return { code, stderr, sent: server.seen.find(({ path }) => path === '/v1/dags') };
}

describe('JSON', () => {
  it('is sent as it stands in the file, under a key of its own', async () => {
    const text = open('{"value": 0}');
    const { code, sent, stderr } = await submit('dag.json', text);
    expect(code, stderr).toBe(0);
    expect(sent?.body).toBe(text);
    expect(sent?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is sent with its inputs, its id and its key filled in, and nothing else changed', async () => {
    await writeFile(join(folder, 'pdf'), PDF);
    const options = ['--input', `pdf=${join(folder, 'pdf')}`, '--id', 'd"1', '--key', 'k'];
    const { code, sent, stderr } = await submit('dag.json', open('{ "input": "pdf" }'), ...options);
    expect(code, stderr).toBe(0);
    expect(sent?.body).toBe(open(`{"uri":"${BLOB.uri}"}`).replace('{', '{"id":"d\\"1","idempotencyKey":"k",'));
  });

  it('has the priority and the deadlines of the command line, in place of those in the file', async () => {
    const text = '{"priority": 1, "jobs": [], "deadlineAtMs": 5}';
    const before = Date.now();
    const options = ['--priority', '-7', '--deadline', '+2h', '--hard-deadline', '2036-12-24T18:00Z'];
    const { code, sent, stderr } = await submit('dag.json', text, ...options);
    expect(code, stderr).toBe(0);
    const { deadlineAtMs, ...others } = JSON.parse(sent!.body);
    expect(others).toEqual({ priority: -7, hardDeadlineAtMs: Date.UTC(2036, 11, 24, 18), jobs: [] });
    expect(deadlineAtMs - 7_200_000).toBeGreaterThanOrEqual(before);
    expect(deadlineAtMs - 7_200_000).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['--priority', '1.5', 'error invalid-priority: a priority is a whole number from -1,000,000 to 1,000,000'],
    ['--deadline', 'tomorrow', 'error invalid-time: tomorrow is no time'],
    ['--hard-deadline', 'none', 'error invalid-time: none is no time'],
  ])('is not sent where %s is %s', async (flag, value, error) => {
    const { code, sent, stderr } = await submit('dag.json', '{"jobs": []}', flag, value);
    expect(stderr).toContain(error);
    expect([code, sent]).toEqual([2, undefined]);
  });

  it('with a key twice is refused: one of the two values would be lost', async () => {
    const { code, sent, stderr } = await submit('dag.json', '{"jobs": [],\n  "name": "a", "n\\u0061me": "b"}');
    expect(stderr).toMatch(/^error unreadable-file: an object has the key "name" twice, again at line 2, column 16\n/);
    expect([code, sent]).toEqual([2, undefined]);
  });
});

describe('YAML', () => {
  it('is sent as the JSON that it stands for', async () => {
    const { code, sent, stderr } = await submit('dag.yaml', 'jobs: [ { id: a, kind: noop, slots: 1.0 } ]', '--id', 'd');
    expect(code, stderr).toBe(0);
    expect(sent?.body).toBe('{"id":"d","jobs":[{"id":"a","kind":"noop","slots":1}]}');
  });

  it.each(['12345678901234567890.10', '0.12345678901234567890', '.inf', '.nan', '0xfffffffffffffffff', '1e400'])(
    'with a number that would become another is refused: %s',
    async (number) => {
      const text = `jobs: [ { id: a, inputs: { x: { value: [ ${number} ] } } } ]`;
      const { code, sent, stderr } = await submit('dag.yaml', text);
      expect(stderr).toContain(`error unreadable-file: the number ${number} would become `);
      expect([code, sent]).toEqual([2, undefined]);
    },
  );

  it('that contains itself is refused', async () => {
    const { code, sent, stderr } = await submit('dag.yaml', 'jobs: []\nlabels: &a\n  x: [*a]\n');
    expect(stderr).toMatch(/^error unreadable-file: the alias \*a stands within what it names, at line 3, column 7\n/);
    expect([code, sent]).toEqual([2, undefined]);
  });
});
