import type { FoldProgress, History } from '../../../replay/index.js';
import { grouped } from '../format.js';
import type { Io } from '../io.js';
import { Meter } from '../meter.js';
import { findJournal } from './journal-folder.js';

/** Opens the history that a command line names; a wrong place is wrong usage. */
export async function openHistory(place: string): Promise<History> {
  const { openJournal, placeOf } = await import('../../../replay/index.js');
  await findJournal(placeOf(place));
  return openJournal(place);
}

/** Shows how far a pass is, and at which rate. */
export function watching(io: Io, label: string) {
  const meter = new Meter(io, label);
  const beganMs = performance.now();
  const onProgress = ({ turns, entries }: FoldProgress): void => {
    const perSecond = Math.round((entries * 1_000) / Math.max(1, performance.now() - beganMs));
    meter.show(`${grouped(turns)} turns, ${grouped(entries)} entries (${grouped(perSecond)}/s)`);
  };
  return { meter, onProgress };
}
