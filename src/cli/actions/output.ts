import type { RemoteOptions } from '../arguments.js';
import { suggest, withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { laidOut, withField } from '../text/json-layout.js';
import { sh } from '../text/shell.js';

/** `marie output`: prints the output of a job. */
export async function output(io: Io, dagId: string, job: string, options: RemoteOptions): Promise<void> {
  const { json, hasChildren } = await withFabric(options, async (client) => {
    const text = await client.outputText(dagId, job);
    const children = text === 'null' ? (await client.job(dagId, job)).children : null;
    return { json: text, hasChildren: Object.values(children ?? {}).some((count) => count > 0) };
  });
  const value = { dagId, job, output: JSON.parse(json) as unknown };
  io.emit(
    'output',
    value,
    () => laidOut(json, '  '),
    () => withField({ dagId, job }, 'output', json),
  );
  if (hasChildren)
    suggest(io, options, sh`marie output ${dagId} ${`${job}[0]`}`, 'a fan-out puts out nothing: its children do');
}
