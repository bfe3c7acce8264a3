/**
 * Earlier releases took user JSON with a byte order mark before it from the submissions topic. Histories that have some
 * replay as they were, and whoever is given such a value is given JSON.
 */
import { expect, it } from 'vitest';
import { verify } from '../../../replay/index.js';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { InputCode, InputEntry } from '../../../src/catalogue/generated/types.js';
import { parseLease } from '../../../src/catalogue/lease.js';
import { dispatchLine } from '../../../src/edge/dispatch-lines.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../../src/journal/files/open.js';
import { LAYOUT } from '../../../src/kernel/tables.js';
import { randomWriter, systemClocks, systemTimers } from '../../../src/main/adapters/system.js';
import { openFabric } from '../../../src/main/fabric.js';
import { openMemoryStore } from '../../../src/store/memory/open.js';
import { job, registration, submission } from '../../support/kernel/build.js';
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
  let count = 0;
  const put = (code: InputCode, body: object) => {
    const sender = { inputId: `i-${count++}`, receivedAtMs: 0, principal: null, traceparent: null };
    return fabric.inbox.put(sealInput(code, sender, body as never) as InputEntry);
  };
  /** The dispatch of the lease that a turn granted, as its executor reads it. */
  const dispatched = async (token: number) => {
    const [dispatch] = await fabric.views.dispatches([token]);
    return JSON.parse(dispatchLine(dispatch!)) as { readonly token: string; readonly inputs: object };
  };
  return { fabric, put, dispatched };
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
