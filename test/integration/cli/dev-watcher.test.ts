import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Watcher } from '../../../src/cli/dev/watcher.js';
import { PATIENT } from '../../support/patience.js';
import { temporaryFolder } from './setup.js';

it('tells of a file that changed while it was loaded, when the files are named that it is made of', async () => {
  const file = join(temporaryFolder(), 'my.ts');
  writeFileSync(file, 'before');
  const told: (readonly string[])[] = [];
  const watcher = new Watcher((files) => told.push(files));
  try {
    watcher.watch([file]);
    writeFileSync(file, 'after');
    watcher.watch([file]);
    await vi.waitFor(() => expect(told).toEqual([[file]]), PATIENT);
  } finally {
    watcher.close();
  }
});
