/** Finds the user JSON of a submission: the `when` of each job and the `value` of each binding, as bytes received. */
import { eachElement, eachMember, isArrayAt, isObjectAt, skipSpace, skipValue } from '../json/raw.js';

/** User JSON of one job. */
export interface RawJob {
  when: Uint8Array | null;
  /** By input name. */
  values: Map<string, Uint8Array> | null;
}

/** User JSON of each job, by its index; jobs without any are absent. Throws `TooDeep`. */
export function rawParts(text: string): ReadonlyMap<number, RawJob> {
  const jobs = new Map<number, RawJob>();
  eachMember(text, skipSpace(text, 0), (key, at) => {
    if (key !== 'jobs' || !isArrayAt(text, at)) return skipValue(text, at);
    jobs.clear();
    return eachElement(text, at, (index, element) => {
      if (!isObjectAt(text, element)) return skipValue(text, element);
      const raw: RawJob = { when: null, values: null };
      const end = jobParts(text, element, raw);
      if (raw.when !== null || raw.values !== null) jobs.set(index, raw);
      return end;
    });
  });
  return jobs;
}

function jobParts(text: string, at: number, raw: RawJob): number {
  return eachMember(text, at, (key, value) => {
    if (key === 'inputs' && isObjectAt(text, value)) {
      raw.values = null;
      return inputParts(text, value, raw);
    }
    const end = skipValue(text, value);
    if (key === 'when') raw.when = bytesOf(text, value, end);
    return end;
  });
}

function inputParts(text: string, at: number, raw: RawJob): number {
  return eachMember(text, at, (name, binding) => {
    raw.values?.delete(name);
    if (!isObjectAt(text, binding)) return skipValue(text, binding);
    return eachMember(text, binding, (key, value) => {
      const end = skipValue(text, value);
      if (key === 'value') {
        raw.values ??= new Map();
        raw.values.set(name, bytesOf(text, value, end));
      }
      return end;
    });
  });
}

function bytesOf(text: string, from: number, to: number): Uint8Array {
  return Buffer.from(text.slice(from, to), 'utf8');
}
