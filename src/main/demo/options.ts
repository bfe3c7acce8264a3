import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SAMPLES, type SampleName } from '../../../examples/documents/index.js';
import { messageOf } from '../../catalogue/thrown.js';
import { headersOfEnvironment } from '../../client/adapters/headers.js';
import { DEFAULT_PORT } from '../config/defaults.js';

/** What `npm start` was asked to do. */
export interface DemoOptions {
  readonly sample: SampleName;
  /** Where journal, store, blobs and samples are; kept between runs. An absolute path. */
  readonly data: string;
  /** null: the usual one, or any free one where that is taken. */
  readonly port: number | null;
  /** Ends after the result. */
  readonly exit: boolean;
}

/** An option, or something in the environment, that can't be taken; the message says why. */
export class DemoUsage extends Error {
  override readonly name = 'DemoUsage';
}

const DEFAULT_SAMPLE: SampleName = 'mixed';
/** In the project's folder, from wherever it is started. */
const DEFAULT_DATA = fileURLToPath(new URL('../../../../.marie/demo', import.meta.url));

export const DEMO_HELP = `npm start -- [options]

Starts an embedded fabric with the executors of the document example, and sends a sample document through it.

  --sample NAME  ${Object.entries(SAMPLES)
    .map(([name, pages]) => `${name} (${pages} ${pages === 1 ? 'page' : 'pages'})`)
    .join(', ')}; ${DEFAULT_SAMPLE} unless given
  --exit         ends after the result; exit code 0 only if the result is right
  --port N       where the fabric listens; MARIE_PORT or ${DEFAULT_PORT} unless given, or any free port where that is taken
  --data FOLDER  where journal, store and blobs are kept; .marie/demo in the project unless given
  --help         shows this
`;

/** Reads the command line; null when it asks for help. Throws `DemoUsage`. */
export function readDemoOptions(args: readonly string[]): DemoOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const sample = values.sample ?? DEFAULT_SAMPLE;
  if (!isSample(sample)) throw new DemoUsage(`there is no sample ${sample}: ${Object.keys(SAMPLES).join(', ')}`);
  const asked = values.port ?? process.env['MARIE_PORT'];
  const port = asked === undefined ? null : Number(asked);
  if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new DemoUsage(`${asked} is no port`);
  }
  understood(headersOfEnvironment);
  return { sample, port, data: resolve(values.data ?? DEFAULT_DATA), exit: values.exit };
}

function parse(args: readonly string[]) {
  return understood(() =>
    parseArgs({
      args: [...args],
      options: {
        sample: { type: 'string' },
        exit: { type: 'boolean', default: false },
        port: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }),
  ).values;
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new DemoUsage(messageOf(error));
  }
}

function isSample(name: string): name is SampleName {
  return Object.hasOwn(SAMPLES, name);
}
