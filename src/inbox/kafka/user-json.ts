import { CatalogueError } from '../../catalogue/error.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { InputEntry } from '../../catalogue/generated/types.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Checks the user's JSON in an input that came as Avro, once and for all. Throws `invalid-value`. */
export function checkUserJson(input: InputEntry): void {
  if (input.code === Code.CompleteJob || input.code === Code.ResolveSignal) check(input.body.output, '/output');
  if (input.code !== Code.SubmitDag) return;
  input.body.jobs.forEach((job, index) => {
    check(job.when, `/jobs/${index}/when`);
    for (const { name, value } of job.inputs) check(value, `/jobs/${index}/inputs/${name}`);
  });
}

function check(bytes: Uint8Array | null, path: string): void {
  if (bytes === null) return;
  try {
    JSON.parse(decoder.decode(bytes));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CatalogueError('invalid-value', `${path} is no JSON: ${why}`);
  }
}
