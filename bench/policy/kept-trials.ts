/**
 * Trials that have ended, one a line of a file, each written as soon as it has: an evaluation that was ended, or whose
 * explanations were changed, goes on where it was. A line counts only for the code and the load that gave it.
 */
import { createHash } from 'node:crypto';
import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unlessMissing } from '../../src/catalogue/thrown.js';
import { loadDigest, type Trial, titleOf } from './trial.js';

/** What decides the numbers, from this folder. */
const DECIDES = ['catalogue', 'edge/submission', 'import', 'kernel', 'simulate']
  .map((folder) => `../../src/${folder}`)
  .concat('.');
/** What stands beside them and decides none. */
const DECIDES_NONE = /^(crew|kept-trials|page|reasons)\./;

/** A line of the file. */
interface Line {
  readonly code: string;
  readonly load: string;
  readonly trial: string;
  /** JSON has no NaN, which is what a percentile of nothing is: null stands for it. */
  readonly values: readonly (number | null)[];
}

export class KeptTrials {
  readonly #known = new Map<string, readonly number[]>();

  private constructor(
    private readonly file: string | null,
    private readonly code: string,
  ) {}

  /** Opens a file, which need not be there yet; null: nothing is kept. */
  static async open(file: string | null): Promise<KeptTrials> {
    const kept = new KeptTrials(file, await codeDigest());
    if (file === null) return kept;
    for (const text of (await unlessMissing(readFile(file, 'utf8'), '')).split('\n')) {
      // The last line of an evaluation that was killed may be half a line.
      if (!text.endsWith('}')) continue;
      const { code, load, trial, values } = JSON.parse(text) as Line;
      const numbers = values.map((value) => value ?? Number.NaN);
      kept.#known.set(`${code} ${load} ${trial}`, numbers);
    }
    return kept;
  }

  /** What a trial gave; undefined: it has to be run. */
  find(trial: Trial): readonly number[] | undefined {
    return this.#known.get(`${this.code} ${loadDigest(trial)} ${titleOf(trial)}`);
  }

  async add(trial: Trial, values: readonly number[]): Promise<void> {
    if (this.file === null) return;
    const line: Line = { code: this.code, load: loadDigest(trial), trial: titleOf(trial), values };
    await appendFile(this.file, `\n${JSON.stringify(line)}\n`);
  }
}

/** Digest of all code that a number depends on. */
async function codeDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of DECIDES) {
    const path = fileURLToPath(new URL(folder, import.meta.url));
    const names = (await readdir(path, { recursive: true })).filter((name) => /(?<!\.d)\.[jt]s$/.test(name));
    for (const name of names.sort()) {
      if (DECIDES_NONE.test(name)) continue;
      hash.update(name).update(await readFile(join(path, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
