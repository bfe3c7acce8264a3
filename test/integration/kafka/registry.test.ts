import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { encodeBody } from '../../../src/catalogue/codec.js';
import { CODE_NAMES, Code } from '../../../src/catalogue/generated/codes.js';
import { Framing } from '../../../src/kafka/framing.js';
import { findSchemas, registerSchemas, subjectOf } from '../../../src/kafka/registry.js';
import { schemaIds } from '../../../src/main/kafka/schema-ids.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { startRegistry } from '../../support/kafka/registry.js';
import { needsKafka } from '../../support/kafka/shared.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

/** Hears why numbers of before are used. */
const kept = vi.fn();

beforeEach((context) => {
  kept.mockClear();
  needsKafka(context);
});

it('knows every schema by a number, which is kept when the registry goes away', async () => {
  const registry = await startRegistry();
  await expect(findSchemas(registry)).rejects.toMatchObject({ code: 'registry-refused' });
  const ids = await registerSchemas(registry);
  expect([...ids.keys()].sort((a, b) => a - b)).toEqual([...CODE_NAMES.keys()].sort((a, b) => a - b));
  expect(await registerSchemas(registry)).toEqual(ids);

  // What is framed with such a number is what any client of the registry reads.
  const body = { token: 7, reason: 'done' };
  const value = new Framing(ids).frame(Code.LeaseReleased, encodeBody(Code.LeaseReleased, body));
  const reader = new SchemaRegistry({ host: registry.url });
  expect(await reader.decode(value)).toMatchObject(body);
  expect(new Framing(ids).read(value)).toMatchObject({ code: Code.LeaseReleased });
  expect(new Framing().read(value)).toMatchObject({ reason: 'unknown-version' });

  // A subject takes only what can read its earlier versions.
  const other = {
    type: 'record',
    name: 'LeaseReleased',
    namespace: 'marie.v1',
    fields: [{ name: 'new', type: 'int' }],
  };
  const refused = await fetch(`${registry.url}/subjects/${subjectOf(Code.LeaseReleased)}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify(other) }),
  });
  expect(refused.status).toBe(409);

  const data = temporaryFolder();
  expect(await schemaIds(data, registry, kept)).toEqual(ids);
  await registry.stop();
  expect(await schemaIds(data, registry, kept)).toEqual(ids);
  await expect(schemaIds(temporaryFolder(), registry, kept)).rejects.toMatchObject({ code: 'registry-unavailable' });
});

/** Stands for a registry: `answer` gives what it says of the schema that is asked for as the n-th, and with which status. */
async function standIn(answer: (n: number) => unknown, status: () => number = () => 200) {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  server.on('POST', /^\/subjects\//u, (_request, response, count) => {
    const body = answer(count);
    if (body !== undefined) send(response, status(), body);
  });
  return { url: server.url, stop: () => server.stop() };
}

it('is asked at each start, as one that was made anew has other numbers', async () => {
  let first = 1;
  let status = 200;
  const registry = await standIn(
    (n) => ({ id: first + n }),
    () => status,
  );
  const data = temporaryFolder();
  const before = await schemaIds(data, registry, kept);
  first = 2 ** 31;
  const after = await schemaIds(data, registry, kept);
  expect(Math.min(...(before?.values() ?? []))).toBe(1);
  expect(Math.min(...(after?.values() ?? []))).toBe(2 ** 31 + CODE_NAMES.size);
  expect(new Framing(after).frame(Code.LeaseReleased, Buffer.from([1]))).toHaveLength(6);
  expect(kept).not.toHaveBeenCalled();
  status = 401;
  expect(await schemaIds(data, registry, kept)).toEqual(after);
  expect(kept).toHaveBeenCalledWith(expect.objectContaining({ code: 'registry-refused' }));
  await registry.stop();
  expect(await schemaIds(data, registry, kept)).toEqual(after);
});

it('does not go by numbers of before where the registry says that it has no such schema; a page says nothing', async () => {
  let answer: unknown = { id: 1 };
  let status = 200;
  const registry = await standIn(
    () => answer,
    () => status,
  );
  const data = temporaryFolder();
  const ids = await schemaIds(data, registry, kept);
  status = 404;
  answer = '<html></html>';
  expect(await schemaIds(data, registry, kept)).toEqual(ids);
  answer = { error_code: 40401, message: 'Subject not found' };
  await expect(schemaIds(data, registry, kept)).rejects.toMatchObject({ code: 'registry-refused' });
});

it('tells of the registry where what was kept of it is damaged', async () => {
  const registry = await standIn(() => ({ id: 1 }));
  const data = temporaryFolder();
  await schemaIds(data, registry, kept);
  truncateSync(join(data, 'schema-ids.json'), 5);
  await registry.stop();
  await expect(schemaIds(data, registry, kept)).rejects.toMatchObject({ code: 'registry-unavailable' });
});

it.each([
  ['is silent', undefined],
  ['answers what is no number', { id: 2 ** 32 }],
  ['answers as any page would', '<html></html>'],
])('is away where whoever stands at its address %s', async (_what, body) => {
  const registry = await standIn(() => body);
  await expect(findSchemas(registry)).rejects.toMatchObject({ code: 'registry-unavailable' });
});
