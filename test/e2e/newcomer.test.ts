/**
 * Somebody new: clones the project, and does what README.md and docs/tutorial.md say, word for word and in this order.
 * The clone is of HEAD: what isn't committed isn't in it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { project, readPage } from '../support/docs/blocks.js';
import { play } from '../support/docs/play.js';
import { stageIn } from '../support/docs/stage.js';

/** Installing, building and starting everything takes a while on a machine with other work to do. */
const TIMEOUT_MS = 900_000;

let clone: string;

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'marie-newcomer-'));
  const { status, stderr } = spawnSync('git', ['clone', '--quiet', project, clone], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

afterAll(() => rmSync(clone, { recursive: true, force: true }));

it.each(['README.md', 'docs/tutorial.md'])(
  '%s',
  async (page) => {
    await play(readPage(page, clone), await stageIn(clone));
  },
  TIMEOUT_MS,
);
