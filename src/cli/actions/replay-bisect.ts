import type { BisectReport, History, PartingView } from '../../../replay/index.js';
import { ruleWords } from '../../../replay/why/words.js';
import { CliError, Exit } from '../exit.js';
import { counted, grouped, moment } from '../format.js';
import type { Io } from '../io.js';
import { openHistory, watching } from './open-history.js';

export interface BisectOptions {
  readonly against?: string;
}

/** `marie replay bisect`: the first turn at which two policies, or two releases, decide differently. */
export async function replayBisect(
  io: Io,
  place: string,
  policy: string | undefined,
  other: string | undefined,
  { against }: BisectOptions,
): Promise<void> {
  if ((policy === undefined) === (against === undefined)) {
    throw new CliError(Exit.Usage, 'usage', 'name a policy, or give --against with a release');
  }
  const history = await openHistory(place);
  if (against !== undefined) return betweenReleases(io, history, place, against);
  const { bisect } = await import('../../../replay/index.js');
  const [a, b] = other === undefined ? [null, policy!] : [policy!, other];
  const report = await watching(io, 'read', history, (watch) => bisect(history, a, b, watch), { plays: 2 });
  io.emit('replay-bisect', report, () => textOf(report, a ?? 'recorded'));
}

async function betweenReleases(io: Io, history: History, place: string, folder: string): Promise<void> {
  const { bisectReleases, placeOf, releaseIn } = await import('../../../replay/index.js');
  const release = await releaseIn(folder);
  const onAsked = (turn: number): void => {
    if (io.isWatched) io.note(`release ${release.version} folds up to turn ${grouped(turn)} again, for its dispatches`);
  };
  const report = await watching(io, 'decided', history, ({ onProgress }) =>
    bisectReleases(history, placeOf(place), release, { onProgress, onAsked }),
  );
  io.emit('replay-bisect', report, () => {
    const { firstTurn, parting } = report;
    const lines = [textOf(report, 'this release')];
    if (parting === null && firstTurn !== null) lines.push(`turn ${firstTurn} is the first that says anything else`);
    return lines.join('\n');
  });
}

function textOf({ same, parting, b }: BisectReport, a: string): string {
  const words = `${counted(same, 'dispatch is', 'dispatches are')} the same`;
  return parting === null ? `${words}, to the end` : [words, ...partingLines(parting, a, b)].join('\n');
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

/** A dispatch in words: which job, where, and by what it was chosen. */
export function dispatchWords(dispatch: PartingView['recorded']): string {
  if (dispatch === null) return 'nothing more in this turn';
  const { dag, job, executor, lane, decidedBy } = dispatch;
  const by = decidedBy === 'none' ? 'the only one that was ready' : `by ${ruleWords(decidedBy)}`;
  return `${dag} ${job} on ${executor}, ${lane} lane, ${by}`;
}
