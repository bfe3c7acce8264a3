import { InstanceError } from '../../import/instance.js';
import { type ImportedDag, type InstanceOptions, importInstance } from '../../import/wfformat.js';
import { readObject, wrongFile } from '../data-file.js';
import { CliError, Exit } from '../exit.js';
import type { Io } from '../io.js';

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
    throw new CliError(
      Exit.Usage,
      'usage',
      'either every job is of the class that --class names, or --by-kind names them',
    );
  }
  const { value } = await readObject(file, 'Name a JSON file of an instance.');
  const classOf = (kind: string): string => (byKind ? kind : executorClass);
  const dag = imported(file, value, { classOf, scale, takesCores, onLeftOut: (what) => io.note(what) });
  io.emit('imported', dag, () => JSON.stringify(dag, null, 2));
}

function imported(file: string, value: unknown, options: InstanceOptions): ImportedDag {
  try {
    return importInstance(value, options);
  } catch (error) {
    throw error instanceof InstanceError ? wrongFile(file, error, 'the instance can not become a DAG') : error;
  }
}
