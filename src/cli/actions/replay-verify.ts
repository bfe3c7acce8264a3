import type { CommonOptions } from '../arguments.js';
import { Exit } from '../exit.js';
import { grouped } from '../format.js';
import { openIo } from '../io.js';
import { Meter } from '../meter.js';
import { loadVerify } from '../parts.js';
import { findJournal } from './journal-folder.js';

/** `marie replay verify`: folds a journal again, and says whether every turn came out the same. */
export async function replayVerify(dir: string, options: CommonOptions): Promise<void> {
  const io = openIo(options);
  const { folder } = await findJournal(dir);
  const { verify } = await loadVerify();
  const meter = new Meter(io, 'verified');
  const beganAtMs = performance.now();
  const result = await verify(folder, { onProgress: (done) => meter.show(`${grouped(done.turns)} turns`) });
  meter.clear();
  const seconds = (performance.now() - beganAtMs) / 1_000;
  const { ok, turns, events, stateHash, mismatch } = result;
  if (!ok) process.exitCode = Exit.Failed;
  if (io.json) {
    io.out(JSON.stringify({ ok, turns, events, stateHash, mismatch: mismatch ?? null, seconds }));
    return;
  }
  const rate = seconds > 0 ? `, ${grouped(Math.round(events / seconds))} events/s` : '';
  io.out(`${grouped(turns)} turns, ${grouped(events)} events${rate}`);
  io.out(`state hash ${stateHash}`);
  if (ok) io.out(io.colors.green('every turn came out as it was recorded'));
  else io.out(`${io.colors.red('the replay differs')}: ${JSON.stringify(mismatch)}`);
}
