import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { pause } from '../../../src/cli/terminal/pause.js';

it('a pause leaves nothing at its signal', async () => {
  const { signal } = new AbortController();
  for (let looks = 0; looks < 3; looks += 1) await pause(0.001, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('a pause ends with its signal, and none begins after it', async () => {
  const ended = new AbortController();
  const pausing = pause(86_400, ended.signal);
  ended.abort();
  await pausing;
  await pause(86_400, ended.signal);
  expect(getEventListeners(ended.signal, 'abort')).toEqual([]);
});
