import { type ImportedDag, InstanceError, type InstanceOptions, importInstance } from '../../import/wfformat.js';
import { readObject, wrongFile } from '../data-file.js';
import type { Io } from '../io.js';

export interface ImportOptions {
  readonly class: string;
  readonly byKind?: boolean;
  readonly scale: number;
}

/** `marie import wfformat`: writes the submission that an instance becomes. */
export async function importWfFormat(io: Io, file: string, options: ImportOptions): Promise<void> {
  const { class: executorClass, byKind = false, scale } = options;
  const value = await readObject(file, 'Name a JSON file of an instance.');
  const dag = imported(file, value, { classOf: byKind ? (kind) => kind : () => executorClass, scale });
  io.emit('imported', dag, () => JSON.stringify(dag, null, 2));
}

function imported(file: string, value: unknown, options: InstanceOptions): ImportedDag {
  try {
    return importInstance(value, options);
  } catch (error) {
    throw error instanceof InstanceError ? wrongFile(file, error, 'the instance can not become a DAG') : error;
  }
}
