import type { PartingView } from '../../../replay/index.js';
import { ruleWords } from '../../../replay/why/words.js';
import { grouped, moment } from '../format.js';
import type { Io } from '../io.js';
import { openHistory, watching } from './open-history.js';

/** `marie replay bisect`: the first turn at which two policies decide differently. */
export async function replayBisect(io: Io, place: string, policy: string, against: string | undefined): Promise<void> {
  const history = await openHistory(place);
  const { bisect } = await import('../../../replay/index.js');
  const [a, b] = against === undefined ? [null, policy] : [policy, against];
  const report = await watching(io, 'read', history, (watch) => bisect(history, a, b, watch), { plays: 2 });
  io.emit('replay-bisect', report, () => {
    const same = `${grouped(report.same)} dispatches are the same`;
    if (report.parting === null) return `${same}, to the end`;
    return [same, ...partingLines(report.parting, a ?? 'recorded', b)].join('\n');
  });
}

/** Where two histories part, in words. */
export function partingLines(parting: PartingView, a: string, b: string): readonly string[] {
  const { turn, atMs, recorded, other } = parting;
  return [
    `they part in turn ${turn}, ${moment(atMs)}`,
    `  ${a}: ${dispatchWords(recorded)}`,
    `  ${b}: ${dispatchWords(other)}`,
  ];
}

function dispatchWords(dispatch: PartingView['recorded']): string {
  if (dispatch === null) return 'nothing more in this turn';
  const { dag, job, executor, lane, decidedBy } = dispatch;
  const by = decidedBy === 'none' ? 'the only one that was ready' : `by ${ruleWords(decidedBy)}`;
  return `${dag} ${job} on ${executor}, ${lane} lane, ${by}`;
}
