/**
 * User JSON is kept as it was sent, and whoever is given it can read it. Earlier releases took some with a byte order mark
 * before it from the submissions topic: histories that have some replay as they were.
 */
import { expect, it } from 'vitest';
import { verify } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { parseLease } from '../../../src/catalogue/lease.js';
import { dispatchLine } from '../../../src/edge/dispatch-lines.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../../src/journal/files/open.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import { randomWriter, systemClocks, systemTimers } from '../../../src/main/adapters/system.js';
import { openFabric } from '../../../src/main/fabric.js';
import { puttingInto } from '../../support/fabric/memory-fabric.js';
import { fanOut, job, registration, submission } from '../../support/kernel/build.js';
import { openMemoryStore } from '../../support/memory/open-store.js';
import { inFolder } from './history.js';

const CELL = 'main';
const marked = (json: string): Buffer => Buffer.from(`\ufeff${json}`);

/** A fabric without an edge, which takes whatever it is given, as its inbox once did. */
async function startFabric(folder: string) {
  const fabric = await openFabric({
    cell: CELL,
    acceptClock: false,
    openStore: () => openMemoryStore({ cell: CELL, layout: LAYOUT }),
    openJournal: () => openFileJournal({ disk: nodeDisk, folder, cell: CELL, sync: 'off' }),
    clocks: systemClocks,
    timers: systemTimers,
    writer: randomWriter(),
    syncEveryMs: 0,
  });
  await fabric.leader.start();
  const put = puttingInto(fabric);
  /** The dispatch of the lease that a turn granted, as its executor gets it. */
  const lineOf = async (token: number) => {
    const [dispatch] = await fabric.views.dispatches([token]);
    return dispatchLine(dispatch!, null);
  };
  const dispatched = async (token: number) =>
    JSON.parse(await lineOf(token)) as { readonly token: string; readonly inputs: object };
  return { fabric, put, lineOf, dispatched };
}

it('values and outputs with a byte order mark are given without it, and replay as they were', () =>
  inFolder(async (folder) => {
    const { fabric, put, dispatched } = await startFabric(folder);
    const none = { uri: null, from: null, at: null, value: null };
    const first = job('a', { inputs: [{ ...none, name: 'one', value: marked('1') }] });
    const inputs = [
      { ...none, name: 'all', from: 'a' },
      { ...none, name: 'part', from: 'a', at: '/x' },
    ];
    await put(Code.RegisterExecutor, registration('e'));
    await put(Code.SubmitDag, submission('d', [first, job('b', { after: ['a'], inputs })]));
    const given = await dispatched(1);
    expect(given.inputs).toEqual({ one: 1 });
    const lease = parseLease(CELL, given.token);
    await put(Code.CompleteJob, { lease, output: marked('{"x":[2]}'), blob: null, unitsUsed: null });
    expect((await dispatched(2)).inputs).toEqual({ all: { x: [2] }, part: [2] });
    expect(await fabric.views.output(1, 'a')).toEqual({ json: '{"x":[2]}' });
    await fabric.close();
    expect(await verify(folder, { again: true })).toMatchObject({ ok: true, problem: null });
  }));

it('values and outputs that are spread over lines are dispatched in one, and kept as they are', () =>
  inFolder(async (folder) => {
    const { fabric, put, lineOf } = await startFabric(folder);
    const none = { uri: null, from: null, at: null, value: null };
    const spread = Buffer.from('{\n  "x": [\r\n    "a\\n b",\n 2\n  ]\n}');
    const one = { ...none, name: 'one', value: spread };
    const part = { ...none, name: 'part', from: 'a', at: '/x' };
    await put(Code.RegisterExecutor, registration('e', { slots: 3 }));
    const after = ['a'];
    const jobs = [
      job('a', { inputs: [one] }),
      job('b', { after, inputs: [part] }),
      job('c', { after, fanOut: fanOut({ from: 'a', at: '/x', over: true }) }),
    ];
    await put(Code.SubmitDag, submission('d', jobs));
    const first = await lineOf(1);
    expect(first).not.toMatch(/[\r\n]/);
    expect(JSON.parse(first)).toMatchObject({ inputs: { one: { x: ['a\n b', 2] } } });
    const lease = parseLease(CELL, JSON.parse(first).token);
    await put(Code.CompleteJob, { lease, output: spread, blob: null, unitsUsed: null });
    await expect.poll(async () => (await fabric.views.dispatches([2, 3, 4])).every((one) => one !== null)).toBe(true);
    const later = await Promise.all([2, 3, 4].map(lineOf));
    expect(later.filter((line) => /[\r\n]/.test(line))).toEqual([]);
    expect(later.map((line) => JSON.parse(line))).toMatchObject([
      { inputs: { part: ['a\n b', 2] } },
      { item: 'a\n b' },
      { item: 2 },
    ]);
    expect(await fabric.views.output(1, 'a')).toEqual({ json: spread.toString() });
    await fabric.close();
  }));
