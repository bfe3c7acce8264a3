import type { PartingView } from '../../../replay/index.js';
import { ruleWords } from '../../../replay/why/words.js';
import { grouped, moment } from './format.js';

/** Where two histories part, in words. */
export function partingLines(parting: PartingView, a: string, b: string): readonly string[] {
  const { turn, atMs, recorded, other } = parting;
  const where = `they part in turn ${turn}, ${moment(atMs)}`;
  // No dispatch of that turn differs: it is what comes in that does, such as a DAG that is left out.
  if (recorded === null && other === null) return [`${where}: from there on what comes in differs`];
  const words = dispatchWords(recorded) === dispatchWords(other) ? chargeWords : dispatchWords;
  return [where, `  ${a}: ${words(recorded)}`, `  ${b}: ${words(other)}`];
}

/** The same with what is charged, for two that differ in nothing else. */
function chargeWords(dispatch: PartingView['recorded']): string {
  const charged = dispatch === null ? '' : `, attempt ${dispatch.attempt}, ${grouped(dispatch.cost)} slot-ms charged`;
  return `${dispatchWords(dispatch)}${charged}`;
}

/** A dispatch in words: which job, where, and by what it was chosen. */
export function dispatchWords(dispatch: PartingView['recorded']): string {
  if (dispatch === null) return 'nothing more in this turn';
  const { dag, job, executor, lane, decidedBy } = dispatch;
  const by = decidedBy === 'none' ? 'the only one that was ready' : `by ${ruleWords(decidedBy)}`;
  return `${dag} ${job} on ${executor}, ${lane} lane, ${by}`;
}
