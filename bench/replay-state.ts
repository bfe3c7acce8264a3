/** `marie replay state --at` on a history of ten million events with snapshots along the way. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { foldTo, stateOf } from '../replay/index.js';
import { boundOf, costs, functionsOf } from './support/bound.js';
import { callMarie } from './support/call.js';
import { writeLongHistory } from './support/long-history.js';
import { profileSelf, summarise } from './support/profile.js';
import type { Bench } from './support/result.js';

const SNAPSHOTS = 24;
/** Moments that are looked at, spread over the history; each is about as far behind a snapshot as a moment can be. */
const LOOKS = 8;

export const replayState: Bench = {
  name: 'replay-state',
  summary: 'seconds of marie replay state --at on ten million events',
  async run(options) {
    const { data, history, turns, details } = await writeLongHistory(options, SNAPSHOTS);
    const every = Math.ceil(turns / SNAPSHOTS);
    const looks: { readonly turn: number; readonly seconds: number; readonly peakMiB: number | null }[] = [];
    for (let i = 1; i <= LOOKS; i++) {
      const at = Math.min(turns, Math.floor((i * SNAPSHOTS) / LOOKS) * every - 1);
      options.note(`replay-state: turn ${at} of ${turns}`);
      const { stdout, seconds, peakMiB } = await callMarie(['replay', 'state', data, '--at', String(at), '--json']);
      const { cell } = JSON.parse(stdout) as { readonly cell: { readonly turn: number } };
      if (cell.turn !== at) throw new Error(`turn ${cell.turn} instead of ${at}`);
      looks.push({ turn: at, seconds, peakMiB });
    }
    options.note('replay-state: from the first turn');
    const none = join(options.folder, 'no-snapshots');
    await mkdir(none);
    const { seconds, peakMiB } = await callMarie(['replay', 'state', data, '--json', '--snapshots', none]);
    options.note('replay-state: profile');
    const summary = summarise(
      await profileSelf(async () => {
        const fold = await foldTo(history, { turn: looks[LOOKS - 2]!.turn });
        await stateOf(fold);
        await fold.close();
      }),
    );
    return {
      value: Math.max(...looks.map((look) => look.seconds)),
      unit: 's',
      target: 2,
      better: 'lower',
      bound: boundOf('the one thread', summary),
      parts: costs(summary, 1),
      details: {
        ...details,
        looks,
        withoutSnapshots: { seconds, peakMiB },
        functions: functionsOf(summary),
      },
    };
  },
};
