import type { RemoteOptions } from '../arguments.js';
import type { Io } from '../io.js';
import { laidOut, withField } from '../json-layout.js';
import { withFabric } from '../remote.js';

/** `marie output`: prints the output of a job. */
export async function output(io: Io, dagId: string, job: string, options: RemoteOptions): Promise<void> {
  const json = await withFabric(options, (client) => client.outputText(dagId, job));
  const value = { dagId, job, output: JSON.parse(json) as unknown };
  io.emit(
    'output',
    value,
    () => laidOut(json, '  '),
    () => withField({ dagId, job }, 'output', json),
  );
}
