import type { PartingView } from '../../replay/index.js';
import { ruleWords } from '../../replay/why/words.js';
import { moment } from './format.js';

/** Where two histories part, in words. */
export function partingLines(parting: PartingView, a: string, b: string): readonly string[] {
  const { turn, atMs, recorded, other } = parting;
  const where = `they part in turn ${turn}, ${moment(atMs)}`;
  // No dispatch of that turn differs: it is what comes in that does, such as a DAG that is left out.
  if (recorded === null && other === null) return [`${where}: from there on what comes in differs`];
  return [where, `  ${a}: ${dispatchWords(recorded)}`, `  ${b}: ${dispatchWords(other)}`];
}

/** A dispatch in words: which job, where, and by what it was chosen. */
export function dispatchWords(dispatch: PartingView['recorded']): string {
  if (dispatch === null) return 'nothing more in this turn';
  const { dag, job, executor, lane, decidedBy } = dispatch;
  const by = decidedBy === 'none' ? 'the only one that was ready' : `by ${ruleWords(decidedBy)}`;
  return `${dag} ${job} on ${executor}, ${lane} lane, ${by}`;
}
