/** `marie replay verify` on a history of documents: events a second. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type VerifyReport, verify } from '../replay/index.js';
import { boundOf, costs, functionsOf } from './support/bound.js';
import { writeDocuments } from './support/documents-history.js';
import { PROJECT } from './support/folder.js';
import { profileSelf, summarise } from './support/profile.js';
import type { Bench } from './support/result.js';

const EVENTS = 3_000_000;

export const replay: Bench = {
  name: 'replay',
  summary: 'events/s of marie replay verify',
  async run({ folder, scale, note }) {
    const journal = join(folder, 'journal');
    note(`replay: writing ${EVENTS * scale} events`);
    const written = await writeDocuments(journal, EVENTS * scale);
    note('replay: marie replay verify');
    const began = performance.now();
    const args = [join(PROJECT, 'bin/marie.mjs'), 'replay', 'verify', journal, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const seconds = (performance.now() - began) / 1_000;
    const report = JSON.parse(stdout) as VerifyReport;
    if (!report.ok || report.events !== written.events) throw new Error(`not verified: ${stdout}`);
    note('replay: profile');
    const before = process.cpuUsage();
    const summary = summarise(
      await profileSelf(async () => {
        await verify(journal);
      }),
    );
    const { user, system } = process.cpuUsage(before);
    return {
      value: report.eventsPerSecond,
      unit: 'events/s',
      target: 500_000,
      better: 'higher',
      bound: boundOf('the one thread', summary),
      parts: costs(summary, written.events),
      details: {
        ...written,
        turns: report.turns,
        bytesPerEvent: Math.round(written.bytes / written.events),
        perSecondOfProcessor: Math.round((written.events * 1e6) / (user + system)),
        secondsWithStart: Math.round(seconds * 100) / 100,
        functions: functionsOf(summary),
      },
    };
  },
};
