import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryBinding } from '../../../src/store/rocksdb/binding.js';

describe('the library of the store is tried in a process of its own', () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'binding-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  /** A Node that does this instead. */
  function nodeThat(does: string): string {
    const program = join(dir, 'node');
    writeFileSync(program, `#!/bin/sh\n${does}\n`);
    chmodSync(program, 0o755);
    return program;
  }

  it('that this Node can load it is no news', async () => {
    await expect(tryBinding(process.execPath)).resolves.toBeUndefined();
  });

  it('a Node that is aborted by it is told of, with what the library said', async () => {
    const node = nodeThat(`echo "terminate called" >&2; echo "  what():  std::bad_alloc" >&2; kill -ABRT $$`);
    await expect(tryBinding(node)).rejects.toMatchObject({
      code: 'node-not-supported',
      message: expect.stringMatching(/^Node \d.* can't load the library of the store \(what\(\): {2}std::bad_alloc\)$/),
    });
  });

  it('and with the signal where it said nothing', async () => {
    await expect(tryBinding(nodeThat('kill -SEGV $$'))).rejects.toMatchObject({
      code: 'node-not-supported',
      message: expect.stringContaining('(SIGSEGV)'),
    });
  });

  it('an error that can be caught is left to who loads it: it is not about Node', async () => {
    const node = nodeThat(`echo "Error: No native build was found" >&2; echo "Node.js v22.0.0" >&2; exit 1`);
    await expect(tryBinding(node)).resolves.toBeUndefined();
  });

  it('where no process can be begun it says why', async () => {
    await expect(tryBinding(join(dir, 'gone'))).rejects.toMatchObject({
      code: 'node-not-supported',
      message: expect.stringContaining('ENOENT'),
    });
  });
});
