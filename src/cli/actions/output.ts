import type { RemoteOptions } from '../arguments.js';
import type { Io } from '../io.js';
import { withFabric } from '../remote.js';

/** `marie output`: prints the output of a job. */
export async function output(io: Io, dagId: string, job: string, options: RemoteOptions): Promise<void> {
  const value = await withFabric(options, (client) => client.output(dagId, job));
  io.emit('output', { dagId, job, output: value }, () => JSON.stringify(value, null, 2));
}
