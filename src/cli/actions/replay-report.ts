import { randomUUID } from 'node:crypto';
import { chmod, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { misuse } from '../exit.js';
import { given } from '../given.js';
import type { Io } from '../terminal/io.js';
import { bytes } from '../text/format.js';
import { mustBeRange, theMoment } from './moments.js';
import { openHistory, watching } from './open-history.js';

export interface ReportOptions {
  readonly out: string;
  readonly from?: string;
  readonly to?: string;
  readonly dag?: string;
  readonly tenant: string;
}

/** `marie replay report`: writes a page with charts. */
export async function replayReport(io: Io, place: string, options: ReportOptions): Promise<void> {
  const { out, from, to, dag, tenant } = options;
  const history = await openHistory(place);
  const { htmlReport } = await import('../../../replay/html/report.js');
  const begin = from === undefined ? undefined : timeOf(from);
  const end = to === undefined ? undefined : timeOf(to);
  mustBeRange(begin, end);
  const dagShown = dag === undefined ? undefined : { tenant, dag };
  const shown = given({ fromMs: begin?.atMs, toMs: end?.atMs, dag: dagShown });
  const text = await watching(
    io,
    'folded',
    history,
    ({ onProgress }) => htmlReport(history, { ...shown, onProgress }),
    given({ until: end }),
  );
  await put(out, text);
  const size = Buffer.byteLength(text);
  const { fromMs = null, toMs = null } = shown;
  io.emit('replay-report', { file: out, bytes: size, fromMs, toMs }, () => `${out}: ${bytes(size)}`);
}

function timeOf(text: string) {
  const moment = theMoment(text);
  if ('atMs' in moment) return moment;
  throw misuse(`${text} is a turn; a period goes from time to time`);
}

/**
 * A page that is there stays until the new one is whole, and says who may
 * read that. What is no file, such as a pipe, is written to as it is.
 */
async function put(out: string, text: string): Promise<void> {
  const place = await realpath(out).catch(() => out);
  const found = await stat(place).catch(() => null);
  if (found?.isFile() === false) return writeFile(place, text);
  const mode = found === null ? null : found.mode & 0o777;
  // A name that nothing else has: two reports may be made at once.
  const partial = `${place}.${randomUUID()}.partial`;
  try {
    await writeFile(partial, text, { flag: 'wx', ...(mode !== null && { mode }) });
    if (mode !== null) await chmod(partial, mode);
    await rename(partial, place);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
