import { blobView, type Output } from '../rows/cold-rows.js';
import type { OutputView } from './port.js';
import { textOfUserJson } from './user-json.js';

/** The output of a job that succeeded; one that gave none has the output null. */
export function outputView(output: Output | null): OutputView {
  if (output === null || (output.blob === null && output.json === null)) return { json: 'null' };
  if (output.blob === null) return { json: textOfUserJson(output.json!) };
  return { blob: blobView(output.blob) };
}
