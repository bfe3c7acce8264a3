/** What a process that was killed left unfinished, in folders that other processes may be writing to. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { startFabric } from '../gateway/setup.js';

const SNAPSHOT = `${'7'.padStart(16, '0')}-0123456789abcdef.snapshot`;
const OLD = ['.new-old', `${SNAPSHOT}.a-B_9-0.new`, `${SNAPSHOT}.new`];
const KEPT = ['.new-of-now', `${SNAPSHOT.replace('7', '8')}.id.new`, SNAPSHOT, 'notes.new', 'notes'];

it('is removed by the next start if nobody has written to it for an hour, and told', async () => {
  const [blobs, folder] = [temporaryFolder(), temporaryFolder()];
  const told: object[] = [];
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  for (const place of [blobs, folder]) {
    for (const name of [...OLD, ...KEPT]) {
      await writeFile(join(place, name), 'part');
      if (!KEPT.slice(0, 2).includes(name)) await utimes(join(place, name), longAgo, longAgo);
    }
    await mkdir(join(place, '.new-folder'));
    await utimes(join(place, '.new-folder'), longAgo, longAgo);
  }
  const logger = pino({}, { write: (line: string) => void told.push(JSON.parse(line)) });
  await startFabric({ blobs, snapshots: { folder } }, { logger });
  expect((await readdir(blobs)).sort()).toEqual(['.new-folder', ...OLD.slice(1), ...KEPT].sort());
  expect((await readdir(folder)).sort()).toEqual(['.new-folder', OLD[0], ...KEPT].sort());
  expect(told).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ file: join(blobs, OLD[0]!), bytes: 4 }),
      expect.objectContaining({ file: join(folder, OLD[1]!), bytes: 4 }),
    ]),
  );
});
