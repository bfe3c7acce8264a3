/** A key that was used before, for which the journal is asked what it was. */
import { expect, it } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../src/catalogue/generated/types.js';
import { refuseReuse } from '../../src/edge/key-reuse.js';
import { JournalError } from '../../src/journal/errors.js';
import type { JournalRecord } from '../../src/journal/port.js';
import { input } from '../support/kernel/build.js';

const repeat = input(Code.PauseDag, { tenant: 'acme', dagId: 'd', reason: '' } as never) as InputEntry;

async function* reading(...records: readonly JournalRecord[]) {
  yield* records;
}

const failing = (error: Error) => ({
  read: () => {
    throw error;
  },
});

it('says nothing of it where that turn is archived by now, or still to come', async () => {
  await refuseReuse(failing(new JournalError('not-found', 'turn 3 is before turn 9')), 3, repeat);
  await refuseReuse({ read: () => reading() }, 3, repeat);
});

it('hides no other failure', async () => {
  await expect(refuseReuse(failing(new Error('EIO')), 3, repeat)).rejects.toThrow('EIO');
});
