import { InstanceError } from '../../import/instance.js';
import { type ImportedDag, type InstanceOptions, importInstance } from '../../import/wfformat.js';
import { misuse } from '../exit.js';
import { readObject, wrongFile } from '../files/data-file.js';
import type { Io } from '../terminal/io.js';
import { bytes } from '../text/format.js';

/** One submission, in bytes: what a fabric takes. */
const SUBMISSION_BYTES = 8 * 1024 * 1024;

export interface ImportOptions {
  readonly class?: string;
  readonly byKind?: boolean;
  readonly cores?: boolean;
  readonly scale: number;
}

/** `marie import wfformat`: writes the submission that an instance becomes. */
export async function importWfFormat(io: Io, file: string, options: ImportOptions): Promise<void> {
  const { class: executorClass = 'noop', byKind = false, cores: takesCores = false, scale } = options;
  if (byKind && options.class !== undefined) {
    throw misuse('either every job is of the class that --class names, or --by-kind names them');
  }
  const { value } = await readObject(file, 'Name a JSON file of an instance.');
  const classOf = (kind: string): string => (byKind ? kind : executorClass);
  const dag = imported(file, value, { classOf, scale, takesCores, onLeftOut: (what) => io.note(what) });
  const text = textOf(dag);
  const size = Buffer.byteLength(text);
  if (size > SUBMISSION_BYTES) {
    io.note(`it has ${bytes(size)}, and a submission ${bytes(SUBMISSION_BYTES)} at most: a fabric doesn't take it`);
  }
  io.emit('imported', dag, () => text);
}

/** A submission with a job on each line: on a line for each of their fields only half as many would have room. */
function textOf({ jobs, ...dag }: ImportedDag): string {
  const head = JSON.stringify(dag, null, 2).slice(0, -2);
  return `${head},\n  "jobs": [\n${jobs.map((job) => JSON.stringify(job)).join(',\n')}\n  ]\n}`;
}

function imported(file: string, value: unknown, options: InstanceOptions): ImportedDag {
  try {
    return importInstance(value, options);
  } catch (error) {
    throw error instanceof InstanceError ? wrongFile(file, error, 'the instance can not become a DAG') : error;
  }
}
