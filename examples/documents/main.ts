import { runExecutors } from '../../src/executor/index.js';
import { endpointFrom } from './chat.js';
import { documentExecutors } from './executors.js';

/**
 * `node dist/examples/documents/main.js URL [ID]`: runs the executors of the document pipeline against the fabric at
 * URL until a signal or the fabric ends them. With an ID that outlives restarts (by default `documents`) the fabric
 * ends the leases of a crashed process as soon as it is back.
 */
const [url = process.env['MARIE_URL'], id = 'documents'] = process.argv.slice(2);
if (!url) {
  console.error('usage: main.js URL [ID]');
  process.exit(2);
}
// Started by another program with a channel to it: without that program there is nothing to do.
if (process.connected) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
const documents = documentExecutors({ llm: endpointFrom(process.env) });
// Whoever starts it may submit at once: what isn't warm yet is started by the first job.
documents.warm().catch((error: unknown) => console.error(`the OCR could not be started: ${String(error)}`));
const running = await runExecutors({ url, executors: documents.executors, id });
await running.closed;
await documents.close();
