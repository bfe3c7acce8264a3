/** A file that is stored: sent piece by piece, as often as it takes. */
import { createHash, randomBytes } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

const TEXT = randomBytes(300_000).toString('hex');
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const stored = (text: string) => ({ uri: `blob:sha256:${digest(text)}`, sha256: digest(text), bytes: text.length });
const STORED = stored(TEXT);

let server: ScriptedServer;
let client: FabricClient;
let folder: string;

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = new FabricClient({ url: server.url, patience: { attempts: 3, baseMs: 1, maxMs: 5 } });
  folder = await mkdtemp(join(tmpdir(), 'marie-put-file-'));
});

afterEach(async () => {
  await client.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

async function fileOf(text: string): Promise<string> {
  const path = join(folder, 'file');
  await writeFile(path, text);
  return path;
}

describe('putFile', () => {
  it('sends what the file holds with its length, and tells of each piece up to the last byte', async () => {
    server.json('PUT', /blobs/, 201, STORED);
    const told: (readonly [number, number])[] = [];
    const path = await fileOf(TEXT);
    expect(await client.blobs.putFile(path, undefined, (sent, total) => told.push([sent, total]))).toEqual(STORED);
    const [request] = server.seen;
    expect(digest(request!.body)).toBe(digest(TEXT));
    expect(request!.headers['content-length']).toBe(String(TEXT.length));
    expect(told.length).toBeGreaterThan(2);
    expect(told.map(([sent]) => sent)).toEqual(told.map(([sent]) => sent).toSorted((a, b) => a - b));
    expect(told.at(-1)).toEqual([TEXT.length, TEXT.length]);
  });

  it('sends all of it again when the fabric asks to, and tells of it anew', async () => {
    server.on('PUT', /blobs/, (_request, response, count) => {
      if (count === 0) send(response, 503, { code: 'not-ready', detail: 'no leader' }, { 'retry-after': '0' });
      else send(response, 201, STORED);
    });
    const told: number[] = [];
    await client.blobs.putFile(await fileOf(TEXT), undefined, (sent) => told.push(sent));
    expect(server.seen.map(({ body }) => digest(body))).toEqual([digest(TEXT), digest(TEXT)]);
    expect(told.filter((sent) => sent === TEXT.length)).toHaveLength(2);
  });

  it('sends an empty file, and what is no regular file', async () => {
    server.json('PUT', /blobs/, 201, stored(''));
    await client.blobs.putFile(await fileOf(''));
    await client.blobs.putFile('/dev/null');
    expect(server.seen.map(({ body }) => body)).toEqual(['', '']);
  });

  it('rejects where others arrived than were read', async () => {
    server.json('PUT', /blobs/, 201, stored('other bytes'));
    const putting = client.blobs.putFile(await fileOf(TEXT));
    await expect(putting).rejects.toMatchObject({ code: 'blob-digest-mismatch' });
    expect(server.seen).toHaveLength(1);
  });

  it('throws what reading the file throws, which names it', async () => {
    server.json('PUT', /blobs/, 201, STORED);
    await expect(client.blobs.putFile(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(client.blobs.putFile(folder)).rejects.toMatchObject({ code: 'EISDIR', path: folder });
    expect(server.seen).toEqual([]);
  });

  it('says so when the file became shorter while it was sent, and does not try again', async () => {
    server.json('PUT', /blobs/, 201, STORED);
    const path = await fileOf(TEXT);
    const putting = client.blobs.putFile(path, undefined, () => truncateSync(path, 10));
    await expect(putting).rejects.toThrow('became shorter while it was sent');
    expect(server.seen).toEqual([]);
  });
});
