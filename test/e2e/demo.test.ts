import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/fabric/fabric.js';
import { compiled, Program } from '../support/fabric/program.js';

const READY = 'Ctrl-C ends it';

function startDemo(...options: readonly string[]): Program {
  return Program.start([compiled('src/main/demo.js'), ...options]);
}

it('says what comes out, and ends with 0 because that is right; with 1 if it were not', async () => {
  const data = temporaryFolder();
  const options = ['--exit', '--sample', 'invoice', '--port', '0', '--data', data];
  const demo = startDemo(...options);
  expect(await demo.exited).toEqual({ code: 0, signal: null });
  expect(demo.said).toMatch(/1\s+invoice\s+text-layer\s+RE-2026-2250 .* valid/);
  expect(demo.said).toMatch(/merge\s+merger\s+succeeded/);
  expect(demo.said).toContain('the result is right');
  // A pipe gets plain text.
  expect(demo.said).not.toContain('\u001b');
  const truth = join(data, 'invoice.truth.json');
  writeFileSync(truth, readFileSync(truth, 'utf8').replaceAll('RE-2026-2250', 'RE-2026-2251'));
  const again = startDemo(...options);
  expect(await again.exited).toEqual({ code: 1, signal: null });
  expect(again.said).toContain('/documents/0/invoice/number: expected "RE-2026-2251", found "RE-2026-2250"');
});

it('answers in the place of a person, and says so', async () => {
  const demo = startDemo('--exit', '--port', '0', '--data', temporaryFolder());
  expect(await demo.exited).toEqual({ code: 0, signal: null });
  expect(demo.said).toMatch(/review: 1\/1 done/);
  expect(demo.said).toContain("document 9 doesn't add up: the DAG waited for a person");
  expect(demo.said).toMatch(/11\s+invoice .* net-plus-tax at \/totalMinor, rejected/);
  expect(demo.said).toContain('summaries none (no endpoint configured)');
});

it('stays up until it is told to end; then the executors give back what they hold', async () => {
  const data = temporaryFolder();
  const demo = startDemo('--sample', 'invoice', '--port', '0', '--data', data);
  await demo.saying(READY);
  const url = /http:\/\/[\d.]+:\d+/.exec(demo.said)?.[0] ?? '';
  expect(await (await fetch(`${url}/v1/executors`)).json()).toMatchObject({ executors: { length: 9 } });
  expect((await fetch(`${url}/docs`)).status).toBe(200);
  expect(await demo.end('SIGTERM')).toEqual({ code: 0, signal: null });
  const log = readdirSync(data).find((name) => name.startsWith('executors-')) ?? '';
  expect(readFileSync(join(data, log), 'utf8').match(/"msg":"drained"/g)).toHaveLength(9);
});

it('refuses what it does not know, and a port that is taken', async () => {
  const wrong = startDemo('--sample', 'novel');
  expect(await wrong.exited).toEqual({ code: 2, signal: null });
  expect(wrong.said).toContain('there is no sample novel: invoice, mixed, archive');
  const headless = Program.start([compiled('src/main/demo.js'), '--exit'], { MARIE_HEADERS: 'a secret' });
  expect(await headless.exited).toEqual({ code: 2, signal: null });
  expect(headless.said).toContain('MARIE_HEADERS has a line that is no header');
  expect(headless.said).not.toMatch(/secret|starting/);
  const first = startDemo('--sample', 'invoice', '--port', '0', '--data', temporaryFolder());
  await first.saying(READY);
  const port = /:(\d+)/.exec(first.said)?.[1] ?? '';
  const second = startDemo('--port', port, '--data', temporaryFolder());
  expect(await second.exited).toEqual({ code: 1, signal: null });
  expect(second.said).toContain(`the port ${port} is taken`);
  expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

it('is refused a folder that can not be made, without a stack', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const demo = startDemo('--exit', '--port', '0', '--data', join(file, 'data'));
  expect(await demo.exited).toEqual({ code: 1, signal: null });
  expect(demo.said).toContain('error file-not-found: not a directory');
  expect(demo.said).not.toMatch(/^ +at /m);
});

it('is refused a backup, which would be none any more', async () => {
  const backup = temporaryFolder();
  const journal = join(backup, 'journal');
  mkdirSync(journal);
  writeFileSync(join(backup, 'manifest.json'), '{}');
  const demo = startDemo('--exit', '--sample', 'invoice', '--port', '0', '--data', backup);
  expect(await demo.exited).toEqual({ code: 1, signal: null });
  expect(demo.said).toContain(`${backup} is a backup`);
  expect(readdirSync(journal)).toEqual([]);
});

it('advises to begin anew where the history is damaged, and for no other reason', async () => {
  const data = temporaryFolder();
  const options = ['--exit', '--sample', 'invoice', '--port', '0', '--data', data];
  writeFileSync(join(data, 'journal'), 'no folder');
  const hindered = startDemo(...options);
  expect(await hindered.exited).toEqual({ code: 1, signal: null });
  expect(hindered.said).toContain('error file-not-found');
  expect(hindered.said).not.toContain('begin anew');
  rmSync(join(data, 'journal'));
  expect(await startDemo(...options).exited).toEqual({ code: 0, signal: null });
  const segment = join(data, 'journal', readdirSync(join(data, 'journal')).find((name) => name.endsWith('.turns'))!);
  const bytes = readFileSync(segment);
  bytes[bytes.length >> 1]! ^= 0xff;
  writeFileSync(segment, bytes);
  rmSync(join(data, 'store'), { recursive: true });
  const damaged = startDemo(...options);
  expect(await damaged.exited).toEqual({ code: 1, signal: null });
  expect(damaged.said).toContain('error journal-damaged');
  expect(damaged.said).toContain('To begin anew, name another folder with --data, or remove ');
});
