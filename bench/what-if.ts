/** `marie replay what-if` on a history of documents: a million jobs played again under another policy. */
import { join } from 'node:path';
import { openJournal, Play } from '../replay/index.js';
import { boundOf, costs, functionsOf } from './support/bound.js';
import { writeDocuments } from './support/documents-history.js';
import { profileSelf, summarise } from './support/profile.js';
import type { Bench } from './support/result.js';

/** A million jobs, at about seven events each. */
const EVENTS = 7_250_000;

export const whatIf: Bench = {
  name: 'what-if',
  summary: 'seconds of marie replay what-if on a million jobs',
  async run({ folder, scale, note }) {
    const journal = join(folder, 'journal');
    note(`what-if: writing ${EVENTS * scale} events`);
    const written = await writeDocuments(journal, EVENTS * scale);
    note('what-if: reading, then playing again');
    const seconds = { read: 0, played: 0 };
    const before = process.cpuUsage();
    let dispatches = 0;
    const summary = summarise(
      await profileSelf(async () => {
        const began = performance.now();
        const play = await Play.of(await openJournal(journal));
        seconds.read = (performance.now() - began) / 1_000;
        const { numbers, end } = await play.run({ policy: 'fifo@1' });
        seconds.played = (performance.now() - began) / 1_000 - seconds.read;
        if (end !== 'drained') throw new Error(`it ended ${end}`);
        dispatches = numbers.dispatches;
      }),
    );
    const { user, system } = process.cpuUsage(before);
    return {
      value: Math.round((seconds.read + seconds.played) * 100) / 100,
      unit: 's',
      target: 60,
      better: 'lower',
      bound: boundOf('the one thread', summary),
      parts: costs(summary, dispatches),
      details: {
        ...written,
        dispatches,
        secondsToRead: Math.round(seconds.read * 100) / 100,
        secondsToPlay: Math.round(seconds.played * 100) / 100,
        processorSeconds: Math.round((user + system) / 1e4) / 100,
        heapMiB: Math.round(process.memoryUsage().heapUsed / 2 ** 20),
        functions: functionsOf(summary),
      },
    };
  },
};
