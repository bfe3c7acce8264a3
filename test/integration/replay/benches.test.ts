/** The benchmarks that call `marie` as a person does come to their end: here on histories that take a moment. */
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { compiled, Program } from '../../support/fabric/program.js';

it.each(['replay-state', 'replay-why'])('%s', async (name) => {
  const args = [compiled('bench/main.js'), name, '--scale', '0.0005', '--json'];
  const bench = Program.start(args, { MARIE_BENCH_DIR: temporaryFolder() });
  const { code } = await bench.exited;
  expect([code, bench.said]).toEqual([0, expect.stringContaining(`{"name":"${name}"`)]);
  const { value, unit } = JSON.parse(await bench.line()) as { readonly value: number; readonly unit: string };
  expect([value > 0, unit]).toEqual([true, 's']);
});
