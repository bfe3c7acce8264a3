import { createReadStream } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { BlobDirectory } from '../../../src/blobs/directory.js';
import { BlobDamaged, BlobsFull } from '../../../src/blobs/port.js';
import { startGateway } from '../../support/gateway.js';

/** Files that were read, and what a file gives in place of what is in it. */
const opened = vi.hoisted(() => ({ paths: [] as string[], instead: null as string | null }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const { Readable: Given } = await import('node:stream');
  const read: typeof fs.createReadStream = (path, options) => {
    opened.paths.push(String(path));
    if (opened.instead === null) return fs.createReadStream(path, options);
    return Given.from([Buffer.from(opened.instead)]) as never;
  };
  return { ...fs, createReadStream: read };
});

const gateway = await startGateway();
afterAll(() => gateway.close());

describe('blobs', () => {
  const blobs = () => `${gateway.url}/v1/blobs`;
  const keep = (bytes: string, headers: Record<string, string> = {}) =>
    fetch(blobs(), { method: 'PUT', body: bytes, headers: { 'content-type': 'application/pdf', ...headers } });
  const HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

  it('keeps bytes by their digest', async () => {
    for (let i = 0; i < 2; i++) {
      const response = await keep('hello', { 'marie-sha256': HELLO });
      expect(response.status).toBe(201);
      expect(await response.json()).toEqual({ uri: `blob:sha256:${HELLO}`, sha256: HELLO, bytes: 5 });
    }
    const got = await fetch(`${blobs()}/${HELLO}`);
    expect(got.headers.get('content-type')).toBe('application/octet-stream');
    expect(await got.text()).toBe('hello');
  });

  it.each([`"${HELLO}"`, `"x", W/"${HELLO}"`, '*'])('does not send again what is there already: %s', async (has) => {
    await keep('hello');
    const got = await fetch(`${blobs()}/${HELLO}`, { headers: { 'if-none-match': has } });
    expect(got.status).toBe(304);
    expect(got.headers.get('etag')).toBe(`"${HELLO}"`);
    expect(await got.text()).toBe('');
    const other = await fetch(`${blobs()}/${HELLO}`, { headers: { 'if-none-match': '"x"' } });
    expect(await other.text()).toBe('hello');
  });

  it('takes bytes without a type of content', async () => {
    const response = await fetch(blobs(), { method: 'PUT', body: new Uint8Array([104, 101, 108, 108, 111]) });
    expect(await response.json()).toMatchObject({ sha256: HELLO });
  });

  it('keeps an empty blob', async () => {
    const { sha256 } = (await (await keep('')).json()) as { sha256: string };
    expect(await (await fetch(`${blobs()}/${sha256}`)).text()).toBe('');
  });

  it('refuses bytes that are not what the sender says', async () => {
    expect((await keep('hello', { 'marie-sha256': HELLO.toUpperCase() })).status).toBe(201);
    const response = await keep('hello!', { 'marie-sha256': HELLO });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'blob-digest-mismatch' });
    const { sha256 } = (await (await keep('kept')).json()) as { sha256: string };
    const refused = await keep('not kept', { 'marie-sha256': sha256 });
    const [, digest = ''] = /digest (\w+)/.exec(((await refused.json()) as { detail: string }).detail) ?? [];
    expect((await fetch(`${blobs()}/${digest}`)).status).toBe(404);
  });

  it.each(['f'.repeat(64), '../../etc/passwd', 'ABC'])('has no blob %s', async (name) => {
    const response = await fetch(`${blobs()}/${encodeURIComponent(name)}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'blob-not-found' });
  });

  it('never gives damaged bytes, and gives them again when they were put again', async () => {
    const { sha256 } = (await (await keep('to be damaged')).json()) as { sha256: string };
    for (const damaged of ['is now damaged', 'to be damageD']) {
      await writeFile(join(gateway.blobRoot, sha256.slice(0, 2), sha256.slice(2)), damaged);
      const response = await fetch(`${blobs()}/${sha256}`);
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({ code: 'blob-damaged', detail: expect.stringContaining(sha256) });
      expect((await keep('to be damaged')).status).toBe(201);
      expect(await (await fetch(`${blobs()}/${sha256}`)).text()).toBe('to be damaged');
    }
  });

  it.each([
    ['has less', (bytes: Buffer) => bytes.subarray(1)],
    ['has more', (bytes: Buffer) => Buffer.concat([bytes, bytes])],
    ['has others', (bytes: Buffer) => Buffer.concat([Buffer.from('y'), bytes.subarray(1)])],
  ])(
    'gives nobody as many bytes as there should be, where a file %s since they were looked at',
    async (_what, damage) => {
      const blobs = new BlobDirectory(gateway.blobRoot, () => 'one');
      const bytes = Buffer.alloc(300_000, 'x');
      const { sha256 } = await blobs.put(Readable.from([bytes]), { mostBytes: bytes.length });
      const found = await blobs.get(sha256);
      const path = join(gateway.blobRoot, sha256.slice(0, 2), sha256.slice(2));
      await writeFile(path, damage(bytes));
      let given = 0;
      const read = async () => {
        for await (const piece of found!.read()) given += piece.length;
      };
      await expect(read()).rejects.toThrow(BlobDamaged);
      expect(given).toBeLessThan(bytes.length);
      await writeFile(path, bytes);
      expect((await buffer(found!.read())).equals(bytes)).toBe(true);
    },
  );

  it('looks at the bytes of a blob once, and again where its file was changed or gave others than it should', async () => {
    let nowMs = Date.now();
    const blobs = new BlobDirectory(
      gateway.blobRoot,
      () => 'one',
      () => nowMs,
    );
    const { sha256 } = await blobs.put(Readable.from([Buffer.from('read by many')]), { mostBytes: 100 });
    const path = join(gateway.blobRoot, sha256.slice(0, 2), sha256.slice(2));
    // Whole seconds, as others can't be set again exactly.
    const keepTime = () => utimes(path, 1_000_000, 1_000_000);
    await keepTime();
    opened.paths.length = 0;
    const looks = () => opened.paths.splice(0).filter((one) => one === path).length;
    const get = async () => void (await blobs.get(sha256));
    for (let i = 0; i < 2; i++) await get();
    expect(looks()).toBe(2);
    nowMs += 10_000;
    for (let i = 0; i < 5; i++) await get();
    expect(looks()).toBe(1);
    const found = await blobs.get(sha256);
    expect(looks()).toBe(0);
    await writeFile(path, 'read by manY');
    await keepTime();
    await expect(get()).rejects.toThrow(BlobDamaged);
    await writeFile(path, 'read by many');
    nowMs += 10_000;
    for (let i = 0; i < 2; i++) await get();
    expect(looks()).toBe(2);
    opened.instead = 'read by manY';
    await expect(buffer(found!.read())).rejects.toThrow(BlobDamaged);
    opened.instead = null;
    await get();
    expect(looks()).toBe(2);
  });

  it('lets nobody keep the refusal of a blob that can no more be opened when its head is made', async () => {
    const { sha256 } = (await (await keep('kept')).json()) as { sha256: string };
    const gone = { bytes: 4, read: () => createReadStream(join(gateway.blobRoot, 'gone')) };
    const get = vi.spyOn(BlobDirectory.prototype, 'get').mockResolvedValueOnce(gone);
    const response = await fetch(`${blobs()}/${sha256}`);
    get.mockRestore();
    expect([response.status, response.headers.get('cache-control'), response.headers.get('etag')]).toEqual([
      ...[500, 'no-store', null],
    ]);
  });

  it('refuses bytes for which there is no room as such, not as a fault of its own', async () => {
    const full = new BlobsFull(new Error('ENOSPC: no space left on device'));
    const put = vi.spyOn(BlobDirectory.prototype, 'put').mockRejectedValueOnce(full);
    const response = await keep('too much');
    put.mockRestore();
    expect(response.status).toBe(507);
    expect(response.headers.get('retry-after')).not.toBeNull();
    expect(await response.json()).toMatchObject({ code: 'disk-full', detail: expect.stringContaining('no room') });
    expect((await keep('too much')).status).toBe(201);
  });
});
