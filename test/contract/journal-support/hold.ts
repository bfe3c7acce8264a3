/** A process that appends turns to a folder until it is killed, and says which are acknowledged. */
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../../src/journal/files/open.js';
import { appendTurns, CELL } from './turns.js';

const [folder = ''] = process.argv.slice(2);
const { journal } = await openFileJournal({
  disk: nodeDisk,
  folder,
  cell: CELL,
  sync: 'every-turn',
  segmentBytes: 200_000,
});
for (;;) {
  await appendTurns(journal, [9_000]);
  process.stdout.write(`${journal.head().turn}\n`);
}
