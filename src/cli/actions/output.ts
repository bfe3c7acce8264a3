import type { RemoteOptions } from '../arguments.js';
import type { Io } from '../io.js';
import { laidOut, withField } from '../json-layout.js';
import { suggest, withFabric } from '../remote.js';
import { sh } from '../shell.js';

/** `marie output`: prints the output of a job. */
export async function output(io: Io, dagId: string, job: string, options: RemoteOptions): Promise<void> {
  const { json, children } = await withFabric(options, async (client) => {
    const text = await client.outputText(dagId, job);
    return { json: text, children: text === 'null' && (await client.job(dagId, job)).children !== null };
  });
  const value = { dagId, job, output: JSON.parse(json) as unknown };
  io.emit(
    'output',
    value,
    () => laidOut(json, '  '),
    () => withField({ dagId, job }, 'output', json),
  );
  if (children)
    suggest(io, options, sh`marie output ${dagId} ${`${job}[0]`}`, 'a fan-out puts out nothing: its children do');
}
