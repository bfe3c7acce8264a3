/** Finds the user JSON of a submission: the `when` of each job and the `value` of each binding, as bytes received. */
import {
  eachElement,
  eachMember,
  isArrayAt,
  isKey,
  isObjectAt,
  keyOf,
  type OnMember,
  skipSpace,
  skipValue,
} from '../json/raw.js';

/** User JSON of one job. */
export interface RawJob {
  when: Uint8Array | null;
  /** By input name. */
  values: Map<string, Uint8Array> | null;
}

/** User JSON of each job, by its index; jobs without any are absent. Throws `TooDeep`. */
export function rawParts(text: string): ReadonlyMap<number, RawJob> {
  const walk = new Walk(text);
  eachMember(text, skipSpace(text, 0), walk.submission);
  return walk.jobs;
}

/** One pass over the text. The functions for each level are made once, so that a member costs no allocation. */
class Walk {
  readonly jobs = new Map<number, RawJob>();
  #job: RawJob = { when: null, values: null };
  #nameAt = 0;
  #nameEnd = 0;

  constructor(private readonly text: string) {}

  readonly submission: OnMember = (keyAt, keyEnd, at) => {
    const text = this.text;
    if (!isKey(text, keyAt, keyEnd, '"jobs"') || !isArrayAt(text, at)) return skipValue(text, at);
    this.jobs.clear();
    return eachElement(text, at, this.#element);
  };

  readonly #element = (index: number, at: number): number => {
    const text = this.text;
    if (!isObjectAt(text, at)) return skipValue(text, at);
    const end = eachMember(text, at, this.#jobMember);
    if (this.#job.when !== null || this.#job.values !== null) {
      this.jobs.set(index, this.#job);
      this.#job = { when: null, values: null };
    }
    return end;
  };

  readonly #jobMember: OnMember = (keyAt, keyEnd, at) => {
    const text = this.text;
    if (isKey(text, keyAt, keyEnd, '"inputs"') && isObjectAt(text, at)) {
      this.#job.values = null;
      return eachMember(text, at, this.#input);
    }
    const end = skipValue(text, at);
    if (isKey(text, keyAt, keyEnd, '"when"')) this.#job.when = this.#bytes(at, end);
    return end;
  };

  readonly #input: OnMember = (nameAt, nameEnd, at) => {
    const text = this.text;
    if (this.#job.values !== null) this.#job.values.delete(keyOf(text, nameAt, nameEnd));
    if (!isObjectAt(text, at)) return skipValue(text, at);
    this.#nameAt = nameAt;
    this.#nameEnd = nameEnd;
    return eachMember(text, at, this.#bindingMember);
  };

  readonly #bindingMember: OnMember = (keyAt, keyEnd, at) => {
    const text = this.text;
    const end = skipValue(text, at);
    if (isKey(text, keyAt, keyEnd, '"value"')) {
      this.#job.values ??= new Map();
      this.#job.values.set(keyOf(text, this.#nameAt, this.#nameEnd), this.#bytes(at, end));
    }
    return end;
  };

  #bytes(from: number, to: number): Uint8Array {
    return Buffer.from(this.text.slice(from, to), 'utf8');
  }
}
