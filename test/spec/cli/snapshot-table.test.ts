import { expect, it } from 'vitest';
import { snapshotCreate, snapshotVerify } from '../../../src/cli/actions/snapshot.js';
import { openIo } from '../../../src/cli/terminal/io.js';
import { temporaryFolder } from '../../support/fabric/fabric.js';

it('tables of snapshots keep to a terminal of 80 columns', async () => {
  const shown: string[] = [];
  const io = { ...openIo({ quiet: true }), isTerminal: true, columns: 80 };
  const capturing: typeof io = { ...io, emit: (_name, value, text) => void shown.push(text(value)) };
  const history = { snapshots: temporaryFolder() };
  await snapshotCreate(capturing, 'corpus:late-invoice', { ...history, at: '9' });
  await snapshotVerify(capturing, 'corpus:late-invoice', history);
  expect(shown).toHaveLength(2);
  expect(shown[1]).toContain('good');
  for (const line of shown.join('\n').split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});
