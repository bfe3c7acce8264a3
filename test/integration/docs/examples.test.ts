/** The pages of the examples are played as those of docs/ are, in this clone's own folder. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { project, readPage } from '../../support/docs/blocks.js';
import { problemOf } from '../../support/docs/kinds.js';
import { play } from '../../support/docs/play.js';
import { stageIn } from '../../support/docs/stage.js';

const PAGES = ['examples/documents/README.md', 'examples/python/README.md'];
/** What the pages leave behind, and must not find there. */
const LEFT_BEHIND = ['.marie/documents', '.marie/python'];

it.each(PAGES)('%s', async (page) => {
  const blocks = readPage(page);
  expect(blocks.map((block) => problemOf(block)).filter((problem) => problem !== null)).toEqual([]);
  const clean = (): void => {
    for (const folder of LEFT_BEHIND) rmSync(join(project, folder), { recursive: true, force: true });
  };
  clean();
  await play(blocks, await stageIn(project));
  clean();
});
