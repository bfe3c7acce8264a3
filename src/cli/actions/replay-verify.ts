import type { VerifyReport } from '../../../replay/index.js';
import { Exit } from '../exit.js';
import { grouped } from '../format.js';
import type { Io } from '../io.js';
import { sizeOf } from '../size.js';
import { showing } from '../work.js';
import { findJournal } from './journal-folder.js';

/** `marie replay verify`: folds a journal again, and says whether every turn came out the same. */
export async function replayVerify(io: Io, dir: string): Promise<void> {
  const { placeOf, verify } = await import('../../../replay/index.js');
  const { folder } = await findJournal(placeOf(dir));
  const total = await sizeOf(folder);
  const report = await showing(io, (show) =>
    verify(folder, {
      onProgress: ({ turns, events, bytes }) =>
        show({
          phase: 'verified',
          done: bytes,
          total,
          counted: events,
          unit: 'events',
          detail: `${grouped(turns)} turns`,
        }),
    }),
  );
  if (!report.ok) process.exitCode = report.problem?.code === 'journal-damaged' ? Exit.Damaged : Exit.Failed;
  io.emit('replay-verify', { folder, ...report }, () => textOf(io, report));
  if (report.problem?.code === 'journal-damaged') {
    io.next(`marie journal repair ${dir} --dry-run`, 'says what is wrong with the journal');
  }
}

function textOf(io: Io, { ok, turns, events, eventsPerSecond, stateHash, torn, problem }: VerifyReport): string {
  const rate = `${grouped(Math.round(eventsPerSecond))} events/s`;
  const lines = [`${grouped(turns)} turns, ${grouped(events)} events (${rate})`, `state hash ${stateHash}`];
  if (torn !== null) lines.push(`the record of turn ${torn.turn} is torn: ${torn.detail}; the history ends before it`);
  if (ok) lines.push(io.colors.green('every turn came out as it was recorded'));
  if (problem !== null) {
    const { turn, code, detail } = problem;
    const why = detail.startsWith(`${code}: `) ? detail : `${code}: ${detail}`;
    lines.push(io.colors.red(`wrong from turn ${turn} on: ${why}`));
    const entries = Object.entries(problem.entries ?? {}).map(([name, count]) => `${count} ${name}`);
    if (entries.length > 0) lines.push(`in that turn: ${entries.join(', ')}`);
  }
  return lines.join('\n');
}
