/** Where a problem of a canonical submission stands in its wire form. */
import type { Problem, SubmitDag } from '../../catalogue/generated/types.js';
import { below } from '../pointer.js';

const INPUT = /^(\/jobs\/(\d+)\/inputs)\/(\d+)(.*)$/u;
const FAN_OUT = /^(\/jobs\/(\d+)\/fanOut)\/(from|at)$/u;

/** The same problems, with the places that the sender knows: inputs by name, fan-outs by their member. */
export function wirePlaces(problems: readonly Problem[], submission: SubmitDag): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, path: wirePath(problem.path, submission) }));
}

function wirePath(path: string, { jobs }: SubmitDag): string {
  const input = INPUT.exec(path);
  if (input !== null) {
    const name = jobs[Number(input[2])]?.inputs[Number(input[3])]?.name;
    return name === undefined ? path : below(input[1] ?? '', name) + (input[4] ?? '');
  }
  const fanOut = FAN_OUT.exec(path);
  if (fanOut === null) return path;
  const member = jobs[Number(fanOut[2])]?.fanOut?.over === true ? 'over' : 'count';
  return `${fanOut[1]}/${member}/${fanOut[3]}`;
}
