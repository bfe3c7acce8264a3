/** Every page below docs/ that has commands is played from top to bottom, each in a folder of its own. */
import { expect, it } from 'vitest';
import { allPages, readPage } from '../../support/docs/blocks.js';
import { isPlayed } from '../../support/docs/kinds.js';
import { play } from '../../support/docs/play.js';
import { stageOf } from '../../support/docs/stage.js';

/** These begin with a fresh clone: test/e2e/newcomer.test.ts plays them in one. */
const IN_A_CLONE = ['README.md', 'docs/tutorial.md'];

const pages = allPages().filter((page) => !IN_A_CLONE.includes(page) && readPage(page).some(isPlayed));

it('there are pages', () => {
  expect(pages.length).toBeGreaterThan(0);
});

it.each(pages)('%s', async (page) => {
  await play(readPage(page), await stageOf(page));
});
