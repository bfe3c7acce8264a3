import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort } from '../ports.js';
import { project } from './blocks.js';
import type { Stage } from './play.js';

/** Where all pages say that the fabric listens. */
const WRITTEN_PORT = 7420;

/** The environment in which pages are played: nothing of the test's own but a port, as others may play pages meanwhile. */
export async function stageIn(folder: string, path = ''): Promise<Stage> {
  const taken = await freePort();
  const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env;
  const address = { MARIE_PORT: String(taken), MARIE_URL: `http://127.0.0.1:${taken}` };
  const env = { PATH: path === '' ? PATH : `${path}${delimiter}${PATH}`, HOME, LANG, ...address };
  return { folder, env, port: { written: String(WRITTEN_PORT), taken: String(taken) } };
}

/**
 * A folder of this clone in which the command `marie` is there and `marie-execution-fabric` can be imported, as it is
 * where the package is installed.
 */
export async function stageOf(page: string): Promise<Stage> {
  const folder = join(project, '.marie', 'pages', page.replace(/\W+/g, '-'));
  rmSync(folder, { recursive: true, force: true });
  const bin = join(folder, '.bin');
  mkdirSync(bin, { recursive: true });
  const marie = join(bin, 'marie');
  writeFileSync(marie, `#!/bin/sh\nexec '${process.execPath}' '${join(project, 'bin', 'marie.mjs')}' "$@"\n`);
  chmodSync(marie, 0o755);
  return stageIn(folder, bin);
}
