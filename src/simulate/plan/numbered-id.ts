import { MAX_NAME_LENGTH } from '../../kernel/limits.js';

/** The id of a DAG or executor that a plan doesn't name: after its stream or class, which `place` tells from all others. */
export function numberedId(name: string, place: number, number: number): string {
  const numbers = `-${place}-${number}`;
  return name.slice(0, MAX_NAME_LENGTH - numbers.length) + numbers;
}
