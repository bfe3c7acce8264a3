/** Files that come from stdin, which may be a socket: it is where a Node program starts the command. */
import { expect, it } from 'vitest';
import { marie } from './setup.js';

const PLAN = `
duration: 1min
classes: { ocr: { slots: 4 } }
load:
  - { name: page, arrivals: { load: 0.8 }, jobs: [ { id: ocr, executorClass: ocr, run: { time: 2s } } ] }
`;

it('a plan is read from stdin', async () => {
  const { code, stdout, stderr } = await marie(['simulate', '-', '--json'], { stdin: PLAN });
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ seed: 1 });
});
