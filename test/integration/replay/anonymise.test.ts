/** A journal that was anonymised tells the same story about nobody. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { anonymise, openJournal, Play, verify } from '../../../replay/index.js';
import { dispatchesOf } from '../../../replay/what-if/dispatches.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { KernelBench } from '../../support/kernel/bench.js';
import { fanOut, job, json, when } from '../../support/kernel/build.js';
import { Stage } from '../../support/replay/stage.js';
import { inFolder, turnsOf, writeTurns } from './history.js';

it('keeps turns, times and decisions of a journal, and none of its names', () =>
  inFolder(async (folder) => {
    const history = await openJournal('corpus:busy-minute');
    await anonymise(history, folder);
    await expect(anonymise(history, folder)).rejects.toMatchObject({ code: 'target-not-empty' });
    const before = await turnsOf('replay/corpus/busy-minute');
    const after = await turnsOf(folder);
    expect(await verify(folder)).toMatchObject({ ok: true, turns: before.length });
    expect(after.map(({ at }) => at)).toEqual(before.map(({ at }) => at));
    expect(after.map(({ entries }) => entries.map(({ code }) => code))).toEqual(
      before.map(({ entries }) => entries.map(({ code }) => code)),
    );
    expect(after.flatMap(({ entries }) => dispatchesOf(entries))).toEqual(
      before.flatMap(({ entries }) => dispatchesOf(entries)),
    );
    const text = (await readFile(join(folder, '0000000000000001.turns'))).toString('latin1');
    for (const name of ['acme', 'beta', 'invoice', 'ocr-1-0'])
      expect([name, text.includes(name)]).toEqual([name, false]);
  }));

it('does not take a damaged journal for one that ends before that', () =>
  inFolder(async (folder) => {
    const [own, shared] = [join(folder, 'own'), join(folder, 'shared')];
    await cp('replay/corpus/late-invoice', own, { recursive: true });
    const file = join(own, '0000000000000001.turns');
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 2));
    await expect(anonymise(await openJournal(own), shared)).rejects.toMatchObject({ code: 'journal-damaged' });
    await expect(readFile(shared)).rejects.toMatchObject({ code: 'ENOENT' });
  }));

it('keeps numbers digit by digit, by which conditions go', () =>
  inFolder(async (folder) => {
    const raw = (text: string) => Uint8Array.from(Buffer.from(text));
    const output = '{"#1": "#12", "id": 12345678901234567890, "huge": 1e400, "exact": 1.10}';
    const differs = '{"job": "split", "at": "/id", "op": "ne", "value": 12345678901234567891}';
    const isHuge = '{"job": "split", "at": "/huge", "op": "gt", "value": 1e300}';
    const jobs = [
      job('split'),
      job('sign', { after: ['split'], when: raw(differs) }),
      job('count', { after: ['split'], when: raw(isHuge) }),
    ];
    const stage = new Stage((_dag, name) => ({ afterMs: 100, output: name === 'split' ? raw(output) : null }))
      .executor('ocr-1', 2)
      .submit(100, 'letter', jobs);
    await writeTurns(join(folder, 'own'), stage.turns());
    await anonymise(await openJournal(join(folder, 'own')), join(folder, 'shared'));
    const turns = await turnsOf(join(folder, 'shared'));
    expect(turns.flatMap(({ entries }) => dispatchesOf(entries))).toHaveLength(3);
    const outputs = turns.flatMap(({ entries }) =>
      entries.flatMap((entry) => (entry.code === Code.CompleteJob && entry.body.output ? [entry.body.output] : [])),
    );
    expect(outputs.map((bytes) => Buffer.from(bytes).toString())).toEqual([
      expect.stringMatching(/^\{"#1":"[0-9a-f]{12}","id":12345678901234567890,"huge":1e400,"exact":1\.10\}$/),
    ]);
    expect(await verify(join(folder, 'shared'), { again: true })).toMatchObject({ ok: true, problem: null });
  }));

it('keeps the order of texts, by which conditions go', () =>
  inFolder(async (folder) => {
    const [own, shared] = [join(folder, 'own'), join(folder, 'shared')];
    const date = '2026-03-14';
    const dates = ['', '2026-01-01', '2026-02-28', date, '2026-04-01', '2026-10-01', '2027-01-01', 'private'];
    const tests = ['lt', 'le', 'gt', 'ge', 'eq'].flatMap((op) => dates.map((value) => ({ op, value })));
    const condition = (test: object) => when({ not: { not: { job: 'read', at: '/date', ...test } } });
    const jobs = tests.map((test, i) => job(`j${i}`, { after: ['read'], when: condition(test) }));
    const stage = new Stage((_dag, name) => ({ afterMs: 100, output: name === 'read' ? json({ date }) : null }))
      .executor('e', 50)
      .submit(100, 'letter', [job('read'), ...jobs]);
    await writeTurns(own, stage.turns());
    await anonymise(await openJournal(own), shared);
    expect((await readFile(join(shared, '0000000000000001.turns'))).toString('latin1')).not.toMatch(/2026-|private/);
    expect(await verify(shared, { again: true })).toMatchObject({ ok: true, problem: null });
    const { parting, numbers } = await (await Play.of(await openJournal(shared))).run({});
    expect([parting, numbers.dispatches]).toEqual([null, 1 + 4 + 5 + 3 + 4 + 1]);
  }));

it('still reads outputs as it did, and can be played again', () =>
  inFolder(async (folder) => {
    const condition = when({ job: 'split', at: '/kind', op: 'eq', value: 'letter of Miller' });
    const jobs = [
      job('split', { inputs: [{ name: 'pdf', value: json('secret'), uri: null, from: null, at: null }] }),
      job('page', { after: ['split'], fanOut: fanOut({ from: 'split', at: '/pages', over: true }) }),
      job('sign', { after: ['split'], when: condition }),
    ];
    const output = json({ kind: 'letter of Miller', pages: ['private one', 'private two', 'private three'] });
    const scene = new Stage((_dag, name) => (name === 'split' ? { afterMs: 500, output } : 700))
      .executor('anna-laptop', 2)
      .submit(100, 'letter-to-miller', jobs, { labels: [{ name: 'case', value: 'Miller' }] });
    await anonymise(scene.play(), folder);
    const text = (await readFile(join(folder, '0000000000000001.turns'))).toString('latin1');
    for (const name of ['iller', 'private', 'secret', 'anna'])
      expect([name, text.includes(name)]).toEqual([name, false]);
    const play = await Play.of(await openJournal(folder));
    const { parting, numbers } = await play.run({});
    expect(parting).toBeNull();
    expect(numbers).toMatchObject({ dispatches: 5, dags: { succeeded: 1 } });
  }));

/** Refusals in all forms: of a name that isn't there, of a wrong value, of several at once, and one that is repeated. */
function refusals(): KernelBench {
  const bench = new KernelBench();
  const limits = { weight: 1, openDags: null, activeDags: null, runnableJobs: null };
  bench.register('anna-laptop');
  bench.submit('letter-to-miller', [job('read')], { tenant: 'secret-inc' });
  bench.submit('letter-to-miller', [job('read')], { tenant: 'secret-inc', idempotencyKey: 'another' });
  bench.submit('wrong', [job('read', { slots: 0, units: -1 })], { tenant: 'secret-inc' });
  bench.give(Code.PauseDag, { tenant: 'secret-inc', dagId: 'not-miller' }, 'pause');
  bench.give(Code.PauseDag, { tenant: 'secret-inc', dagId: 'not-miller' }, 'pause');
  bench.give(Code.CancelDag, { tenant: 'secret-inc', dagId: 'letter-to-miller', reason: '' });
  for (const reason of ['Miller is no client any more', 'cancelled']) {
    bench.submit(reason, [job('read')], { tenant: 'secret-inc' });
    bench.give(Code.CancelDag, { tenant: 'secret-inc', dagId: reason, reason });
  }
  bench.give(Code.SetTenantLimits, { tenant: 'secret-inc', ...limits, weight: 0 });
  return bench;
}

it('quotes nobody in what it says of refused inputs, and comes out the same when it is decided again', () =>
  inFolder(async (folder) => {
    const [own, shared] = [join(folder, 'own'), join(folder, 'shared')];
    await writeTurns(own, refusals().history);
    await anonymise(await openJournal(own), shared);
    const text = (await readFile(join(shared, '0000000000000001.turns'))).toString('latin1');
    for (const name of ['iller', 'secret', 'anna']) expect([name, text.includes(name)]).toEqual([name, false]);
    expect(await verify(shared, { again: true })).toMatchObject({ ok: true, problem: null });
    const entries = (await turnsOf(shared)).flatMap((turn) => turn.entries);
    const details = entries.flatMap((entry) => {
      if (entry.code === Code.InputRefused) return entry.body.problems.map(({ detail }) => detail);
      return entry.code === Code.DuplicateInput ? [entry.body.refused?.detail] : [];
    });
    const hash = '"[0-9a-f]{12}"';
    expect(details).toEqual([
      expect.stringMatching(`^the tenant has a DAG ${hash} already$`),
      '0 is outside 1 to 1024',
      'must not be negative',
      expect.stringMatching(`^the tenant ${hash} has no DAG ${hash}$`),
      expect.stringMatching(`^the tenant ${hash} has no DAG ${hash}$`),
      '0 is outside 1 to 1000',
    ]);
  }));
